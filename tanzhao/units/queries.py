"""Reads of the audit universe: its list, its tree, and how much of it has been inspected."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

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
type Visits = QuerySet[Visit]


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
    return TermDays.known(day).now


def visits_of(term: Term | None) -> Q:
    """Say which visits belong to `term`: those that name it, and of those that name none the ones
    whose month falls into it, a month shared by two terms into the earlier.

    What a workbook left without a month belongs to the first term that was opened here. Without
    any term every visit counts.
    """
    earlier = term and Term.objects.filter(number__lt=term.number).order_by("-number").first()
    return _visits_between(earlier, term)


def visits_today() -> QuerySet[Visit]:
    """Give the visits of the current term, of which lists and coverage speak."""
    days = TermDays.known(today())
    earlier = [one for one in days.terms if days.now and one.number < days.now.number]
    return Visit.objects.filter(_visits_between(earlier[-1] if earlier else None, days.now))


def _visits_between(earlier: Term | None, term: Term | None) -> Q:
    if term is None:
        return Q()
    months = Q(month__gte=term.first_month, month__lte=term.ends)
    unsaid = months & Q(month__gt=earlier.ends) if earlier else months | Q(month=None)
    return Q(term_number=term.number) | Q(term_number=None) & unsaid


@dataclass(frozen=True)
class TermDays:
    """The terms as an import needs them: `terms` by number, earliest first; `now`: the current."""

    terms: Sequence[Term]
    now: Term | None

    @classmethod
    def known(cls, day: dt.date) -> Self:
        """Read the terms that have been opened here."""
        terms = list(Term.objects.order_by("number"))
        latest = terms[-1] if terms else None
        running = (one for one in reversed(terms) if one.starts <= day <= one.ends)
        return cls(terms, next(running, latest))

    def of(self, visit: Visit) -> int | None:
        """Say to which term a visit belongs, as visits_of does; None if to none that is known."""
        if visit.term_number is not None:
            return visit.term_number
        if visit.month is None:
            return self.terms[0].number if self.terms else None
        return self._of_month(visit.month)

    def of_row(self, month: dt.date | None) -> int | None:
        """Say to which term a row of a workbook belongs: what has no month is of the current."""
        if month is None:
            return self.now.number if self.now else None
        return self._of_month(month)

    def _of_month(self, month: dt.date) -> int | None:
        inside = (one for one in self.terms if one.first_month <= month <= one.ends)
        return next((one.number for one in inside), None)


def with_visits(units: Units, counted: Visits) -> Units:
    """Add to each unit `last_round` among the visits `counted` (0 if there is none) and
    `member_count` (-1 if unknown)."""
    visits = counted.filter(unit=OuterRef("pk")).order_by().values("unit")
    last = visits.annotate(last=Max("round_number")).values("last")
    return units.annotate(
        last_round=Coalesce(Subquery(last, output_field=IntegerField()), 0),
        # Not a PositiveIntegerField: comparing one with -1 is answered with nothing at all.
        member_count=Coalesce("members", Value(-1), output_field=IntegerField()),
    )


def matching(units: Units, asked: dict[str, Any], counted: Visits) -> Units:
    """Narrow the list to what a reader asked for; see RegisterForm.asked. A unit is inspected if
    one of the visits `counted` is its own."""
    wanted = Q(retired=asked.get("state") == "retired")
    for name in ("category", "system", "priority", "parent"):
        if asked.get(name):
            wanted &= Q(**{name: asked[name]})
    if asked.get("top"):
        wanted &= Q(parent=None)
    visited = Exists(counted.filter(unit=OuterRef("pk")))
    if asked.get("state") == "inspected":
        wanted &= Q(visited)
    elif asked.get("state") == "not":
        wanted &= ~Q(visited)
    if word := asked.get("q"):
        wanted &= Q(name__icontains=word) | Q(head__icontains=word)
    return with_visits(units, counted).filter(wanted)


def coverage(units: Units, counted: Visits) -> tuple[Share, list[Share]]:
    """Count units and those with one of the visits `counted`, closed ones left out: of all, and
    of each kind."""
    visited = Exists(counted.filter(unit=OuterRef("pk")))
    rows = (
        units.filter(retired=False)
        .annotate(visited=visited)
        .order_by()
        .values("category")
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(visited=True)))
    )
    shares = [Share(row["category"], row["done"], row["total"]) for row in rows]
    shares.sort(key=lambda share: (-share.total, share.label))
    whole = Share("", sum(s.done for s in shares), sum(s.total for s in shares))
    return whole, shares


def tops(units: Units, counted: Visits) -> list[Share]:
    """Count the units that stand below no other unit, and those inspected, for each kind."""
    return coverage(units.filter(parent=None), counted)[1]


def branch(units: Units, counted: Visits) -> Units:
    """Add to each unit what a tree shows: its own last round, how many stand below it, and how
    many of those have been inspected."""
    below = Unit.objects.filter(parent=OuterRef("pk"), retired=False).order_by().values("parent")
    visited = Exists(counted.filter(unit=OuterRef("pk")))
    total = below.annotate(n=Count("pk")).values("n")
    done = below.filter(visited).annotate(n=Count("pk")).values("n")
    return (
        with_visits(units, counted)
        .filter(retired=False)
        .annotate(
            below_total=Coalesce(Subquery(total, output_field=IntegerField()), 0),
            below_done=Coalesce(Subquery(done, output_field=IntegerField()), 0),
        )
        .order_by("position", "name")
    )
