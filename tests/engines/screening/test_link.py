"""Rows without a usable number are linked to known people, each link with its weight explained."""

import csv
import datetime as dt
from pathlib import Path

import duckdb
import pytest

from tanzhao.engines.screening.linking import link, read_model, read_sounds, unlink
from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.tables import read_datasets

PACKS = Path(__file__).parents[3] / "packs"
DATASETS = read_datasets(PACKS / "datasets/county")
SOUNDS = read_sounds(PACKS / "sounds/chinese")
PERSONS = (read_model(PACKS / "linking/persons"), SOUNDS)
ORDER = {
    "purpose": "核查",
    "approver": "沈主任",
    "legal_basis": "6号",
    "expires": dt.date(2026, 12, 31),
}
PEOPLE = [
    # The check characters are right: these numbers are usable.
    ("360521196503120011", "张伟明", "幸福村", "张集镇", "1001"),
    ("36052119700101028X", "李小红", "幸福村", "张集镇", "1002"),
    ("360521198001010019", "欧阳建国", "红旗村", "张集镇", "1003"),
    ("360521195507070015", "刘德华", "红旗村", "薛集镇", "1004"),
    ("360521199011110018", "王芳", "新建村", "薛集镇", "1005"),
    ("360521196001010019", "王芳", "新建村", "薛集镇", "1006"),
]


def checked(number):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return number[:17] + "10X98765432"[total % 11]


def credit_code(number):
    """Give a unified credit code with the check character of GB 32100."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"914206820{number:08d}"
    total = sum(letters.index(letter) * 3**place for place, letter in enumerate(body))
    return body + letters[-total % 31]


def made_store(folder, payments, people=PEOPLE):
    """Load a store of people and of payments to (number, name, village, township, household)."""
    extracts = folder / "extracts"
    extracts.mkdir()
    where = ["姓名", "村", "乡镇", "户号"]
    rows = {
        "人口.csv": [["身份证号", *where], *((checked(p[0]), *p[1:]) for p in people)],
        "补贴.csv": [
            ["身份证号", *where, "补贴项目", "金额"],
            *((*payment, "低保", "300") for payment in payments),
        ],
    }
    for name, lines in rows.items():
        with (extracts / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    report = load(extracts, map_from({"order": ORDER}, DATASETS), DATASETS, folder / "store")
    assert report.refused == ()
    return report.store


def people_paid(store):
    """Give (name of the known person or None, basis) for each payment, in the order of rows."""
    return duckdb.sql(
        f"""SELECT k.name, p.person_basis FROM read_parquet('{store.table("payments")}') AS p
        LEFT JOIN read_parquet('{store.table("persons")}') AS k USING (person_key)
        ORDER BY p.row_number"""
    ).fetchall()


def test_rows_are_linked_by_a_name_and_a_fact_and_never_by_a_name_alone(tmp_path):
    zhang = checked(PEOPLE[0][0])
    store = made_store(
        tmp_path,
        [
            (zhang, "张伟明", "", "", ""),
            # One digit wrong, two neighbours swapped, cut by Excel.
            (zhang[:9] + "9" + zhang[10:], "张伟明", "", "", ""),
            (zhang[:7] + zhang[8] + zhang[7] + zhang[9:], "张伟明", "", "", ""),
            (zhang[:15] + "000", "章伟明", "", "", ""),
            # No number: by village and household, written by ear.
            ("", "李晓红", "幸福村委会", "张集", "1002"),
            ("", "欧阳建国", "红旗", "张集镇", "1003"),
            # A name alone; a name in another village.
            ("", "刘德华", "", "", ""),
            ("", "刘德华", "新建村", "张集镇", ""),
            # Two of one name in one village.
            ("", "王芳", "新建村", "薛集镇", ""),
        ],
    )

    (outcome,) = link(store, DATASETS, [PERSONS])

    assert people_paid(store) == [
        ("张伟明", 0),
        ("张伟明", 1),
        ("张伟明", 1),
        ("张伟明", 2),
        ("李小红", 2),
        ("欧阳建国", 2),
        (None, None),
        (None, None),
        (None, None),
    ]
    assert (outcome.known, outcome.rows, outcome.linked) == (6, 8, {1: 2, 2: 3})
    assert (outcome.ambiguous, outcome.name_alone, outcome.unknown) == (1, 1, 1)
    assert outcome.by_table == {"payments": 5}


def test_the_lines_of_an_explanation_add_up_to_the_weight(tmp_path):
    store = made_store(tmp_path, [("", "李晓红", "幸福村", "张集镇", "1002")])

    (outcome,) = link(store, DATASETS, [PERSONS])

    (example,) = outcome.examples
    assert (example.name, example.known_name, example.basis) == ("李晓红", "李小红", 2)
    assert [(line.code, line.level) for line in example.lines] == [
        ("beginning", ""),
        ("name", "sound"),
        ("rarity_name", ""),
        ("village", "same_here"),
        ("rarity_village", ""),
        ("household", "same"),
        ("rarity_household", ""),
    ]
    assert sum(line.weight for line in example.lines) == example.weight
    (row,) = duckdb.sql(f"FROM read_parquet('{store.links}')").fetchall()
    assert row[0:4] == ("payments", 2, 2, "person")
    assert row[6] == example.weight
    assert row[7] == "name=sound village=same_here household=same"
    assert row[9] == "persons 2026.1"


def test_linking_again_gives_the_same_and_undoing_gives_what_was_loaded(tmp_path):
    store = made_store(
        tmp_path,
        [
            (checked(PEOPLE[3][0]), "刘德华", "红旗村", "薛集镇", "1004"),
            ("", "刘德华", "红旗村", "薛集镇", "1004"),
        ],
    )
    loaded = everything(store)

    link(store, DATASETS, [PERSONS])
    first, links = everything(store), store.links.read_bytes()
    link(store, DATASETS, [PERSONS])

    assert first != loaded
    assert (everything(store), store.links.read_bytes()) == (first, links)
    assert unlink(store, DATASETS) == 1
    assert everything(store) == loaded
    assert not store.links.exists()
    assert unlink(store, DATASETS) == 0


def test_a_failure_while_writing_changes_nothing(tmp_path, monkeypatch):
    from tanzhao.engines.screening.linking import writing

    store = made_store(tmp_path, [("", "刘德华", "红旗村", "薛集镇", "1004")])
    before = sorted((file, file.read_bytes()) for file in store.folder.rglob("*.parquet"))

    def full(*_arguments):
        raise OSError("No space left on device")

    monkeypatch.setattr(writing, "_set", full)
    with pytest.raises(OSError, match="No space"):
        link(store, DATASETS, [PERSONS])

    assert sorted((f, f.read_bytes()) for f in store.folder.rglob("*.parquet")) == before
    assert {file.name for file in store.folder.iterdir()} == {
        *("store.json", "tables", "keys", "raw", "quality.parquet")
    }


def test_what_a_stopped_machine_left_half_done_is_mended(tmp_path):
    store = made_store(tmp_path, [("", "刘德华", "红旗村", "薛集镇", "1004")])
    (store.folder / "tables").rename(store.folder / "tables.before")
    (store.folder / "tables.draft").mkdir()

    (outcome,) = link(store, DATASETS, [PERSONS])

    assert outcome.linked == {1: 0, 2: 1}
    assert not list(store.folder.glob("tables.*"))


def test_firms_are_proposed_by_name_and_legal_person_and_no_table_is_changed(tmp_path):
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    others = [f"老河口市{a}{b}商贸有限公司" for a in "金丰利华盛泰" for b in "源通和顺达祥"]
    names = ["老河口市恒发商贸有限公司", *others]
    lines = [f"{credit_code(n)},{name},老河口市人民路{n}号" for n, name in enumerate(names)]
    (extracts / "企业.csv").write_text(
        "\n".join(["统一社会信用代码,企业名称,住所", *lines, ""]), "utf-8"
    )
    (extracts / "人员.csv").write_text(
        "统一社会信用代码,企业名称,姓名,身份证号,任职身份\n"
        f"{credit_code(0)},{names[0]},张伟明,,法定代表人\n"
        ",恒发商贸有限责任公司,张伟明,,法定代表人\n"
        ",恒发商贸有限责任公司,王芳,,股东\n"
        + "".join(f"{credit_code(n)},{names[n]},李{n},,法定代表人\n" for n in range(1, 37)),
        "utf-8",
    )
    the_map = map_from(
        {"order": ORDER, "source": [{"files": "人员.csv", "table": "officers"}]}, DATASETS
    )
    store = load(extracts, the_map, DATASETS, tmp_path / "store").store
    loaded = everything(store)

    (outcome,) = link(store, DATASETS, [(read_model(PACKS / "linking/firms"), SOUNDS)])

    assert (outcome.known, outcome.rows, outcome.linked) == (37, 2, {1: 0, 2: 1})
    assert outcome.name_alone == 1
    (row,) = duckdb.sql(f"FROM read_parquet('{store.links}')").fetchall()
    assert row[:4] == ("officers", store.sources[0].key, 3, "firm")
    assert row[7] == "name=core legal_person=same"
    assert everything(store) == loaded


def everything(store):
    """Give the rows of every table."""
    return {
        name: duckdb.sql(f"FROM read_parquet('{store.table(name)}')").fetchall()
        for name in store.tables
    }
