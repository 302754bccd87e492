"""Who may change accounts."""

from django.conf import settings
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import YES, Verdict, no


def may_try_to_sign_in(failures: int) -> Verdict:
    """Decide whether a password may be tried after `failures` wrong ones in a row.

    A pause, not a lock: nobody can shut somebody else out for good by guessing.
    """
    if failures < settings.SIGN_IN_TRIES:
        return YES
    minutes = settings.SIGN_IN_PAUSE_MINUTES
    return no(
        _("Too many wrong passwords. Wait %(minutes)s minutes, or ask the system administrator.")
        % {"minutes": minutes}
    )


def may_change_accounts(user: User | None) -> Verdict:
    """Decide whether `user` may open and change accounts; None is an operator at the machine."""
    if user is None or user.holds(Action.ACCOUNT_CHANGE):
        return YES
    return no(_("Accounts are kept by the system administrator. Ask them."))
