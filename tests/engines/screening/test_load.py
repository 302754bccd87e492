"""A folder of extracts becomes a store."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.store import open_store
from tanzhao.engines.screening.tables import read_datasets
from tests.engines.screening.old_workbook import old_workbook

COUNTY = Path(__file__).parents[3] / "packs/datasets/county"
ORDER = {
    "purpose": "核查补贴",
    "approver": "沈主任",
    "legal_basis": "县委巡察办〔2026〕12号",
    "expires": dt.date(2026, 12, 31),
}
WANG, LI = "360521196503120011", "36052119700101028X"


def test_a_workbook_and_a_text_file_become_tables_that_share_keys(tmp_path):
    extracts, out = tmp_path / "extracts", tmp_path / "store"
    extracts.mkdir()
    with xlsxwriter.Workbook(extracts / "一卡通.xlsx") as book:
        sheet = book.add_worksheet("2026年")
        sheet.write(0, 0, "惠农补贴发放表")
        sheet.write_row(1, 0, ["序号", "姓 名", "身份证号码", "补贴项目", "发放日期", "金额（元）"])
        sheet.write_row(2, 0, [1, "王 五", WANG, "低保", "2026年3月5日", "1,200.50"])
        sheet.write_row(3, 0, [2, "李四", LI.lower(), "低保", "2026.3.5", 300])
        sheet.write_row(4, 0, ["合计", None, None, None, None, 1500.5])
    (extracts / "死亡.csv").write_bytes(
        f"姓名,身份证号,死亡日期\n李四,{LI},2026-01-02\n".encode("gb18030")
    )
    datasets = read_datasets(COUNTY)

    report = load(extracts, map_from({"order": ORDER}, datasets), datasets, out)

    assert report.refused == ()
    assert (report.rows, report.taken, report.faults) == (4, 3, {"total_row": 1})
    assert open_store(out) == report.store
    persons = pl.read_parquet(report.store.numbers("person"))
    assert persons.rows() == [
        (1, WANG, dt.date(1965, 3, 12), True),
        (2, LI, dt.date(1970, 1, 1), False),
    ]
    payments = pl.read_parquet(report.store.table("payments"))
    wanted = ["person_key", "name", "paid_date", "amount_cents", "source_key", "row_number"]
    assert payments.select(wanted).rows() == [
        (1, "王五", dt.date(2026, 3, 5), 120_050, 1, 3),
        (2, "李四", dt.date(2026, 3, 5), 30_000, 1, 4),
    ]
    deaths = pl.read_parquet(report.store.table("deaths"))
    assert deaths.select("person_key", "death_date").rows() == [(2, dt.date(2026, 1, 2))]


# As clerks merge them: who it is over two rows, an amount over both, and a heading over two.
MERGED_ROWS = [
    ["姓名", "身份证号码", "补贴项目", "发放日期", "金额（元）"],
    [None] * 5,
    ["王五", WANG, "低保", "2026-03-05", 100],
    [None, None, None, "2026-04-05", None],
    ["李四", 360521197001010280.0, "低保", "2026-03-05", 50],
    [None, None, "高龄津贴", "2026-04-05", 60],
    [None, LI, "高龄津贴", "2026-05-05", 70],
]
MERGES = [(0, 1, n, n) for n in range(5)]
MERGES += [(2, 3, 0, 0), (2, 3, 1, 1), (2, 3, 2, 2), (2, 3, 4, 4), (4, 5, 1, 1), (4, 6, 0, 0)]


def _new_workbook(file):
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(MERGED_ROWS):
            sheet.write_row(place, 0, row)
        for first, last, left, right in MERGES:
            cell = MERGED_ROWS[first][left]
            sheet.merge_range(first, left, last, right, cell)
        sheet.set_h_pagebreaks([3])  # stands behind the merged cells, and begins like a row


def _old_workbook(file):
    file.write_bytes(old_workbook(MERGED_ROWS, merged=MERGES))


@pytest.mark.parametrize("make", [_new_workbook, _old_workbook])
def test_cells_merged_over_rows_are_read_in_each_of_them_and_amounts_once(make, tmp_path):
    (tmp_path / "in").mkdir()
    make(tmp_path / "in/发放表.xlsx")  # whatever it is: its name does not count
    datasets = read_datasets(COUNTY)

    report = load(tmp_path / "in", map_from({"order": ORDER}, datasets), datasets, tmp_path / "s")

    payments = pl.read_parquet(report.store.table("payments"))
    assert payments.select("name", "programme", "amount_cents", "row_number").rows() == [
        ("王五", "低保", 10_000, 3),
        ("王五", "低保", None, 4),
        ("李四", "低保", 5_000, 5),
        ("李四", "高龄津贴", 6_000, 6),
        ("李四", "高龄津贴", 7_000, 7),
    ]
    keys = payments["person_key"].to_list()
    assert keys[0] == keys[1] is not None
    # What Excel kept as a number is damaged in every row that it stands for.
    assert (keys[2], keys[3]) == (None, None)
    assert keys[4] is not None
    assert report.faults["id_damaged"] == 2
    assert [n.values for n in report.notes if n.code == "merged_cells"] == [{"number": 6}]
    # The rows as they were have the cells as they were.
    assert pl.read_parquet(report.store.raw(1))["c0"].to_list()[-1] is None
