"""What has taken place in a term, from its own rounds and from what the office brought along."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max

from tanzhao.inspections.models import Engagement, Round
from tanzhao.units.models import Term, Visit
from tanzhao.units.queries import visits_of


@dataclass(frozen=True, slots=True, order=True)
class Took:
    """One visit that has taken place, or whose round is under way.

    `round` is its number in the term, `month` the first day of the month, `team` the number of
    the team, None where only a workbook tells of it. `is_over`: it counts as inspected.
    """

    month: dt.date
    round: int
    unit_id: UUID
    team: int | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class RoundOfRecord:
    """A round that the records know: `teams` of ours, 0 where only a workbook tells of it."""

    number: int
    month: dt.date
    teams: int


@dataclass(frozen=True)
class History:
    """`took` in the order of time; `rounds` by number, those with at least one visit."""

    took: Sequence[Took]
    rounds: Mapping[int, RoundOfRecord]

    def by_unit(self) -> dict[UUID, list[Took]]:
        """Give what took place at each unit, in the order of time."""
        found: defaultdict[UUID, list[Took]] = defaultdict(list)
        for one in self.took:
            found[one.unit_id].append(one)
        return dict(found)

    @property
    def inspected(self) -> dict[UUID, dt.date]:
        """Unit to the month in which it was first inspected in the term."""
        months: dict[UUID, dt.date] = {}
        for one in self.took:
            if one.is_over:
                months.setdefault(one.unit_id, one.month)
        return months


def history_of(term: Term) -> History:
    """Gather what took place in `term`, in a constant number of queries.

    A visit of a workbook without a month is taken to be in the month of its round, and that to be
    the first of the term if no row of the round has one.
    """
    visits = list(
        Visit.objects.filter(visits_of(term)).values_list("unit_id", "round_number", "month")
    )
    rounds = _own_rounds(term)
    engaged = Engagement.objects.filter(round__term=term)
    teams = {
        (unit, number): team
        for unit, number, team in engaged.values_list(
            "unit_id", "round__number", "team__number"
        ).order_by("pk")
    }
    over = {(unit, number) for unit, number, _month in visits}
    for number in {number for _unit, number, _month in visits} - rounds.keys():
        months = [month for _unit, one, month in visits if one == number and month]
        first = min(months, default=term.first_month)
        rounds[number] = RoundOfRecord(number, max(first, term.first_month), 0)
    took = sorted(
        Took(rounds[number].month, number, unit, teams.get((unit, number)), (unit, number) in over)
        for unit, number in over | teams.keys()
    )
    seen = {one.round for one in took}
    return History(took, {number: one for number, one in rounds.items() if number in seen})


def last_months_before(term: Term) -> dict[UUID, dt.date]:
    """Say in which month each unit was last inspected before `term`, or is going to be by a round
    of an earlier term that is not over yet."""
    earlier = Visit.objects.exclude(visits_of(term)).filter(month__lt=term.first_month)
    found = dict(earlier.order_by().values_list("unit_id").annotate(last=Max("month")))
    ahead = Engagement.objects.filter(round__term__number__lt=term.number)
    starts = ahead.order_by().values_list("unit_id").annotate(last=Max("round__starts"))
    for unit, day in starts:
        month = day.replace(day=1)
        found[unit] = max(month, found.get(unit, month))
    return found


def _own_rounds(term: Term) -> dict[int, RoundOfRecord]:
    counted = Round.objects.filter(term=term).order_by().annotate(team_count=Count("teams"))
    rounds = counted.values_list("number", "starts", "team_count")
    return {
        number: RoundOfRecord(number, starts.replace(day=1), teams)
        for number, starts, teams in rounds
    }
