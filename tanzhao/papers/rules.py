"""Who may know of which working papers, and who may take which step with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.rules import on_own_team
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.papers.meter import LEAST_HANDLERS, Requirement
from tanzhao.papers.states import EDITABLE, NEXT_STATES, PaperState

if TYPE_CHECKING:
    from tanzhao.inspections.models import Engagement, Round
    from tanzhao.papers.models import Evidence, WorkingPaper


def visible_papers(user: User) -> Q:
    """Say which working papers `user` may know exist: the office all; an inspector those of
    their own team, from the first to the last day of its authorisation; nobody else any."""
    if not user.holds(Action.PAPER_SEE):
        return Q(pk__in=[])
    if user.role == Role.INSPECTOR:
        return on_own_team(user, "engagement__team")
    return Q()


def visible_evidence(user: User) -> Q:
    """Say which evidence `user` may know exist: that of the papers they may know of."""
    if not user.holds(Action.EVIDENCE_SEE):
        return Q(pk__in=[])
    if user.role == Role.INSPECTOR:
        return on_own_team(user, "paper__engagement__team")
    return Q()


@dataclass(frozen=True)
class Standing:
    """How a person stands to a paper today.

    `team_role` is None for whoever is not on its team today. `has_written` says that they wrote
    or signed it as a handler at any time, `has_reviewed` that they reviewed it as deputy, and
    `has_taken_part` that they did anything at all with it.
    """

    team_role: TeamRole | None = None
    is_handler: bool = False
    has_signed: bool = False
    has_written: bool = False
    has_reviewed: bool = False
    has_taken_part: bool = False


def may_begin(user: User, engagement: "Engagement", team_role: TeamRole | None) -> Verdict:
    """Decide whether `user` may begin a paper on `engagement` today."""
    if not user.holds(Action.PAPER_WRITE):
        return no(_("Your role does not write working papers."))
    if team_role is None:
        return no(_("Only members of the team write papers, on the days of its authorisation."))
    if team_role == TeamRole.LEADER:
        return no(_("The team leader approves papers. Let a member of the team begin it."))
    if engagement.round.state != RoundState.IN_FIELD:
        return no(_("Papers are begun while the round is in the field. Ask the office."))
    return YES


def may_be_handlers(chosen: Sequence[UUID], roles: Mapping[UUID, TeamRole]) -> Verdict:
    """Decide whether these people may answer for one paper.

    Args:
        chosen: keys of inspectors.
        roles: key of every inspector on the team, and their role there.
    """
    if not set(chosen) <= roles.keys():
        return no(_("Handlers are members of the team. Choose from the list."))
    if len(set(chosen)) < LEAST_HANDLERS:
        return no(_("A paper has at least two handlers. Choose one more."))
    if any(roles[key] == TeamRole.LEADER for key in chosen):
        return no(_("The team leader approves papers and cannot be a handler. Choose another."))
    deputies = {key for key, role in roles.items() if role == TeamRole.DEPUTY}
    if deputies and deputies <= set(chosen):
        return no(_("A deputy leader must be left to review the paper. Choose another handler."))
    return YES


def may_edit(user: User, paper: "WorkingPaper", standing: Standing) -> Verdict:
    """Decide whether `user` may change the paper or its evidence: its handlers, until signed."""
    if not user.holds(Action.PAPER_WRITE):
        return no(_("Your role does not write working papers."))
    if not standing.is_handler or standing.team_role is None:
        return no(_("Only its handlers change a paper. Ask one of them to add you."))
    if PaperState(paper.state) not in EDITABLE:
        return no(_("A signed paper is not changed. Ask the reviewer to return it first."))
    return YES


def may_sign(
    user: User, paper: "WorkingPaper", standing: Standing, missing: Sequence[Requirement]
) -> Verdict:
    """Decide whether `user` may sign the paper as its handler."""
    verdict = may_edit(user, paper, standing)
    if not verdict:
        return verdict
    if standing.has_signed:
        return no(_("You have signed this paper. It now waits for the other handlers."))
    if missing:
        parts = _(", ").join(one.label for one in missing)
        return no(_("Before signing, fill in what is missing: %(parts)s.") % {"parts": parts})
    return YES


def may_review(user: User, paper: "WorkingPaper", standing: Standing) -> Verdict:
    """Decide whether `user` may review the paper, or return it, as deputy leader."""
    if not user.holds(Action.PAPER_REVIEW) or standing.team_role != TeamRole.DEPUTY:
        return no(_("This step is for a deputy leader of the team."))
    if standing.is_handler or standing.has_written:
        return no(_("Who wrote a paper does not review it. Ask another deputy leader."))
    return _in_state(paper, PaperState.SIGNED, _("A paper is reviewed once its handlers signed."))


def may_approve(user: User, paper: "WorkingPaper", standing: Standing) -> Verdict:
    """Decide whether `user` may approve the paper, or return it, as team leader."""
    if not user.holds(Action.PAPER_REVIEW) or standing.team_role != TeamRole.LEADER:
        return no(_("This step is for the team leader."))
    if standing.is_handler or standing.has_written:
        return no(
            _("Who wrote a paper does not approve it. Ask the office to name another leader.")
        )
    if standing.has_reviewed:
        return no(_("Who reviewed a paper as deputy does not approve it. Ask another leader."))
    return _in_state(
        paper, PaperState.DEPUTY_REVIEWED, _("A paper is approved once a deputy reviewed it.")
    )


def may_check(user: User, paper: "WorkingPaper", standing: Standing) -> Verdict:
    """Decide whether `user` may check the paper, or return it, for the office."""
    if not user.holds(Action.PAPER_CHECK):
        return no(_("This step is for the inspection office."))
    if standing.is_handler or standing.has_taken_part:
        return no(_("You took part in this paper. Let a colleague in the office check it."))
    return _in_state(
        paper, PaperState.LEADER_APPROVED, _("The office checks a paper once its leader approved.")
    )


def may_return(user: User, paper: "WorkingPaper", standing: Standing) -> Verdict:
    """Decide whether `user` may return the paper: whoever may take its next step."""
    match PaperState(paper.state):
        case PaperState.SIGNED:
            return may_review(user, paper, standing)
        case PaperState.DEPUTY_REVIEWED:
            return may_approve(user, paper, standing)
        case PaperState.LEADER_APPROVED:
            return may_check(user, paper, standing)
    return no(_("Only a paper under review can be returned."))


def may_return_to(paper: "WorkingPaper", to: PaperState) -> Verdict:
    """Decide whether the paper can go back to `to`: to its handlers, or from the office to the
    leader."""
    if to not in {PaperState.RETURNED, PaperState.DEPUTY_REVIEWED} or (
        to not in NEXT_STATES[PaperState(paper.state)]
        or (to == PaperState.DEPUTY_REVIEWED and paper.state != PaperState.LEADER_APPROVED)
    ):
        return no(_("Return the paper to its handlers, or from the office to the leader."))
    return YES


def may_void(user: User, paper: "WorkingPaper", standing: Standing) -> Verdict:
    """Decide whether `user` may void the paper: a handler, until it is signed."""
    verdict = may_edit(user, paper, standing)
    if verdict and PaperState.VOID not in NEXT_STATES[PaperState(paper.state)]:
        return no(_("This paper cannot be voided any more."))
    return verdict


def may_set_aside(
    user: User, paper: "WorkingPaper", evidence: "Evidence", standing: Standing
) -> Verdict:
    """Decide whether `user` may set a piece of evidence aside."""
    verdict = may_edit(user, paper, standing)
    if verdict and evidence.set_aside_reason:
        return no(_("This piece of evidence has been set aside already."))
    return verdict


def may_close_fieldwork(
    user: User, round_: "Round", unfinished: Sequence["WorkingPaper"]
) -> Verdict:
    """Decide whether `user` may end the fieldwork of a round: no paper may be under way."""
    if not user.holds(Action.ROUND_ADVANCE):
        return no(_("The inspection office moves a round on."))
    if round_.state != RoundState.IN_FIELD:
        return no(_("Only a round in the field can go on to reporting."))
    if unfinished:
        names = _(", ").join(f"{paper.engagement.unit} {paper.title}" for paper in unfinished[:5])
        sentence = _("%(count)s papers are not finished: %(names)s. Have them checked or voided.")
        return no(sentence % {"count": len(unfinished), "names": names})
    return YES


def _in_state(paper: "WorkingPaper", wanted: PaperState, otherwise: str) -> Verdict:
    return YES if paper.state == wanted else no(otherwise)
