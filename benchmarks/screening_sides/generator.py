"""A made-up county with planted hits of every rule; the same seed gives the same county.

Sizes: `small` for tests, `county` 0.4 M persons and 5 M rows, `prefecture` 1 M persons and
9.4 M payments; ten blocks of the last are 94 M payments. Files for the loader: messy.py.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.screening_sides.benefit_plants import Plants
from benchmarks.screening_sides.benefits import put_base
from benchmarks.screening_sides.county import County
from benchmarks.screening_sides.spending import Spending
from tanzhao.engines.screening.tables import Datasets


@dataclass(frozen=True)
class Size:
    """How large: people of the base, offices, and how often each hit is planted."""

    people: int
    offices: int
    times: int


SMALL = Size(people=20_000, offices=10, times=6)
SIZES = {
    "small": SMALL,
    "county": Size(people=400_000, offices=400, times=200),
    "prefecture": Size(people=1_000_000, offices=1000, times=500),
}


def make_county(seed: int, size: Size, datasets: Datasets, *, block: int = 0) -> County:
    """Make a county, or one block of a larger one; offices are in the first block only."""
    kinds = {
        table.name: {column.name: column.kind.value for column in table.columns}
        for table in datasets.tables.values()
    }
    county = County(np.random.default_rng([seed, block]), block, kinds)
    put_base(county, size.people)
    Plants(county).put(size.times)
    if block == 0:
        Spending(county).put(size.offices, size.times)
    county.finish()
    return county
