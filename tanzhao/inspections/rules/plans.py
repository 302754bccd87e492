"""Who may make, change, propose, approve and carry out a plan of a term."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.states import ENDED, RunState
from tanzhao.inspections.states import PLAN_NEXT, PlanState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import PlannedRound, PlannedVisit, TermPlan

SHOWN = 5


def is_computing(plan: "TermPlan") -> bool:
    """Say whether the planner is at work on `plan`."""
    return plan.run is not None and RunState(plan.run.state) not in ENDED


def may_begin_plan(user: User) -> Verdict:
    """Decide whether `user` may begin a plan of a term."""
    if not user.holds(Action.PLAN_MAKE):
        return no(_("Your role does not plan terms. Ask the inspection office."))
    return YES


def may_change_plan(user: User, plan: "TermPlan") -> Verdict:
    """Decide whether `user` may change `plan`: only a draft, and not while it is computed."""
    verdict = may_begin_plan(user)
    if not verdict:
        return verdict
    if plan.state == PlanState.PROPOSED:
        return no(_("The plan waits for approval. Have it returned before it is changed."))
    if plan.state != PlanState.DRAFT:
        return no(_("Only a draft can be changed. Begin a new plan based on this one."))
    if is_computing(plan):
        return no(_("The plan is being computed. Wait until it is done, or stop it."))
    return YES


def may_stop_computing(user: User, plan: "TermPlan") -> Verdict:
    """Decide whether `user` may end the computing of `plan` with the best it has: whoever may have
    it computed, not only who did."""
    verdict = may_begin_plan(user)
    if verdict and not is_computing(plan):
        return no(_("The plan is not being computed."))
    return verdict


def may_refresh_plan(user: User, plan: "TermPlan") -> Verdict:
    """Decide whether `user` may bring `plan` up to what has happened meanwhile. Of the plan in
    force only what has taken place is marked; a draft is changed as any other way."""
    if plan.state == PlanState.IN_FORCE:
        return may_begin_plan(user)
    return may_change_plan(user, plan)


def may_pin(
    user: User, plan: "TermPlan", visit: "PlannedVisit", to: "PlannedRound", *, is_open: bool
) -> Verdict:
    """Decide whether `user` may pin `visit` to the round `to`. `is_open`: it is still to come."""
    verdict = may_change_plan(user, plan)
    if not verdict:
        return verdict
    names = {"unit": str(visit.planned), "round": to.number}
    if visit.done:
        return no(_("%(unit)s has been inspected, or is being inspected now.") % names)
    if not is_open:
        return no(_("Round %(round)s is over or under way. Choose a later one.") % names)
    if to.number in visit.planned.not_in:
        return no(_("%(unit)s must not be inspected in round %(round)s.") % names)
    return YES


def may_ask_what_moves(
    user: User, plan: "TermPlan", visit: "PlannedVisit", *, is_complete: bool
) -> Verdict:
    """Decide whether `user` may have it found out what would have to move for `visit` to be in
    another round. Nothing is changed by it. `is_complete`: the plan has a place for every visit
    and breaks no rule; else there is nothing to compare with."""
    if not user.holds(Action.PLAN_SEE):
        return no(_("Your role does not see plans of terms. Ask the inspection office."))
    if is_computing(plan):
        return no(_("The plan is being computed. Wait until it is done, or stop it."))
    if visit.done:
        names = {"unit": str(visit.planned)}
        return no(_("%(unit)s has been inspected, or is being inspected now.") % names)
    if not is_complete or visit.round_id is None:
        return no(_("Have the plan computed first, so that every visit has its place."))
    return YES


def may_remove_round(
    user: User, plan: "TermPlan", planned: "PlannedRound", *, done: int
) -> Verdict:
    """Decide whether `user` may take a round out of `plan`; `done`: visits that took place."""
    verdict = may_change_plan(user, plan)
    if verdict and done:
        names = {"round": planned.number}
        return no(_("Round %(round)s is over or under way and stays in the plan.") % names)
    return verdict


def may_change_planned_round(
    user: User, plan: "TermPlan", *, month: dt.date, done: int, is_taken: bool = False
) -> Verdict:
    """Decide whether a round of `plan` may begin in `month`. `is_taken`: its number, or a round
    that begins in the same month, is there already."""
    verdict = may_change_plan(user, plan)
    if not verdict:
        return verdict
    if done:
        return no(_("The round is over or under way. It cannot be changed any more."))
    if not plan.term.first_month <= month <= plan.term.ends:
        return no(_("The month must lie within the term."))
    if is_taken:
        return no(_("The plan has a round of this number or in this month. Change that one."))
    return YES


def may_propose_plan(
    user: User, plan: "TermPlan", *, left_out: int, reason: str, broken: Sequence[str]
) -> Verdict:
    """Decide whether `user` may put `plan` forward.

    Args:
        left_out: visits without a place; they need `reason`.
        broken: every other rule that the plan breaks, as sentences.
    """
    verdict = may_change_plan(user, plan)
    if not verdict:
        return verdict
    return _stands(left_out=left_out, reason=reason, broken=broken)


def may_approve_plan(
    user: User, plan: "TermPlan", *, has_made: bool, left_out: int, broken: Sequence[str]
) -> Verdict:
    """Decide whether `user` may put `plan` into force; whoever made or proposed it never may."""
    verdict = _may_decide(user, plan)
    if not verdict:
        return verdict
    if has_made or user.pk == plan.proposed_by_id:
        return no(_("You made or proposed this plan. Somebody else must approve it."))
    return _stands(left_out=left_out, reason=plan.left_out_reason, broken=broken)


def may_return_plan(user: User, plan: "TermPlan", *, reason: str) -> Verdict:
    """Decide whether `user` may send `plan` back to be put right."""
    verdict = _may_decide(user, plan)
    if verdict and not reason.strip():
        return no(_("Say why the plan is returned."))
    return verdict


def may_discard_plan(user: User, plan: "TermPlan") -> Verdict:
    """Decide whether `user` may set `plan` aside. It is kept, and can be looked at."""
    verdict = may_begin_plan(user)
    if not verdict:
        return verdict
    if is_computing(plan):
        return no(_("The plan is being computed. Wait until it is done, or stop it."))
    if PlanState.DISCARDED not in PLAN_NEXT[PlanState(plan.state)]:
        return no(_("Only a draft can be discarded."))
    return YES


def may_open_planned_round(
    user: User, plan: "TermPlan", planned: "PlannedRound", *, units: int, is_taken: bool
) -> Verdict:
    """Decide whether `user` may open a round of the term from `plan`.

    Args:
        units: visits planned for it.
        is_taken: the term has a round of that number already.
    """
    if not user.holds(Action.ROUND_PLAN):
        return no(_("Your role does not plan rounds. Ask the inspection office."))
    if plan.state != PlanState.IN_FORCE:
        return no(_("Rounds are opened from the plan in force only. Have this plan approved."))
    if is_taken:
        return no(_("Round %(round)s has been opened already.") % {"round": planned.number})
    if not units:
        return no(_("No unit is planned for round %(round)s.") % {"round": planned.number})
    return YES


def _may_decide(user: User, plan: "TermPlan") -> Verdict:
    if not user.holds(Action.PLAN_APPROVE):
        return no(
            _("A plan is approved by the leading group or the office director. Ask one of them.")
        )
    if plan.state != PlanState.PROPOSED:
        return no(_("The plan does not wait for approval."))
    return YES


def _stands(*, left_out: int, reason: str, broken: Sequence[str]) -> Verdict:
    if broken:
        more = len(broken) - SHOWN
        rest = ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more}
        tail = [rest] if more > 0 else []
        said = [_("The plan breaks rules. Have it computed again."), *broken[:SHOWN], *tail]
        return no(" ".join(said))
    if left_out and not reason.strip():
        return no(
            ngettext(
                "%(n)s visit has no place. Give it one, or say why it may be left out.",
                "%(n)s visits have no place. Give them one, or say why they may be left out.",
                left_out,
            )
            % {"n": left_out}
        )
    return YES
