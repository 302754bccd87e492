"""The report on one engagement: written, read, agreed, approved, returned, downloaded."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.documents.views import file_response
from tanzhao.findings.actions import (
    agree_report,
    approve_report,
    draft_report,
    make_files_again,
    note_report_downloaded,
    note_report_seen,
    return_report,
)
from tanzhao.findings.actions.documents import report_documents
from tanzhao.findings.forms import AgreeForm, ReportForm, ReturnForm
from tanzhao.findings.models import Finding, Report
from tanzhao.findings.queries.papers import usable_papers
from tanzhao.findings.queries.report import composed, prefilled_texts
from tanzhao.findings.rules import (
    may_agree_report,
    may_approve_report,
    may_draft_report,
    may_make_files,
    may_return_report,
)
from tanzhao.inspections.models import Engagement
from tanzhao.kernel.verdict import Refused

PAGE = "findings/report.html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@requires(Action.REPORT_SEE)
def report(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Show the report as it follows from the records, or the form that begins it."""
    return _page(request, engagement_id)


@require_POST
@requires(Action.REPORT_MAKE)
def draft(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Write the situation and the opinions."""
    _engagement(request, engagement_id)
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            draft_report(
                engagement_id=engagement_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The report was saved."))
            return redirect("findings:report", engagement_id)
    return _page(request, engagement_id, writing=form)


@require_POST
@requires(Action.REPORT_MAKE)
def agree(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Say, as leader, that the team has agreed on the report."""
    _visible(request, engagement_id)
    form = AgreeForm(request.POST, has_findings=_has_findings(engagement_id))
    if form.is_valid():
        try:
            agree_report(
                engagement_id=engagement_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The team has agreed. The report waits for approval."))
            return redirect("findings:report", engagement_id)
    return _page(request, engagement_id, agreeing=form)


@require_POST
@requires(Action.REPORT_APPROVE)
def approve(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Approve an agreed report; its files are then made in the background."""
    _visible(request, engagement_id)
    try:
        approve_report(engagement_id=engagement_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, engagement_id, refused=refusal.reason)
    messages.success(request, _("The report is approved. Its files are being made."))
    return redirect("findings:report", engagement_id)


@require_POST
@requires(Action.REPORT_APPROVE)
def send_back(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Return an agreed report to its team, with the reason."""
    _visible(request, engagement_id)
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            return_report(
                engagement_id=engagement_id,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The report went back to the team."))
            # The leading group sees a report again when the team has agreed on it anew.
            visible = Report.objects.visible_to(request.user).filter(engagement=engagement_id)
            if not visible.exists():
                return redirect("web:workbench")
            return redirect("findings:report", engagement_id)
    return _page(request, engagement_id, returning=form)


@require_POST
@requires(Action.REPORT_SEE)
def make_files(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Ask once more for the files of an approved report that has none."""
    _visible(request, engagement_id)
    try:
        make_files_again(engagement_id=engagement_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, engagement_id, refused=refusal.reason)
    return redirect("findings:report", engagement_id)


@require_safe
@requires(Action.REPORT_SEE)
def files(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Show only whether the files are made; the page asks again until they are."""
    found = _visible(request, engagement_id)
    return render(request, f"{PAGE}#files-part", _files(found) | {"report": found})


@require_safe
@requires(Action.REPORT_SEE)
def download(request: SignedInRequest, engagement_id: UUID, which: str) -> FileResponse:
    """Give the report or the findings list: the frozen file, or a draft made on the spot."""
    found = _visible(request, engagement_id)
    stored = {"report": found.file, "list": found.list_file}.get(which)
    if which not in {"report", "list"}:
        raise Http404
    if stored is not None:
        name, sha256 = stored.name, stored.sha256
        response = file_response(stored)
    else:
        document = dict(zip(("report", "list"), report_documents(found), strict=True))[which]
        name, sha256 = document.name, hashlib.sha256(document.content).hexdigest()
        response = FileResponse(
            BytesIO(document.content), as_attachment=True, filename=name, content_type=DOCX
        )
    note_report_downloaded(
        report=found, name=name, sha256=sha256, actor=request.user, at=timezone.now()
    )
    return response


def _page(
    request: SignedInRequest, engagement_id: UUID, *, refused: str = "", **forms: Any
) -> HttpResponse:
    """Show the report with every step this reader may take; 422 if one was just refused."""
    user = request.user
    found = Report.objects.visible_to(user).filter(engagement=engagement_id).first()
    if found is None:
        engagement = _engagement(request, engagement_id)
        _refuse_hidden(engagement)
    else:
        found = _visible(request, engagement_id)
        engagement = found.engagement
        # Whatever led to the page, whoever gets it has seen the report.
        note_report_seen(report=found, actor=user, at=timezone.now())
    drafting = may_draft_report(user, engagement)
    context: dict[str, Any] = {
        "engagement": engagement,
        "report": found,
        "refused": refused,
        "drafting": drafting,
        "writes": user.holds(Action.REPORT_MAKE),
        "unused": usable_papers(user, engagement_id).count() if drafting else 0,
        "writing": forms.get("writing") or _writing_form(engagement, found),
        "stale": _is_stale(request, forms.get("writing"), found),
    }
    if found is not None:
        context |= {
            "composed": composed(found),
            "agreeing": may_agree_report(user, found, without_findings=True),
            "agree_form": forms.get("agreeing")
            or AgreeForm(
                initial={"version": found.version}, has_findings=_has_findings(engagement_id)
            ),
            "approving": may_approve_report(user, found),
            "returning": may_return_report(user, found),
            "return_form": forms.get("returning") or ReturnForm(),
            **_files(found),
        }
    failed = refused or any(form.errors for form in forms.values())
    return render(request, PAGE, context, status=422 if failed else 200)


def _has_findings(engagement_id: UUID) -> bool:
    return Finding.objects.filter(engagement=engagement_id).exists()


def _engagement(request: SignedInRequest, engagement_id: UUID) -> Engagement:
    engagements = Engagement.objects.visible_to(request.user).select_related(
        "unit", "team", "round__frame", "round__term", "report"
    )
    return get_object_or_404(engagements, pk=engagement_id)


def _visible(request: SignedInRequest, engagement_id: UUID) -> Report:
    reports = Report.objects.visible_to(request.user).select_related(
        "engagement__unit", "engagement__team", "engagement__round__term", "drafted_by"
    )
    return get_object_or_404(
        reports.select_related("agreed_by", "approved_by", "file", "list_file"),
        engagement=engagement_id,
    )


def _refuse_hidden(engagement: Engagement) -> None:
    """Answer as if the page were not there: a report that is there is hidden from this reader."""
    if getattr(engagement, "report", None) is not None:
        raise Http404


def _writing_form(engagement: Engagement, found: Report | None) -> ReportForm:
    if found is None:
        return ReportForm(initial={"version": 0} | prefilled_texts(engagement))
    values = {"version": found.version, "situation": found.situation, "opinions": found.opinions}
    return ReportForm(initial=values)


def _is_stale(request: SignedInRequest, form: ReportForm | None, found: Report | None) -> bool:
    """Say whether another wrote it meanwhile; the next saving is then over what is shown."""
    if form is None or found is None or form.cleaned_data.get("version") == found.version:
        return False
    newer = request.POST.copy()
    newer["version"] = str(found.version)
    form.data = newer
    return True


def _files(found: Report) -> dict[str, Any]:
    """Say whether the files of an approved report are made, and if not, whether they will be."""
    latest = Run.objects.filter(kind=RunKind.REPORT_MAKE, subject_id=found.pk).first()
    return {
        "files_missing": bool(may_make_files(found)),
        "run": latest,
        "run_ended": latest is not None and latest.finished_at is not None,
    }
