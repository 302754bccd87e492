"""Who may know of which rectification items, and who may take which step with one."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.rules import engagements_in_force


def visible_items(user: User) -> Q:
    """Say which rectification items `user` may know exist.

    A unit's contact: their own unit's. An inspector: those of the units their team inspects,
    while it is authorised. The office, the supervisors and the leading group: all.
    """
    if not user.holds(Action.ITEM_SEE):
        return Q(pk__in=[])
    match user.role:
        case Role.CONTACT:
            return Q(unit=user.unit_id)
        case Role.INSPECTOR:
            return Q(unit__in=engagements_in_force(user).values("unit"))
    return Q()
