"""Who may know of which units."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role


def visible_units(user: User) -> Q:
    """Say which units `user` may know exist.

    Holders of UNIT_SEE know the whole audit universe: it is no secret among them.
    A unit's contact knows their own unit. Nobody else knows any.
    """
    if user.holds(Action.UNIT_SEE):
        return Q()
    if user.role == Role.CONTACT and user.is_active:
        return Q(pk=user.unit_id)
    return Q(pk__in=[])
