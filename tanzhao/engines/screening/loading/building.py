"""A store built beside its place and moved there whole."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tanzhao.engines.screening.loading import keys
from tanzhao.engines.screening.loading.canonical import FAULT_COLUMNS, Piece, make_canonical
from tanzhao.engines.screening.loading.headings import Found, find
from tanzhao.engines.screening.loading.mapping import Map, Said
from tanzhao.engines.screening.loading.opening import opened
from tanzhao.engines.screening.loading.report import (
    CannotLoad,
    Note,
    OnProgress,
    Progress,
    Refusal,
    Refused,
    Report,
    tell_nobody,
)
from tanzhao.engines.screening.loading.sheets import Sheet
from tanzhao.engines.screening.loading.sorting import sort_rows
from tanzhao.engines.screening.store import Source, Store, write_store
from tanzhao.engines.screening.tables import Datasets, Kind

RAW_COMPRESSION, TABLE_COMPRESSION = "zstd", "snappy"
FIRST_ROWS = 80


@dataclass
class Taken:
    """One sheet that was read: its pieces are on disk, its keys still its own."""

    source: Source
    pieces: list[Path]
    numbers: list[dict[str, pl.Series]]
    faults: list[pl.DataFrame]
    read: int


@dataclass
class _Load:
    folder: Path
    the_map: Map
    datasets: Datasets
    work: Path
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def build(
    folder: Path,
    the_map: Map,
    datasets: Datasets,
    out: Path,
    *,
    strict: bool,
    replace: bool,
    on_progress: OnProgress | None,
) -> Report:
    """Load a folder; see `tanzhao.engines.screening.loading.load`."""
    files = files_below(folder, out)
    if out.exists() and not replace:
        raise CannotLoad("store_exists", out=out)
    if out.exists() and not (out / "store.json").is_file():
        raise CannotLoad("not_a_store", out=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    tell = on_progress or tell_nobody
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as work:
        load = _Load(folder, the_map, datasets, Path(work))
        (load.work / "store/raw").mkdir(parents=True)
        (load.work / "pieces").mkdir()
        for done, file in enumerate(files):
            rows = sum(one.source.rows for one in load.taken)
            tell(Progress(file.relative_to(folder).as_posix(), done, len(files), rows))
            _take_file(load, file)
        if not load.taken or (strict and load.refused):
            return _report(load, out, None)
        store = _finish(load, out)
        _move(load.work / "store", out, load.work)
    return _report(load, out, store)


def files_below(folder: Path, out: Path) -> list[Path]:
    """List the files to load, in the order of their names; not what begins with a dot or ~$."""
    if not folder.is_dir():
        raise CannotLoad("no_folder", folder=folder)
    files = [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and not any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
        and out not in file.parents
        and file.suffix.lower() != ".toml"
    ]
    if not files:
        raise CannotLoad("no_files", folder=folder)
    return files


def _take_file(load: _Load, file: Path) -> None:
    """Take every sheet of a file that fits, or none of them."""
    name = file.relative_to(load.folder).as_posix()
    before = len(load.taken)
    try:
        book = opened(file)
        load.notes += [Note(name, sheet, "hidden_sheet") for sheet in book.hidden]
        misfits: list[tuple[str, Refused]] = []
        digest = ""
        for sheet in book.sheets:
            fits: list[Said | None] = [
                s for s in load.the_map.of(name) if s.sheet in ("", sheet.name)
            ]
            for said in fits or [None]:
                try:
                    digest = digest or _sha256(file)
                    _take_sheet(load, name, digest, sheet, said)
                except Refused as error:
                    if error.code not in ("no_table", "no_headings", "needed_heading") or (
                        said and said.sheet
                    ):
                        raise
                    misfits.append((sheet.name, error))
        if len(load.taken) == before:
            raise misfits[0][1] if misfits else Refused("no_table")
        load.notes += [Note(name, sheet, "other_sheet") for sheet, _ in misfits]
    except Refused as error:
        del load.taken[before:]
        load.notes = [note for note in load.notes if note.file != name]
        load.refused.append(Refusal(name, error.code, error.values))


def _take_sheet(load: _Load, name: str, digest: str, sheet: Sheet, said: Said | None) -> None:
    key = len(load.taken) + 1
    found: Found | None = None
    taken = Taken(_source(key, name, digest, sheet, said), [], [], [], 0)
    with _Raw(load.work / "store/raw" / f"{key}.parquet") as raw:
        for piece in sheet.pieces():
            if found is None:
                found = find(_first(piece), load.datasets, said, f"{name} {sheet.name}")
            raw.write(piece)
            rows, left = sort_rows(piece, found)
            taken.read += len(rows) + len(left)
            _keep(load, taken, make_canonical(rows, found, sheet, key), left)
    if found is None:
        raise Refused("no_table")
    if not sum(one.num_rows for one in map(_metadata, taken.pieces)):
        raise Refused("no_rows")
    taken.source = _described(taken, found)
    load.taken.append(taken)


def _metadata(file: Path) -> "pq.FileMetaData":
    return pq.read_metadata(file)


def _first(piece: pl.DataFrame) -> list[tuple[int, list[str | None]]]:
    return [(row[0], list(row[1:])) for row in piece.head(FIRST_ROWS).iter_rows()]


def _source(key: int, name: str, digest: str, sheet: Sheet, said: Said | None) -> Source:
    given_by, letter = (said.given_by, said.letter) if said else ("", "")
    return Source(key, name, digest, sheet.name, "", 0, 0, (), given_by, letter)


def _keep(
    load: _Load, taken: Taken, made: tuple[Piece, pl.DataFrame], left: list[tuple[int, str]]
) -> None:
    piece, faults = made
    key = taken.source.key
    path = load.work / "pieces" / f"{key}-{len(taken.pieces)}.parquet"
    pq.write_table(piece.table, path, compression="lz4")
    taken.pieces.append(path)
    taken.numbers.append(dict(piece.numbers))
    taken.faults.append(faults)
    if left:
        rows = {"row_number": [row for row, _ in left], "fault": [code for _, code in left]}
        frame = pl.DataFrame(rows).with_columns(
            source_key=pl.lit(key), heading=pl.lit(""), text=pl.lit("")
        )
        taken.faults.append(frame.select(pl.col(c).cast(t) for c, t in FAULT_COLUMNS.items()))


def _described(taken: Taken, found: Found) -> Source:
    faults = pl.concat(taken.faults)
    of_cells = faults.filter(~pl.col("fault").str.ends_with("_row"))
    return Source(
        **{
            **vars(taken.source),
            "table": found.table.name,
            "rows": sum(_metadata(path).num_rows for path in taken.pieces),
            "doubtful": of_cells["row_number"].n_unique(),
            "headings": found.titles,
        }
    )


class _Raw:
    """Writes the rows of a sheet as they are."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "_Raw":
        return self

    def write(self, piece: pl.DataFrame) -> None:
        table = piece.with_columns(pl.col("row_number").cast(pl.Int32)).to_arrow(
            compat_level=pl.CompatLevel.oldest()
        )
        table = table.cast(
            pa.schema(
                [
                    f.with_type(pa.string()) if f.type == pa.large_string() else f
                    for f in table.schema
                ]
            )
        )
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, table.schema, compression=RAW_COMPRESSION)
        self._writer.write_table(table)

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()


def _finish(load: _Load, out: Path) -> Store:
    """Number the keys of all sources, and write the tables."""
    place = load.work / "store"
    by_kind: dict[Kind, list[pl.Series]] = {}
    for taken, column, numbers in _key_columns(load):
        kind = _kind(load.datasets, taken.source.table, column)
        by_kind.setdefault(kind, []).append(numbers)
    numbered = keys.number_all(by_kind)
    keys.write_numbers(numbered, place / "keys")
    (place / "tables").mkdir()
    rows: dict[str, int] = {}
    for name in load.datasets.tables:
        of_table = [taken for taken in load.taken if taken.source.table == name]
        if of_table:
            rows[name] = _write_table(load, name, of_table, numbered, place)
    faults = [frame for taken in load.taken for frame in taken.faults]
    quality = pl.concat(faults) if faults else pl.DataFrame(schema=FAULT_COLUMNS)
    quality.sort("source_key", "row_number", maintain_order=True).write_parquet(
        place / "quality.parquet"
    )
    sources = tuple(taken.source for taken in load.taken)
    store = Store(
        folder=place,
        order=load.the_map.order,
        datasets=load.datasets.version,
        fingerprint=_fingerprint(load, sources),
        tables=rows,
        sources=sources,
    )
    write_store(store)
    return Store(**{**vars(store), "folder": out})


def _key_columns(load: _Load) -> Iterator[tuple[Taken, str, pl.Series]]:
    for taken in load.taken:
        for numbers in taken.numbers:
            for column, series in numbers.items():
                yield taken, column, series


def _kind(datasets: Datasets, table: str, stored: str) -> Kind:
    name = stored.removesuffix("_key")
    return next(c.kind for c in datasets.tables[table].columns if c.name == name)


def _write_table(
    load: _Load, name: str, of_table: list[Taken], numbered: dict[Kind, pl.Series], place: Path
) -> int:
    rows = 0
    writer: pq.ParquetWriter | None = None
    try:
        for taken in of_table:
            for path, numbers in zip(taken.pieces, taken.numbers, strict=True):
                table = pq.read_table(path)
                for column, series in numbers.items():
                    kind = _kind(load.datasets, name, column)
                    table = _with_keys(table, column, keys.keys_of(series, numbered[kind]))
                writer = writer or pq.ParquetWriter(
                    place / "tables" / f"{name}.parquet",
                    table.schema,
                    compression=TABLE_COMPRESSION,
                )
                writer.write_table(table)
                rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def _with_keys(table: pa.Table, column: str, all_keys: object) -> pa.Table:
    codes = table[column].combine_chunks().fill_null(-1).to_numpy()
    values = all_keys[codes]  # type: ignore[index]
    index = table.schema.get_field_index(column)
    return table.set_column(index, column, pa.array(values, mask=values == 0))


def _fingerprint(load: _Load, sources: tuple[Source, ...]) -> str:
    digest = hashlib.sha256()
    for sha256 in sorted({source.sha256 for source in sources}):
        digest.update(sha256.encode())
    digest.update(hashlib.sha256(load.the_map.text).hexdigest().encode())
    digest.update(load.datasets.version.encode())
    return digest.hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _move(built: Path, out: Path, work: Path) -> None:
    """Put the new store in its place; the old one, if any, goes when the new one stands."""
    if out.exists():
        out.rename(work / "old")
    try:
        built.rename(out)
    except OSError:
        if (work / "old").exists():
            (work / "old").rename(out)
        raise
    shutil.rmtree(work / "old", ignore_errors=True)


def _report(load: _Load, out: Path, store: Store | None) -> Report:
    faults = [frame for taken in load.taken for frame in taken.faults]
    counts = pl.concat(faults)["fault"].value_counts().rows() if faults else []
    return Report(
        folder=out,
        store=store,
        refused=tuple(load.refused),
        notes=tuple(load.notes),
        faults=dict(sorted(counts)),
        rows=sum(taken.read for taken in load.taken),
        taken=sum(taken.source.rows for taken in load.taken),
        doubtful=sum(taken.source.doubtful for taken in load.taken),
    )
