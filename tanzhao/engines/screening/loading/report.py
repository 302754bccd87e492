"""What a load gives: what was taken, what was refused and why. Words are made at the edge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tanzhao.engines.screening.store import Store

Values = Mapping[str, object]


class CannotLoad(Exception):
    """Nothing can be loaded. `code` names the sentence, `values` are its places."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code, self.values = code, values


class Refused(Exception):
    """One file cannot be taken. `code` names the sentence, `values` are its places."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, and why."""

    file: str
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """Something a person should know of a file that was taken: a sheet passed over, …"""

    file: str
    sheet: str
    code: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What became of every file below the folder, in the order of their names."""

    folder: Path  # where the store stands, or would have stood
    store: Store | None
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]
    # Code to number: faults of cells, and rows that were left out (their codes end in "_row").
    faults: Mapping[str, int]
    rows: int  # that stood under headings and held something
    taken: int
    doubtful: int  # taken with a fault


@dataclass(frozen=True)
class Progress:
    """How far a load has come."""

    file: str
    files: int  # done before this one
    of_files: int
    rows: int  # taken so far


OnProgress = Callable[[Progress], None]


def tell_nobody(_progress: Progress) -> None:
    """Take progress to nobody."""
