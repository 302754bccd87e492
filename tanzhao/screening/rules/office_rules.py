"""Who may write, try and approve a rule of the office's own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.rules import may_stop
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.screening.states import ComparisonState, OfficeRuleState

if TYPE_CHECKING:
    from tanzhao.engines.screening.findings import Finding
    from tanzhao.screening.models import Comparison, OfficeRule


def may_write_rule(user: User) -> Verdict:
    """Decide whether `user` may begin a version of a rule."""
    if not user.holds(Action.RULE_WRITE):
        return no(_("Your role does not write rules."))
    return YES


def may_change_rule(user: User, rule: "OfficeRule") -> Verdict:
    """Decide whether `user` may change this wording: who wrote it, while it is a draft."""
    verdict = may_write_rule(user)
    if not verdict:
        return verdict
    if rule.state != OfficeRuleState.DRAFT:
        return no(_("Only a draft is changed. Begin a new version."))
    if user.pk != rule.made_by_id:
        return no(_("Somebody else is writing this version. Ask them, or wait until it is in use."))
    return YES


def may_propose_rule(user: User, rule: "OfficeRule", findings: Sequence["Finding"]) -> Verdict:
    """Decide whether `user` may put the draft before an approver: portable, and tried.

    Args:
        findings: what the linter says of it.
    """
    verdict = may_change_rule(user, rule)
    if not verdict:
        return verdict
    if findings:
        return no(_("Put right first what is found in its SQL."))
    if not rule.trial or rule.trial.get("problem"):
        return no(_("Try this wording first, so that the approver sees what it gives."))
    return YES


def may_approve_rule(user: User, rule: "OfficeRule") -> Verdict:
    """Decide whether `user` may take the proposed version into use, or return it."""
    if not user.holds(Action.RULE_APPROVE):
        return no(_("The office director approves rules."))
    if user.pk == rule.made_by_id:
        return no(_("You wrote this version. Somebody else approves it."))
    if rule.state != OfficeRuleState.PROPOSED:
        return no(_("Only a proposed version is approved."))
    return YES


def may_withdraw_rule(user: User, rule: "OfficeRule") -> Verdict:
    """Decide whether `user` may take a version out of use, so that the shipped one applies."""
    if not user.holds(Action.RULE_APPROVE):
        return no(_("The office director takes rules out of use."))
    if rule.state != OfficeRuleState.IN_USE:
        return no(_("This version is not in use."))
    return YES


def may_try_rule(user: User, rule: "OfficeRule", on: "Comparison | None") -> Verdict:
    """Decide whether `user` may try the draft: on made-up rows, or on the data of a comparison
    that was approved, is made, and whose rows are still there."""
    verdict = may_change_rule(user, rule)
    if not verdict:
        return verdict
    if on is not None and on.state != ComparisonState.DONE:
        return no(_("A rule is tried on the data of a comparison that is made and not expired."))
    return YES


def may_stop_trial(user: User, rule: "OfficeRule") -> Verdict:
    """Decide whether `user` may have the draft tried no further."""
    return may_stop(rule.run, entitled=may_write_rule(user))
