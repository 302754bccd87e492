"""`tanzhao screen link` as an operator uses it."""

import json

from tanzhao.config.cli.main import main
from tests.engines.screening.test_link import PEOPLE, checked, made_store


def test_links_are_counted_explained_written_and_taken_back(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    wrong = checked(PEOPLE[0][0]).replace("1965", "1964")
    store = made_store(tmp_path, [(wrong, "张伟明", "", "", ""), ("", "刘德华", "", "", "")])

    assert main(["screen", "link", str(store.folder), "--out", str(tmp_path / "links.json")]) == 0
    shown = capsys.readouterr().out
    assert main(["screen", "link", str(store.folder), "--least-weight", "9000", "--json"]) == 0
    heavy = json.loads(capsys.readouterr().out)
    assert main(["screen", "link", str(store.folder), "--undo", "--json"]) == 0
    undone = json.loads(capsys.readouterr().out)

    assert "1  one digit off" in shown
    assert "1  refused: nothing but the name" in shown
    assert "张伟明 (补贴.csv, row 2) → 张伟明" in shown
    assert wrong not in shown
    firms, outcome = json.loads((tmp_path / "links.json").read_text("utf-8"))["linked"]
    assert (firms["subject"], firms["rows"]) == ("firm", 0)
    (link,) = outcome["examples"]
    assert sum(line["weight"] for line in link["lines"]) == link["weight"]
    assert heavy["linked"][1]["linked"] == {"1": 0, "2": 0}
    assert undone == {"undone": 0}


def test_a_folder_that_is_no_store_is_refused(tmp_path, capsys):
    assert main(["screen", "link", str(tmp_path)]) == 1

    assert str(tmp_path) in capsys.readouterr().err
