"""Reads about rounds that several features need."""

from tanzhao.access.models import User
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.rules import memberships_in_force
from tanzhao.inspections.states import TeamRole


def team_role_of(user: User, engagement: Engagement) -> TeamRole | None:
    """Say which role `user` has today on the team of `engagement`; None if they have none."""
    memberships = memberships_in_force(user).filter(team=engagement.team_id)
    role = memberships.values_list("role", flat=True).first()
    return TeamRole(role) if role else None
