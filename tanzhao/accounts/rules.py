"""Who may change accounts."""

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import YES, Verdict, no


def may_change_accounts(user: User | None) -> Verdict:
    """Decide whether `user` may open and change accounts; None is an operator at the machine."""
    if user is None or user.holds(Action.ACCOUNT_CHANGE):
        return YES
    return no(_("Accounts are kept by the system administrator. Ask them."))
