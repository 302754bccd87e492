"""Sampling: rows of a table drawn by a seed, so that anybody can draw them again.

The draw depends on the files, the method and the seed alone: not on an engine, a machine, the
order of rows or the keys of a store.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanzhao.engines.screening.store import Store
    from tanzhao.engines.screening.tables import Datasets


class CannotSample(Exception):
    """A sample that cannot be drawn. `code` names the sentence, `values` are its places."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code, self.values = code, values


class Method(StrEnum):
    """How rows are drawn."""

    RANDOM = "random"  # each row is as likely
    STRATIFIED = "stratified"  # as many from each group as its share of the rows
    MONEY = "money"  # each yuan is as likely: monetary-unit sampling


@dataclass(frozen=True)
class Stratum:
    """A group of the population: rows in it, and rows drawn from it."""

    name: str
    rows: int
    drawn: int


@dataclass(frozen=True)
class Sample:
    """What was drawn, and all that is needed to draw it again.

    Attributes:
        rows: in the population; left_out: rows of the table that are not in it.
        by: column that groups (stratified) or weighs (money); "" for random.
        amount_cents: of the population; interval_cents: one of so many was drawn (money).
        certain: rows at or above the interval, all of which are drawn.
    """

    table: str
    method: Method
    seed: int
    size: int
    rows: int
    left_out: int
    fingerprint: str
    by: str = ""
    strata: tuple[Stratum, ...] = ()
    amount_cents: int = 0
    interval_cents: int = 0
    start_cents: int = 0
    certain: int = 0


def draw(
    store: "Store",
    datasets: "Datasets",
    table: str,
    *,
    method: Method,
    size: int,
    seed: int,
    out: Path,
    by: str = "",
    titles: Mapping[str, str] | None = None,
    unmasked: bool = False,
) -> Sample:
    """Draw rows of a table and write them to `out` as sample.parquet and sample.xlsx.

    Args:
        by: column that groups or weighs; the first amount of the table if not given.
        titles: heading by name of a column or a fact of the sample, for the workbook.
        unmasked: ID numbers and accounts stand in the workbook in full, as in sample.parquet.
    Raises: CannotSample if the table, the column or the rows for it are not there.
    """
    from tanzhao.engines.screening.sampling.drawing import draw_and_write

    return draw_and_write(
        store,
        datasets,
        table,
        method=method,
        size=size,
        seed=seed,
        out=out,
        by=by,
        titles=titles or {},
        unmasked=unmasked,
    )
