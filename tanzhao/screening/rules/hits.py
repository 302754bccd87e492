"""Who may verify a hit, and what an answer must rest on."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.screening.states import TRUE, HitState, Outcome, VerificationState

if TYPE_CHECKING:
    from tanzhao.screening.models import Hit, Verification


def may_propose(user: User, hit: "Hit") -> Verdict:
    """Decide whether `user` may propose an outcome for `hit`."""
    if not user.holds(Action.HIT_VERIFY):
        return no(_("Your role does not verify hits."))
    if hit.state == HitState.PROPOSED:
        return no(_("An outcome is proposed already. Somebody else confirms it or sends it back."))
    if hit.state == HitState.DECIDED:
        return no(_("This hit has been verified. Reopen it first, with the reason."))
    return YES


def may_state(
    outcome: Outcome, *, evidence_kind: str, evidence: str, to_recover: int, recovered: int
) -> Verdict:
    """Decide whether an outcome may be stated so. Data alone prove nothing: what is true is known
    by evidence of another kind."""
    if outcome in TRUE and not (evidence_kind and evidence.strip()):
        return no(
            _(
                "Data alone prove nothing. Say by which evidence of another kind it is known to be"
                " true: a visit, a voucher, a conversation on record."
            )
        )
    if outcome not in TRUE and to_recover:
        return no(_("Money is recovered only for what is true."))
    if recovered > to_recover:
        return no(_("More is recovered than is to be recovered. Look at the two amounts."))
    return YES


def may_confirm(user: User, verification: "Verification | None") -> Verdict:
    """Decide whether `user` may confirm what somebody else proposed, or send it back."""
    if not user.holds(Action.HIT_CONFIRM):
        return no(_("Outcomes are confirmed by the inspection office."))
    if verification is None or verification.state != VerificationState.PROPOSED:
        return no(_("No outcome is proposed that could be confirmed."))
    if verification.proposed_by_id == user.pk:
        return no(_("You proposed this outcome. Somebody else confirms it."))
    return YES


def may_reopen(user: User, hit: "Hit") -> Verdict:
    """Decide whether `user` may ask the question of `hit` once more."""
    if not user.holds(Action.HIT_CONFIRM):
        return no(_("Hits are reopened by the inspection office."))
    if hit.state != HitState.DECIDED:
        return no(_("Only a hit that has been verified is reopened."))
    return YES


def may_assign(user: User, hit: "Hit") -> Verdict:
    """Decide whether `user` may say which team verifies `hit`."""
    if not user.holds(Action.HIT_ASSIGN):
        return no(_("The inspection office says which team verifies a hit."))
    if hit.state != HitState.OPEN:
        return no(_("Only a hit that is still to be verified is assigned."))
    return YES


def may_unmask(user: User) -> Verdict:
    """Decide whether `user` may see one number of a hit they know of in full."""
    if not user.holds(Action.HIT_UNMASK):
        return no(_("Your role does not see full numbers."))
    return YES


def may_make_lead(user: User, hit: "Hit") -> Verdict:
    """Decide whether `user` may take `hit` up as a lead: when it was found true."""
    if not user.holds(Action.HIT_CONFIRM):
        return no(_("Leads are made from hits by the inspection office."))
    if hit.state != HitState.DECIDED or hit.outcome not in TRUE:
        return no(_("A lead is made from a hit that two people have found true."))
    return YES
