"""What a hit is called and how it is said: its name, its key, its facts and its one sentence.

Light: nothing here loads an engine. docs/operations/screening-format.md §4.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tanzhao.engines.screening.tables import Kind

type Value = str | int | bool | dt.date | None

BASES = ("exact", "one_digit_off", "linked")
SECRET = (Kind.PERSON, Kind.ACCOUNT)
SHOWN_AHEAD, SHOWN_BEHIND = 6, 4
ID_LENGTH = 18
LONGEST = 32_000  # characters of a cell of a workbook
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A run of digits as long as an account or an ID number; they may stand in groups.
LONG = re.compile(r"(?<![\dA-Za-z])(?:\d[ -]?){11,22}[\dXx](?![\dA-Za-z])")
WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Hit:
    """One question, as it stands in hits.parquet."""

    hit_id: str
    rule: str
    version: str
    key: str  # JSON
    match_basis: str
    weight: int | None  # of the weakest link it rests on, in hundredths of a bit
    amount_cents: int | None
    first_date: dt.date | None
    last_date: dt.date | None
    risk: str
    facts: str  # JSON
    why_zh: str
    why_en: str


def hit_id(rule: str, version: str, key: Iterable[Value]) -> str:
    """Name a hit: SHA-256 over rule, version and the values of its key, each after its length.

    Args:
        key: values that stand for themselves in any store: numbers, not their keys.
    """
    digest = hashlib.sha256()
    for value in (rule, version, *key):
        if value is None:
            digest.update(b"-")
        else:
            written = plain(value).encode()
            digest.update(b"%d:" % len(written) + written)
    return digest.hexdigest()


def plain(value: Value) -> str:
    """Write a value as it goes into names: days as ISO, numbers in decimal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def as_json(values: Mapping[str, Value]) -> str:
    """Write key or facts: numbers stay numbers, days are ISO text."""
    written = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in values.items()
    }
    return WRITE(written)


def masked(number: str) -> str:
    """Mask a number: an ID number keeps its place and last four characters, others the last."""
    if len(number) <= SHOWN_BEHIND:
        return "*" * len(number)
    ahead = SHOWN_AHEAD if len(number) == ID_LENGTH else 0
    hidden = max(len(number) - ahead - SHOWN_BEHIND, 4)
    return number[:ahead] + "*" * hidden + number[-SHOWN_BEHIND:]


def masked_text(text: str) -> str:
    """Mask whatever in a text looks like an ID number or an account."""
    return LONG.sub(lambda found: masked(re.sub(r"[ -]", "", found.group())), text)


def harmless(text: str) -> str:
    """Keep text from being read as a formula, by Excel or by whoever opens a copy of it."""
    short = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return f"'{short}" if short.startswith(FORMULA) else short


class Sentence:
    """A template of pack.toml in one language, ready to be filled many times."""

    def __init__(self, template: str, kinds: Mapping[str, Kind | None], *, chinese: bool) -> None:
        # Every second piece is the name of a place.
        self._pieces = PLACE.split(template)
        self._kinds = kinds
        self._chinese = chinese

    def filled(self, values: Mapping[str, Value]) -> str:
        """Say it of one hit. What is not known is left as a dash."""
        return "".join(
            self._shown(piece, values.get(piece)) if at % 2 else piece
            for at, piece in enumerate(self._pieces)
        )

    def _shown(self, name: str, value: Value) -> str:
        return shown(value, self._kinds.get(name), chinese=self._chinese)


def shown(value: Value, kind: Kind | None, *, chinese: bool) -> str:
    """Write a value as people read it: 2026年3月5日, 1,234.50元, 12.5; secret numbers masked."""
    if value is None:
        return "—"
    if isinstance(value, dt.date):
        if chinese:
            return f"{value.year}年{value.month}月{value.day}日"
        return value.isoformat()
    if isinstance(value, str):
        return masked(value) if kind in SECRET else value
    if kind == Kind.MONEY:
        # From cents without a fraction in between.
        sign, cents = ("-" if value < 0 else ""), abs(value)
        yuan = f"{sign}{cents // 100:,}.{cents % 100:02d}"
        return f"{yuan}元" if chinese else f"¥{yuan}"
    if kind == Kind.THOUSANDTHS:
        sign, parts = ("-" if value < 0 else ""), abs(value)
        fraction = f"{parts % 1000:03d}".rstrip("0")
        return f"{sign}{parts // 1000:,}" + (f".{fraction}" if fraction else "")
    if kind == Kind.MONTH:
        year, month = divmod(value, 100)
        return f"{year}年{month}月" if chinese else f"{year}-{month:02d}"
    # A number that nothing tells more of may be a year.
    return f"{value:,}" if kind == Kind.WHOLE else str(value)
