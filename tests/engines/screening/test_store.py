"""What a store says of itself, written and read back."""

import datetime as dt
from pathlib import Path

import pytest

from tanzhao.engines.screening.store import (
    NoStore,
    Order,
    Source,
    Store,
    open_store,
    write_store,
)
from tanzhao.engines.screening.tables import read_datasets

COUNTY = Path(__file__).parents[3] / "packs/datasets/county"


def test_a_store_says_the_same_wherever_it_is_moved(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    store = Store(
        folder=here,
        order=Order("核查补贴", "沈主任", "县委巡察办〔2026〕12号", dt.date(2026, 12, 31)),
        datasets="2026.1",
        fingerprint="00ff",
        tables={"payments": 2},
        sources=(
            Source(
                key=1,
                file="财政/一卡通.xlsx",
                sha256="aa",
                sheet="2026年",
                table="payments",
                rows=2,
                doubtful=1,
                headings=("身份证号", "金额"),
            ),
        ),
        expired_on=dt.date(2027, 1, 1),
    )

    write_store(store)
    here.rename(there)

    moved = open_store(there)
    assert moved == Store(**{**vars(store), "folder": there})
    assert moved.table("payments") == there / "tables/payments.parquet"
    assert [file.name for file in there.iterdir()] == ["store.json"]


@pytest.mark.parametrize("body", [None, "{", '{"format": 99}', "[]"])
def test_a_folder_that_is_no_store_is_refused_with_a_sentence(tmp_path, body):
    if body is not None:
        (tmp_path / "store.json").write_text(body)

    with pytest.raises(NoStore, match=str(tmp_path)):
        open_store(tmp_path)


def test_the_county_datasets_name_every_stored_column_once():
    datasets = read_datasets(COUNTY)

    assert {"payments", "deaths", "person_numbers"} <= set(datasets.stored)
    for name, columns in datasets.stored.items():
        names = [column for column, _ in columns]
        assert len(names) == len(set(names)), name
    payments = dict(datasets.stored["payments"])
    assert (payments["person_key"], payments["amount_cents"]) == ("INTEGER", "BIGINT")
