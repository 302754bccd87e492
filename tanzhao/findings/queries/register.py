"""The register of findings 问题台账: filter, search, order, figures, over all rounds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.findings.models import Finding
from tanzhao.findings.queries.search import saying
from tanzhao.findings.states import FindingState
from tanzhao.units.models import Unit

IMPORTED, OURS = "imported", "ours"
SOURCES = {False: _("made here"), True: _("from an old ledger")}
# Every order ends on what no two findings share, and no part of it may be null.
_END = ("unit__position", "unit__name", "serial", "pk")
ORDERS: dict[str, tuple[str, ...]] = {
    "round": ("-round_number", *_END),
    "unit": ("unit__position", "unit__name", "-round_number", "serial", "pk"),
    "kind": ("unit__category", "-round_number", *_END),
    "class": ("category", "subcategory", "-round_number", *_END),
    "state": ("state", "-round_number", *_END),
    "source": ("imported", "-round_number", *_END),
}
DEFAULT_ORDER = "round"


@dataclass(frozen=True)
class Asked:
    """What a reader asked of the register. What is empty asks nothing."""

    q: str = ""
    round_number: int | None = None
    unit_id: UUID | None = None
    kind: str = ""
    category: str = ""
    subcategory: str = ""
    state: str = ""
    source: str = ""

    def condition(self) -> Q:
        """Say which findings were asked for. Every word of `q` must be found somewhere."""
        exact: dict[str, Any] = {
            "round_number": self.round_number,
            "unit": self.unit_id,
            "unit__category": self.kind,
            "category": self.category,
            "subcategory": self.subcategory,
            "state": self.state,
            "imported": {IMPORTED: True, OURS: False}.get(self.source),
        }
        condition = Q(**{name: value for name, value in exact.items() if value not in ("", None)})
        for word in self.q.split():
            condition &= saying(word)
        return condition

    def as_details(self) -> dict[str, str]:
        """Give what was asked as plain text, for the trail."""
        return {name: str(value) for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class Figures:
    """How many findings were found, of how many the reader may know; and what is among them."""

    found: int
    total: int
    ours: int
    old: int
    made: int
    reported: int
    fed_back: int


def asked_findings(user: User, asked: Asked) -> QuerySet[Finding]:
    """Give the findings that were asked for, among those `user` may know of."""
    return Finding.objects.visible_to(user).filter(asked.condition()).select_related("unit")


def figures(user: User, asked: Asked) -> Figures:
    """Count what was found and what the reader may know of, in at most two queries."""
    visible = Finding.objects.visible_to(user).order_by()
    found = visible.filter(asked.condition())
    counted = found.values_list("imported", "state").annotate(count=Count("*"))
    counts: Counter[Any] = Counter()
    for imported, state, count in counted:
        counts.update({imported: count, state: count, "all": count})
    return Figures(
        found=counts["all"],
        total=counts["all"] if asked == Asked() else visible.count(),
        ours=counts[False],
        old=counts[True],
        made=counts[FindingState.MADE],
        reported=counts[FindingState.REPORTED],
        fed_back=counts[FindingState.FED_BACK],
    )


def register_rows(findings: QuerySet[Finding], labels: Mapping[str, str]) -> Iterator[list[Any]]:
    """Give the cells of each finding, as the register shows them.

    Args:
        labels: the reader's word for a class; one that is not in it stays as it is.
    """
    for finding in findings.iterator(chunk_size=2000):
        yield [
            finding.round_number,
            finding.unit.name,
            finding.unit.category,
            finding.serial,
            labels.get(finding.category, finding.category),
            labels.get(finding.subcategory, finding.subcategory),
            finding.title,
            finding.fact,
            finding.get_state_display(),
            SOURCES[finding.imported],
        ]


def order_of(name: str) -> tuple[str, ...]:
    """Give the fields of an order: a name of ORDERS, "-" before it to run backwards."""
    fields = ORDERS.get(name.removeprefix("-"), ORDERS[DEFAULT_ORDER])
    if not name.startswith("-"):
        return fields
    return tuple(f.removeprefix("-") if f.startswith("-") else f"-{f}" for f in fields)


def register_choices(user: User, asked: Asked) -> Mapping[str, list[Any]]:
    """Give what the drop-downs of the register offer, from what `user` may know of alone.

    Returns: rounds (numbers, latest first), units, kinds, categories, and the sub-categories
    of the category that was asked for, or all.
    """
    visible = Finding.objects.visible_to(user).order_by()
    subclasses = visible.filter(category=asked.category) if asked.category else visible
    units = Unit.objects.filter(pk__in=visible.values("unit")).only("name", "category")
    units_found = list(units)
    return {
        "rounds": _distinct(visible, "-round_number"),
        "units": units_found,
        "kinds": sorted({unit.category for unit in units_found if unit.category}),
        "categories": _distinct(visible.exclude(category=""), "category"),
        "subcategories": _distinct(subclasses.exclude(subcategory=""), "subcategory"),
    }


def _distinct(findings: QuerySet[Finding], order: str) -> list[Any]:
    name = order.removeprefix("-")
    return list(findings.order_by(order).values_list(name, flat=True).distinct())
