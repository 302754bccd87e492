"""Who may know of which rectification items, and who may take which step with one."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.rules import engagements_in_force
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.rectification.states import NEXT_STATES, State

if TYPE_CHECKING:
    from tanzhao.inspections.models import Round
    from tanzhao.rectification.models import RectificationItem


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


def may_import_ledger(user: User | None) -> Verdict:
    """Decide whether `user` may import an old ledger. None is the operator's console."""
    if user is not None and not user.holds(Action.LEDGER_IMPORT):
        return no(_("Your role does not import ledgers. Ask the inspection office."))
    return YES


def may_plan(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may hand in the plan of `item`: the unit's contact, once."""
    if not user.holds(Action.ITEM_PLAN) or user.unit_id != item.unit_id:
        return no(_("Only the contact of the unit plans its rectification. Ask the contact."))
    if State(item.state) == State.PLANNED:
        return no(
            _("The plan is with the inspection office. If it must change, ask for its return.")
        )
    if not _may_become(item, State.PLANNED):
        return no(_("The plan has been accepted. Report progress, or claim completion."))
    return YES


def may_fall_due(due: dt.date, *, end: dt.date, today: dt.date, late_reason: str) -> Verdict:
    """Decide whether a plan may name `due`: not in the past, and past `end` only with a reason.

    Args:
        end: the last day of the concentrated period of rectification.
    """
    if due < today:
        return no(_("The due date has already passed. Choose today or a later day."))
    if due > end and not late_reason.strip():
        sentence = _(
            "Concentrated rectification ends on %(day)s. Choose that day or an earlier one,"
            " or say why this one needs longer."
        )
        return no(sentence % {"day": date_format(end, "DATE_FORMAT")})
    return YES


def may_judge_plan(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may accept or return the plan of `item`."""
    if not user.holds(Action.ITEM_ACCEPT_PLAN):
        return no(_("The inspection office accepts or returns plans. Ask it."))
    if State(item.state) != State.PLANNED:
        return no(_("No plan of this item waits for acceptance."))
    return YES


def may_report_progress(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may report progress of `item`."""
    if not user.holds(Action.ITEM_PROGRESS) or user.unit_id != item.unit_id:
        return no(_("Only the contact of the unit reports its progress. Ask the contact."))
    if not _may_become(item, State.CLAIMED):
        return no(_why_not_at_work(item))
    return YES


def may_claim(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may claim that `item` is done."""
    if not user.holds(Action.ITEM_CLAIM) or user.unit_id != item.unit_id:
        return no(_("Only the contact of the unit claims completion. Ask the contact."))
    if not _may_become(item, State.CLAIMED):
        return no(_why_not_at_work(item))
    return YES


def may_rest_on(pieces: int) -> Verdict:
    """Decide whether a claim may rest on this many pieces of evidence of the present turn."""
    if pieces:
        return YES
    return no(
        _(
            "A claim of completion needs at least one file of evidence, newer than the last"
            " return. Attach one."
        )
    )


def may_verify(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may verify `item`: never the claimant, the owner or the unit."""
    if not user.holds(Action.ITEM_VERIFY):
        return no(_("The inspection office or a supervisor verifies items. Ask one of them."))
    if State(item.state) != State.CLAIMED:
        return no(_("Only an item that is claimed done can be verified."))
    return apart_from_unit(user, item)


def may_close(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may close `item`, or return it instead.

    Never who claimed it, who verified it, its owner or anybody of the unit.
    """
    if not user.holds(Action.ITEM_CLOSE):
        return no(_("The inspection office or a supervisor closes items. Ask one of them."))
    if not _may_become(item, State.CLOSED):
        return no(_("Only an item verified as adequate can be closed."))
    if user.pk == item.verified_by_id:
        return no(_("You verified this item. Ask a colleague to close it."))
    return apart_from_unit(user, item)


def may_reopen(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` may reopen `item`, because the fault has come back."""
    if not user.holds(Action.ITEM_REOPEN):
        return no(_("The inspection office or a supervisor reopens items. Ask one of them."))
    if not _may_become(item, State.REOPENED):
        return no(_("Only a closed item can be reopened."))
    return YES


def next_steps(user: User, item: "RectificationItem") -> list[tuple[str, Verdict]]:
    """Give the steps that come next for `item`, the usual one first, and `user`'s verdict on each.

    There is always one, so that a reader who may take none still learns whose turn it is.
    """
    match State(item.state):
        case State.OPEN:
            return [("plan", may_plan(user, item))]
        case State.PLANNED:
            if user.role == Role.CONTACT:
                return [("plan", may_plan(user, item))]
            verdict = may_judge_plan(user, item)
            return [("accept_plan", verdict), ("return_plan", verdict)]
        case State.IN_PROGRESS | State.REOPENED:
            return [
                ("claim", may_claim(user, item)),
                ("report_progress", may_report_progress(user, item)),
            ]
        case State.CLAIMED:
            return [("verify", may_verify(user, item))]
        case State.VERIFIED:
            verdict = may_close(user, item)
            return [("close", verdict), ("return_item", verdict)]
    return [("reopen", may_reopen(user, item))]


def may_assess(user: User, round_: "Round", *, waiting: int, without_feedback: int) -> Verdict:
    """Decide whether `user` may write the assessment that ends the rectification of a round.

    Args:
        waiting: items of the round that are claimed or verified, and wait for somebody.
        without_feedback: engagements of the round that have had no feedback.
    """
    if not user.holds(Action.ROUND_ADVANCE):
        return no(_("The inspection office moves rounds on. Ask it."))
    if RoundState(round_.state) != RoundState.RECTIFYING:
        return no(_("Only a round in rectification can be assessed."))
    if without_feedback:
        sentence = _("Units of this round without feedback: %(count)s. Give them theirs first.")
        return no(sentence % {"count": without_feedback})
    if waiting:
        sentence = _("Items that wait for verification or closing: %(count)s. Finish them first.")
        return no(sentence % {"count": waiting})
    return YES


def apart_from_unit(user: User, item: "RectificationItem") -> Verdict:
    """Decide whether `user` stands far enough from the unit of `item` to judge what it did."""
    if user.pk == item.claimed_by_id:
        return no(_("You claimed this item done. Ask a colleague to look at it."))
    # A supervisor may work in a unit that is itself inspected, as in 县委组织部.
    if user.unit_id is not None and user.unit_id == item.unit_id:
        return no(_("You belong to this unit. Ask somebody from another one to look at it."))
    if user.full_name and user.full_name == item.owner_name:
        return no(_("You are named as the person responsible. Ask a colleague to look at it."))
    return YES


def _may_become(item: "RectificationItem", state: State) -> bool:
    return state in NEXT_STATES[State(item.state)]


def _why_not_at_work(item: "RectificationItem") -> str:
    match State(item.state):
        case State.OPEN:
            return _("There is no plan yet. Hand in the plan first.")
        case State.PLANNED:
            return _("The plan waits for acceptance by the inspection office.")
        case State.CLAIMED | State.VERIFIED:
            return _("Completion has been claimed. Wait for verification and closing.")
    return _("This item is closed. If the fault has come back, ask the office to reopen it.")
