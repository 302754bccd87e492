"""From the handlers' signatures to the office's check: each step by another person."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.models import Team
from tanzhao.kernel.verdict import require
from tanzhao.papers.actions.locking import locked_paper, reset_signatures
from tanzhao.papers.meter import missing
from tanzhao.papers.models import Review, WorkingPaper
from tanzhao.papers.numbering import official_number
from tanzhao.papers.queries import metered, standing_of
from tanzhao.papers.rules import (
    may_approve,
    may_check,
    may_return,
    may_return_to,
    may_review,
    may_sign,
    may_void,
)
from tanzhao.papers.states import PaperState, ReviewAnswer, ReviewStep

_STEP_OF_STATE = {
    PaperState.SIGNED: ReviewStep.DEPUTY,
    PaperState.DEPUTY_REVIEWED: ReviewStep.LEADER,
    PaperState.LEADER_APPROVED: ReviewStep.OFFICE,
}


@transaction.atomic
def sign_paper(*, paper_id: UUID, actor: User, at: datetime) -> WorkingPaper:
    """Sign a paper as one of its handlers. With the last signature it goes to review.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor is no handler, has signed, or something is missing.
    """
    paper = locked_paper(paper_id, actor)
    standing = standing_of(actor, paper)
    require(may_sign(actor, paper, standing, missing(metered(paper))))
    # An account without an inspector is no handler: may_sign has refused it.
    paper.handlers.filter(inspector_id=cast("UUID", actor.inspector_id)).update(signed_at=at)
    if not paper.handlers.filter(signed_at__isnull=True).exists():
        _move(paper, PaperState.SIGNED)
    _note(paper, ReviewStep.HANDLER, ReviewAnswer.PASSED, actor, at)
    _record(Verb.PAPER_SIGNED, paper, actor, at)
    return paper


@transaction.atomic
def review_paper(*, paper_id: UUID, actor: User, at: datetime, note: str = "") -> WorkingPaper:
    """Pass a signed paper on to the team leader, as deputy leader.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not review it, or it is not signed.
    """
    paper = locked_paper(paper_id, actor)
    require(may_review(actor, paper, standing_of(actor, paper)))
    _move(paper, PaperState.DEPUTY_REVIEWED)
    _note(paper, ReviewStep.DEPUTY, ReviewAnswer.PASSED, actor, at, note)
    _record(Verb.PAPER_REVIEWED, paper, actor, at, note=note)
    return paper


@transaction.atomic
def approve_paper(*, paper_id: UUID, actor: User, at: datetime, note: str = "") -> WorkingPaper:
    """Approve a reviewed paper as team leader. It gets its official number, once and for ever.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not approve it, or no deputy has reviewed it.
    """
    paper = locked_paper(paper_id, actor)
    require(may_approve(actor, paper, standing_of(actor, paper)))
    if not paper.official_number:
        paper.official_number = _next_number(paper, at)
    _move(paper, PaperState.LEADER_APPROVED)
    _note(paper, ReviewStep.LEADER, ReviewAnswer.PASSED, actor, at, note)
    number = paper.official_number
    _record(Verb.PAPER_APPROVED, paper, actor, at, number=number, note=note)
    return paper


@transaction.atomic
def check_paper(*, paper_id: UUID, actor: User, at: datetime, note: str = "") -> WorkingPaper:
    """Pass an approved paper for the office. Findings can be made from it now.

    Raises:
        WorkingPaper.DoesNotExist: there is none.
        Refused: the actor may not check it, or the leader has not approved it.
    """
    paper = locked_paper(paper_id, actor)
    require(may_check(actor, paper, standing_of(actor, paper)))
    _move(paper, PaperState.CHECKED)
    _note(paper, ReviewStep.OFFICE, ReviewAnswer.PASSED, actor, at, note)
    _record(Verb.PAPER_CHECKED, paper, actor, at, note=note)
    return paper


@transaction.atomic
def return_paper(
    *, paper_id: UUID, actor: User, at: datetime, reason: str, to: PaperState = PaperState.RETURNED
) -> WorkingPaper:
    """Return a paper under review, with a reason.

    Args:
        to: RETURNED to its handlers, whose signatures are void then; from the office also
            DEPUTY_REVIEWED, which is back to the leader.
    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the next step is not the actor's, or it cannot go back there.
    """
    paper = locked_paper(paper_id, actor)
    require(may_return(actor, paper, standing_of(actor, paper)))
    require(may_return_to(paper, to))
    step = _STEP_OF_STATE[PaperState(paper.state)]
    _move(paper, to)
    if to == PaperState.RETURNED:
        reset_signatures(paper)
    _note(paper, step, ReviewAnswer.RETURNED, actor, at, reason)
    _record(Verb.PAPER_RETURNED, paper, actor, at, reason=reason, to=to.value)
    return paper


@transaction.atomic
def void_paper(*, paper_id: UUID, actor: User, at: datetime, reason: str) -> WorkingPaper:
    """Void a paper that was not signed, with a reason. It stays where it is, to be read.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor is no handler, or it is signed.
    """
    paper = locked_paper(paper_id, actor)
    require(may_void(actor, paper, standing_of(actor, paper)))
    _move(paper, PaperState.VOID)
    _note(paper, ReviewStep.HANDLER, ReviewAnswer.VOIDED, actor, at, reason)
    _record(Verb.PAPER_VOIDED, paper, actor, at, reason=reason)
    return paper


def _move(paper: WorkingPaper, to: PaperState) -> None:
    paper.state = to
    paper.save(update_fields=["state", "official_number"])


def _next_number(paper: WorkingPaper, at: datetime) -> str:
    # Leaders approve one paper of a team at a time, so that no number is given twice.
    Team.objects.select_for_update(of=("self",)).get(pk=paper.engagement.team_id)
    numbered = WorkingPaper.objects.filter(
        engagement__team=paper.engagement.team_id, official_number__isnull=False
    )
    year = timezone.localtime(at).year
    return official_number(paper, year=year, serial=numbered.count() + 1)


def _note(
    paper: WorkingPaper,
    step: ReviewStep,
    answer: ReviewAnswer,
    actor: User,
    at: datetime,
    reason: str = "",
) -> None:
    Review.objects.create(
        paper=paper, step=step, answer=answer, reason=reason, by=actor, at=at, version=paper.version
    )


def _record(verb: Verb, paper: WorkingPaper, actor: User, at: datetime, **details: object) -> None:
    record(
        verb=verb,
        actor=actor,
        target=paper,
        at=at,
        scope=paper.engagement_id,
        version=paper.version,
        **details,
    )
