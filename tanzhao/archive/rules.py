"""Who may know of which archive volumes, and what must be so before one is sealed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Round


def visible_volumes(user: User) -> Q:
    """Say which archive volumes `user` may know exist: holders of ARCHIVE_SEE all."""
    return Q() if user.holds(Action.ARCHIVE_SEE) else Q(pk__in=[])


@dataclass(frozen=True)
class Readiness:
    """How far an engagement has come, as far as sealing its volume asks.

    `handed_up` counts items claimed or verified, `running` all that are not closed.
    """

    sealed: bool
    report_approved: bool
    report_on_file: bool
    fed_back: bool
    handed_up: int
    running: int


def may_seal(user: User, ready: Readiness) -> Verdict:
    """Decide whether `user` may seal the volume of an engagement that has come as far as `ready`.

    Items that run on do not stand against it, but want a reason: see `may_leave_open`.
    """
    if not user.holds(Action.ARCHIVE_MAKE):
        return no(_("The inspection office seals volumes. Ask it."))
    if ready.sealed:
        return no(_("The volume is sealed. A sealed volume never changes."))
    if not ready.report_approved:
        return no(_("The report has not been approved yet. The volume is sealed after that."))
    if not ready.report_on_file:
        return no(_("The files of the report are still being made. Try again in a minute."))
    if not ready.fed_back:
        return no(_("The unit has not been given its feedback yet. Give it first."))
    if ready.handed_up:
        sentence = _("Items that wait for verification or closing: %(count)s. Finish them first.")
        return no(sentence % {"count": ready.handed_up})
    return YES


def may_leave_open(ready: Readiness, reason: str) -> Verdict:
    """Decide whether the items still running may be left open for the long term."""
    if ready.running and not reason.strip():
        sentence = _(
            "Items not closed yet: %(count)s. Close them, or say why they are left open for the"
            " long term."
        )
        return no(sentence % {"count": ready.running})
    return YES


def may_archive(user: User, round_: "Round", *, unsealed: int) -> Verdict:
    """Decide whether `user` may say that a round is archived.

    Args:
        unsealed: engagements of the round without a sealed volume.
    """
    if not user.holds(Action.ARCHIVE_MAKE):
        return no(_("The inspection office archives rounds. Ask it."))
    if RoundState(round_.state) != RoundState.ASSESSED:
        return no(_("Only a round that has been assessed can be archived."))
    if unsealed:
        sentence = _("Volumes of this round that are not sealed yet: %(count)s. Seal them first.")
        return no(sentence % {"count": unsealed})
    return YES
