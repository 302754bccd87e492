"""Drawing a sample from a store: the population, the draw, and the rows as the files have them."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tanzhao.engines.screening.hits import masked_text
from tanzhao.engines.screening.running.desk import source_of
from tanzhao.engines.screening.running.raw import columns_of
from tanzhao.engines.screening.sampling import CannotSample, Method, Sample, Stratum
from tanzhao.engines.screening.sampling.choosing import Places, allocated, by_money, lots, smallest
from tanzhao.engines.screening.sampling.writing import SAMPLE, write_workbook
from tanzhao.engines.screening.store import Source, Store
from tanzhao.engines.screening.tables import STORED, Datasets, Kind, Table

GROUPING = (Kind.TEXT, Kind.NAME, Kind.MONTH, Kind.WHOLE, Kind.FLAG)


@dataclass(frozen=True)
class _Drawn:
    """Places in the population, with the group and the amount of each."""

    places: Places
    sample: Sample
    certain: int = 0


def draw_and_write(
    store: Store,
    datasets: Datasets,
    table: str,
    *,
    method: Method,
    size: int,
    seed: int,
    out: Path,
    by: str,
    titles: Mapping[str, str],
    unmasked: bool,
) -> Sample:
    """Draw a sample and write it; see the package's door."""
    if table not in store.tables:
        raise CannotSample("no_table", table=table)
    if store.expired_on is not None:
        raise CannotSample("expired", on=store.expired_on.isoformat())
    column = _column(datasets.tables[table], method, by)
    rows = _population(store, table, column)
    whole = rows.num_rows
    if method == Method.MONEY:
        rows = rows.filter(pc.greater(rows["by"], 0))
        if rows.num_rows == 0:
            raise CannotSample("no_money", table=table)
    if not 0 < size <= rows.num_rows:
        raise CannotSample("too_large", size=size, rows=rows.num_rows)
    sample = Sample(
        table=table,
        method=method,
        seed=seed,
        size=size,
        rows=rows.num_rows,
        left_out=whole - rows.num_rows,
        fingerprint=store.fingerprint,
        by=column,
    )
    drawn = _drawn(rows, store, sample)
    lines = _lines(rows.take(pa.array(drawn.places)), store, drawn)
    hide = str if unmasked else masked_text
    _write(
        out,
        lines,
        drawn.sample,
        lambda file: write_workbook(file, lines, facts_of(drawn.sample), titles, hide),
    )
    return drawn.sample


def _column(table: Table, method: Method, by: str) -> str:
    """Say which stored column groups or weighs; "" for a draw that needs none."""
    if method == Method.RANDOM:
        return ""
    fits = GROUPING if method == Method.STRATIFIED else (Kind.MONEY,)
    for one in table.columns:
        if one.kind in fits and (one.name == by if by else method == Method.MONEY):
            return one.name + STORED[one.kind][0][0]
    raise CannotSample("no_column" if by else "no_amount", table=table.name, column=by)


def _population(store: Store, table: str, column: str) -> pa.Table:
    names = ["source_key", "row_number", *([column] if column else [])]
    rows = pq.read_table(store.table(table), columns=names)
    return rows.rename_columns(["source_key", "row_number", *(["by"] if column else [])])


def _drawn(rows: pa.Table, store: Store, sample: Sample) -> _Drawn:
    of_source = np.zeros(max(one.key for one in store.sources) + 1, dtype=np.uint64)
    for one in store.sources:
        of_source[one.key] = _number_of(one)
    order = lots(
        of_source[rows["source_key"].to_numpy()], rows["row_number"].to_numpy(), sample.seed
    )
    if sample.method == Method.RANDOM:
        return _Drawn(smallest(order, sample.size), sample)
    if sample.method == Method.MONEY:
        amounts = rows["by"].to_numpy()
        found = by_money(amounts, order, sample.size, sample.seed)
        told = replace(
            sample,
            amount_cents=int(amounts.sum()),
            interval_cents=found.interval,
            start_cents=found.start,
            certain=found.certain,
        )
        return _Drawn(found.places, told, found.certain)
    groups = pc.dictionary_encode(pc.fill_null(rows["by"].cast(pa.string()), "")).combine_chunks()
    of_row = groups.indices.to_numpy()
    names = groups.dictionary.to_pylist()
    counted = np.bincount(of_row, minlength=len(names))
    numbers = {name: int(counted[at]) for at, name in enumerate(names)}
    wanted = allocated(numbers, sample.size)
    chosen = []
    for name in sorted(names):
        inside = np.flatnonzero(of_row == names.index(name))
        chosen.append(inside[smallest(order[inside], wanted[name])])
    strata = tuple(Stratum(name, numbers[name], wanted[name]) for name in sorted(names))
    return _Drawn(np.concatenate(chosen), replace(sample, strata=strata))


def _number_of(source: Source) -> int:
    """Give a number for a file and sheet that every store gives them."""
    sheet = sum(byte << (8 * (at % 8)) for at, byte in enumerate(source.sheet.encode()))
    return (int(source.sha256[:16], 16) ^ sheet) % 2**64


def _lines(rows: pa.Table, store: Store, drawn: _Drawn) -> pa.Table:
    """Give what was drawn, in the order of the draw, with the cells as the files have them."""
    keys, numbers = rows["source_key"].to_pylist(), rows["row_number"].to_pylist()
    sources = {one.key: one for one in store.sources}
    cells = {key: _cells(sources[key], store, keys, numbers) for key in sorted(set(keys))}
    by = rows["by"].to_pylist() if "by" in rows.column_names else [None] * rows.num_rows
    is_money = drawn.sample.method == Method.MONEY
    return pa.table(
        [
            list(range(1, rows.num_rows + 1)),
            [None if is_money or value is None else str(value) for value in by],
            [value if is_money else None for value in by],
            [at < drawn.certain for at in range(rows.num_rows)],
            [sources[key].file for key in keys],
            [sources[key].sheet for key in keys],
            numbers,
            [cells[key][number] for key, number in zip(keys, numbers, strict=True)],
        ],
        schema=SAMPLE,
    )


def _cells(source: Source, store: Store, keys: list[int], numbers: list[int]) -> dict[int, str]:
    wanted = pa.table(
        {"row_number": [n for key, n in zip(keys, numbers, strict=True) if key == source.key]}
    )
    headings, stored = zip(*columns_of(source, store), strict=True)
    with duckdb.connect(config={"threads": "1"}) as connection:
        connection.register("wanted", wanted)
        found = connection.execute(
            f"SELECT row_number, {', '.join(stored)} FROM {source_of(store.raw(source.key))} "
            "SEMI JOIN wanted USING (row_number)"
        ).fetchall()
    return {
        number: json.dumps(dict(zip(headings, texts, strict=True)), ensure_ascii=False)
        for number, *texts in found
    }


def _write(out: Path, lines: pa.Table, sample: Sample, write_book: Callable[[Path], None]) -> None:
    if out.exists() and not (out / "sample.parquet").is_file() and any(out.iterdir()):
        raise CannotSample("out_taken", out=str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        building = work / "out"
        building.mkdir()
        facts = {f"tanzhao.{name}": value for name, value in facts_of(sample).items()}
        pq.write_table(
            lines.replace_schema_metadata(facts), building / "sample.parquet", compression="zstd"
        )
        write_book(building / "sample.xlsx")
        if out.exists():
            out.rename(work / "before")
        building.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def facts_of(sample: Sample) -> dict[str, str]:
    """Give all that is needed to draw a sample again, as it stands in both files."""
    facts = {
        "table": sample.table,
        "method": sample.method.value,
        "seed": str(sample.seed),
        "size": str(sample.size),
        "rows": str(sample.rows),
        "left_out": str(sample.left_out),
        "fingerprint": sample.fingerprint,
    }
    if sample.by:
        facts["by"] = sample.by
    if sample.method == Method.MONEY:
        for name in ("amount_cents", "interval_cents", "start_cents", "certain"):
            facts[name] = str(getattr(sample, name))
    if sample.strata:
        facts["strata"] = "; ".join(
            f"{one.name or '—'}: {one.drawn}/{one.rows}" for one in sample.strata
        )
    return facts
