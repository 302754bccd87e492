"""The desk of a run: one DuckDB connection that keeps to its memory and sees the store's tables.

DuckDB's rules run on it; whatever the engine, hits are named and evidence is looked up on it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tanzhao.engines.screening.running.memory import limit_of_duckdb
from tanzhao.engines.screening.running.report import CannotRun, Options, Stopped
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import NUMBERS, Datasets

ASKED_EVERY = 0.2  # seconds


@contextmanager
def desk(store: Store, datasets: Datasets, spill: Path, options: Options) -> Iterator["Desk"]:
    """Open a desk whose memory spills into `spill`."""
    try:
        limit = limit_of_duckdb(options.memory)
    except ValueError as error:
        raise CannotRun("memory", memory=options.memory) from error
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": str(max(1, options.threads)),
        "memory_limit": limit,
        "temp_directory": str(spill),
        # Reached by files of the store alone; nothing is fetched or loaded.
        "autoinstall_known_extensions": "false",
        "preserve_insertion_order": "false",
    }
    try:
        connection = duckdb.connect(config=config)
    except duckdb.Error as error:
        raise CannotRun("memory", memory=options.memory) from error
    with connection:
        one = Desk(connection, options)
        for name, sql in views_of(store, datasets, links=options.links).items():
            connection.execute(f"CREATE VIEW {name} AS {sql}")
        yield one


class Desk:
    """A connection whose statements end when the run is asked to stop."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, options: Options) -> None:
        self._connection = connection
        self._options = options

    def do(self, sql: str, values: dict[str, int] | None = None) -> None:
        """Run a statement."""
        self._waited(lambda: self._connection.execute(sql, values or None) and None)

    def ask(self, sql: str, values: dict[str, int] | None = None) -> pa.Table:
        """Run a query and give its rows."""
        return self._waited(
            lambda: self._connection.sql(sql, params=values or None).to_arrow_table()
        )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Run a query that gives few rows."""
        return self._waited(lambda: self._connection.execute(sql).fetchall())

    def show(self, name: str, rows: pa.Table) -> None:
        """Let a table be read by its name; an earlier one of that name gives way."""
        self._connection.register("given", rows)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM given")
        self._connection.unregister("given")

    def stream(self, sql: str, rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and give its rows in batches as they come."""
        reader: pa.RecordBatchReader = self._waited(
            lambda: self._connection.sql(sql).to_arrow_reader(rows)
        )
        yield from reader

    def _waited[T](self, work: Callable[[], T]) -> T:
        return waited(work, stopped=self._options.stopped, cancel=self._connection.interrupt)


def waited[T](
    work: Callable[[], T], *, stopped: Callable[[], bool], cancel: Callable[[], None]
) -> T:
    """Do `work` in a thread, and cancel it when asked to stop.

    Raises: Stopped, or what `work` raises.
    """
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(work)
        while True:
            try:
                given = answer.result(timeout=ASKED_EVERY)
            except NotYet:
                if stopped():
                    cancel()
                continue
            except Exception:
                if stopped():
                    raise Stopped from None
                raise
            if stopped():
                raise Stopped
            return given


def views_of(store: Store, datasets: Datasets, *, links: bool) -> dict[str, str]:
    """Give a SELECT for each table that rules may read, by name; the same words for both engines.

    Keys that linking proposed are NULL unless `links`; what they weigh is never shown to rules.
    """
    views = {}
    for name, columns in datasets.stored.items():
        file = (
            store.numbers(name.removesuffix("_numbers")) if name in NUMBERS else store.table(name)
        )
        if name in NUMBERS and not file.is_file():
            views[name] = f"SELECT {_nothing(columns)} WHERE FALSE"
            continue
        if name not in NUMBERS and name not in store.tables:
            continue
        there = set(pq.read_schema(file).names)
        linked = _linked(file) if not links else set()
        shown = [
            _shown(column, kind, is_there=column in there, is_linked=column in linked)
            for column, kind in columns
        ]
        views[name] = f"SELECT {', '.join(shown)} FROM {source_of(file)}"
    return views


def source_of(file: Path) -> str:
    """Name a Parquet file as a table in DuckDB."""
    return "read_parquet('" + str(file).replace("'", "''") + "')"


def _shown(column: str, kind: str, *, is_there: bool, is_linked: bool) -> str:
    if not is_there:
        return f"CAST(NULL AS {kind}) AS {column}"
    if is_linked and column.endswith("_key"):
        basis = column.removesuffix("_key") + "_basis"
        return f"CASE WHEN coalesce({basis}, 0) = 0 THEN {column} END AS {column}"
    if column.endswith("_basis"):
        # Narrower whole numbers overflow at other places in the engines.
        return f"CAST({0 if is_linked else column} AS INTEGER) AS {column}"
    return column


def _nothing(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in columns)


def _linked(file: Path) -> set[str]:
    """Give the key and basis columns of persons that have a linked row, by the file's figures."""
    found = set()
    footer = pq.read_metadata(file)
    for group in range(footer.num_row_groups):
        for at in range(footer.num_columns):
            chunk = footer.row_group(group).column(at)
            name, figures = chunk.path_in_schema, chunk.statistics
            if not name.endswith("_basis"):
                continue
            if figures is None or not figures.has_min_max:
                is_all_null = figures is not None and figures.null_count == chunk.num_values
                if chunk.num_values and not is_all_null:
                    found |= {name, name.removesuffix("_basis") + "_key"}
            elif figures.max > 0:
                found |= {name, name.removesuffix("_basis") + "_key"}
    return found
