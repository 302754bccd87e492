"""Lists of rounds and engagements, and the numbers that are proposed for new ones."""

import datetime as dt
import re
from typing import NamedTuple

from django.db.models import Count, IntegerField, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.inspections.models import Authorisation, Engagement, Round, Team, TeamMember, Term
from tanzhao.inspections.rules import on_own_team
from tanzhao.units.models import Visit
from tanzhao.units.queries import visits_of


def teams_visible_to(user: User) -> QuerySet[Team]:
    """Give the teams that `user` may know of: their own if they are an inspector."""
    teams = Team.objects.filter(round__in=Round.objects.visible_to(user))
    return teams.filter(on_own_team(user, "pk")) if user.role == Role.INSPECTOR else teams


def rounds_with_counts(user: User) -> QuerySet[Round]:
    """Give the rounds `user` may know of, with the teams, members and units of each that they may
    know of as `team_count`, `member_count` and `unit_count`."""
    teams = teams_visible_to(user).filter(round=OuterRef("pk"))
    members = TeamMember.objects.filter(team__in=teams_visible_to(user), team__round=OuterRef("pk"))
    units = Engagement.objects.visible_to(user).filter(round=OuterRef("pk"))
    return (
        Round.objects.visible_to(user)
        .select_related("term", "kind", "authorisation")
        .annotate(
            team_count=_count(teams, "round"),
            member_count=_count(members, "team__round"),
            unit_count=_count(units, "round"),
        )
    )


def _count(rows: QuerySet, by: str) -> Coalesce:  # type: ignore[type-arg]  # of any model
    counted = rows.order_by().values(by).annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def engagements_of(user: User) -> QuerySet[Engagement]:
    """Give the engagements `user` may know of, with unit, team, round and term at hand."""
    return Engagement.objects.visible_to(user).select_related("unit", "team", "round__term")


class PastRound(NamedTuple):
    """A round known only from workbooks; `term` is the number of its term, None if unknown."""

    term: int | None
    number: int
    units: int
    first: dt.date | None
    last: dt.date | None


def imported_rounds() -> list[PastRound]:
    """Give the rounds known only from imported workbooks, the latest first."""
    found = []
    unsaid = Visit.objects.filter(imported=True)
    for term in Term.objects.order_by("-number"):
        found += _past_rounds(unsaid.filter(visits_of(term)), term.number)
        unsaid = unsaid.exclude(visits_of(term))
    return found + _past_rounds(unsaid, None)


def _past_rounds(visits: QuerySet[Visit], term: int | None) -> list[PastRound]:
    rows = (
        visits.order_by("-round_number")
        .values("round_number")
        .annotate(units=Count("pk"), first=Min("month"), last=Max("month"))
    )
    return [PastRound(term, r["round_number"], r["units"], r["first"], r["last"]) for r in rows]


def next_round_number(term: Term) -> int:
    """Give the number after the highest of the term, imported history included."""
    own = term.rounds.aggregate(highest=Max("number"))["highest"] or 0
    visits = Visit.objects.filter(visits_of(term), imported=True)
    return max(own, visits.aggregate(highest=Max("round_number"))["highest"] or 0) + 1


def next_authorisation_number(round_: Round, year: int) -> str:
    """Propose a document number: 岚巡组〔2026〕6号, after the highest serial of that year, numbers
    that were revoked included."""
    prefix = f"{round_.term.document_prefix}组〔{year}〕"
    serials = [0]
    for number, former in Authorisation.objects.values_list("number", "former_numbers"):
        for one in (number, *former):
            if found := re.fullmatch(re.escape(prefix) + r"(\d+)号", one):
                serials.append(int(found[1]))
    return f"{prefix}{max(serials) + 1}号"


def is_number_taken(number: str, round_: Round) -> bool:
    """Say whether another authorisation bears this number, or any ever bore it and was revoked."""
    if Authorisation.objects.filter(number=number).exclude(round=round_).exists():
        return True
    former = Authorisation.objects.values_list("former_numbers", flat=True)
    return any(number in numbers for numbers in former)


def last_basis() -> str:
    """Give the basis on which the latest authorisation was issued; "" if there is none yet."""
    latest = Authorisation.objects.order_by("-drafted_at").values_list("basis", flat=True)
    return latest.first() or ""
