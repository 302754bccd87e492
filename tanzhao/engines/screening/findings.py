"""What the linter finds in a rule's SQL: codes and values; the words are made at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Finding:
    """One thing in a file that is not portable, or not as the format demands.

    Attributes:
        code: a code of codes.py; says what is wrong, why, and what to write instead.
        line, column: where it stands, both from 1; 1, 1 for what concerns the file as a whole.
        values: what the sentence of the code has places for.
    """

    line: int
    column: int
    code: str
    values: Mapping[str, str | int] = field(default_factory=dict, compare=False)
    file: str = "rule.sql"
