"""What a heading pack says: the fields of one kind of sheet, and the words offices use for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tanzhao.kernel.sheets.text import fold

TEXT_TYPES = {"text", "name", "unit", "person", "choice", "phone", "id_number"}
LIST_TYPES = {"list", "units", "service", "rounds"}
TYPES = TEXT_TYPES | LIST_TYPES | {"yes_no", "count", "round", "month"}

# Words that answer a heading and say nothing without it.
BARE_ANSWERS = frozenset(
    ["是", "否", "不是", "对", "√", "×", "y", "n", "yes", "no", "true", "false", "1", "0"]
)

_MARKS = {**dict.fromkeys("✓✔☑√", "√"), **dict.fromkeys("✗✕✘×✖", "×")}


def word_key(text: str) -> str:
    """Give what a word is known by; a mark such as √ or ★★★, of which nothing folds, by itself."""
    return fold(text) or _MARKS.get(text, text)


@dataclass(frozen=True)
class Field:
    """One field of a sheet: its type, the headings it goes by, and how its cells are read."""

    id: str
    type: str
    headings: tuple[str, ...]
    # Headings that may mean it where no other column does; else they are not used.
    spare: frozenset[str] = frozenset()
    label_zh: str = ""
    label_en: str = ""
    required: bool = False
    # A grouping column: a value written once stands for the blank cells under it.
    carried: bool = False
    # It is one where it stands before the first required column.
    leading: bool = False
    # A row that holds nothing but one text may give the value of this field for the rows below.
    banner: bool = False
    values: Mapping[str, str] = field(default_factory=dict)  # folded word to value
    closed: bool = False  # no other value than these is right
    empty: frozenset[str] = frozenset()  # folded words that mean "nothing" in this field
    last: bool = False  # of a span of months the last counts
    highest: int = 40
    reversed_headings: frozenset[str] = frozenset()
    must_be_known: str = ""  # the fault of a unit nobody knows
    # Under these (folded) headings a cell holds a unit and, after it, the value of `joined`.
    joined: str = ""
    joined_headings: frozenset[str] = frozenset()
    peers: str = ""  # rows that share that field normally share this one too
    tells: Mapping[str, str] = field(default_factory=dict)  # an ID number's "born" and "sex"


@dataclass(frozen=True, eq=False)
class HeadingPack:
    """One kind of sheet, as a heading pack describes it."""

    name: str
    version: str
    fields: Mapping[str, Field]
    unused: tuple[str, ...]
    identity: tuple[tuple[str, ...], ...]  # sets of fields that two rows must not share
    alike: tuple[str, ...]  # fields that make a possible duplicate when they agree
    totals: tuple[str, ...]
    footnotes: tuple[str, ...]
    empty: frozenset[str]
    skipped_sheets: tuple[str, ...]
    office_names: frozenset[str]
    least_headings: int

    @property
    def required(self) -> tuple[Field, ...]:
        """The fields without which no row can be taken."""
        return tuple(field for field in self.fields.values() if field.required)


def heading_pack(name: str, body: Mapping[str, Any]) -> HeadingPack:
    """Make a heading pack from the content of its pack.toml.

    Raises:
        ValueError: A field has an unknown type or no headings, or no field is required.
    """
    words = body.get("words", {})
    fields = {key: _field(key, entry) for key, entry in body["fields"].items()}
    if not any(entry.required for entry in fields.values()):
        raise ValueError(f"{name}: no field is required")
    return HeadingPack(
        name=name,
        version=str(body.get("version", "")),
        fields=fields,
        unused=tuple(body.get("unused", ())),
        identity=tuple(tuple(group) for group in body.get("identity", ())),
        alike=tuple(body.get("alike", ())),
        totals=tuple(words.get("totals", ())),
        footnotes=tuple(words.get("footnotes", ())),
        empty=_folded(words.get("empty", ())),
        skipped_sheets=tuple(words.get("skipped_sheets", ())),
        office_names=_folded(body.get("office_names", ())),
        least_headings=int(body.get("least_headings", 3)),
    )


def _field(key: str, entry: Mapping[str, Any]) -> Field:
    if entry["type"] not in TYPES or not entry["headings"]:
        raise ValueError(f"{key}: unknown type, or no headings")
    values = {
        word_key(word): value
        for value, words in entry.get("values", {}).items()
        for word in (value, *words)
    }
    return Field(
        id=key,
        type=entry["type"],
        headings=tuple(entry["headings"]),
        spare=_folded(entry.get("spare", ())),
        label_zh=entry.get("label_zh", ""),
        label_en=entry.get("label_en", ""),
        required=entry.get("required", False),
        carried=entry.get("carried", False),
        leading=entry.get("leading", False),
        banner=entry.get("banner", False),
        values=values,
        closed=entry.get("closed", False),
        empty=_folded(entry.get("empty", ())),
        last=entry.get("last", False),
        highest=entry.get("highest", 40),
        reversed_headings=_folded(entry.get("reversed_headings", ())),
        must_be_known=entry.get("must_be_known", ""),
        joined=entry.get("joined", ""),
        joined_headings=_folded(entry.get("joined_headings", ())),
        peers=entry.get("peers", ""),
        tells=entry.get("tells", {}),
    )


def _folded(words: Any) -> frozenset[str]:
    return frozenset(fold(word) for word in words)
