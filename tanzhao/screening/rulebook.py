"""The rules of screening as people read them: the packs of kind `screening`, and what the canonical
tables (pack kind `datasets`) call their columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import get_language

from tanzhao.kernel.packs import SHIPPED, Pack, packs_of_kind, read_pack
from tanzhao.screening.masking import SECRET_KINDS

DATASETS = SHIPPED / "datasets" / "county"
HITS, PROFILE = "hits", "profile"


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def in_words(zh: str, en: str) -> str:
    """Choose the text in the language of the page."""
    return en if _is_english() else zh


@dataclass(frozen=True)
class Threshold:
    """A number of a rule that a request may set, from `least` to `most`."""

    name: str
    label_zh: str
    label_en: str
    unit_zh: str
    unit_en: str
    basis_zh: str
    basis_en: str
    default: int
    least: int
    most: int

    @property
    def label(self) -> str:
        return in_words(self.label_zh, self.label_en)

    @property
    def unit(self) -> str:
        return in_words(self.unit_zh, self.unit_en)

    @property
    def basis(self) -> str:
        return in_words(self.basis_zh, self.basis_en)


@dataclass(frozen=True)
class KnownRule:
    """One rule of the packs."""

    pack: Pack
    thresholds: tuple[Threshold, ...]

    @property
    def name(self) -> str:
        return self.pack.name

    @property
    def version(self) -> str:
        return self.pack.version

    @property
    def title(self) -> str:
        return in_words(self.pack.title_zh, self.pack.title_en)

    @property
    def is_profile(self) -> bool:
        return bool(self.pack.body["result"] == PROFILE)

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(self.pack.body["tables"])

    @property
    def facts(self) -> Mapping[str, str]:
        return self.pack.body["facts"]  # type: ignore[no-any-return]  # the schema says so

    def text(self, name: str) -> str:
        """Give `purpose`, `basis`, `blind`, `verify` or `why` in the language of the page."""
        return in_words(self.pack.body[f"{name}_zh"], self.pack.body[f"{name}_en"])

    def __getitem__(self, name: str) -> Any:
        return self.pack.body[name]


@cache
def rulebook() -> Mapping[str, KnownRule]:
    """Give every rule there is by its name, in the order of groups and names.

    Read once: a changed pack is known after a restart, as with every pack.
    """
    packs = packs_of_kind("screening", SHIPPED / "screening") if _has_rules() else []
    order = ("benefits", "people", "spending", "procurement", "profiles")
    packs.sort(key=lambda pack: (order.index(pack.body["group"]), pack.name))
    return {pack.name: KnownRule(pack, _thresholds(pack)) for pack in packs}


def _has_rules() -> bool:
    return (SHIPPED / "screening").is_dir()


def _thresholds(pack: Pack) -> tuple[Threshold, ...]:
    return tuple(Threshold(name=name, **entry) for name, entry in pack.body["thresholds"].items())


def title_of(name: str) -> str:
    """Give the title of a rule; its name if no pack has it any more."""
    rule = rulebook().get(name)
    return rule.title if rule else name


@dataclass(frozen=True)
class KnownColumn:
    """What a heading of a source means."""

    name: str
    kind: str
    label_zh: str
    label_en: str

    @property
    def is_secret(self) -> bool:
        return self.kind in SECRET_KINDS

    @property
    def label(self) -> str:
        return in_words(self.label_zh, self.label_en)


@cache
def tables() -> Mapping[str, tuple[str, str]]:
    """Give the Chinese and the English label of every canonical table."""
    rows = read_pack(DATASETS, "datasets").table("tables.csv")
    return {row["table"]: (row["label_zh"], row["label_en"]) for row in rows}


def table_label(name: str) -> str:
    """Give what a canonical table is called in the language of the page."""
    return in_words(*tables()[name]) if name in tables() else name


@cache
def headings() -> Mapping[tuple[str, str], KnownColumn]:
    """Give what (table, heading) means, for every heading that the datasets pack knows."""
    found: dict[tuple[str, str], KnownColumn] = {}
    for row in read_pack(DATASETS, "datasets").table("columns.csv"):
        column = KnownColumn(row["column"], row["kind"], row["label_zh"], row["label_en"])
        words = [row["label_zh"], row["label_en"], row["column"], *row["synonyms"].split("|")]
        for word in filter(None, words):
            found.setdefault((row["table"], _plain(word)), column)
    return found


def column_of(table: str, heading: str) -> KnownColumn | None:
    """Say what a heading means; the blanks and breaks in it do not matter."""
    return headings().get((table, _plain(heading)))


def _plain(heading: str) -> str:
    return "".join(heading.split()).lower().replace("(", "（").replace(")", "）")


@cache
def column_labels() -> Mapping[str, tuple[str, str]]:
    """Give labels by the name of a column, whatever its table: for the facts of a rule."""
    rows = read_pack(DATASETS, "datasets").table("columns.csv")
    return {row["column"]: (row["label_zh"], row["label_en"]) for row in reversed(rows)}


def fact_label(name: str) -> str:
    """Give what a fact of a rule's result is called; "" if no column has that name."""
    for suffix in ("_cents", "_thousandths", "_key"):
        name = name.removesuffix(suffix)
    return in_words(*column_labels()[name]) if name in column_labels() else ""
