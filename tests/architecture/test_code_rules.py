"""Rules about the code itself, so that nobody has to remember them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = [p for p in (ROOT / "tanzhao").rglob("*.py") if "migrations" not in p.parts]
FORBIDDEN_NAMES = {"utils", "helpers", "services", "common", "misc"}
MOST_LINES = 400


def test_no_file_is_longer_than_can_be_read_at_a_sitting():
    long = {
        str(p.relative_to(ROOT)): n
        for p in [*FILES, *(ROOT / "tests").rglob("*.py")]
        if (n := len(p.read_text("utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_no_file_is_named_after_nothing():
    assert [p for p in FILES if p.stem in FORBIDDEN_NAMES] == []


def test_every_module_says_what_is_inside():
    silent = [
        str(p.relative_to(ROOT))
        for p in FILES
        if p.read_text("utf-8").strip() and not p.read_text("utf-8").lstrip().startswith('"""')
    ]

    assert silent == []


@pytest.mark.parametrize("package", ["tanzhao", "tanzhao/config", "tanzhao/kernel"])
def test_importing_a_package_loads_nothing(package):
    assert (ROOT / package / "__init__.py").read_text("utf-8").strip() == ""


def test_only_config_reads_the_environment():
    readers = {
        str(p.relative_to(ROOT))
        for p in FILES
        if re.search(r"\bos\.(environ|getenv)\b", p.read_text("utf-8"))
    }

    assert {r for r in readers if not r.startswith("tanzhao/config/")} == set()


def test_actions_are_given_the_time_and_never_read_the_clock():
    readers = [
        str(p.relative_to(ROOT))
        for p in FILES
        if (p.name == "actions.py" or p.parent.name == "actions")
        and re.search(r"timezone\.now\(\)|datetime\.now\(|time\.time\(", p.read_text("utf-8"))
    ]

    assert readers == []


def test_the_program_asks_nothing_of_the_network():
    pattern = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org|schemas\.)")
    pages = [*(ROOT / "tanzhao").rglob("*.html"), *(ROOT / "tanzhao").rglob("*.css")]
    asking = [
        str(p.relative_to(ROOT))
        for p in [*FILES, *pages, *(ROOT / "tanzhao").rglob("*.js")]
        if pattern.search(p.read_text("utf-8"))
    ]

    assert asking == []


def test_no_migration_was_left_unmade(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
