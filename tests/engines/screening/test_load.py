"""A folder of extracts becomes a store."""

import datetime as dt
from pathlib import Path

import polars as pl
import xlsxwriter

from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.store import open_store
from tanzhao.engines.screening.tables import read_datasets

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
