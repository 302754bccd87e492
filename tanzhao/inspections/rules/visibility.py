"""Who may know of which rounds and engagements."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.states import AuthorisationState, PlanState
from tanzhao.kernel.clock import today

if TYPE_CHECKING:
    from tanzhao.inspections.models import Engagement, TeamMember

OFFICE = frozenset({Role.DIRECTOR, Role.STAFF})


def memberships_in_force(user: User) -> "QuerySet[TeamMember]":
    """Say on which teams `user` serves today: from the first to the last day of an approved
    authorisation. Used as a sub-query, so that a filter built on it never repeats a row."""
    # Models import rules, so a rule that starts from another table imports it here.
    from tanzhao.inspections.models import TeamMember

    authorisation = "team__round__authorisation__"
    return TeamMember.objects.filter(
        **{
            "inspector_id": user.inspector_id,
            f"{authorisation}state": AuthorisationState.APPROVED,
            f"{authorisation}starts__lte": today(),
            f"{authorisation}ends__gte": today(),
        },
        inspector_id__isnull=False,
    )


def on_own_team(user: User, path: str = "team") -> Q:
    """Say that the team at `path` is one on which `user` serves today."""
    return Q(**{f"{path}__in": memberships_in_force(user).values("team")})


def engagements_in_force(user: User) -> "QuerySet[Engagement]":
    """Say which engagements `user`'s teams have today, as a sub-query."""
    from tanzhao.inspections.models import Engagement

    return Engagement.objects.filter(on_own_team(user))


def visible_engagements(user: User) -> Q:
    """Say which engagements `user` may know exist: the office and the leading group all, an
    inspector those of teams they serve on today, nobody else any."""
    if not user.holds(Action.ROUND_SEE):
        return Q(pk__in=[])
    if user.role == Role.INSPECTOR:
        return on_own_team(user)
    return Q()


def visible_rounds(user: User) -> Q:
    """Say which rounds `user` may know exist: as with engagements."""
    if not user.holds(Action.ROUND_SEE):
        return Q(pk__in=[])
    if user.role == Role.INSPECTOR:
        return Q(pk__in=memberships_in_force(user).values("team__round"))
    return Q()


def visible_plans(user: User) -> Q:
    """Say which plans of a term `user` may know exist: the office all, the leading group those
    that were put before it."""
    if not user.holds(Action.PLAN_SEE):
        return Q(pk__in=[])
    if user.role in OFFICE:
        return Q()
    return ~Q(state__in=[PlanState.DRAFT, PlanState.DISCARDED])
