"""Six of the rules as somebody who knows pandas would write them, on plain Parquet."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

TWO, THREE = ["person", "programme"], ["person", "programme", "month"]
SUMMARY = {
    "amount": ("amount", "sum"),
    "first_date": ("paid_date", "min"),
    "last_date": ("paid_date", "max"),
    "name": ("name", "min"),
    "payments": ("amount", "size"),
}
type Answer = tuple[pd.DataFrame, pd.DataFrame]  # hits, and the payments they rest on


class Tables:
    """Tables of a folder, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.payments = self.read("payments")
        self.paid = self.payments[self.payments["amount"] > 0]

    def read(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / f"{name}.parquet")


def _summed(rows: pd.DataFrame, by: list[str], **more: tuple[str, str]) -> pd.DataFrame:
    return rows.groupby(by, as_index=False, observed=True).agg(**SUMMARY, **more)


def paid_after_death(t: Tables) -> Answer:
    rows = t.paid.merge(t.read("deaths")[["person", "death_date"]], on="person")
    late = pd.to_datetime(rows["paid_date"]) - pd.to_datetime(rows["death_date"])
    rows = rows[late.dt.days > 31]
    return _summed(rows, TWO), rows


def payroll(t: Tables) -> Answer:
    programmes = t.read("programmes")
    tested = programmes.loc[programmes["is_needs_tested"].fillna(False).astype(bool), "programme"]
    roll = t.read("payroll")[["person", "employer", "from_date", "to_date"]]
    rows = t.paid[t.paid["programme"].isin(tested)].merge(roll, on="person")
    paid = pd.to_datetime(rows["paid_date"])
    since, until = pd.to_datetime(rows["from_date"]), pd.to_datetime(rows["to_date"])
    rows = rows[(since.isna() | ((paid - since).dt.days > 31)) & (until.isna() | (paid <= until))]
    return _summed(rows, TWO), rows


def exclusive(t: Tables) -> Answer:
    pairs = t.read("exclusive")[["programme", "other"]]
    listed = t.paid[t.paid["programme"].isin([*pairs["programme"], *pairs["other"]])]
    monthly = listed.groupby(THREE, as_index=False).agg(
        amount=("amount", "sum"), name=("name", "min")
    )
    both = monthly.merge(pairs, on="programme").merge(
        monthly.rename(columns={"programme": "other", "amount": "amount_other"})[
            ["person", "other", "month", "amount_other"]
        ],
        on=["person", "other", "month"],
    )
    hits = both.groupby(["person", "programme", "other"], as_index=False).agg(
        one=("amount", "sum"),
        two=("amount_other", "sum"),
        first_month=("month", "min"),
        last_month=("month", "max"),
        name=("name", "min"),
        months=("month", "size"),
    )
    hits["amount"] = hits[["one", "two"]].min(axis=1)
    keys = pd.concat([both[THREE], both[["person", "other", "month"]].set_axis(THREE, axis=1)])
    return hits, listed.merge(keys.drop_duplicates(), on=THREE)


def account(t: Tables) -> Answer:
    persons = t.paid.groupby("account")["person"].nunique()
    rows = t.paid[t.paid["account"].isin(persons.index[persons > 3])]
    return _summed(rows, ["account"], persons=("person", "nunique")), rows


def twice(t: Tables) -> Answer:
    size = t.payments.groupby(THREE, as_index=False).agg(
        amount=("amount", "sum"), largest=("amount", "max"), payments=("amount", "size")
    )
    wanted = size[(size["payments"] > 1) & (size["amount"] > size["largest"])]
    rows = t.payments.merge(wanted[THREE], on=THREE)
    hits = _summed(rows, THREE, largest=("amount", "max"))
    hits["amount"] -= hits["largest"]
    return hits, rows


def standard(t: Tables) -> Answer:
    programmes = t.read("programmes")
    terms = programmes.loc[programmes["standard"] > 0, ["programme", "standard"]]
    rows = t.payments.merge(terms, on="programme")
    total = rows.groupby(THREE, as_index=False).agg(
        amount=("amount", "sum"), standard=("standard", "max")
    )
    wanted = total[(total["amount"] * 100).round() > (total["standard"] * 100).round()]
    rows = rows.merge(wanted[THREE], on=THREE)
    hits = _summed(rows, THREE, standard=("standard", "max"))
    hits["amount"] -= hits["standard"]
    return hits, rows


RULES: dict[str, Callable[[Tables], Answer]] = {
    "paid-after-death": paid_after_death,
    "payroll-on-subsistence": payroll,
    "exclusive-benefits": exclusive,
    "one-account-many-persons": account,
    "same-person-twice": twice,
    "payment-above-standard": standard,
}


def run(plain: Path, out: Path, names: list[str], threads: int) -> None:
    """Run rules and write, for each, its hits and the payments they rest on."""
    del threads
    out.mkdir(parents=True)
    tables = Tables(plain)
    for name in names:
        hits, rows = RULES[name](tables)
        hits.to_parquet(out / f"{name}.hits.parquet")
        rows.to_parquet(out / f"{name}.rows0.parquet")
