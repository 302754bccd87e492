"""Which term is the current one, and what has been inspected in a term."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanzhao.inspections.planning.history import History, history_of
from tanzhao.inspections.planning.numbers import planning_numbers
from tanzhao.inspections.planning.term_instance import required_coverage, year_of
from tanzhao.units.models import Term, Unit
from tanzhao.units.queries import current_term

ROUNDS_OF_PACE = 3

__all__ = [
    "Forecast",
    "TermCoverage",
    "YearCoverage",
    "coverage_of_term",
    "current_term",
    "forecast",
]


@dataclass(frozen=True)
class YearCoverage:
    """Units inspected for the first time by the end of a year of the term, of `total`.

    `done` has taken place, `planned` is still to come and comes on top of it; `required` is what
    the office asks for by then. `first` and `last` are the months of that year.
    """

    year: int
    first: dt.date
    last: dt.date
    done: int
    planned: int
    required: int
    total: int

    @property
    def expected(self) -> int:
        return self.done + self.planned

    @property
    def percent(self) -> int:
        return round(100 * self.expected / self.total) if self.total else 0

    @property
    def is_short(self) -> bool:
        return self.expected < self.required


@dataclass(frozen=True)
class KindCoverage:
    """The same for one kind of unit over the whole term; `unplaced` have no round."""

    kind: str
    done: int
    planned: int
    unplaced: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * (self.done + self.planned) / self.total) if self.total else 0


@dataclass(frozen=True)
class TermCoverage:
    """What has been inspected of all units that are not closed, whatever any plan says."""

    total: int
    done: int
    under_way: int
    years: Sequence[YearCoverage]
    kinds: Sequence[KindCoverage]

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True)
class Forecast:
    """Where the present pace leads, as facts with their numbers.

    Attributes:
        rounds: the last rounds in which something took place, by number, earliest first.
        months: from the first month of those rounds to the last, and on to today.
        units: first inspections in them.
        pace: units a month, None while there is nothing to measure.
        months_left: whole months from the next one to the end of the term.
        by_end: units inspected by the end of the term at that pace, at most all.
        needed: units a month that would inspect all by the end; None if no month is left.
        covered_in: the month in which all would be inspected at that pace; None if never.
    """

    total: int
    done: int
    rounds: Sequence[int]
    months: int
    units: int
    pace: float | None
    months_left: int
    by_end: int | None
    needed: float | None
    covered_in: dt.date | None


def years_of(
    term: Term, numbers: Mapping[str, object], months: Mapping[bool, Sequence[dt.date]], total: int
) -> list[YearCoverage]:
    """Count first inspections by the end of each year of the term.

    Args:
        months: True to the months of those that took place, False of those planned.
    """
    required = required_coverage(numbers, total)
    years = []
    for year, need in enumerate(required):
        done, planned = (
            sum(year_of(term, numbers, month) <= year for month in months[took])
            for took in (True, False)
        )
        first, last = _ends_of_year(term, year, is_last=year == len(required) - 1)
        years.append(YearCoverage(year, first, last, done, planned, need, total))
    return years


def coverage_of_term(term: Term) -> TermCoverage:
    """Count what has been inspected in `term`, by year and by kind, in a few queries."""
    return _coverage(term, history_of(term))


def forecast(term: Term, today: dt.date) -> Forecast:
    """Say how many units will have been inspected by the end of `term` at the present pace, that
    of the last three rounds, and which pace would inspect them all."""
    history = history_of(term)
    active = _active_units()
    inspected = {unit: month for unit, month in history.inspected.items() if unit in active}
    total, done = len(active), len(inspected)
    first = [took for took in history.took if took.is_over]
    order = list(dict.fromkeys(took.round for took in first))[-ROUNDS_OF_PACE:]
    months_left = max(0, _months_between(today, term.ends))
    left = total - done
    needed = left / months_left if months_left else None
    if not order:
        return Forecast(total, done, (), 0, 0, None, months_left, None, needed, None)
    begun = min(took.month for took in first if took.round in order)
    units = sum(begun <= month for month in inspected.values())
    until = min(max(today, begun), term.ends)
    months = _months_between(begun, until) + 1
    pace = units / months
    by_end = min(total, done + units * months_left // months)
    covered = _add_months(today, -(-left * months // units)) if units and left else None
    return Forecast(total, done, order, months, units, pace, months_left, by_end, needed, covered)


def _coverage(term: Term, history: History) -> TermCoverage:
    active = _active_units()
    inspected = {unit: month for unit, month in history.inspected.items() if unit in active}
    under_way = {took.unit_id for took in history.took} & active.keys() - inspected.keys()
    numbers = planning_numbers()
    months = {True: list(inspected.values()), False: []}
    totals, done = Counter(active.values()), Counter(active[unit] for unit in inspected)
    kinds = [
        KindCoverage(kind, done[kind], 0, count - done[kind], count)
        for kind, count in sorted(totals.items(), key=lambda one: (-one[1], one[0]))
    ]
    return TermCoverage(
        total=len(active),
        done=len(inspected),
        under_way=len(under_way),
        years=years_of(term, numbers, months, len(active)),
        kinds=kinds,
    )


def _active_units() -> dict[object, str]:
    return dict(Unit.objects.filter(retired=False).order_by().values_list("pk", "category"))


def _ends_of_year(term: Term, year: int, *, is_last: bool) -> tuple[dt.date, dt.date]:
    first = _add_months(term.first_month, 12 * year)
    last = term.ends.replace(day=1) if is_last else _add_months(first, 11)
    return first, min(last, term.ends.replace(day=1))


def _months_between(first: dt.date, last: dt.date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


def _add_months(day: dt.date, months: int) -> dt.date:
    whole = 12 * day.year + day.month - 1 + months
    return dt.date(whole // 12, whole % 12 + 1, 1)
