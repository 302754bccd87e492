"""Evidence: sent, added, described, set aside."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.views import file_response
from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.forms import EvidenceForm, ReasonForm, UploadForm
from tanzhao.papers.models import Evidence, WorkingPaper
from tanzhao.papers.queries import EVIDENCE_KINDS
from tanzhao.papers.views.reading import shown_again
from tanzhao.taxonomy.queries import codes_of


@require_safe
@requires(Action.EVIDENCE_SEE)
def evidence(request: SignedInRequest, evidence_id: UUID) -> HttpResponseBase:
    """Send a file of evidence; with ?inline=1 to be shown by the browser."""
    get_object_or_404(Evidence.objects.visible_to(request.user), pk=evidence_id)
    piece = actions.see_evidence(evidence_id=evidence_id, actor=request.user, at=timezone.now())
    return file_response(piece.file, inline=request.GET.get("inline") == "1")


@require_POST
@requires(Action.PAPER_WRITE)
def add_evidence(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Add the chosen files to a paper, and name those that were refused."""
    paper = get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    form = UploadForm(
        request.POST,
        request.FILES,
        kinds=list(codes_of(EVIDENCE_KINDS)),
        facts=list(paper.facts.all()),
    )
    if form.is_valid():
        files = form.cleaned_data["uploads"]
        refusals = actions.add_files(
            paper_id=paper_id,
            actor=request.user,
            at=timezone.now(),
            files=[(file.file, file.name) for file in files],
            description=form.description(),
        )
        if not refusals:
            messages.success(request, _("Files added: %(count)s.") % {"count": len(files)})
            return redirect(f"{reverse('papers:paper', args=[paper_id])}#evidence")
        for reason in refusals:
            form.add_error(None, reason)
    return shown_again(request, paper_id, upload=form)


@require_POST
@requires(Action.PAPER_WRITE)
def change_evidence(request: SignedInRequest, evidence_id: UUID) -> HttpResponse:
    """Describe a piece of evidence anew."""
    pieces = Evidence.objects.visible_to(request.user).select_related("paper")
    piece = get_object_or_404(pieces, pk=evidence_id)
    form = EvidenceForm(
        request.POST, kinds=list(codes_of(EVIDENCE_KINDS)), facts=list(piece.paper.facts.all())
    )
    if not form.is_valid():
        return shown_again(request, piece.paper_id, refusal=_first_error(form))
    try:
        actions.change_evidence(
            evidence_id=evidence_id,
            actor=request.user,
            at=timezone.now(),
            description=form.description(),
        )
    except Refused as refusal:
        return shown_again(request, piece.paper_id, refusal=refusal.reason)
    return redirect(f"{reverse('papers:paper', args=[piece.paper_id])}#evidence-{piece.number}")


@require_POST
@requires(Action.PAPER_WRITE)
def set_aside(request: SignedInRequest, evidence_id: UUID) -> HttpResponse:
    """Set a piece of evidence aside."""
    piece = get_object_or_404(Evidence.objects.visible_to(request.user), pk=evidence_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return shown_again(request, piece.paper_id, refusal=_("Say why it is set aside."))
    try:
        actions.set_aside_evidence(
            evidence_id=evidence_id,
            actor=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
    except Refused as refusal:
        return shown_again(request, piece.paper_id, refusal=refusal.reason)
    return redirect(f"{reverse('papers:paper', args=[piece.paper_id])}#evidence-{piece.number}")


def _first_error(form: EvidenceForm) -> str:
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else ""
    return f"{label} {errors[0]}".strip()
