"""Who may know of proposed teams, have them made, change, take and discard them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.states import ENDED, RunState
from tanzhao.inspections.rules.alerts import may_decide_at_work
from tanzhao.inspections.rules.teams import may_staff
from tanzhao.inspections.states import AT_WORK, STAFFING, ProposalState, RoundState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Round, Team, TeamProposal


def visible_proposals(user: User) -> Q:
    """Say which proposals `user` may know exist: those who put teams together all, nobody else
    any. They say of everybody in the talent pool what keeps them off a team."""
    return Q() if user.holds(Action.TEAM_COMPOSE) else Q(pk__in=[])


def missing_for_proposal(teams: Sequence[tuple[str, int]], *, people: int) -> list[str]:
    """Say what must be there before teams can be proposed, a sentence for each.

    Args:
        teams: each team of the round, in words, and how many units it has.
        people: how many are in the talent pool.
    """
    if not teams:
        return [_("The round has no team yet. Form its teams and give them their units first.")]
    found = [
        _("%(team)s has no unit yet. Give it one first: recusal and skills follow from the units.")
        % {"team": team}
        for team, units in teams
        if not units
    ]
    if not people:
        found.append(_("The talent pool is empty. Import the inspectors first."))
    return found


def may_propose_teams(
    user: User, round_: "Round", *, missing: Sequence[str], is_open: bool
) -> Verdict:
    """Decide whether `user` may have teams proposed for `round_`.

    Args:
        missing: what must be there first; see missing_for_proposal.
        is_open: another proposal is being computed, or waits to be taken or discarded.
    """
    if not (verdict := may_staff(user, round_)):
        return verdict
    if is_open:
        return no(
            _("There is a proposal for this round already. Take it or discard it before another.")
        )
    return no(" ".join(missing)) if missing else YES


def may_change_proposal(user: User, proposal: "TeamProposal") -> Verdict:
    """Decide whether `user` may put somebody else into a place of `proposal`."""
    if not (verdict := may_staff(user, proposal.round)):
        return verdict
    if proposal.state == ProposalState.COMPUTING:
        return no(_("The proposal is still being computed."))
    if proposal.state != ProposalState.READY:
        return no(_("The proposal has been taken or discarded. Have teams proposed again."))
    return YES


def may_stop_proposal(user: User, proposal: "TeamProposal") -> Verdict:
    """Decide whether `user` may end the search for `proposal` with the best it has: whoever may
    have teams proposed, not only who did."""
    if not user.holds(Action.TEAM_COMPOSE):
        return no(_("Your role does not put teams together. Ask the inspection office."))
    run = proposal.run
    if proposal.state != ProposalState.COMPUTING or run is None or RunState(run.state) in ENDED:
        return no(_("The proposal is not being computed."))
    return YES


def may_take_proposal(user: User, proposal: "TeamProposal", problems: Sequence[str]) -> Verdict:
    """Decide whether the teams of `proposal` may become those of its round.

    Args:
        problems: what stands against it as the records are now, a sentence for each.
    """
    verdict = may_change_proposal(user, proposal)
    if verdict and problems:
        return no(" ".join([_("The proposal cannot be taken as it is."), *problems]))
    return verdict


def may_discard_proposal(user: User, proposal: "TeamProposal") -> Verdict:
    """Decide whether `user` may discard `proposal`, be it still computed."""
    if not user.holds(Action.TEAM_COMPOSE):
        return no(_("Your role does not put teams together. Ask the inspection office."))
    if proposal.state not in {ProposalState.COMPUTING, ProposalState.READY}:
        return no(_("The proposal has been taken or discarded already."))
    return YES


def may_replace_member(
    user: User, team: "Team", *, is_alerted: bool, is_concerned: bool = False
) -> Verdict:
    """Decide whether `user` may put somebody else into a member's place.

    Args:
        is_alerted: something became known after the team was complete and stands against it.
        is_concerned: it is about this member, who may then be replaced while the team is at work.
    """
    if not user.holds(Action.TEAM_COMPOSE):
        return no(_("Your role does not put teams together. Ask the inspection office."))
    state = RoundState(team.round.state)
    if is_concerned and state in AT_WORK:
        return may_decide_at_work(user)
    if state in STAFFING or (is_alerted and state == RoundState.STAFFED):
        return YES
    return may_staff(user, team.round)
