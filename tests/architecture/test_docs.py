"""What the documents must name, and that every link in them leads somewhere."""

import argparse
import re
from pathlib import Path

import pytest

from tanzhao.config import environment
from tanzhao.config.cli.main import _parser
from tanzhao.kernel.packs.schemas import SCHEMAS

ROOT = Path(__file__).parent.parent.parent
OPERATIONS = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs/operations").glob("*.md"))
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
MANAGEMENT = [
    path.stem
    for path in (ROOT / "tanzhao").glob("*/management/commands/*.py")
    if path.stem != "__init__"
]


def _commands(parser, words=()):
    """Give the words of every command that does something."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield " ".join(words), parser
    for action in below:
        for word, one in action.choices.items():
            yield from _commands(one, (*words, word))


COMMANDS = dict(_commands(_parser()))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_of_the_operators_is_explained_and_shows_an_example(command):
    *above, last = command.split()
    # Several that differ by their last word may stand in one line: import units|inspectors|ledger.
    places = [f"tanzhao {command}", *([f"tanzhao {' '.join(above)} "] if above else [])]
    lines = [line for line in OPERATIONS.splitlines() if any(p in line for p in places)]

    assert any(re.search(rf"\b{re.escape(last)}\b", line) for line in lines)
    assert f"tanzhao {command}" in COMMANDS[command].format_help()


@pytest.mark.parametrize("setting", sorted(environment.KNOWN))
def test_every_setting_is_explained_to_operators(setting):
    assert f"`{setting}`" in OPERATIONS


@pytest.mark.parametrize("kind", sorted(SCHEMAS))
def test_every_kind_of_pack_is_explained_to_operators(kind):
    assert f"`{kind}`" in OPERATIONS


@pytest.mark.parametrize("command", sorted(MANAGEMENT))
def test_every_management_command_is_explained_to_operators(command):
    assert f"./run manage {command}" in OPERATIONS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document):
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)

    dead = [
        target
        for target in targets
        if not re.match(r"[a-z]+:|#", target)
        and not (document.parent / target.partition("#")[0]).exists()
    ]

    assert dead == []


def test_nothing_is_searched_for_in_vain():
    assert len(DOCUMENTS) > 10
    assert len(MANAGEMENT) > 1
    assert len(SCHEMAS) > 5
    assert len(COMMANDS) > 5
