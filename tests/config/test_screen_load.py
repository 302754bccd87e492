"""`tanzhao screen load` and `expire` as an operator uses them."""

import json

import pytest

from tanzhao.config.cli.main import main
from tests.engines.screening.hostile_texts import HEAD, TWO

ORDER = """[order]
purpose = "核查补贴"
approver = "沈主任"
legal_basis = "县委巡察办〔2026〕12号"
expires = 2026-12-31
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a good file and a map. The commands speak English."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    (tmp_path / "MAP.toml").write_text(ORDER, "utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/一.csv").write_bytes(f"{TWO}合计,,,200.5\n".encode("gb18030"))
    return tmp_path


def load(folder, *more):
    place = [str(folder / "in"), "--map", str(folder / "MAP.toml"), "--out", str(folder / "store")]
    return main(["screen", "load", *place, *more])


def test_a_folder_is_loaded_and_a_refused_file_is_said_and_counts(folder, capsys):
    assert load(folder, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    (folder / "in/二.xlsx").write_bytes(b"PK\3\4")

    assert load(folder, "--replace") == 1
    shown = capsys.readouterr().out

    assert (said["rows"], said["taken"], said["tables"]) == (3, 2, {"payments": 2})
    assert said["faults"] == [{"fault": "total_row", "meaning": "a total; left out", "number": 1}]
    assert [one["file"] for one in said["sources"]] == ["一.csv"]
    assert "payments     3      2         0" in shown
    assert "1  a total; left out" in shown
    assert "✗ 二.xlsx: The workbook is cut off or damaged. Ask for it to be sent again." in shown
    assert f"2 rows of 3 taken into {folder / 'store'}." in shown


def test_what_cannot_be_loaded_is_said_in_one_sentence(folder, capsys):
    (folder / "in/二.csv").write_bytes(HEAD.encode())
    assert load(folder, "--strict") == 1
    assert "No store was made." in capsys.readouterr().out
    (folder / "MAP.toml").write_text("", "utf-8")

    assert load(folder) == 1
    assert "Write a part [order] with purpose" in capsys.readouterr().err
    assert not (folder / "store").exists()


def test_rows_are_deleted_on_their_day_or_with_a_reason(folder, capsys):
    load(folder)
    store = str(folder / "store")
    capsys.readouterr()

    assert main(["screen", "expire", store, "--on", "2026-12-30"]) == 1
    assert "until 2026-12-31" in capsys.readouterr().err
    early = ["--on", "2026-12-30", "--now-because", "提前结案", "--json"]
    assert main(["screen", "expire", store, *early]) == 0

    gone = json.loads(capsys.readouterr().out)
    assert (gone["rows"], gone["because"], gone["expired_on"]) == (2, "提前结案", "2026-12-30")
    assert [file.name for file in (folder / "store").iterdir()] == ["store.json"]
    with pytest.raises(SystemExit, match="2"):
        main(["screen", "expire", store, "--on", "heute"])
