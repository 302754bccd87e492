"""A round whose team is complete, in any state, with what that state brings along."""

from tanzhao.access.table import Role
from tanzhao.inspections.models import Team
from tanzhao.inspections.states import AuthorisationState, RoundState, TeamRole
from tests.factories import (
    AuthorisationFactory,
    EngagementFactory,
    InspectorFactory,
    RoundFactory,
    TeamFactory,
    TeamMemberFactory,
    UserFactory,
)

ROLES = [TeamRole.LEADER, TeamRole.DEPUTY, TeamRole.LIAISON, TeamRole.MEMBER]


def fill(team: Team) -> Team:
    """Give a team a leader, a deputy, two more, and a unit."""
    for role in ROLES:
        TeamMemberFactory(team=team, role=role, inspector=InspectorFactory(workplace=""))
    EngagementFactory(team=team)
    return team


def complete_team(state: RoundState = RoundState.APPROVED, **values: object) -> Team:
    """Make a round in `state` with one complete team, and the authorisation fit for the state."""
    approved = {}
    if state == RoundState.PROPOSED:
        approved = {"approved_by": None, "approved_at": None}
    round_ = RoundFactory(state=state, **approved, **values)
    team = fill(TeamFactory(round=round_, number=1))
    if state == RoundState.STAFFED:
        AuthorisationFactory(
            round=round_,
            state=AuthorisationState.DRAFTED,
            approved_by=None,
            approved_at=None,
        )
    elif state not in {RoundState.PROPOSED, RoundState.APPROVED}:
        AuthorisationFactory(round=round_)
    return team


def make_office():
    """Make an office worker and a member of the leading group who have done nothing yet."""
    return UserFactory(role=Role.STAFF), UserFactory(role=Role.LEADING_GROUP)
