"""Linking: whom rows without a usable number may mean, each link with its weight explained.

docs/operations/linking.md says what is kept to. DuckDB and Splink load when `link` is called.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tanzhao.engines.screening.linking.model import BadModel, Model, read_model
from tanzhao.engines.screening.linking.report import Example, Outcome
from tanzhao.engines.screening.linking.sounds import Sounds, read_sounds
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import Datasets

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = [
    "BadModel",
    "Example",
    "Model",
    "Outcome",
    "Sounds",
    "link",
    "read_model",
    "read_sounds",
    "unlink",
]


def link(
    store: Store,
    datasets: Datasets,
    models: Sequence[tuple[Model, Sounds]],
    *,
    threads: int = 1,
    memory: str = "2GB",
    examples: int | None = 3,
    spark: "SparkSession | None" = None,
) -> tuple[Outcome, ...]:
    """Link the rows of `store` that have no usable number; see docs/operations/linking.md.

    Links set earlier are forgotten first, so the same store and models give the same links. The
    tables and links.parquet change together or not at all.

    Args:
        models: each linking pack with its pack of sounds; no two for one kind of key.
        memory: what DuckDB may hold before it spills to disk, as "4GB".
        examples: how many links of each basis to explain, the lightest first; None for all.
        spark: a session that blocks and scores candidates, instead of DuckDB.

    Returns: an outcome for each model, in their order.
    """
    from tanzhao.engines.screening.linking.searching import search

    return search(
        store, datasets, models, threads=threads, memory=memory, examples=examples, spark=spark
    )


def unlink(store: Store, datasets: Datasets) -> int:
    """Take back all links: the tables are as they were loaded. Gives how many rows were linked."""
    from tanzhao.engines.screening.linking.searching import forget

    return forget(store, datasets)
