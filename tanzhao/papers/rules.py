"""Who may know of which working papers, and who may take which step with one."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.rules import on_own_team


def visible_papers(user: User) -> Q:
    """Say which working papers `user` may know exist: the office all; an inspector those of
    their own team, from the first to the last day of its authorisation; nobody else any."""
    if not user.holds(Action.PAPER_SEE):
        return Q(pk__in=[])
    if user.role == Role.INSPECTOR:
        return on_own_team(user, "engagement__team")
    return Q()
