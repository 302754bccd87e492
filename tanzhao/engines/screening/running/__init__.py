"""Running rules over a store. DuckDB, Spark and Arrow are loaded when a run begins."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tanzhao.engines.screening.running.report import Options

if TYPE_CHECKING:
    from tanzhao.engines.screening.rules import Rule
    from tanzhao.engines.screening.running.looking_back import Found
    from tanzhao.engines.screening.running.report import Summary
    from tanzhao.engines.screening.store import Store
    from tanzhao.engines.screening.tables import Datasets


def run_rules(
    store: "Store",
    rules: "Iterable[Rule]",
    datasets: "Datasets",
    *,
    out: Path,
    options: Options,
    thresholds: Mapping[str, Mapping[str, int]] | None = None,
) -> "Summary":
    """Run rules over a store and write what they give to `out`, whole or not at all.

    Args:
        out: must not exist, or be a folder that an earlier run wrote; that one is replaced.
        options: engine, memory, threads, whom to tell, when to stop.
        thresholds: rule to threshold to value, where it is not the default.
    Returns: what each rule gave, or why it did not run.
    Raises: BadRule if a threshold is out of its range. CannotRun if `out` cannot be written or
        the engine does not start. Stopped if it was asked to stop; `out` is then as before.
    """
    from tanzhao.engines.screening.running.making import make

    return make(store, rules, datasets, out=out, options=options, thresholds=thresholds or {})


def evidence_of(store: "Store", out: Path, hit: str) -> "Found":
    """Give the rows that a hit of the run in `out` rests on.

    Args:
        hit: its name, or as much of its beginning as tells it from the others.
    Raises: CannotRun if there is no such hit, or the run was made over another store.
    """
    from tanzhao.engines.screening.running.looking_back import look_back

    return look_back(store, out, hit)


def write_workbook(
    out: Path,
    *,
    titles: Mapping[str, str],
    words: Mapping[str, str],
    why: str = "why_zh",
    unmasked: bool = False,
    shortened: str = "",
) -> Path:
    """Write hits.xlsx from the Parquet files of the run in `out`; see workbook.py."""
    from tanzhao.engines.screening.running import workbook

    return workbook.write_workbook(
        out, titles=titles, words=words, why=why, unmasked=unmasked, shortened=shortened
    )
