"""Who may know of which inspectors, and who may change them."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspectors.models import DeclaredRecusal, Inspector


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


def may_declare_recusal(user: User, inspector: "Inspector") -> Verdict:
    """Decide whether `user` may declare a unit that `inspector` stays away from: the office for
    everybody, an inspector for themselves."""
    if not user.holds(Action.RECUSAL_DECLARE):
        return no(_("Your role does not declare recusals. Ask the inspection office."))
    if not user.holds(Action.INSPECTOR_IMPORT) and user.inspector_id != inspector.pk:
        return no(_("You declare for yourself. For somebody else, ask the inspection office."))
    return YES


def may_withdraw_recusal(user: User, recusal: "DeclaredRecusal") -> Verdict:
    """Decide whether `user` may strike `recusal` out: the office, and never whom it is about."""
    if not user.holds(Action.RECUSAL_DECLARE) or not user.holds(Action.INSPECTOR_IMPORT):
        return no(
            _("A declaration is withdrawn by the inspection office. Ask it, with the reason.")
        )
    if user.inspector_id and user.inspector_id == recusal.inspector_id:
        return no(_("This declaration is about yourself. Somebody else must withdraw it."))
    return YES
