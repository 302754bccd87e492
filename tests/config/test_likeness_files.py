"""Which files below a folder are documents, and how they are called."""

import json
import os
from pathlib import Path

import pytest

from tanzhao.config.cli.likeness_reading import files_below
from tanzhao.config.cli.main import main

TEXT = "局党组逐项核对台账，补齐验收资料四十二份，约谈三名驻村干部，六月底前拨付管护经费。\n" * 3


def _written(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT, "utf-8")
    return path


def test_junk_folders_and_what_a_link_repeats_are_no_documents(tmp_path):
    folder = tmp_path / "材料"
    for name in ("~$a.docx", ".a", ".git/config", "Thumbs.db", "desktop.ini", "__MACOSX/._a.docx"):
        _written(folder, name)
    own = _written(folder, "乡镇 1/同名.txt")
    _written(folder, "乡镇 2/同名.txt")
    _written(folder, "/".join(["深"] * 60) + "/底.txt")
    elsewhere = _written(tmp_path, "别处/甲.txt")
    hidden = _written(folder, ".annex/乙.txt")
    (folder / "links").mkdir()
    for name, target in (
        ("again.txt", own), ("up", folder), ("self", "self"), ("gone.txt", "nowhere"),
        ("outside.txt", elsewhere), ("twice.txt", elsewhere), ("annex.txt", hidden),
    ):  # fmt: skip
        (folder / "links" / name).symlink_to(target)

    names = [name for name, _path in files_below(folder)]

    assert names == sorted(
        ["乡镇 1/同名.txt", "乡镇 2/同名.txt", "/".join(["深"] * 60) + "/底.txt",
         "links/self", "links/gone.txt", "links/outside.txt", "links/annex.txt"]
    )  # fmt: skip
    assert [name for name, _path in files_below(folder, apart=[folder / "乡镇 1", own])] == sorted(
        set(names) - {"乡镇 1/同名.txt"}
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps names as letters, not as bytes.")
def test_names_that_are_not_utf_8_are_read_as_chinese_or_shown_with_a_sign(tmp_path, capsys):
    folder = os.fsencode(tmp_path / "in")
    (tmp_path / "in").mkdir()
    for name in ("整改报告.txt".encode("gb18030"), b"\xff\xfe.txt", b"\xfe\xff.txt", b"a.txt"):
        Path(os.fsdecode(folder + b"/" + name)).write_text(TEXT, "utf-8")

    code = main(
        ["likeness", "scan", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--json"]
    )
    said = json.loads(capsys.readouterr().out)

    assert (code, said["documents"], said["skipped"]) == (0, 4, [])
    named = {one[side] for one in said["pairs"] for side in ("left", "right")}
    assert named == {"a.txt", "整改报告.txt", "\ufffd\ufffd.txt", "\ufffd\ufffd.txt (2)"}
    bad = os.fsdecode(folder + b"/\xff\xff.txt")
    store, copy = tmp_path / "store", os.fsdecode(folder + b"/\xff\xfe.txt")
    assert main(["likeness", "add", str(store), copy, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == [f"{tmp_path}/in/\ufffd\ufffd.txt"]
    assert main(["likeness", "text", bad, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"].startswith(f"{tmp_path}/in/\ufffd\ufffd")
    assert main(["likeness", "compare", copy, str(tmp_path / "in/a.txt"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pairs"]
