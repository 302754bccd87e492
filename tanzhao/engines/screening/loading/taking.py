"""One file taken: every sheet that fits, or none of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from tanzhao.engines.screening.loading.canonical import FAULT_COLUMNS, make_canonical
from tanzhao.engines.screening.loading.headings import Found, find, rivals
from tanzhao.engines.screening.loading.mapping import Map, Said
from tanzhao.engines.screening.loading.merging import fill_merged
from tanzhao.engines.screening.loading.opening import opened
from tanzhao.engines.screening.loading.pieces import RAW, Joined, Shelf
from tanzhao.engines.screening.loading.report import Note, Refusal, Refused
from tanzhao.engines.screening.loading.sheets import Sheet
from tanzhao.engines.screening.loading.sorting import Sorter, ragged_rows
from tanzhao.engines.screening.store import Source
from tanzhao.engines.screening.tables import Datasets

FIRST_ROWS = 80
# A sheet with these refusals is passed over where another sheet of the file fits.
_NO_FIT = ("no_table", "no_rows", "no_headings", "needed_heading", "two_tables")


@dataclass
class Taken:
    """One sheet that was read: its pieces are on the shelf, its keys still its own."""

    source: Source
    read: int = 0  # rows under the headings
    pieces: list[str] = field(default_factory=list)
    numbers: list[dict[str, pl.Series]] = field(default_factory=list)
    faults: list[pl.DataFrame] = field(default_factory=list)


@dataclass
class Desk:
    """Where files are read, one after the other, and what came of them so far."""

    folder: Path
    the_map: Map
    datasets: Datasets
    work: Path
    shelf: Shelf
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # SHA-256 to the first file that has it

    def raw(self, key: int) -> Path:
        return self.work / "store/raw" / f"{key}.parquet"

    def take(self, file: Path) -> None:
        """Take every sheet of a file that fits; if it must be refused, nothing of it stays."""
        name = file.relative_to(self.folder).as_posix()
        before = len(self.taken)
        try:
            self._take_sheets(file, name)
        except Refused as error:
            self._forget(before)
            self.notes = [note for note in self.notes if note.file != name]
            self.refused.append(Refusal(name, error.code, error.values))

    def _forget(self, before: int) -> None:
        for taken in self.taken[before:]:
            for name in taken.pieces:
                self.shelf.drop(name)
            self.raw(taken.source.key).unlink(missing_ok=True)
        self.raw(before + 1).unlink(missing_ok=True)
        del self.taken[before:]

    def _take_sheets(self, file: Path, name: str) -> None:
        digest = _sha256(file)
        if digest in self.names:
            self.notes.append(Note(name, "", "same_file", {"other": self.names[digest]}))
            return
        book = opened(file)
        self.notes += [Note(name, sheet, "hidden_sheet") for sheet in book.hidden]
        sayings = self.the_map.of(name)
        _check_sheets(sayings, [sheet.name for sheet in book.sheets])
        misfits: list[tuple[str, Refused]] = []
        before = len(self.taken)
        for sheet in book.sheets:
            of_sheet: list[Said | None] = [s for s in sayings if s.sheet in ("", sheet.name)]
            if sayings and not of_sheet:
                self.notes.append(Note(name, sheet.name, "unnamed_sheet"))
                continue
            # Each [[source]] that names the sheet takes it; one sheet may hold two tables.
            for said in of_sheet or [None]:
                try:
                    self.taken.append(self._take_sheet(name, digest, sheet, said))
                except Refused as error:
                    if error.code not in _NO_FIT or (said and said.sheet):
                        raise
                    misfits.append((sheet.name, error))
        if len(self.taken) == before:
            raise _telling(misfits)
        self.notes += [Note(name, sheet, "other_sheet") for sheet, _ in misfits]
        self.names[digest] = name

    def _take_sheet(self, name: str, digest: str, sheet: Sheet, said: Said | None) -> Taken:
        key = len(self.taken) + 1
        given_by, letter = (said.given_by, said.letter) if said else ("", "")
        taken = Taken(Source(key, name, digest, sheet.name, "", 0, 0, (), given_by, letter))
        sorter: Sorter | None = None
        merged = 0
        raw = Joined(self.raw(key), RAW, self.shelf)
        try:
            for piece in sheet.pieces():
                if not len(piece):
                    continue
                if sorter is None:
                    sorter = Sorter(_found(piece, self.datasets, said, f"{name} {sheet.name}"))
                raw.add(piece.with_columns(pl.col("row_number").cast(pl.Int32)))
                rows, known, filled = fill_merged(piece, sheet, sorter.found)
                merged += filled
                self._keep(taken, sorter, known, rows)
            if sorter is None:
                raise Refused("no_table")
            taken = self._described(taken, sorter.found, said)
            raw.write()
            if merged:
                self.notes.append(Note(name, sheet.name, "merged_cells", {"number": merged}))
            if number := sheet.broken():
                self.notes.append(Note(name, sheet.name, "broken_characters", {"number": number}))
        finally:
            raw.drop()
        return taken

    def _keep(self, taken: Taken, sorter: Sorter, sheet: Sheet, piece: pl.DataFrame) -> None:
        key = taken.source.key
        rows, left = sorter.sort(piece)
        made, faults = make_canonical(rows, sorter.found, sheet, key)
        taken.read += len(rows) + len(left)
        name = f"{key}-{len(taken.pieces)}"
        self.shelf.put(name, made.rows)
        taken.pieces.append(name)
        taken.numbers.append(dict(made.numbers))
        taken.faults.append(faults)
        left += ragged_rows(rows, sorter.found)
        if left:
            taken.faults.append(_of_rows(left, key))

    def _described(self, taken: Taken, found: Found, said: Said | None) -> Taken:
        faults = pl.concat(taken.faults)
        counts = dict(sorted(faults["fault"].value_counts().iter_rows()))
        left = sum(number for code, number in counts.items() if code.endswith("_row"))
        if taken.read == left:
            raise Refused("no_rows")
        of_cells = faults.filter(~pl.col("fault").str.ends_with("_row"))
        taken.source = replace(
            taken.source,
            table=found.table.name,
            rows=taken.read - left,
            doubtful=of_cells["row_number"].n_unique(),
            headings=found.titles,
            read=taken.read,
            faults=counts,
        )
        self._note(taken.source, found, said)
        return taken

    def _note(self, source: Source, found: Found, said: Said | None) -> None:
        place = (source.file, source.sheet)
        if said is None or not said.table:
            self.notes.append(Note(*place, "by_headings", {"table": found.table.name}))
        if found.unused:
            names = "、".join(found.unused)
            self.notes.append(Note(*place, "unused_columns", {"headings": names}))
        for column, scale in found.scales.items():
            if scale != 1:
                values = {"heading": found.titles[found.columns[column]], "scale": f"{scale:,}"}
                self.notes.append(Note(*place, "scaled", values))


def _found(piece: pl.DataFrame, datasets: Datasets, said: Said | None, name: str) -> Found:
    first = [(row[0], row[1:]) for row in piece.head(FIRST_ROWS).iter_rows()]
    found = find(first, datasets, said, name)
    for used, other in rivals(found):
        # The same column twice does no harm; two different ones, and nobody knows which.
        if not piece[f"c{used}"].eq_missing(piece[f"c{other}"]).all():
            raise Refused("twin_headings", heading=found.titles[used])
    return found


def _check_sheets(sayings: Sequence[Said], sheets: list[str]) -> None:
    for said in sayings:
        if said.sheet and said.sheet not in sheets:
            raise Refused("no_sheet", sheet=said.sheet)


def _of_rows(left: list[tuple[int, str]], key: int) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"row_number": [row for row, _ in left], "fault": [code for _, code in left]}
    ).with_columns(source_key=pl.lit(key), heading=pl.lit(""), text=pl.lit(""))
    return frame.select(pl.col(name).cast(kind) for name, kind in FAULT_COLUMNS.items())


def _telling(misfits: list[tuple[str, Refused]]) -> Refused:
    """Choose what to say of a file none of whose sheets fits: the nearest miss."""
    order = ("two_tables", "needed_heading", "no_rows", "no_headings", "no_table")
    errors = [error for _, error in misfits]
    return min(errors, key=lambda one: order.index(one.code), default=Refused("no_table"))


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Refused("unreadable", why=error.strerror or "") from error
