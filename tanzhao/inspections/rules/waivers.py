"""Who may ask that somebody stays on a team in spite of a fact, and who decides it."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.recusal import Conflict
from tanzhao.inspections.rules.teams import may_staff
from tanzhao.inspections.states import WATCHED, RoundState, WaiverState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Round, Waiver


def may_request_waiver(
    user: User,
    round_: "Round",
    conflict: Conflict | None,
    *,
    present: "Waiver | None",
    is_alerted: bool = False,
) -> Verdict:
    """Decide whether `user` may ask to waive `conflict`.

    Args:
        conflict: None if the facts no longer break that rule.
        present: the waiver asked for or granted for it already.
        is_alerted: something became known after the team was authorised and stands against it.
    """
    if not user.holds(Action.WAIVER_REQUEST):
        return no(_("Your role does not ask for waivers. Ask the inspection office."))
    # Facts may change after the teams are complete; the authorisation then waits for the waiver.
    may_be_late = round_.state == RoundState.STAFFED or (is_alerted and round_.state in WATCHED)
    if not may_be_late and not (verdict := may_staff(user, round_)):
        return verdict
    if conflict is None:
        return no(_("This rule is not broken here (any more); no waiver is needed."))
    if not conflict.is_refusal:
        return no(_("This is a warning and stands in nobody's way; no waiver is needed."))
    if not conflict.is_waivable:
        return no(_("This rule cannot be waived. Choose somebody else."))
    if present is not None and present.state == WaiverState.REQUESTED:
        return no(_("A waiver has been asked for and waits for its decision."))
    if present is not None and present.state == WaiverState.GRANTED:
        return no(_("This has been waived already."))
    return YES


def may_decide_waiver(user: User, waiver: "Waiver") -> Verdict:
    """Decide whether `user` may grant or deny `waiver`: never who asked, nor who it is about."""
    if not user.holds(Action.WAIVER_DECIDE):
        return no(
            _("A waiver is decided by the leading group or the office director. Ask one of them.")
        )
    if waiver.state != WaiverState.REQUESTED:
        return no(_("This waiver is decided already."))
    if user.pk == waiver.requested_by_id:
        return no(_("You asked for this waiver. Somebody else must decide it."))
    if user.inspector_id and user.inspector_id in {waiver.inspector_id, waiver.other_id}:
        return no(_("This waiver is about yourself. Somebody else must decide it."))
    return YES
