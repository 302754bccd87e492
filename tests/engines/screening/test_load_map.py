"""MAP.toml: what it says is done, and every slip in it has its own reason."""

import datetime as dt
import re
from pathlib import Path

import polars as pl
import pytest

from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import BadMap, map_from, read_map
from tanzhao.engines.screening.loading.report import CannotLoad
from tanzhao.engines.screening.tables import read_datasets
from tanzhao.screening.loading_words import SENTENCES
from tests.engines.screening.hostile_workbooks import HEAD, ROW, TWO, workbook

ROOT = Path(__file__).parents[3]
DATASETS = read_datasets(ROOT / "packs/datasets/county")
ORDER = """
[order]
purpose = "核查补贴"
approver = "沈主任"
legal_basis = "县委巡察办〔2026〕12号"
expires = 2026-12-31
"""
SOURCE = ORDER + '[[source]]\nfiles = "*"\n'


def mapped(tmp_path, text):
    file = tmp_path / "MAP.toml"
    file.write_text(text, "utf-8")
    return read_map(file, DATASETS)


def loaded(tmp_path, text, **files):
    extracts = tmp_path / "extracts"
    extracts.mkdir()
    for name, content in files.items():
        (extracts / f"{name}.xlsx").write_bytes(content)
    return load(extracts, mapped(tmp_path, text), DATASETS, tmp_path / "store")


@pytest.mark.parametrize(("text", "code"), [
    ("[order", "map_toml"),
    ("", "map_order"),
    ("order = 1", "map_order"),
    (ORDER.replace('"核查补贴"', "1"), "map_order_text"),
    (ORDER.replace('"沈主任"', '" "'), "map_order_text"),
    (ORDER.replace("legal_basis", "basis"), "map_unknown"),
    (ORDER.replace("2026-12-31", '"2026-12-31"'), "map_expires"),
    (ORDER.replace("2026-12-31", "2026-12-31T00:00:00"), "map_expires"),
    (ORDER + "[source]\nfiles = '*'", "map_sources"),
    (ORDER + "[[source]]\ntable = 'deaths'", "map_files"),
    (SOURCE + "tabel = 'deaths'", "map_unknown"),
    (SOURCE + "table = 'death'", "map_table"),
    (SOURCE + "sheet = 1", "map_text"),
    (SOURCE + "columns = {a = 'name'}", "map_needs_table"),
    (SOURCE + "table = 'deaths'\ncolumns = {a = 'nome'}", "map_column"),
    (SOURCE + "table = 'deaths'\ncolumns = ['a']", "map_pairs"),
    (SOURCE + "table = 'deaths'\ncolumns = {a = 'name', b = 'name'}", "map_column_twice"),
    (SOURCE + "table = 'kin'\ncolumns = {a = 'name'}\nconstant = {name = 'x'}", "map_column_twice"),
])  # fmt: skip
def test_a_slip_in_the_map_has_its_own_reason(tmp_path, text, code):
    with pytest.raises(BadMap) as caught:
        mapped(tmp_path, text)

    assert caught.value.code == code
    assert SENTENCES[code] % caught.value.values


def test_a_map_that_is_missing_or_not_utf8_is_refused(tmp_path):
    (tmp_path / "gb.toml").write_bytes('purpose = "核查"'.encode("gb18030"))

    for name, code in (("none.toml", "map_missing"), ("gb.toml", "map_encoding")):
        with pytest.raises(BadMap) as caught:
            read_map(tmp_path / name, DATASETS)
        assert caught.value.code == code


def test_headings_constants_and_givers_of_the_map_are_used(tmp_path):
    text = SOURCE + (
        'table = "payments"\ngiven_by = "县财政局"\nletter = "巡察调〔2026〕3号"\n'
        'columns = { "领款人证件" = "person", "备用" = "" }\n'
        'constant = { programme = "耕地地力保护补贴" }\n'
    )
    rows = [["姓名", "领款人证件", "备用", "金额"], ["王五", ROW[1], "x", 1]]

    report = loaded(tmp_path, text, 补贴=workbook(rows))

    (source,) = report.store.sources
    assert (source.table, source.given_by, source.letter) == (
        "payments", "县财政局", "巡察调〔2026〕3号",
    )  # fmt: skip
    payments = pl.read_parquet(report.store.table("payments"))
    assert payments.select("person_key", "programme", "amount_cents").rows() == [
        (1, "耕地地力保护补贴", 100)
    ]


def test_a_named_sheet_is_the_only_one_that_is_read(tmp_path):
    def another(book, _sheet):
        second = book.add_worksheet("2025年")
        second.write_row(0, 0, HEAD)
        second.write_row(1, 0, ROW)

    book = workbook(TWO, name="2026年", more=another)
    text = SOURCE + 'sheet = "2026年"\n'

    report = loaded(tmp_path, text, 补贴=book)

    assert [source.sheet for source in report.store.sources] == ["2026年"]
    assert ("unnamed_sheet", "2025年") in {(note.code, note.sheet) for note in report.notes}


def test_a_file_without_the_named_sheet_is_refused(tmp_path):
    report = loaded(tmp_path, SOURCE + 'sheet = "2024年"\n', 补贴=workbook(TWO, name="2026年"))

    (refusal,) = report.refused
    assert (refusal.code, refusal.values) == ("no_sheet", {"sheet": "2024年"})


def test_a_map_that_speaks_of_no_file_is_refused(tmp_path):
    with pytest.raises(CannotLoad) as caught:
        loaded(tmp_path, SOURCE.replace('"*"', '"一卡通*.xls"'), 补贴=workbook(TWO))

    assert caught.value.code == "map_no_file"
    assert not (tmp_path / "store").exists()


def test_every_code_of_the_engine_has_a_sentence_and_every_sentence_its_places():
    source = "".join(
        file.read_text("utf-8")
        for file in (ROOT / "tanzhao/engines/screening/loading").glob("*.py")
    )

    raised = set(re.findall(r'(?:Refused|CannotLoad|BadMap|NotDue)\(\s*"(\w+)"', source))
    noted = set(re.findall(r'Note\([^)]*?"(\w+_\w+|scaled)"', source))
    assert raised | noted <= set(SENTENCES)
    assert len(raised) > 30
    unused = set(SENTENCES) - raised - noted
    assert unused == set()


def test_an_order_is_kept_as_the_map_has_it():
    order = {
        "purpose": "a", "approver": "b", "legal_basis": "c", "expires": dt.date(2026, 1, 2),
    }  # fmt: skip

    assert vars(map_from({"order": order}, DATASETS).order) == order
