"""Who may know of which leads, and who may take which step with one."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.rules import on_own_team
from tanzhao.inspections.states import TeamRole
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.leads.states import ENDED, IN_HAND, NEXT_STATES, LeadState, Outcome

if TYPE_CHECKING:
    from tanzhao.inspections.models import Engagement
    from tanzhao.leads.models import Lead


def visible_leads(user: User) -> Q:
    """Say which leads `user` may know exist: the office all; an inspector those of their own
    team, from the first to the last day of its authorisation; nobody else any."""
    if not user.holds(Action.LEAD_SEE):
        return Q(pk__in=[])
    if user.role == Role.INSPECTOR:
        return on_own_team(user, "engagement__team")
    return Q()


def may_capture(user: User, engagement: "Engagement | None", team_role: TeamRole | None) -> Verdict:
    """Decide whether `user` may write down a lead on `engagement`, or on none."""
    if not user.holds(Action.LEAD_CAPTURE):
        return no(_("Your role does not write down leads."))
    if user.role == Role.INSPECTOR and engagement is None:
        return no(_("Say on which unit of your team's the lead is."))
    if user.role == Role.INSPECTOR and team_role is None:
        return no(_("Only members of the team write leads, on the days of its authorisation."))
    return YES


def may_assign(user: User, lead: "Lead", team_role: TeamRole | None) -> Verdict:
    """Decide whether `user` may say who verifies the lead: the office, or who leads its team."""
    if not user.holds(Action.LEAD_ASSIGN):
        return no(_("Your role does not assign leads."))
    leads_team = team_role in {TeamRole.LEADER, TeamRole.DEPUTY}
    if user.role == Role.INSPECTOR and not leads_team:
        return no(_("The team leader or a deputy says who verifies a lead."))
    if LeadState(lead.state) in ENDED:
        return no(_("This lead has ended. Reopen it first."))
    return YES


def may_be_lead_handlers(chosen: Collection[UUID], candidates: Collection[UUID]) -> Verdict:
    """Decide whether these people may verify a lead: two different ones of the candidates."""
    if len(set(chosen)) != 2:
        return no(_("A lead is verified by two different people. Choose both."))
    if not set(chosen) <= set(candidates):
        return no(_("Choose people of the team, or of the office for a lead without a team."))
    return YES


def may_verify(user: User, lead: "Lead") -> Verdict:
    """Decide whether `user` may add to the verification of the lead: its two handlers."""
    if not user.holds(Action.LEAD_VERIFY):
        return no(_("Your role does not verify leads."))
    if user.pk not in {lead.handler_id, lead.second_id}:
        return no(_("Only the two people whom it was assigned to verify a lead."))
    if LeadState.VERIFYING not in NEXT_STATES[LeadState(lead.state)]:
        return no(_("This lead is not being verified now."))
    return YES


def may_propose_outcome(user: User, lead: "Lead", outcome: Outcome, checks: int) -> Verdict:
    """Decide whether `user` may propose how the lead ends.

    Args:
        checks: how many steps of the verification are written down.
    """
    verdict = may_verify(user, lead)
    if not verdict:
        return verdict
    if not checks:
        return no(_("Write down first what was checked, and what was found."))
    if lead.state == LeadState.PROPOSED:
        return no(_("An outcome is proposed already. The other handler confirms it or not."))
    if outcome == Outcome.PAPER and lead.engagement_id is None:
        return no(_("A working paper belongs to a unit under inspection. Assign it to its team."))
    return YES


def may_confirm(user: User, lead: "Lead") -> Verdict:
    """Decide whether `user` may confirm the outcome, or send it back: the other handler."""
    verdict = may_verify(user, lead)
    if not verdict:
        return verdict
    if lead.state != LeadState.PROPOSED:
        return no(_("No outcome is proposed yet."))
    if user.pk == lead.outcome_by_id:
        return no(_("You proposed this outcome. The other handler confirms it or not."))
    return YES


def may_reopen(user: User, lead: "Lead") -> Verdict:
    """Decide whether `user` may take up again a lead that has ended: the office."""
    if not user.holds(Action.LEAD_REOPEN):
        return no(_("The inspection office reopens leads."))
    if LeadState(lead.state) not in ENDED:
        return no(_("This lead has not ended."))
    return YES


def may_write_paper(lead: "Lead", engagement: "Engagement") -> Verdict:
    """Decide whether a working paper on `engagement` may be begun from the lead."""
    if lead.engagement_id != engagement.pk:
        return no(_("This lead is of another unit."))
    if lead.state != LeadState.PAPER:
        return no(_("A paper is begun once both handlers agree that the lead deserves one."))
    return YES


def is_in_hand(lead: "Lead") -> bool:
    """Say whether somebody is to do something with the lead now."""
    return LeadState(lead.state) in IN_HAND
