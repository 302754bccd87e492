"""Making a run: rules one by one, then their hits named, then the rows they rest on."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from tanzhao.engines.screening.hits import Hit
from tanzhao.engines.screening.linting.ruling import lint
from tanzhao.engines.screening.rules import Result as Gives
from tanzhao.engines.screening.rules import Rule
from tanzhao.engines.screening.running import evidence, writing
from tanzhao.engines.screening.running.desk import Desk, desk
from tanzhao.engines.screening.running.engines import (
    EngineFailed,
    OnDuckDB,
    RuleEngine,
    first_line,
)
from tanzhao.engines.screening.running.naming import Result, hits_of, numbers_of
from tanzhao.engines.screening.running.report import (
    CannotRun,
    Engine,
    Options,
    Progress,
    RuleRun,
    Stopped,
    Summary,
)
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import NUMBERS, Datasets

SUMMARY = "summary.json"


@dataclass
class _Run:
    """A run while it is made: what each rule gave, in the order of the rules' names."""

    store: Store
    datasets: Datasets
    desk: Desk
    engine: RuleEngine
    options: Options
    runs: list[RuleRun] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    found: int = 0


def make(
    store: Store,
    rules: Iterable[Rule],
    datasets: Datasets,
    *,
    out: Path,
    options: Options,
    thresholds: Mapping[str, Mapping[str, int]],
) -> Summary:
    """Make a run; see the package's door."""
    if store.expired_on is not None:
        raise CannotRun("expired", on=store.expired_on.isoformat())
    in_order = sorted(rules, key=lambda rule: rule.name)
    values = {rule.name: rule.values(thresholds.get(rule.name)) for rule in in_order}
    with _built_beside(out) as (building, spill), _sound_store(), ExitStack() as open_until_end:
        one = open_until_end.enter_context(desk(store, datasets, spill, options))
        if options.engine == Engine.SPARK:
            from tanzhao.engines.screening.running.spark import on_spark

            engine: RuleEngine = open_until_end.enter_context(on_spark(store, datasets, options))
        else:
            engine = OnDuckDB(one)
        run = _Run(store, datasets, one, engine, options)
        evidence.begin(one, store)
        for at, rule in enumerate(in_order):
            _tell(run, at, len(in_order), rule.name)
            _run_rule(run, rule, values[rule.name])
        _tell(run, len(in_order), len(in_order), "")
        return _write(run, building)


def _tell(run: _Run, done: int, of: int, rule: str) -> None:
    if run.options.stopped():
        raise Stopped
    run.options.on_progress(Progress(done, of, rule, run.found))


def _run_rule(run: _Run, rule: Rule, values: Mapping[str, int]) -> None:
    began = run.options.stopwatch()
    told = RuleRun(rule=rule.name, version=rule.version)
    missing = [name for name in rule.tables if name not in run.store.tables and name not in NUMBERS]
    if missing:
        run.runs.append(replace(told, why="missing_tables", values={"tables": ", ".join(missing)}))
        return
    if findings := lint(rule, run.datasets, bind=False):
        told = replace(told, why="not_portable", values={"findings": str(len(findings))})
        run.runs.append(told)
        return
    told = replace(told, rows_read=sum(run.store.tables.get(name, 0) for name in rule.tables))
    try:
        rows = run.engine.result(rule, values)
        if _has_key_twice(rule, rows):
            run.runs.append(replace(told, why="key_twice", values={"key": ", ".join(rule.key)}))
            return
        if rule.result == Gives.HITS and rows.num_rows:
            of_hits = run.engine.evidence(rule, values)
            evidence.note(run.desk, len(run.results), rule, rows, of_hits)
    except EngineFailed as error:
        run.runs.append(replace(told, why="engine", values={"text": str(error)}))
        return
    run.results.append(Result(rule, values, rows))
    run.found += rows.num_rows if rule.result == Gives.HITS else 0
    run.runs.append(replace(told, seconds=run.options.stopwatch() - began))


def _has_key_twice(rule: Rule, rows: pa.Table) -> bool:
    """Say whether two rows have one key, so that neither would have a name of its own."""
    groups = rows.select(list(rule.key)).group_by(list(rule.key)).aggregate([])
    return int(groups.num_rows) < int(rows.num_rows)


def _write(run: _Run, folder: Path) -> Summary:
    numbers = numbers_of(run.results, run.store, run.desk)
    hits = [hits_of(result, numbers) for result in run.results]
    fingerprint = run.store.fingerprint
    profiles = [
        one
        for result, lines in zip(run.results, hits, strict=True)
        if result.rule.result == Gives.PROFILE
        for one in lines
    ]
    hits = [
        lines if result.rule.result == Gives.HITS else []
        for result, lines in zip(run.results, hits, strict=True)
    ]
    rows_of = evidence.counted(run.desk)
    if run.options.links:
        weights = evidence.weights(run.desk, run.store, run.datasets)
        hits = [
            [_weighed(one, weights.get((rule, hit))) for hit, one in enumerate(lines)]
            for rule, lines in enumerate(hits)
        ]
    with_rows = [
        (one, rows_of.get((rule, hit), 0))
        for rule, lines in enumerate(hits)
        for hit, one in enumerate(lines)
    ]
    with_rows.sort(key=lambda pair: (pair[0].rule, pair[0].hit_id))
    writing.write_hits(folder / "hits.parquet", with_rows, fingerprint)
    profiles.sort(key=lambda one: (one.rule, one.key, one.hit_id))
    writing.write_profiles(folder / "profiles.parquet", profiles, fingerprint)
    rows = writing.write_rows(
        folder / "evidence.parquet",
        evidence.COLUMNS,
        evidence.read(run.desk, run.store, hits),
    )
    counted = {
        result.rule.name: (len(of_hits), result.rows.num_rows - len(of_hits), of_hits)
        for result, of_hits in zip(run.results, hits, strict=True)
    }
    summary = Summary(
        fingerprint=fingerprint,
        engine=run.options.engine,
        links=run.options.links,
        rules=tuple(_counted(told, counted) for told in run.runs),
        evidence_rows=rows,
    )
    writing.write_summary(folder / SUMMARY, run.store, summary)
    return summary


def _weighed(hit: Hit, weight: int | None) -> Hit:
    return hit if hit.match_basis == "exact" or weight is None else replace(hit, weight=weight)


def _counted(told: RuleRun, counted: Mapping[str, tuple[int, int, list[Hit]]]) -> RuleRun:
    if told.rule not in counted:
        return told
    number, figures, hits = counted[told.rule]
    amount = sum(one.amount_cents or 0 for one in hits)
    return replace(told, hits=number, figures=figures, amount_cents=amount)


@contextmanager
def _sound_store() -> Iterator[None]:
    """Say that the store or the disk fails where no rule is to blame."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise CannotRun("store", text=first_line(error)) from error


@contextmanager
def _built_beside(out: Path) -> Iterator[tuple[Path, Path]]:
    """Give a folder to write to and one to spill into; the first becomes `out` when all is done.

    Raises: CannotRun if `out` holds something that is no run, or its parent cannot be written.
    """
    if out.exists() and not (out / SUMMARY).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise CannotRun("out_taken", out=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise CannotRun("out_unwritable", out=str(out)) from error
    try:
        building, spill = work / "out", work / "spill"
        building.mkdir()
        spill.mkdir()
        yield building, spill
        if out.exists():
            out.rename(work / "before")
        building.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)
