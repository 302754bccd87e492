"""`tanzhao likeness scan`, `compare`, `add`, `forget` and `report` as an operator uses them."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tanzhao.config.cli.main import main

ROOT = Path(__file__).parents[2]
COPIED = (
    "县农业农村局党组召开专题会议研究整改，逐项核对高标准农田建设台账，补齐验收资料四十二份。"
    "对管护经费滞留乡镇的问题，协调财政所于六月底前拨付到村，并在村务公开栏公示。"
    "分管领导带队到青石、柳湾两个乡镇现场督办，当面听取种粮大户意见。"
)
OTHERS = (
    "清理积压信访件，约谈三名驻村干部，重新签订机井管护合同。",
    "组织业务股室学习会计基础工作规范，对无附件凭证逐张说明来由。",
    "核减超标准会议费，退回多报的差旅补助，修订公务用车派车单。",
)


@pytest.fixture
def folder(tmp_path):
    """Three reports, two of which share a passage, one file that cannot be read, and junk."""
    folder = tmp_path / "reports"
    (folder / "sub").mkdir(parents=True)
    for name, own in zip(("a.txt", "b.txt", "sub/c.txt"), OTHERS, strict=True):
        text = f"关于整改的报告\n{own}\n"
        text += "" if name.startswith("sub") else COPIED + "\n"
        (folder / name).write_text(text + own[::-1] + "\n", "utf-8")
    (folder / "empty.docx").write_bytes(b"")
    (folder / "~$a.docx").write_bytes(b"owner")
    (folder / ".DS_Store").write_bytes(b"junk")
    return folder


@pytest.fixture
def likeness(monkeypatch, capsys):
    """Run a command in English; give its exit code, what it printed and what it complained of."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def run(*words):
        code = main(["likeness", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_scan_gives_pairs_with_offsets_in_what_text_prints(likeness, folder, tmp_path):
    code, out, _err = likeness("scan", folder, "--out", tmp_path / "out", "--json")

    said = json.loads(out)
    assert code == 0
    assert json.loads((tmp_path / "out/pairs.json").read_text("utf-8")) == said
    assert list(said) == ["documents", "pairs", "common", "skipped", "left_out"]
    assert (said["documents"], said["common"]) == (3, [])
    assert said["skipped"] == [
        {"file": "empty.docx", "reason": "The file is empty: it has no content at all."}
    ]
    (pair,) = said["pairs"]
    assert list(pair) == ["left", "right", "left_share", "right_share", "passages"]
    assert (pair["left"], pair["right"]) == ("a.txt", "b.txt")
    assert 0.4 < pair["left_share"] < 0.9
    (passage,) = pair["passages"]
    for side, name in (("left", "a.txt"), ("right", "b.txt")):
        _code, text, _err = likeness("text", folder / name)
        start, end = passage[side]
        assert text[start:end] == COPIED.rstrip("。")
    assert passage["same"] == 1.0


def test_the_same_folder_gives_the_same_bytes_and_the_report_needs_nothing_else(
    likeness, folder, tmp_path
):
    out = folder / "out"  # what a scan wrote is no document of the next
    likeness("scan", folder, "--out", out)
    first = {file.name: file.read_bytes() for file in out.iterdir()}

    code, said, _err = likeness("scan", folder, "--out", out, "--workers", "1")

    assert code == 0
    assert set(first) == {"pairs.json", "report.html", "texts.parquet"}
    assert {file.name: file.read_bytes() for file in out.iterdir()} == first
    assert "1 passage  a.txt  ↔  b.txt" in said
    assert "✗ empty.docx: The file is empty" in said
    assert "A likeness is a question, not a verdict." in said
    moved = out.rename(tmp_path / "moved")
    for given in (moved, moved / "pairs.json"):
        code, _out, _err = likeness("report", given, "--html", tmp_path / "again.html")
        again = (tmp_path / "again.html").read_text("utf-8")
        assert code == 0
        assert again.replace("<footer>Made", "<footer>county 2026.1 · Made") == first[
            "report.html"
        ].decode("utf-8")


def test_what_is_allowed_or_of_a_template_makes_no_pair(likeness, folder, tmp_path):
    (tmp_path / "ours.txt").write_text(COPIED, "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/范本.txt").write_text(COPIED, "utf-8")

    _code, out, _err = likeness(
        "scan", folder, "--out", tmp_path / "o", "--json", "--allowed", tmp_path / "ours.txt"
    )
    allowed = json.loads(out)
    _code, out, _err = likeness(
        "scan", folder, "--out", tmp_path / "o", "--json", "--templates", tmp_path / "templates"
    )
    template = json.loads(out)

    assert (allowed["pairs"], allowed["common"]) == ([], [])
    assert template["pairs"] == []
    assert {one["template"] for one in template["common"]} == {"范本"}
    assert [who["file"] for who in template["common"][0]["holders"]] == ["a.txt", "b.txt"]


def test_exit_codes_say_what_came_of_it(likeness, folder, tmp_path, capsys):
    (tmp_path / "none").mkdir()
    (tmp_path / "none/empty.docx").write_bytes(b"")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/letter.docx").write_bytes(b"")

    assert likeness("scan", tmp_path / "none", "--out", tmp_path / "out")[0] == 1
    code, _out, err = likeness("scan", folder, "--out", tmp_path / "taken")
    assert (code, "no scan wrote" in err) == (1, True)
    assert [file.name for file in (tmp_path / "taken").iterdir()] == ["letter.docx"]
    code, _out, err = likeness("scan", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert (code, "nowhere is no folder." in err) == (2, True)
    code, out, _err = likeness(
        "scan", folder, "--out", tmp_path / "o", "--pack", "nowhere", "--json"
    )
    assert (code, "cannot be read" in json.loads(out)["error"]) == (2, True)
    code, _out, err = likeness("compare", folder / "a.txt", folder / "empty.docx")
    assert (code, "empty.docx: The file is empty" in err) == (1, True)
    code, _out, err = likeness("report", tmp_path / "taken", "--html", tmp_path / "r.html")
    assert (code, "is no outcome of a scan." in err) == (1, True)
    with pytest.raises(SystemExit) as wrong:
        main(["likeness", "scan", str(folder)])
    assert wrong.value.code == 2


def test_two_documents_are_compared_as_they_were_named(likeness, folder):
    b, a = folder / "b.txt", folder / "a.txt"

    code, out, _err = likeness("compare", b, a, "--json")
    _code, plain, _err = likeness("compare", b, a)
    _code, none, _err = likeness("compare", a, folder / "sub/c.txt")

    (pair,) = json.loads(out)["pairs"]
    assert code == 0
    assert (pair["left"], pair["right"]) == (b.as_posix(), a.as_posix())
    assert plain.splitlines()[0].startswith("1  100 % the same  paragraph 3 [")
    assert plain.count(COPIED.rstrip("。")) == 2
    assert "\x1b" not in plain
    assert none == "They share no passage.\n"


def test_a_store_grows_by_files_and_forgets_them(likeness, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(folder)
    store = tmp_path / "store"

    code, out, _err = likeness("add", store, "a.txt", "sub", "--json")
    first = json.loads(out)
    _code, out, _err = likeness("add", store, "b.txt", "empty.docx", "a.txt", "--json")
    second = json.loads(out)
    (folder / "b.txt").write_text("另一份文字，与前不同，逐项另写。", "utf-8")
    code_of_clash, out, _err = likeness("add", store, "b.txt")
    _code, gone, _err = likeness("forget", store, "a.txt")

    assert (code, first["added"], first["pairs"]) == (0, ["a.txt", "sub/c.txt"], [])
    assert (second["documents"], second["added"], second["already"]) == (3, ["b.txt"], ["a.txt"])
    assert [(one["left"], one["right"]) for one in second["pairs"]] == [("a.txt", "b.txt")]
    assert [one["file"] for one in second["skipped"]] == ["empty.docx"]
    assert (code_of_clash, "another text is in the store" in out) == (1, True)
    assert gone == "1 document forgotten; the store has 2.\n"
    code, _out, err = likeness("forget", store, "a.txt")
    assert (code, "no document of this name" in err) == (1, True)
    code, _out, err = likeness("add", folder, "a.txt")
    assert (code, "holds other things than a store" in err) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_scan_that_is_stopped_leaves_nothing(folder, tmp_path, number):
    for copy in range(1000):
        (folder / f"{copy}.txt").write_text(COPIED * 20, "utf-8")
    command = [sys.executable, "-m", "tanzhao.config.cli", "likeness", "scan", str(folder)]
    out = tmp_path / "result/out"
    running = subprocess.Popen(
        [*command, "--out", str(out)], cwd=ROOT, stderr=subprocess.PIPE, text=True,
        env={"LC_ALL": "en_GB.UTF-8", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    # It is at work once it has begun to write beside what will be there.
    while not any(out.parent.glob(".out-*/out/texts.parquet")) and running.poll() is None:
        time.sleep(0.02)

    running.send_signal(number)
    _out, err = running.communicate(timeout=60)

    assert (running.returncode, err) == (1, "tanzhao: Stopped. Nothing was written.\n")
    assert list(out.parent.iterdir()) == []


def test_whoever_closes_the_answer_early_is_told_of_no_fault(folder, tmp_path):
    """As `... scan ... | head` does: what is printed then is for nobody."""
    words = ["likeness", "scan", str(folder), "--out", str(tmp_path / "out"), "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tanzhao.config.cli", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    process.stdout.close()
    complaint = process.stderr.read().decode()
    process.stderr.close()

    assert process.wait() == 1
    assert complaint == ""


def test_a_line_of_a_template_names_it_and_counts_nobody(likeness, tmp_path):
    (tmp_path / "a.txt").write_text(COPIED, "utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/范本.txt").write_text(COPIED, "utf-8")

    _code, out, _err = likeness(
        "add", tmp_path / "store", tmp_path / "a.txt", "--templates", tmp_path / "templates"
    )

    assert f"· wording of the template “范本”: {COPIED[:40]}…\n" in out
