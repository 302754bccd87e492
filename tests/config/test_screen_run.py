"""`tanzhao screen run`, `evidence`, `sample`, `rules` and `lint` as an operator uses them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from tanzhao.config.cli.main import main
from tests.engines.screening.test_running import example_rows, store_with

ROOT = Path(__file__).parents[2]
PAID = "paid-after-death"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    tables = {name: example_rows(name) for name in ("payments", "deaths")}
    return str(store_with(tmp_path_factory.mktemp("example"), **tables).folder)


@pytest.fixture
def screen(monkeypatch, capsys):
    """Run a command in English; give its exit code, what it printed and what it complained of."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def run(*words):
        code = main(["screen", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_run_gives_hits_a_workbook_and_one_document(screen, store, tmp_path):
    code, out, _err = screen("run", store, "--pack", PAID, "--out", tmp_path / "out", "--json")

    said = json.loads(out)
    assert code == 0
    assert said["hits"] == said["rules"][0]["hits"] > 0
    assert said["out"] == str(tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        *("hits.parquet", "evidence.parquet", "profiles.parquet", "hits.xlsx", "summary.json")
    }
    book = openpyxl.load_workbook(tmp_path / "out/hits.xlsx")
    assert book["Hits"]["A2"].value == "Paid after death"
    assert book["Hits"].max_row == said["hits"] + 1


def test_a_rule_whose_tables_are_missing_is_said_and_counts(screen, store, tmp_path):
    code, out, _err = screen(
        "run", store, "--pack", "benefits", "--out", tmp_path / "out", "--no-xlsx"
    )

    assert code == 1
    assert (
        "– Age or sex against the programme's terms (age-or-sex-against-programme): "
        "The store has no programmes.\n"
    ) in out
    assert f"Paid after death ({PAID})" in out
    assert f"Written to {tmp_path / 'out'}." in out
    assert not (tmp_path / "out/hits.xlsx").exists()
    # Whoever asks for all rules asks for those that the tables there allow.
    code, out, _err = screen("run", store, "--pack", "all", "--out", tmp_path / "o", "--no-xlsx")
    assert code == 0
    assert "The store has no programmes.\n" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pack", "nowhere"], "There is no rule nowhere."),
        (["--pack", PAID, "--threshold", f"{PAID}.grace_days=999"], "must be from 0 to 366."),
        (["--pack", PAID, "--threshold", "other.x=1"], "There is no rule other."),
        (["--pack", PAID, "--memory", "much"], "much is no amount of memory. Write it as 4GB."),
    ],
)
def test_what_cannot_be_run_is_said_in_one_sentence(screen, store, tmp_path, words, said):
    code, _out, err = screen("run", store, "--out", tmp_path / "out", *words)

    assert code == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_evidence_shows_the_rows_as_in_the_file_masked_unless_asked(screen, store, tmp_path):
    screen("run", store, "--pack", PAID, "--out", tmp_path / "out")
    code, out, _err = screen("evidence", store, tmp_path / "out", "", "--json")
    assert code == 1  # every hit begins with nothing
    assert "Several hits begin with" in json.loads(out)["error"]
    import pyarrow.parquet as pq

    hit = pq.read_table(tmp_path / "out/hits.parquet").to_pylist()[0]
    number = json.loads(hit["key"])["person_key"]

    _code, masked, _err = screen("evidence", store, tmp_path / "out", hit["hit_id"][:12])
    _code, full, _err = screen("evidence", store, tmp_path / "out", hit["hit_id"], "--unmasked")

    assert hit["why_en"] in masked
    assert number not in masked
    assert f"person: {number}" in full
    assert "payments.csv  row" in full
    assert screen("evidence", store, tmp_path / "out", "ffffffffff")[0] == 1
    assert screen("evidence", store, tmp_path / "none", hit["hit_id"])[0] == 1


def test_a_sample_is_drawn_and_told(screen, store, tmp_path):
    place = ["--table", "payments", "--seed", "7", "--out", tmp_path / "sample"]

    code, out, _err = screen("sample", store, *place, "--size", "3", "--method", "money")
    failed, _out, err = screen("sample", store, *place, "--size", "300")

    assert code == 0
    assert "3 rows of" in out
    assert (tmp_path / "sample/sample.xlsx").is_file()
    assert failed == 1
    assert "rows here, not 300." in err


def test_rules_are_listed_and_told(screen):
    code, listed, _err = screen("rules")
    _code, one, _err = screen("rules", PAID)
    document = json.loads(screen("rules", "benefits", "--json")[1])

    assert code == 0
    assert f"{PAID}  " in listed
    assert "--threshold paid-after-death.grace_days=31" in one
    assert "What it cannot see:" in one
    assert {rule["group"] for rule in document["rules"]} == {"benefits"}
    assert screen("rules", "nowhere")[0] == 1


def test_lint_says_where_why_and_what_to_write_instead(screen, tmp_path):
    file = tmp_path / "own.sql"
    file.write_text("SELECT person_key,\n  weekday(paid_date) AS w FROM payments\n", "utf-8")

    code, out, _err = screen("lint", file)
    document = json.loads(screen("lint", file, "--json")[1])

    assert code == 1
    assert out.startswith(f"{file}:2:3: weekday counts days from another day on Spark")
    assert [(one["line"], one["column"], one["code"]) for one in document["findings"]] == [
        (2, 3, "weekday")
    ]
    assert screen("lint", ROOT / "packs/screening" / PAID)[0] == 0
    assert screen("lint", tmp_path / "none.sql")[0] == 1


def test_ctrl_c_ends_a_run_and_leaves_nothing(store, tmp_path):
    slow = tmp_path / "slow"
    slow.mkdir()
    pack = (ROOT / "packs/screening" / PAID / "pack.toml").read_text("utf-8")
    (slow / "pack.toml").write_text(pack, "utf-8")
    sql = (ROOT / "packs/screening" / PAID / "rule.sql").read_text("utf-8")
    # Joined to itself so often that it would take hours.
    many = " CROSS JOIN ".join(f"payments AS p{at}" for at in range(16))
    many = f"SELECT sum(p0.amount_cents) AS n FROM {many}"
    sql = f"WITH many AS ({many}) SELECT held.* FROM many CROSS JOIN ({sql}) AS held WHERE n > 0"
    (slow / "rule.sql").write_text(sql, "utf-8")
    evidence = (ROOT / "packs/screening" / PAID / "evidence.sql").read_text("utf-8")
    (slow / "evidence.sql").write_text(evidence, "utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tanzhao.config.cli", "screen", "run", store]
    run = subprocess.Popen(
        [*command, "--pack", str(slow), "--out", str(out)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": "en_GB.UTF-8"},
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 60
    while not list(tmp_path.glob(".out-*")) and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(1)
    run.send_signal(signal.SIGINT)
    _said, complained = run.communicate(timeout=60)

    assert run.returncode == 1
    assert "Stopped. Nothing was written." in complained
    assert [file.name for file in tmp_path.iterdir()] == ["slow"]
