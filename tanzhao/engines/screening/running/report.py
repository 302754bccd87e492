"""What a run is asked and what it tells. Light: no engine is loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

USUAL_MEMORY = "4GB"
MOST_SHOWN = 200_000  # rows of evidence in hits.xlsx; all are in evidence.parquet


class CannotRun(Exception):
    """A run that cannot begin. `code` names the sentence, `values` are its places."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code, self.values = code, values


class Stopped(Exception):
    """The run was asked to stop; nothing was written."""


class Engine(StrEnum):
    """What computes the rules."""

    DUCKDB = "duckdb"
    SPARK = "spark"


@dataclass(frozen=True)
class Progress:
    """How far a run has come: rules done, of how many, and what it does now."""

    done: int
    of: int
    rule: str  # "" while hits and evidence are written
    hits: int  # so far


type OnProgress = Callable[[Progress], None]


def _nothing(_progress: Progress) -> None:
    return None


@dataclass(frozen=True)
class Options:
    """How a run is made. None of it changes what comes out, but `links`.

    Attributes:
        links: take keys that linking proposed.
        memory: most that the process holds, such as "4GB"; the rest spills beside `out`.
        threads: of DuckDB.
        master: address of the Spark cluster.
        stopwatch: seconds, for the summary; a clock of processor time or none.
        stopped: asked between steps whether to stop.
    """

    engine: Engine = Engine.DUCKDB
    links: bool = False
    memory: str = USUAL_MEMORY
    threads: int = 1
    master: str = "local[*]"
    on_progress: OnProgress = _nothing
    stopwatch: Callable[[], float] = float
    stopped: Callable[[], bool] = bool


@dataclass(frozen=True)
class RuleRun:
    """What one rule gave.

    Attributes:
        why: code of why it did not run; "" if it did. `values` are the places of its sentence.
        amount_cents: the hits' amounts added up.
    """

    rule: str
    version: str
    hits: int = 0
    figures: int = 0  # lines of a profile
    amount_cents: int = 0
    rows_read: int = 0
    seconds: float = 0.0
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """What a run gave, as in summary.json."""

    fingerprint: str
    engine: Engine
    links: bool
    rules: tuple[RuleRun, ...]
    evidence_rows: int

    @property
    def hits(self) -> int:
        return sum(one.hits for one in self.rules)

    @property
    def failed(self) -> tuple[RuleRun, ...]:
        return tuple(one for one in self.rules if one.why)
