"""A round with teams and units, and a talent pool large enough to fill them."""

import itertools

from tanzhao.access.table import Role
from tanzhao.inspections.models import Round, TeamProposal
from tanzhao.inspections.states import RoundState
from tanzhao.inspectors.models import Inspector, PastRound
from tests.factories import (
    EngagementFactory,
    InspectorFactory,
    RoundFactory,
    TeamFactory,
    UserFactory,
    days,
)

SKILLS = ["财务", "纪检监察", "文字综合", "审计", "农业农村", "工程项目", "党建"]
GRADES = ["正科级", "副科级", "副科级", "股级", "科员级"]


def pool(size: int = 30) -> list[Inspector]:
    """Make so many people; every fifth may lead, every third works full-time, half are women."""
    skills = itertools.cycle(SKILLS)
    people = []
    for number in range(size):
        full = number % 3 == 0
        one = InspectorFactory(
            name=f"干部{number:02}",
            sex="女" if number % 2 else "男",
            grade=GRADES[number % 5],
            full_time=full,
            # Not the name of a unit that UnitFactory makes: nobody works where is inspected.
            workplace="县委巡察办" if full else f"县第{number}公司",
            skills=[next(skills), next(skills)],
        )
        if number % 4:
            PastRound.objects.create(inspector=one, round_number=1)
            PastRound.objects.create(inspector=one, round_number=2)
        people.append(one)
    return people


def round_to_staff(teams: int = 2, state: RoundState = RoundState.APPROVED) -> Round:
    """Make a round whose teams have units and nobody yet."""
    approved = {} if state != RoundState.PROPOSED else {"approved_by": None, "approved_at": None}
    round_ = RoundFactory(state=state, starts=days(30), ends=days(80), **approved)
    for number in range(1, teams + 1):
        team = TeamFactory(round=round_, number=number)
        EngagementFactory(team=team, unit__category="县直部门")
    return round_


def office():
    return UserFactory(role=Role.STAFF)


def line_up(proposal: TeamProposal) -> dict[tuple[int, str], str]:
    """Give (team, name) to role, as proposed."""
    names = {str(key): name for key, name in Inspector.objects.values_list("pk", "name")}
    return {
        (team["number"], names[member["inspector"]]): member["role"]
        for team in proposal.teams
        for member in team["members"]
    }


def staffed(round_: Round) -> dict[tuple[int, str], str]:
    """Give (team, name) to role, as the round has it."""
    return {
        (team.number, member.inspector.name): member.role
        for team in round_.teams.all()
        for member in team.members.select_related("inspector")
    }
