"""Who may know of which data sets, comparisons and hits."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.rules import on_own_team

NOBODY = Q(pk__in=[])


def visible_data_sets(user: User) -> Q:
    """Say which data sets `user` may know exist: the office all, nobody else any."""
    return Q() if user.holds(Action.DATASET_SEE) else NOBODY


def visible_comparisons(user: User) -> Q:
    """Say which comparisons `user` may know exist: the office all, nobody else any."""
    return Q() if user.holds(Action.COMPARISON_SEE) else NOBODY


def visible_hits(user: User) -> Q:
    """Say which hits `user` may know exist: the office all; an inspector those that were assigned
    to their own team, from the first to the last day of its authorisation; nobody else any."""
    if not user.holds(Action.HIT_SEE):
        return NOBODY
    if user.role == Role.INSPECTOR:
        return on_own_team(user, "engagement__team")
    return Q()


def visible_office_rules(user: User) -> Q:
    """Say which rules of the office's own `user` may know exist: the office all, nobody else."""
    return Q() if user.holds(Action.COMPARISON_SEE) else NOBODY
