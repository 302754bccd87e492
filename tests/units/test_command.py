"""The command line as an operator uses it: processes of its own, the samples, two languages."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "packs" / "samples" / "lanshui"
BOOKS = {"units": "巡察对象库.xlsx", "inspectors": "巡察人才库.xlsx", "ledger": "整改台账.xlsx"}
TRUTH = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
KEYS = ["sheet", "columns", "rows", "faults", "new", "changed", "unchanged"]


def run_in(home, *words, lang="zh_CN.UTF-8"):
    """Run `tanzhao …` on the installation in the folder `home`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TANZHAO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "tanzhao.config.cli", *map(str, words)],
        cwd=ROOT, env=kept | {"TANZHAO_HOME": str(home), "LANG": lang, "LC_ALL": lang},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture
def tanzhao(empty_home):
    """Run `tanzhao …` on an installation that holds nothing."""
    return partial(run_in, empty_home)


@pytest.fixture
def import_json(tanzhao):
    def run(*words):
        done = tanzhao("import", *words, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def test_the_three_workbooks_come_out_cell_by_cell_and_twice_changes_nothing(import_json):
    for kind, truth in (("units", "units"), ("inspectors", "people"), ("ledger", "ledger")):
        book = SAMPLES / BOOKS[kind]

        trial = import_json(kind, book, "--dry-run")
        first = import_json(kind, book)
        second = import_json(kind, book)

        assert list(first) == KEYS
        assert [row["fields"] for row in first["rows"]] == TRUTH[truth]
        counts = [(d["new"], d["changed"], d["unchanged"]) for d in (trial, first, second)]
        n = len(TRUTH[truth])
        assert counts == [(n, 0, 0), (n, 0, 0), (0, 0, n)]
        assert trial == first
        assert second["faults"] == first["faults"]


def test_a_ledger_of_unknown_units_is_refused_row_by_row(import_json):
    told = import_json("ledger", SAMPLES / BOOKS["ledger"])

    assert (told["new"], len(told["rows"])) == (0, len(TRUTH["ledger"]))
    assert {fault["code"] for fault in told["faults"]} == {"unknown_unit"}
    assert {f["row"] for f in told["faults"]} == {row["row"] for row in told["rows"]}


def test_a_changed_workbook_changes_one_row_and_wipes_nothing(import_json, tmp_path):
    import_json("units", SAMPLES / BOOKS["units"])
    book = load_workbook(SAMPLES / BOOKS["units"])
    sheet = book.active
    heading = next(row for row in sheet.iter_rows() if "联系电话" in [c.value for c in row])
    column = {cell.value: cell.column for cell in heading}
    row = heading[0].row + 2
    sheet.cell(row, column["联系电话"]).value = "13900000000"
    sheet.cell(row, column["关注程度"]).value = None
    book.save(tmp_path / "changed.xlsx")

    told = import_json("units", tmp_path / "changed.xlsx")

    assert (told["new"], told["changed"]) == (0, 1)
    assert import_json("units", SAMPLES / BOOKS["units"])["changed"] == 1


@pytest.mark.parametrize("lang", ["zh_CN.UTF-8", "en_US.UTF-8", "C.UTF-8"])
def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(tanzhao, tmp_path, lang):
    (tmp_path / "cut.xlsx").write_bytes((SAMPLES / BOOKS["units"]).read_bytes()[:9000])
    (tmp_path / "empty.xlsx").write_bytes(b"")
    empty = Workbook()
    empty.save(tmp_path / "blank.xlsx")

    # What is said is asked once; that it is said in the operator's language, of one for each.
    names = ["cut.xlsx", "empty.xlsx", "blank.xlsx", "missing.xlsx"]
    names = names if lang.startswith("zh") else names[:1]
    sentences = set()
    for name in names:
        done = tanzhao("import", "units", tmp_path / name, "--json", lang=lang)
        assert (done.returncode, done.stderr) == (1, "")
        answer = json.loads(done.stdout)
        assert list(answer) == ["error"]
        sentences.add(answer["error"])

    assert len(sentences) == len(names)
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in "".join(sentences))
    assert chinese is lang.startswith("zh")


def test_wrong_use_is_2_and_every_command_has_help_with_an_example(tanzhao):
    assert tanzhao("import", "units").returncode == 2
    assert tanzhao("import", "people", "x.xlsx").returncode == 2
    for kind in BOOKS:
        done = tanzhao("import", kind, "--help", lang="en_US.UTF-8")
        assert done.returncode == 0
        assert f"tanzhao import {kind} " in done.stdout


def test_an_operator_reads_the_counts_and_the_faults_where_nothing_was_installed(tmp_path):
    words = ("import", "units", SAMPLES / BOOKS["units"], "--dry-run")
    done = run_in(tmp_path / "not there yet", *words, lang="en_US.UTF-8")

    assert done.returncode == 0
    assert "Row 242" in done.stdout
    assert "232 new, 0 changed, 0 unchanged, 1 not taken" in done.stdout
    assert "Nothing was written." in done.stdout


def test_wrong_use_is_said_in_the_one_json_document_too(tanzhao):
    for words in (("import", "units", "--json"), ("import", "things", "a.xlsx", "--json")):
        done = tanzhao(*words)

        assert done.returncode == 2
        assert set(json.loads(done.stdout)) == {"error"}
        assert done.stderr in ("", b"")
