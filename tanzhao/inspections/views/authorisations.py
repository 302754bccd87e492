"""The authorisation of a round: on screen, as a Word file, and its steps."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.content import CONTENT_TYPES
from tanzhao.documents.states import FileKind
from tanzhao.inspections.actions import (
    approve_authorisation,
    draft_authorisation,
    note_authorisation_downloaded,
    return_authorisation,
    revoke_authorisation,
)
from tanzhao.inspections.exporters import (
    authorisation_as_paper,
    authorisation_document,
    lines_on_screen,
)
from tanzhao.inspections.forms import AuthorisationForm, ReasonForm, first_draft
from tanzhao.inspections.models import Authorisation, Round
from tanzhao.inspections.queries import has_made, last_basis, staffing_of
from tanzhao.inspections.queries.paper_values import has_moved_on
from tanzhao.inspections.rules import (
    may_approve_authorisation,
    may_draft_authorisation,
    may_return_authorisation,
    may_revoke_authorisation,
)
from tanzhao.inspections.states import AuthorisationState
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused

PAGE = "inspections/authorisation.html"


@require_safe
@requires(Action.AUTHORISATION_SEE)
def show(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Show the authorisation of a round, or the form that drafts it."""
    return _page(request, round_id)


@require_POST
@requires(Action.AUTHORISATION_DRAFT)
def draft(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Draft the authorisation, or change its draft."""
    form = AuthorisationForm(request.POST)
    if not form.is_valid():
        return _page(request, round_id, status=422, draft_form=form)
    step = partial(draft_authorisation, **form.cleaned_data)
    return _step(request, round_id, step, draft_form=form)


@require_POST
@requires(Action.AUTHORISATION_APPROVE)
def approve(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Approve the draft."""
    return _step(request, round_id, approve_authorisation)


@require_POST
@requires(Action.AUTHORISATION_APPROVE)
def give_back(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Return the draft with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, round_id, status=422, return_form=form)
    step = partial(return_authorisation, reason=form.cleaned_data["reason"])
    return _step(request, round_id, step)


@require_POST
@requires(Action.AUTHORISATION_APPROVE)
def revoke(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Revoke the authorisation with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, round_id, status=422, revoke_form=form)
    step = partial(revoke_authorisation, reason=form.cleaned_data["reason"])
    return _step(request, round_id, step)


@require_safe
@requires(Action.AUTHORISATION_SEE)
def download(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Give the decision as a Word file. The trail keeps who took it."""
    visible = Authorisation.objects.filter(round__in=Round.objects.visible_to(request.user))
    authorisation = get_object_or_404(visible.select_related("round__term"), round=round_id)
    document = authorisation_document(authorisation)
    note_authorisation_downloaded(
        authorisation=authorisation, actor=request.user, at=timezone.now()
    )
    response = HttpResponse(document.content, content_type=CONTENT_TYPES[FileKind.DOCX])
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=document.name
    )
    return response


def _step(
    request: SignedInRequest, round_id: UUID, step: Callable[..., object], **more: object
) -> HttpResponse:
    get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    try:
        step(round_id=round_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, round_id, status=422, refusal=refusal.reason, **more)
    return redirect("inspections:authorisation", round_id)


def _page(
    request: SignedInRequest, round_id: UUID, *, status: int = 200, **more: object
) -> HttpResponse:
    rounds = Round.objects.visible_to(request.user).select_related("term", "kind")
    round_ = get_object_or_404(rounds, pk=round_id)
    authorisation = (
        Authorisation.objects.filter(round=round_)
        .select_related("drafted_by", "approved_by")
        .first()
    )
    if authorisation is not None:
        authorisation.round = round_
    staffing = staffing_of(round_)
    user = request.user
    paper = authorisation_as_paper(authorisation) if authorisation else None
    context = {
        "paper": paper,
        "lines": lines_on_screen(paper) if paper else [],
        "moved_on": authorisation is not None and has_moved_on(authorisation),
        "round": round_,
        "authorisation": authorisation,
        "staffing": staffing,
        "is_in_force": _is_in_force(authorisation),
        "drafting": may_draft_authorisation(user, round_, authorisation),
        "approving": may_approve_authorisation(
            user,
            round_,
            authorisation,
            staffing.problems,
            has_made=has_made(user, authorisation),
        ),
        "returning": may_return_authorisation(user, authorisation),
        "revoking": may_revoke_authorisation(user, authorisation),
        "draft_form": AuthorisationForm(initial=_initial(round_, authorisation)),
        "return_form": ReasonForm(auto_id="return_%s"),
        "revoke_form": ReasonForm(auto_id="revoke_%s"),
        **more,
    }
    return render(request, PAGE, context, status=status)


def _initial(round_: Round, authorisation: Authorisation | None) -> dict[str, object]:
    """Propose the draft's own words, and those of the last authorisation for a first one."""
    if authorisation is None:
        return first_draft(round_, last_basis(), today())
    names = ("number", "basis", "starts", "ends")
    values = {name: getattr(authorisation, name) for name in names}
    if authorisation.state == AuthorisationState.REVOKED:
        values["number"] = first_draft(round_, "", today())["number"]
    return values


def _is_in_force(authorisation: Authorisation | None) -> bool:
    return (
        authorisation is not None
        and authorisation.state == AuthorisationState.APPROVED
        and authorisation.starts <= today() <= authorisation.ends
    )
