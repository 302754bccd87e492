"""On made-up counties every rule finds what was planted, and nothing else."""

import json
import secrets

import polars as pl
import pytest

from benchmarks.screening_sides.generator import SMALL, make_county
from benchmarks.screening_sides.messy import put_files
from benchmarks.screening_sides.writing import put_store
from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import read_map
from tanzhao.engines.screening.running import run_rules
from tanzhao.engines.screening.running.report import Options
from tests.engines.screening.examples import DATASETS, RULES

CHOSEN_NOW = secrets.randbelow(10**6) + 10


def found(out, rule):
    lines = pl.concat(
        pl.read_parquet(out / file).select("rule", "key")
        for file in ("hits.parquet", "profiles.parquet")
    ).filter(rule=rule)
    return {tuple(map(str, json.loads(key).values())) for key in lines["key"]}


def compare(county, store, folder):
    summary = run_rules(store, RULES.values(), DATASETS, out=folder / "out", options=Options())
    assert [one for one in summary.rules if one.why] == []
    planted = {rule: county.hits(rule) for rule in RULES}
    assert all(planted.values()), "a rule without a planted hit"
    assert {rule: found(folder / "out", rule) for rule in RULES} == planted


@pytest.mark.parametrize("seed", [1, 2])
def test_precision_and_recall_are_one_on_a_generated_store(seed, tmp_path):
    county = make_county(seed, SMALL, DATASETS)
    store = put_store([county], tmp_path / "store", DATASETS)

    compare(county, store, tmp_path)


def test_precision_and_recall_are_one_on_files_as_clerks_write_them(tmp_path):
    print(f"seed {CHOSEN_NOW}")  # noqa: T201 — shown when the test fails, to make it fail again
    county = make_county(CHOSEN_NOW, SMALL, DATASETS)
    (tmp_path / "MAP.toml").write_text(
        put_files(county, tmp_path / "extracts", DATASETS), encoding="utf-8"
    )
    the_map = read_map(tmp_path / "MAP.toml", DATASETS)

    report = load(tmp_path / "extracts", the_map, DATASETS, tmp_path / "store")

    assert (report.refused, set(report.faults) - {"missing"}) == ((), set()), CHOSEN_NOW
    compare(county, report.store, tmp_path)
