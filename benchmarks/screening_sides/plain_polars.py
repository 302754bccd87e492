"""Six of the rules as somebody who knows Polars would write them: lazy, streaming."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl

LIMIT = pl.col("amount") > 0
TWO = ["person", "programme"]
THREE = ["person", "programme", "month"]
SUMMARY = (
    pl.col("amount").sum(),
    pl.col("paid_date").min().alias("first_date"),
    pl.col("paid_date").max().alias("last_date"),
    pl.col("name").min(),
    pl.len().alias("payments"),
)
type Frames = dict[str, pl.LazyFrame]
type Answer = tuple[pl.LazyFrame, pl.LazyFrame]  # hits, and the payments they rest on


def paid_after_death(t: Frames) -> Answer:
    rows = (
        t["payments"]
        .filter(LIMIT)
        .join(t["deaths"].select("person", "death_date"), on="person")
        .filter(pl.col("paid_date") > pl.col("death_date") + timedelta(days=31))
    )
    return rows.group_by(TWO).agg(*SUMMARY), rows


def payroll(t: Frames) -> Answer:
    tested = t["programmes"].filter("is_needs_tested").select("programme")
    roll = t["payroll"].select("person", "employer", "from_date", "to_date")
    since, until, paid = pl.col("from_date"), pl.col("to_date"), pl.col("paid_date")
    rows = (
        t["payments"]
        .filter(LIMIT)
        .join(tested, on="programme", how="semi")
        .join(roll, on="person")
        .filter(since.is_null() | (paid > since + timedelta(days=31)))
        .filter(until.is_null() | (paid <= until))
    )
    return rows.group_by(TWO).agg(*SUMMARY), rows


def exclusive(t: Frames) -> Answer:
    pairs = t["exclusive"].select("programme", "other")
    listed = pl.concat(
        [pairs.select("programme"), pairs.select(pl.col("other").alias("programme"))]
    )
    paid = t["payments"].filter(LIMIT).join(listed, on="programme", how="semi")
    monthly = paid.group_by(THREE).agg(pl.col("amount").sum(), pl.col("name").min())
    one = monthly.join(pairs, on="programme")
    both = one.join(monthly, left_on=["person", "other", "month"], right_on=THREE, suffix="_other")
    hits = both.group_by("person", "programme", "other").agg(
        pl.min_horizontal(pl.col("amount").sum(), pl.col("amount_other").sum()).alias("amount"),
        pl.col("month").min().alias("first_month"),
        pl.col("month").max().alias("last_month"),
        pl.col("name").min(),
        pl.len().alias("months"),
    )
    keys = pl.concat(
        [
            both.select("person", "programme", "month"),
            both.select("person", pl.col("other").alias("programme"), "month"),
        ]
    )
    return hits, paid.join(keys, on=THREE, how="semi")


def account(t: Frames) -> Answer:
    paid = t["payments"].filter(LIMIT, pl.col("account").is_not_null())
    hits = (
        paid.group_by("account")
        .agg(*SUMMARY, pl.col("person").n_unique().alias("persons"))
        .filter(pl.col("persons") > 3)
    )
    return hits, paid.join(hits, on="account", how="semi")


def twice(t: Frames) -> Answer:
    hits = (
        t["payments"]
        .group_by(THREE)
        .agg(*SUMMARY, pl.col("amount").max().alias("largest"))
        .filter(pl.col("payments") > 1, pl.col("amount") > pl.col("largest"))
        .with_columns(pl.col("amount") - pl.col("largest"))
    )
    return hits, t["payments"].join(hits, on=THREE, how="semi")


def standard(t: Frames) -> Answer:
    terms = t["programmes"].filter(pl.col("standard") > 0).select("programme", "standard")
    hits = (
        t["payments"]
        .join(terms, on="programme")
        .group_by(THREE)
        .agg(*SUMMARY, pl.col("standard").max())
        .filter((pl.col("amount") * 100).round() > (pl.col("standard") * 100).round())
        .with_columns(pl.col("amount") - pl.col("standard"))
    )
    return hits, t["payments"].join(hits, on=THREE, how="semi")


RULES: dict[str, Callable[[Frames], Answer]] = {
    "paid-after-death": paid_after_death,
    "payroll-on-subsistence": payroll,
    "exclusive-benefits": exclusive,
    "one-account-many-persons": account,
    "same-person-twice": twice,
    "payment-above-standard": standard,
}


def run(plain: Path, out: Path, names: list[str], threads: int) -> None:
    """Run rules and write, for each, its hits and the payments they rest on."""
    del threads  # POLARS_MAX_THREADS says it
    out.mkdir(parents=True)
    frames = {file.stem: pl.scan_parquet(file) for file in sorted(plain.glob("*.parquet"))}
    for name in names:
        hits, rows = RULES[name](frames)
        found, resting = pl.collect_all([hits, rows], engine="streaming")
        found.write_parquet(out / f"{name}.hits.parquet")
        resting.write_parquet(out / f"{name}.rows0.parquet")
