"""What linking a store gave, in numbers and with examples."""

from collections.abc import Mapping
from dataclasses import dataclass

from tanzhao.engines.screening.linking.explaining import Line


@dataclass(frozen=True)
class Example:
    """A link, whom it links, and what it weighs line by line."""

    table: str
    column: str
    source_key: int
    row_number: int
    name: str  # as the row has it
    known_name: str
    key: int
    basis: int
    weight: int  # in hundredths of a bit
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of the rows without a usable number, by one model. All are numbers of rows.

    `linked` by basis (1 one digit off, 2 linked). `ambiguous`: two candidates as good.
    `name_alone`: a name and nothing else to compare, or nothing else that agrees. `unlike`: facts
    agree, the name does not. `nameless`: no name either. `unknown`: nobody weighs enough.
    """

    subject: str
    model: str  # pack and version
    known: int  # persons or firms
    rows: int
    linked: Mapping[int, int]
    ambiguous: int
    name_alone: int
    unlike: int
    nameless: int
    unknown: int
    by_table: Mapping[str, int]  # linked, by table
    examples: tuple[Example, ...]  # the lightest of each basis first
