"""Whatever a department sends is read, or refused with a reason; nothing is half loaded."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.tables import read_datasets
from tests.engines.screening.hostile_texts import FILES as TEXTS
from tests.engines.screening.hostile_texts import TWO
from tests.engines.screening.hostile_workbooks import FILES as WORKBOOKS

DATASETS = read_datasets(Path(__file__).parents[3] / "packs/datasets/county")
MAP = map_from(
    {
        "order": {
            "purpose": "核查补贴",
            "approver": "沈主任",
            "legal_basis": "县委巡察办〔2026〕12号",
            "expires": dt.date(2026, 12, 31),
        }
    },
    DATASETS,
)


@pytest.mark.parametrize(("name", "content", "expected"), [
    pytest.param(name, content, expected, id=name)
    for name, (content, expected) in {**TEXTS, **WORKBOOKS}.items()
])  # fmt: skip
def test_a_hostile_file_is_read_or_refused_and_the_others_are_loaded(
    tmp_path, name, content, expected
):
    extracts, out = tmp_path / "extracts", tmp_path / "store"
    extracts.mkdir()
    (extracts / name).write_bytes(content)
    (extracts / "好.csv").write_text(TWO.replace("低保", "高龄津贴"), "utf-8")

    report = load(extracts, MAP, DATASETS, out)

    came = {one.file: one.code for one in report.refused}
    came |= {one.file: (one.rows, one.faults) for one in report.store.sources if one.file == name}
    assert came == {name: expected}
    files = {source.file for source in report.store.sources}
    assert files == ({"好.csv"} if isinstance(expected, str) else {"好.csv", name})
    raw = {file.stem for file in (out / "raw").iterdir()}
    assert raw == {str(source.key) for source in report.store.sources}
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []
    rows = sum(len(pl.read_parquet(report.store.table(table))) for table in report.store.tables)
    assert rows == report.taken == sum(source.rows for source in report.store.sources)


def test_there_are_enough_hostile_files():
    assert len({**TEXTS, **WORKBOOKS}) >= 60
