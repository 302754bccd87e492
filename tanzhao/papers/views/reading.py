"""The page of one paper, and the paper as a file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.official import render as render_document
from tanzhao.documents.views import made_response
from tanzhao.papers.actions import see_paper, take_paper_away
from tanzhao.papers.exporters import official_paper
from tanzhao.papers.forms import (
    EvidenceForm,
    NoteForm,
    ReasonForm,
    ReturnForm,
    UploadForm,
    initial_evidence,
)
from tanzhao.papers.meter import missing, requirements
from tanzhao.papers.models import Review, WorkingPaper
from tanzhao.papers.queries import (
    EVIDENCE_KINDS,
    hints_for,
    members_of,
    metered,
    next_people,
    questions,
    standing_of,
)
from tanzhao.papers.rules import (
    may_approve,
    may_check,
    may_edit,
    may_return,
    may_return_to,
    may_review,
    may_sign,
    may_void,
)
from tanzhao.papers.states import EDITABLE, PaperState, ReviewAnswer, ReviewStep
from tanzhao.taxonomy.models import Code
from tanzhao.taxonomy.queries import codes_of

PAGE = "papers/paper.html"
# What is still to be done with a paper, for the row of steps over the page.
PATH = (
    PaperState.DRAFT,
    PaperState.SIGNED,
    PaperState.DEPUTY_REVIEWED,
    PaperState.LEADER_APPROVED,
    PaperState.CHECKED,
    PaperState.USED,
)


@require_safe
@requires(Action.PAPER_SEE)
def paper(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Show one paper with its evidence, what is missing, and what comes next."""
    get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    found = see_paper(paper_id=paper_id, actor=request.user, at=timezone.now())
    return render(request, PAGE, context_of(request, found))


@require_safe
@requires(Action.PAPER_SEE)
def download(request: SignedInRequest, paper_id: UUID) -> HttpResponseBase:
    """Send one paper as a Word file."""
    get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    found = take_paper_away(paper_id=paper_id, actor=request.user, at=timezone.now())
    name = f"{found.official_number or ''} {found.title}".strip()
    return made_response(render_document(official_paper(found)), f"{name}.docx")


def shown_again(request: SignedInRequest, paper_id: UUID, **changes: Any) -> HttpResponse:
    """Show the paper after a refusal, with the reason or the form that holds it: a look too."""
    get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    found = see_paper(paper_id=paper_id, actor=request.user, at=timezone.now())
    context = context_of(request, found) | changes
    return render(request, PAGE, context, status=422)


def context_of(request: SignedInRequest, paper: WorkingPaper) -> dict[str, Any]:
    """Give all that the page shows. Costs the same number of queries for every paper."""
    user = request.user
    standing = standing_of(user, paper)
    asked = questions()
    seen = metered(paper, asked)
    lacking = missing(seen)
    editing = may_edit(user, paper, standing)
    kinds = list(codes_of(EVIDENCE_KINDS)) if editing else []
    facts = list(paper.facts.all())
    return {
        "paper": paper,
        "facts": facts,
        "evidence": _evidence(paper, bool(editing), kinds),
        "distinctions": _distinctions(paper, asked),
        "path": _path(paper),
        "requirements": requirements(seen) if paper.state in EDITABLE else [],
        "lacking": len(lacking),
        "hints": hints_for(paper) if paper.state in EDITABLE else [],
        "editing": editing,
        "signing": may_sign(user, paper, standing, lacking),
        "standing": standing,
        "returned": _return_in_force(paper),
        "waiting_for": next_people(paper, list(members_of(paper.engagement))),
        "upload": UploadForm(kinds=kinds, facts=facts) if editing else None,
        "void": may_void(user, paper, standing),
        "void_form": ReasonForm(),
        **_reviewing(user, paper, standing),
    }


def _return_in_force(paper: WorkingPaper) -> Review | None:
    """Give the last return, as long as nobody has passed the paper since."""
    reviews = [one for one in paper.reviews.all() if one.step != ReviewStep.HANDLER]
    last = reviews[-1] if reviews else None
    return last if last and last.answer == ReviewAnswer.RETURNED else None


def _reviewing(user: Any, paper: WorkingPaper, standing: Any) -> dict[str, Any]:
    decisions = {
        PaperState.SIGNED: ("papers:review", may_review),
        PaperState.DEPUTY_REVIEWED: ("papers:approve", may_approve),
        PaperState.LEADER_APPROVED: ("papers:check", may_check),
    }
    returning = may_return(user, paper, standing)
    context: dict[str, Any] = {
        "returning": returning,
        "to_leader": returning and may_return_to(paper, PaperState.DEPUTY_REVIEWED),
        "note_form": NoteForm(),
        "return_form": ReturnForm(initial={"to": PaperState.RETURNED}),
    }
    if paper.state in decisions:
        address, rule = decisions[PaperState(paper.state)]
        context |= {"decision": rule(user, paper, standing), "decision_address": address}
    return context


def _evidence(paper: WorkingPaper, editable: bool, kinds: list[Code]) -> list[dict[str, Any]]:
    facts = list(paper.facts.all())
    numbers = {fact.pk: number for number, fact in enumerate(facts, 1)}
    return [
        {
            "piece": piece,
            "fact_number": numbers.get(piece.fact_id) if piece.fact_id else None,
            "is_image": piece.file.content_type.startswith("image/")
            and piece.file.content_type != "image/tiff",
            "is_shown": piece.file.content_type in {"application/pdf"},
            "form": EvidenceForm(
                initial=initial_evidence(piece),
                kinds=kinds,
                facts=facts,
                auto_id=f"id_{piece.number}_%s",
            )
            if editable and not piece.set_aside_reason
            else None,
            "aside_form": ReasonForm(auto_id=f"id_aside_{piece.number}_%s"),
        }
        for piece in paper.evidence.all()
    ]


def _distinctions(paper: WorkingPaper, asked: list[Code]) -> list[dict[str, Any]]:
    answers = {answer["code"]: answer for answer in paper.distinctions}
    return [{"question": code, **answers.get(code.code, {})} for code in asked]


def _path(paper: WorkingPaper) -> list[dict[str, Any]]:
    state = PaperState(paper.state)
    here = PaperState.DRAFT if state == PaperState.RETURNED else state
    place = PATH.index(here) if here in PATH else -1
    return [
        {"label": step.label, "done": n < place, "here": n == place} for n, step in enumerate(PATH)
    ]
