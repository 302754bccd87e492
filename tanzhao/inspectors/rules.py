"""Who may know of which inspectors, and who may change them."""

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import YES, Verdict, no


def visible_inspectors(user: User) -> Q:
    """Say which inspectors `user` may know of in the talent pool: holders of INSPECTOR_SEE all,
    an inspector their own entry, nobody else any."""
    if user.holds(Action.INSPECTOR_SEE):
        return Q()
    if user.is_active and user.inspector_id:
        return Q(pk=user.inspector_id)
    return Q(pk__in=[])


def may_change_inspectors(user: User | None) -> Verdict:
    """Decide whether `user` may import, add and change persons of the talent pool.

    None is the operator's console.
    """
    if user is not None and not user.holds(Action.INSPECTOR_IMPORT):
        return no(_("Your role does not change the talent pool. Ask the inspection office."))
    return YES


def may_unmask(user: User) -> Verdict:
    """Decide whether `user` may see a full ID number."""
    if not user.holds(Action.INSPECTOR_UNMASK):
        return no(_("Your role does not see full ID numbers. Ask the inspection office."))
    return YES
