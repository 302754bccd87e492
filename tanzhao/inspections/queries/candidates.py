"""Whom and what a team could be given, with what speaks against each shown beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from tanzhao.access.models import User
from tanzhao.inspections.models import Team, TeamMember
from tanzhao.inspections.queries.staffing import (
    Standing,
    standings_of_people,
    standings_of_units,
)
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit, Visit
from tanzhao.units.queries import visits_of

PRIORITIES = ("高", "中", "低")


@dataclass(frozen=True)
class Pool:
    """The talent pool as far as a filter needs it: skills and workplaces that occur."""

    skills: list[str]
    workplaces: list[str]
    skills_of: dict[UUID, list[str]]


def pool_of(user: User) -> Pool:
    """Read which skills and workplaces occur among those still in the pool, in one query."""
    rows = list(
        Inspector.objects.visible_to(user)
        .filter(retired=False)
        .values_list("pk", "skills", "workplace")
    )
    return Pool(
        skills=sorted({skill for _pk, skills, _place in rows for skill in skills}),
        workplaces=sorted({place for _pk, _skills, place in rows if place}),
        skills_of={pk: skills for pk, skills, _place in rows},
    )


def inspectors_for(
    team: Team,
    user: User,
    pool: Pool,
    *,
    words: str = "",
    skill: str = "",
    full_time: str = "",
    workplace: str = "",
) -> QuerySet[Inspector]:
    """Give the people in the pool who are not on `team`, filtered.

    Args:
        words: part of a name, workplace or post.
        full_time: "yes", "no" or "".
    """
    found = Inspector.objects.visible_to(user).filter(retired=False)
    found = found.exclude(pk__in=TeamMember.objects.filter(team=team).values("inspector"))
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(workplace__icontains=words) | Q(title__icontains=words)
        )
    if skill:
        # A list in JSON cannot be searched alike on both databases.
        found = found.filter(pk__in=[pk for pk, own in pool.skills_of.items() if skill in own])
    if full_time:
        found = found.filter(full_time=full_time == "yes")
    if workplace:
        found = found.filter(workplace=workplace)
    return found


@dataclass(frozen=True)
class Candidate:
    """A person or unit, and what speaks against the choice."""

    row: Inspector | Unit
    standings: list[Standing]

    @property
    def is_free(self) -> bool:
        """Nothing stands in the way; there may be warnings."""
        return not any(standing.is_open for standing in self.standings)


def people_as_candidates(team: Team, people: Sequence[Inspector]) -> list[Candidate]:
    """Put what speaks against each person beside them. The number of queries is constant."""
    found = standings_of_people(team, people)
    return [Candidate(person, found[person.pk]) for person in people]


def units_as_candidates(team: Team, units: Sequence[Unit]) -> list[Candidate]:
    """Put what speaks against each unit beside it. The number of queries is constant."""
    found = standings_of_units(team, units)
    return [Candidate(unit, found[unit.pk]) for unit in units]


def unit_words(user: User) -> tuple[list[str], list[str], int]:
    """Give the kinds and priorities that occur among the units, and how many units there are."""
    rows = list(
        Unit.objects.visible_to(user)
        .filter(retired=False)
        .order_by("category", "priority")
        .values("category", "priority")
        .annotate(rows=Count("pk"))
    )
    kinds = sorted({row["category"] for row in rows if row["category"]})
    found = {row["priority"] for row in rows if row["priority"]}
    known = [word for word in PRIORITIES if word in found]
    return kinds, known + sorted(found - set(known)), sum(row["rows"] for row in rows)


UNIT_ORDER = ("last_round", "priority_rank", "position", "pk")


def units_for(
    team: Team, user: User, *, words: str = "", category: str = "", priority: str = ""
) -> QuerySet[Unit]:
    """Give the units no team of the round has yet, with `last_round` (0: not yet in this term) and
    `priority_rank` (1 is highest), so that those waiting longest come first in UNIT_ORDER."""
    of_term = Visit.objects.filter(visits_of(team.round.term), unit=OuterRef("pk"))
    visits = of_term.order_by().values("unit")
    last = Subquery(
        visits.annotate(last=Max("round_number")).values("last"), output_field=IntegerField()
    )
    ranks = [When(priority=word, then=Value(rank)) for rank, word in enumerate(PRIORITIES, 1)]
    found = (
        Unit.objects.visible_to(user)
        .filter(retired=False)
        .exclude(pk__in=team.round.engagements.values("unit"))
        .annotate(
            last_round=Coalesce(last, 0),
            priority_rank=Case(*ranks, default=Value(9), output_field=IntegerField()),
        )
    )
    if words:
        found = found.filter(name__icontains=words)
    if category:
        found = found.filter(category=category)
    if priority:
        found = found.filter(priority=priority)
    return found
