"""A team that was approved on Monday, and those who are concerned when something comes up."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions import declare_recusal_and_recheck
from tanzhao.inspections.models import Team, TeamMember
from tanzhao.inspections.states import RoundState
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.notices.models import Notice
from tanzhao.units.models import Unit
from tests.factories import NOON, UserFactory, account_of, days
from tests.inspections.makers import complete_team

# Access follows the real day, so what is told does too.
TUESDAY = dt.datetime.combine(days(0), dt.time(4), dt.UTC)


@dataclass
class Monday:
    """A complete team of a round in some state, its people, and the office."""

    team: Team
    unit: Unit
    leader: User
    member: User
    colleague: User
    staff: User
    director: User


def monday(state: RoundState = RoundState.STAFFED) -> Monday:
    """Make a complete team in a round of this state, marked complete by one of the staff."""
    team = complete_team(state)
    people = list(team.members.select_related("inspector").order_by("pk"))
    by_role = {member.role: member for member in people}
    staff = UserFactory(role=Role.STAFF, full_name="钱进")
    with transaction.atomic():
        record(
            verb=Verb.ROUND_MOVED,
            actor=staff,
            target=team.round,
            at=NOON,
            before="approved",
            after="staffed",
        )
    return Monday(
        team=team,
        unit=team.engagements.get().unit,
        leader=account_of(by_role["leader"].inspector),
        member=account_of(by_role["member"].inspector),
        colleague=account_of(by_role["deputy"].inspector),
        staff=staff,
        director=UserFactory(role=Role.DIRECTOR),
    )


def declare(day: Monday, *, who: User | None = None, actor: User | None = None) -> DeclaredRecusal:
    """Declare on Tuesday that a member must stay away from the unit of the team."""
    who = who or day.member
    return declare_recusal_and_recheck(
        inspector_id=who.inspector_id, unit_name=day.unit.name, actor=actor or who, at=TUESDAY
    )


def told(user: User) -> list[str]:
    """Give the kinds of the notices that somebody was told, in their order."""
    return list(
        Notice.objects.filter(to=user).order_by("at", "kind").values_list("kind", flat=True)
    )


def membership(day: Monday) -> TeamMember:
    """Give the place on the team of the member who has something to declare."""
    return TeamMember.objects.get(team=day.team, inspector=day.member.inspector_id)
