"""The rules of screening as people read them: the packs of kind `screening`, the office's own
versions in their place, and what the canonical tables (pack kind `datasets`) call their columns."""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tanzhao.engines.screening.rules import Rule
from tanzhao.engines.screening.rules import rule_of as engine_rule_of
from tanzhao.engines.screening.tables import NUMBERS
from tanzhao.kernel.packs import SHIPPED, Pack, packs_of_kind, read_pack
from tanzhao.screening.masking import SECRET_KINDS

if TYPE_CHECKING:
    from tanzhao.screening.models import OfficeRule

DATASETS = SHIPPED / "datasets" / "county"
HITS, PROFILE = "hits", "profile"
_UNIT = re.compile(r"（[^（）]*）$")
# The unit by which a pack says that a threshold counts in cents.
CENTS, CENTS_IN_WORDS = 100, "分"


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
    def is_money(self) -> bool:
        """Whether the rule counts in cents, which people read and type as yuan."""
        return self.unit_zh == CENTS_IN_WORDS

    @property
    def unit(self) -> str:
        return _("yuan") if self.is_money else in_words(self.unit_zh, self.unit_en)

    def shown(self, value: int) -> str:
        """Write a value of this threshold as people read it."""
        if not self.is_money:
            return f"{value:,}"
        yuan, cents = divmod(value, CENTS)
        return f"{yuan:,}.{cents:02d}" if cents else f"{yuan:,}"

    @property
    def span(self) -> str:
        return _("%(least)s to %(most)s") % {
            "least": self.shown(self.least),
            "most": self.shown(self.most),
        }

    @property
    def basis(self) -> str:
        return in_words(self.basis_zh, self.basis_en)


@dataclass(frozen=True)
class KnownRule:
    """One rule, of the packs or of the office's own.

    `body` holds what stands in its pack.toml; `example` is the folder of its example, if any.
    """

    name: str
    version: str
    body: Mapping[str, Any]
    sql: str
    evidence_sql: str
    example: Path | None
    thresholds: tuple[Threshold, ...]
    is_own: bool = False

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def purpose(self) -> str:
        return self.text("purpose")

    @property
    def verify(self) -> str:
        return self.text("verify")

    @property
    def blind(self) -> str:
        return self.text("blind")

    @property
    def is_profile(self) -> bool:
        return bool(self.body["result"] == PROFILE)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that must have been handed over; numbers behind keys come of themselves."""
        return tuple(name for name in self.body["tables"] if name not in NUMBERS)

    @property
    def facts(self) -> Mapping[str, str]:
        return self.body["facts"]  # type: ignore[no-any-return]  # the schema says so

    def text(self, name: str) -> str:
        """Give `title`, `purpose`, `basis`, `blind`, `verify` or `why` in the language of the page.

        An office that writes for itself need not write English.
        """
        return in_words(self.body[f"{name}_zh"], self.body[f"{name}_en"] or self.body[f"{name}_zh"])

    @property
    def group(self) -> str:
        return str(self.body["group"])

    def engine_rule(self) -> Rule:
        """Give the rule as the engine needs it."""
        body = {**self.body, "version": self.version}
        return engine_rule_of(self.name, body, sql=self.sql, evidence_sql=self.evidence_sql)


ORDER = ("benefits", "people", "spending", "procurement", "profiles")
# What one request has read of the office's own rules, so that each page asks for them once.
_KEPT: ContextVar[dict[str, Mapping[str, KnownRule]] | None] = ContextVar("rulebook", default=None)


def one_rulebook_a_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let a request read the rulebook once. A task reads it whenever it asks."""

    def answer(request: HttpRequest) -> HttpResponse:
        token = _KEPT.set({})
        try:
            return get_response(request)
        finally:
            _KEPT.reset(token)

    return answer


def rulebook() -> Mapping[str, KnownRule]:
    """Give every rule there is by its name, in the order of groups and names: the shipped ones, and
    in their place or besides them the versions of the office's own that are in use."""
    kept = _KEPT.get()
    if kept is not None and "rules" in kept:
        return kept["rules"]
    rules = {**shipped_rules(), **_own_rules()}
    in_order = sorted(rules.values(), key=lambda one: (ORDER.index(one.group), one.name))
    rules = {one.name: one for one in in_order}
    if kept is not None:
        kept["rules"] = rules
    return rules


@cache
def shipped_rules() -> Mapping[str, KnownRule]:
    """Give the rules of the packs by name. Read once: a changed pack is known after a restart."""
    packs = packs_of_kind("screening", SHIPPED / "screening")
    return {pack.name: _shipped(pack) for pack in packs}


def _shipped(pack: Pack) -> KnownRule:
    header = {"title_zh": pack.title_zh, "title_en": pack.title_en, "source": pack.source}
    return KnownRule(
        name=pack.name,
        version=pack.version,
        body={**pack.body, **header},
        sql=(pack.folder / "rule.sql").read_text("utf-8"),
        evidence_sql=(pack.folder / "evidence.sql").read_text("utf-8"),
        example=pack.folder / "example",
        thresholds=_thresholds(pack.body),
    )


def _own_rules() -> dict[str, KnownRule]:
    from tanzhao.screening.models import OfficeRule
    from tanzhao.screening.states import OfficeRuleState

    in_use = OfficeRule.objects.filter(state=OfficeRuleState.IN_USE)
    return {one.name: known_rule(one) for one in in_use}


def known_rule(rule: "OfficeRule") -> KnownRule:
    """Give a version of the office's own as people read rules."""
    return KnownRule(
        name=rule.name,
        version=rule.version,
        body=rule.sheet,
        sql=rule.sql,
        evidence_sql=rule.evidence_sql,
        example=None,
        thresholds=_thresholds(rule.sheet),
        is_own=True,
    )


def _thresholds(body: Mapping[str, Any]) -> tuple[Threshold, ...]:
    return tuple(Threshold(name=name, **entry) for name, entry in body["thresholds"].items())


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
    plain = _plain(heading)
    # A unit behind the words, as in 发放金额（元）, changes nothing about what is meant.
    return headings().get((table, plain)) or headings().get((table, _UNIT.sub("", plain)))


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
