"""Reads of the audit universe: its list, its tree, and how much of it has been inspected."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from tanzhao.kernel.clock import today
from tanzhao.units.models import Term, Unit, Visit

type Units = QuerySet[Unit]


@dataclass(frozen=True)
class Share:
    """How many of `total` units have been inspected."""

    label: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def current_term(day: dt.date) -> Term | None:
    """Give the term whose days contain `day`, else the latest; None before the first is opened."""
    terms = Term.objects.order_by("-number")
    return terms.filter(starts__lte=day, ends__gte=day).first() or terms.first()


def visits_of(term: Term | None) -> Q:
    """Say which visits belong to `term`: those that name it, and of those that name none the ones
    whose month falls into it, a month shared by two terms into the earlier.

    What a workbook leaves without a month belongs to the first term that was opened here. Without
    any term every visit counts.
    """
    if term is None:
        return Q()
    earlier = Term.objects.filter(number__lt=term.number).order_by("-number").first()
    months = Q(month__gte=term.first_month, month__lte=term.ends)
    unsaid = months & Q(month__gt=earlier.ends) if earlier else months | Q(month=None)
    return Q(term_number=term.number) | Q(term_number=None) & unsaid


def visits_today() -> QuerySet[Visit]:
    """Give the visits of the current term, of which lists and coverage speak."""
    return Visit.objects.filter(visits_of(current_term(today())))


def with_visits(units: Units) -> Units:
    """Add to each unit `last_round` of the current term (0 if not yet inspected in it) and
    `member_count` (-1 if unknown)."""
    visits = visits_today().filter(unit=OuterRef("pk")).order_by().values("unit")
    last = visits.annotate(last=Max("round_number")).values("last")
    return units.annotate(
        last_round=Coalesce(Subquery(last, output_field=IntegerField()), 0),
        # Not a PositiveIntegerField: comparing one with -1 is answered with nothing at all.
        member_count=Coalesce("members", Value(-1), output_field=IntegerField()),
    )


def matching(units: Units, asked: dict[str, Any]) -> Units:
    """Narrow the list to what a reader asked for; see RegisterForm.asked."""
    wanted = Q(retired=asked.get("state") == "retired")
    for name in ("category", "system", "priority", "parent"):
        if asked.get(name):
            wanted &= Q(**{name: asked[name]})
    if asked.get("top"):
        wanted &= Q(parent=None)
    visited = Exists(visits_today().filter(unit=OuterRef("pk")))
    if asked.get("state") == "inspected":
        wanted &= Q(visited)
    elif asked.get("state") == "not":
        wanted &= ~Q(visited)
    if word := asked.get("q"):
        wanted &= Q(name__icontains=word) | Q(head__icontains=word)
    return with_visits(units).filter(wanted)


def coverage(units: Units) -> tuple[Share, list[Share]]:
    """Count units and those inspected in the current term, closed ones left out: of all, and of
    each kind."""
    visited = Exists(visits_today().filter(unit=OuterRef("pk")))
    counted = (
        units.filter(retired=False)
        .annotate(visited=visited)
        .order_by()
        .values("category")
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(visited=True)))
    )
    shares = [Share(row["category"], row["done"], row["total"]) for row in counted]
    shares.sort(key=lambda share: (-share.total, share.label))
    whole = Share("", sum(s.done for s in shares), sum(s.total for s in shares))
    return whole, shares


def tops(units: Units) -> list[Share]:
    """Count the units that stand below no other unit, and those inspected, for each kind."""
    return coverage(units.filter(parent=None))[1]


def branch(units: Units) -> Units:
    """Add to each unit what a tree shows: its own last round, how many stand below it, and how
    many of those have been inspected."""
    below = Unit.objects.filter(parent=OuterRef("pk"), retired=False).order_by().values("parent")
    visited = Exists(visits_today().filter(unit=OuterRef("pk")))
    total = below.annotate(n=Count("pk")).values("n")
    done = below.filter(visited).annotate(n=Count("pk")).values("n")
    return (
        with_visits(units)
        .filter(retired=False)
        .annotate(
            below_total=Coalesce(Subquery(total, output_field=IntegerField()), 0),
            below_done=Coalesce(Subquery(done, output_field=IntegerField()), 0),
        )
        .order_by("position", "name")
    )
