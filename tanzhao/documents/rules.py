"""Who may know of a background run: the person who started it."""

from django.db.models import Q

from tanzhao.access.models import User


def visible_runs(user: User) -> Q:
    """Say which background runs `user` may know exist: their own."""
    return Q(started_by=user)
