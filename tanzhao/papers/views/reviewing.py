"""The steps of a paper from signature to check: one view for each verb."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.forms import NoteForm, ReasonForm, ReturnForm
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.views.reading import shown_again


@require_POST
@requires(Action.PAPER_WRITE)
def sign(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Sign as a handler."""
    return _step(request, paper_id, actions.sign_paper, None, _("Signed."))


@require_POST
@requires(Action.PAPER_REVIEW)
def review(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Pass to the team leader as deputy."""
    form = NoteForm(request.POST)
    return _step(request, paper_id, actions.review_paper, form, _("Passed on to the team leader."))


@require_POST
@requires(Action.PAPER_REVIEW)
def approve(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Approve as team leader."""
    form = NoteForm(request.POST)
    said = _("Approved, numbered and passed on to the office.")
    return _step(request, paper_id, actions.approve_paper, form, said)


@require_POST
@requires(Action.PAPER_CHECK)
def check(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Pass for the office."""
    form = NoteForm(request.POST)
    said = _("Checked. Findings can be made from this paper.")
    return _step(request, paper_id, actions.check_paper, form, said)


@require_POST
@requires(Action.PAPER_SEE)
def send_back(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Return to the handlers, or from the office to the leader."""
    form = ReturnForm(request.POST)
    said = _("Returned.")
    return _step(request, paper_id, actions.return_paper, form, said, shown_as="return_form")


@require_POST
@requires(Action.PAPER_WRITE)
def void(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Void a paper that nobody needs."""
    form = ReasonForm(request.POST)
    return _step(
        request, paper_id, actions.void_paper, form, _("The paper is void."), shown_as="void_form"
    )


def _step(
    request: SignedInRequest,
    paper_id: UUID,
    action: Callable[..., Any],
    form: forms.Form | None,
    said: str,
    shown_as: str = "note_form",
) -> HttpResponse:
    """Take one step and show the paper again, or the reason why it was not taken."""
    get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    if form is not None and not form.is_valid():
        return shown_again(request, paper_id, **{shown_as: form})
    values = form.cleaned_data if form is not None else {}
    try:
        action(paper_id=paper_id, actor=request.user, at=timezone.now(), **values)
    except Refused as refusal:
        changes: dict[str, Any] = {"refusal": refusal.reason}
        if form is not None:
            changes[shown_as] = form
        return shown_again(request, paper_id, **changes)
    messages.success(request, said)
    return redirect("papers:paper", paper_id)
