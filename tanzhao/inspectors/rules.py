"""Who may know of which inspectors."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action


def visible_inspectors(user: User) -> Q:
    """Say which inspectors `user` may know of in the talent pool: holders of INSPECTOR_SEE all,
    an inspector their own entry, nobody else any."""
    if user.holds(Action.INSPECTOR_SEE):
        return Q()
    if user.is_active and user.inspector_id:
        return Q(pk=user.inspector_id)
    return Q(pk__in=[])
