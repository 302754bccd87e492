"""Working papers as official papers, in Chinese whoever reads the page."""

import datetime as dt

from django.utils import timezone

from tanzhao.documents.official import OfficialPaper, render
from tanzhao.documents.official.file import Document
from tanzhao.documents.phrases import phrases
from tanzhao.inspections.queries.paper_values import round_title, team_title
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.paper_form import (
    DistinctionLine,
    EvidenceLine,
    FactLine,
    PaperForm,
    SignatureLine,
    paper_form,
)
from tanzhao.papers.queries import questions
from tanzhao.papers.states import PaperState, ReviewAnswer, ReviewStep

# Which signatures stand in each state: a return takes the later ones away.
STANDING: dict[PaperState, tuple[ReviewStep, ...]] = {
    PaperState.SIGNED: (ReviewStep.HANDLER,),
    PaperState.DEPUTY_REVIEWED: (ReviewStep.HANDLER, ReviewStep.DEPUTY),
    PaperState.LEADER_APPROVED: (ReviewStep.HANDLER, ReviewStep.DEPUTY, ReviewStep.LEADER),
    PaperState.CHECKED: tuple(ReviewStep),
    PaperState.USED: tuple(ReviewStep),
}


def paper_document(paper: WorkingPaper) -> Document:
    """Make the Word file of a working paper, named after its number and title."""
    name = f"{paper.official_number or ''} {paper.title}".strip()
    return Document(f"{name}.docx", render(official_paper(paper)))


def official_paper(paper: WorkingPaper) -> OfficialPaper:
    """Set a working paper from the records as they are now. Wants one of whole_papers."""
    return paper_form(form_values(paper), phrases("working-paper"))


def form_values(paper: WorkingPaper) -> PaperForm:
    """Give what a working paper says, as the form that is printed has it."""
    round_ = paper.engagement.round
    return PaperForm(
        number=paper.official_number or "",
        drawn_up_on=timezone.localdate(paper.begun_at),
        round=round_title(round_),
        team=team_title(paper.engagement.team),
        first_day=round_.starts,
        last_day=round_.ends,
        unit=paper.engagement.unit.name,
        title=paper.title,
        handlers=tuple(row.inspector.name for row in paper.handlers.all()),
        overview=paper.overview,
        facts=_facts(paper),
        basis=paper.basis,
        responsibility=paper.responsibility,
        effect=paper.effect,
        principal_said=paper.principal_said,
        distinctions=_distinctions(paper),
        evidence=_evidence(paper),
        signatures=tuple(_signature(paper, step) for step in ReviewStep),
        is_void=paper.state == PaperState.VOID,
    )


def _facts(paper: WorkingPaper) -> tuple[FactLine, ...]:
    pieces = [piece for piece in paper.evidence.all() if not piece.set_aside_reason]
    return tuple(
        FactLine(
            what=fact.what,
            method=fact.method.label_zh,
            when=fact.when,
            where=fact.where,
            how_much=fact.how_much,
            evidence=tuple(f"{p.number:02}" for p in pieces if p.fact_id == fact.pk),
        )
        for fact in paper.facts.all()
    )


def _distinctions(paper: WorkingPaper) -> tuple[DistinctionLine, ...]:
    answers = {answer["code"]: answer for answer in paper.distinctions}
    return tuple(
        DistinctionLine(
            question=question.label_zh,
            answer=answers.get(question.code, {}).get("answer", ""),
            reason=answers.get(question.code, {}).get("reason", ""),
        )
        for question in questions()
    )


def _evidence(paper: WorkingPaper) -> tuple[EvidenceLine, ...]:
    return tuple(
        EvidenceLine(
            number=f"{piece.number:02}",
            name=piece.name,
            kind=piece.kind.label_zh,
            source=piece.source,
            page=piece.page,
            is_original=piece.is_original,
            is_set_aside=bool(piece.set_aside_reason),
        )
        for piece in paper.evidence.all()
    )


def _signature(paper: WorkingPaper, step: ReviewStep) -> SignatureLine:
    if step not in STANDING.get(PaperState(paper.state), ()):
        return SignatureLine(step.value)
    if step == ReviewStep.HANDLER:
        signed = ((row.inspector.name, row.signed_at) for row in paper.handlers.all())
        return SignatureLine(step.value, tuple((name, _day(at)) for name, at in signed if at))
    passed = (r for r in paper.reviews.all() if (r.step, r.answer) == (step, ReviewAnswer.PASSED))
    latest = max(passed, key=lambda review: review.at, default=None)
    if latest is None:
        return SignatureLine(step.value)
    return SignatureLine(step.value, ((str(latest.by), _day(latest.at)),), latest.reason)


def _day(at: dt.datetime) -> dt.date:
    return timezone.localdate(at)
