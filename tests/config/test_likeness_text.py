"""`tanzhao likeness text` as an operator uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tanzhao.config.cli.main import main
from tests.engines.likeness.office_files import SENTENCE, docx, paragraph

ROOT = Path(__file__).parents[2]


@pytest.fixture
def likeness(monkeypatch, capsys):
    """Run a command in a language; give its exit code, what it printed and complained of."""

    def run(*words, language="en_GB.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        code = main(["likeness", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_text_of_a_file_is_printed_as_offsets_count_it(likeness, tmp_path):
    (tmp_path / "报告.docx").write_bytes(docx(paragraph("一、标题") + paragraph(SENTENCE)))

    code, out, _err = likeness("text", tmp_path / "报告.docx")
    _code, document, _err = likeness("text", tmp_path / "报告.docx", "--json")

    assert (code, out) == (0, f"一、标题\n{SENTENCE}\n")
    said = json.loads(document)
    assert said == {
        "kind": "docx",
        "how": "layer",
        "readable": 1.0,
        "text": f"一、标题\n{SENTENCE}",
        "parts": [
            {"start": 0, "page": 0, "paragraph": 1},
            {"start": 5, "page": 0, "paragraph": 2},
        ],
        "left_out": {},
    }


def test_what_nobody_sees_in_a_file_is_told_of_and_not_read(likeness, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "台账.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["问题", "白条", "账外"])
        sheet.set_row(1, None, None, {"hidden": True})
        old = book.add_worksheet("旧")
        old.write(0, 0, "上年")
        old.hide()
    (tmp_path / "甲.docx").write_bytes(docx(paragraph(SENTENCE)))

    code, out, err = likeness("text", tmp_path / "台账.xlsx")
    _code, document, nothing = likeness("text", tmp_path / "台账.xlsx", "--json")
    _code, _out, scanned = likeness("scan", tmp_path, "--out", tmp_path / "out")

    told = "Left out, because whoever opens it does not see it: hidden rows: 1; hidden sheets: 1."
    assert (code, out, nothing) == (0, "问题\n账外\n", "")
    assert err == f"tanzhao: {tmp_path / '台账.xlsx'}: {told}\n"
    assert json.loads(document)["left_out"] == {"hidden_rows": 1, "hidden_sheets": 1}
    assert told in scanned
    assert "甲.docx" not in scanned


def test_what_is_hidden_stands_in_every_answer_and_in_the_report_in_its_readers_language(
    likeness, tmp_path
):
    import xlsxwriter

    for name in ("甲局.xlsx", "乙局.xlsx"):
        with xlsxwriter.Workbook(tmp_path / name) as book:
            sheet = book.add_worksheet()
            sheet.write_column(0, 0, [SENTENCE * 3, "照抄来的一段。", "落款"])
            if name == "乙局.xlsx":
                sheet.set_row(1, None, None, {"hidden": True})
    first, second = tmp_path / "甲局.xlsx", tmp_path / "乙局.xlsx"
    out = tmp_path / "out"

    _code, scanned, _err = likeness("scan", tmp_path, "--out", out, "--json")
    _code, compared, _err = likeness("compare", first, second, "--json")
    _code, added, _err = likeness("add", tmp_path / "store", first, second, "--json")
    code, _out, _err = likeness("report", out, "--html", tmp_path / "r.html", language="zh_CN.UTF8")

    hidden = {"hidden_rows": 1}
    assert json.loads(scanned)["left_out"] == [{"file": "乙局.xlsx", "what": hidden}]
    assert json.loads((out / "pairs.json").read_text("utf-8")) == json.loads(scanned)
    assert json.loads(compared)["left_out"] == [{"file": str(second), "what": hidden}]
    assert json.loads(added)["left_out"] == [{"file": str(second), "what": hidden}]
    page = (tmp_path / "r.html").read_text("utf-8")
    assert (code, page.count("隐藏行 1 行")) == (0, 4)  # list, section, and both ways to the text
    old = json.loads(scanned)
    del old["left_out"]  # as a scan wrote it before
    (out / "pairs.json").write_text(json.dumps(old), "utf-8")
    assert likeness("report", out, "--html", tmp_path / "r.html")[0] == 0


def test_what_cannot_be_read_is_said_in_a_sentence_in_either_language(likeness, tmp_path):
    file = tmp_path / "锁.docx"
    file.write_bytes(docx(paragraph("甲"))[:-30])

    code, out, err = likeness("text", file)
    coded, document, _err = likeness("text", file, "--json")
    _code, _out, chinese = likeness("text", file, language="zh_CN.UTF-8")

    assert (code, coded, out) == (1, 1, "")
    assert err == (
        f"tanzhao: {file}: This Word document is cut off or damaged. Ask for it to be sent again.\n"
    )
    assert json.loads(document) == {"error": err.removeprefix("tanzhao: ").strip()}
    assert "This Word" not in chinese
    with pytest.raises(SystemExit) as wrong:
        likeness("text")
    assert wrong.value.code == 2


def test_whoever_reads_only_the_first_line_gets_no_traceback(tmp_path):
    (tmp_path / "a.txt").write_text("局党组逐项核对台账。\n" * 20_000, "utf-8")
    command = [sys.executable, "-m", "tanzhao.config.cli", "likeness", "text", tmp_path / "a.txt"]

    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    ) as printing:
        assert printing.stdout.readline().decode() == "局党组逐项核对台账。\n"
        printing.stdout.close()
        said = printing.stderr.read()

    assert (printing.returncode, said) == (1, b"")
