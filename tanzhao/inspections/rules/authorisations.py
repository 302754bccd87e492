"""Who may draft, approve, return and revoke the authorisation of a round."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.states import AuthorisationState, RoundState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Authorisation, Round

# A revoked authorisation can be replaced while the teams still have work to do.
_AT_WORK = frozenset({RoundState.IN_FIELD, RoundState.REPORTING, RoundState.REPORTED})


def may_draft_authorisation(
    user: User, round_: "Round", present: "Authorisation | None", *, number_taken: bool = False
) -> Verdict:
    """Decide whether `user` may draft the authorisation of `round_`, or change its draft."""
    if not user.holds(Action.AUTHORISATION_DRAFT):
        return no(_("Your role does not draft authorisations. Ask the inspection office."))
    if present is not None and present.state == AuthorisationState.APPROVED:
        return no(_("The authorisation is approved. It can only be revoked."))
    if round_.state in {RoundState.PROPOSED, RoundState.APPROVED}:
        return no(_("The teams must be complete before they are authorised."))
    if round_.state != RoundState.STAFFED and round_.state not in _AT_WORK:
        return no(_("The round is past its authorisation."))
    if number_taken:
        return no(_("Another authorisation bears or bore this number. Give it the next one."))
    return YES


def may_approve_authorisation(
    user: User,
    round_: "Round",
    present: "Authorisation | None",
    problems: Sequence[str],
    *,
    has_made: bool,
) -> Verdict:
    """Decide whether `user` may approve the draft. Whoever drafted it never may.

    Args:
        has_made: they drafted it, even if another changed it since.
        problems: what now stands against the teams, as whole sentences: facts may have changed
            since they were marked complete.
    """
    verdict = _may_judge(user, present)
    if not verdict or present is None:
        return verdict
    if has_made or user.pk == present.drafted_by_id:
        return no(_("You drafted this authorisation. Somebody else must approve it."))
    if present.returned_reason:
        return no(_("The draft was returned. It must be put right before it is approved."))
    if round_.state != RoundState.STAFFED and round_.state not in _AT_WORK:
        return no(_("The teams are being changed. They must be complete first."))
    if problems:
        return no(" ".join([_("The teams can no longer be authorised as they are."), *problems]))
    return YES


def may_return_authorisation(user: User, present: "Authorisation | None") -> Verdict:
    """Decide whether `user` may send the draft back to be put right."""
    verdict = _may_judge(user, present)
    if verdict and present is not None and present.returned_reason:
        return no(_("The draft was returned already. Its drafter puts it right."))
    return verdict


def may_revoke_authorisation(user: User, present: "Authorisation | None") -> Verdict:
    """Decide whether `user` may end an approved authorisation before its last day."""
    if not user.holds(Action.AUTHORISATION_APPROVE):
        return no(_for_the_approvers())
    if present is None or present.state != AuthorisationState.APPROVED:
        return no(_("Only an approved authorisation can be revoked."))
    return YES


def _may_judge(user: User, present: "Authorisation | None") -> Verdict:
    if not user.holds(Action.AUTHORISATION_APPROVE):
        return no(_for_the_approvers())
    if present is None:
        return no(_("No authorisation has been drafted yet. The inspection office drafts it."))
    if present.state == AuthorisationState.APPROVED:
        return no(_("The authorisation is approved already."))
    if present.state == AuthorisationState.REVOKED:
        return no(_("The authorisation is revoked. A new one must be drafted."))
    return YES


def _for_the_approvers() -> str:
    return _(
        "An authorisation is decided by the leading group or the office director. Ask one of them."
    )
