"""Who may know of which archive volumes."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action


def visible_volumes(user: User) -> Q:
    """Say which archive volumes `user` may know exist: holders of ARCHIVE_SEE all."""
    return Q() if user.holds(Action.ARCHIVE_SEE) else Q(pk__in=[])
