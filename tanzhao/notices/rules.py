"""Who may know of which notices, and who may mark them as read."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.notices.models import Notice


def visible_notices(user: User) -> Q:
    """Say which notices `user` may know exist: those written to them, and no other."""
    if not user.holds(Action.NOTICE_SEE):
        return Q(pk__in=[])
    return Q(to=user.pk)


def may_read(user: User, notice: "Notice") -> Verdict:
    """Decide whether `user` may mark `notice` as read: only whom it was written to."""
    if not user.holds(Action.NOTICE_SEE) or notice.to_id != user.pk:
        return no(_("This notice was written to somebody else."))
    return YES
