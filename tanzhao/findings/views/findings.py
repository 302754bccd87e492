"""One finding: shown, made from papers, changed."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.findings.actions import change_finding, make_finding
from tanzhao.findings.forms import FindingForm
from tanzhao.findings.models import Finding, Report
from tanzhao.findings.queries.codes import FrameChoice, frame_choices, suggested_codes
from tanzhao.findings.queries.papers import papers_behind, usable_papers, wording_from
from tanzhao.findings.rules import may_change, may_make
from tanzhao.inspections.models import Engagement, Round
from tanzhao.kernel.verdict import Refused
from tanzhao.papers.models import WorkingPaper
from tanzhao.taxonomy.models import Code

PAGE = "findings/finding.html"
WRITE = "findings/write.html"
PICK = "findings/pick.html"


@require_safe
@requires(Action.FINDING_SEE)
def finding(request: SignedInRequest, finding_id: UUID) -> HttpResponse:
    """Show one finding: its wording, codes, papers, facts and evidence."""
    found = _visible(request, finding_id)
    engagement = found.engagement
    rounds = Round.objects.visible_to(request.user)
    reports = Report.objects.visible_to(request.user)
    context = {
        "finding": found,
        "frames": _frames_of(found),
        "papers": papers_behind(request.user, found),
        "writes": request.user.holds(Action.FINDING_MAKE) and not found.imported,
        "changing": may_change(request.user, found),
        "round_is_open": engagement is not None and rounds.filter(pk=engagement.round_id).exists(),
        "report": engagement and reports.filter(engagement=engagement).first(),
    }
    return render(request, PAGE, context)


@require_http_methods(["GET", "POST"])
@requires(Action.FINDING_MAKE)
def make(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Choose checked papers, then write the finding, its texts filled in from them."""
    engagement = _engagement(request, engagement_id)
    usable = list(usable_papers(request.user, engagement_id))
    verdict = may_make(request.user, engagement)
    keys = (request.POST or request.GET).getlist("papers")
    chosen = [paper for paper in usable if str(paper.pk) in keys]
    context = {"engagement": engagement, "papers": usable, "verdict": verdict, "chosen": chosen}
    if request.method == "GET" and not (chosen and verdict):
        return render(request, PICK, context)

    choices = frame_choices(engagement.round.frame_id)
    if request.method == "GET":
        begun = wording_from(chosen) | {"token": uuid4(), "papers": keys}
        form = FindingForm(initial=begun, choices=choices, papers=usable)
    else:
        # Every paper on the unit: after a double click those of the first one are used already.
        papers = WorkingPaper.objects.visible_to(request.user).filter(engagement=engagement)
        form = FindingForm(request.POST, choices=choices, papers=papers)
        made = _made(request, form, engagement_id)
        if made is not None:
            return redirect("findings:finding", made.pk)
    context |= {"form": form, "code_fields": _code_fields(form)}
    return render(request, WRITE, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.FINDING_MAKE)
def change(request: SignedInRequest, finding_id: UUID) -> HttpResponse:
    """Change the wording and the codes of a finding; what another wrote meanwhile is shown."""
    found = _visible(request, finding_id)
    verdict = may_change(request.user, found)
    if found.engagement is None or not verdict:
        messages.error(request, verdict.reason)
        return redirect("findings:finding", finding_id)
    usable = list(usable_papers(request.user, found.engagement.pk))
    choices = frame_choices(found.engagement.round.frame_id)
    form = FindingForm(
        request.POST or None, initial=_stored(found, choices), choices=choices, papers=usable
    )
    if request.method == "POST" and _changed(request, form, finding_id):
        return redirect("findings:finding", finding_id)
    now = _visible(request, finding_id)
    stale = form.is_bound and str(form["version"].value()) != str(now.version)
    if stale:
        # The next saving is over what is shown beside the form, and over nothing else.
        newer = request.POST.copy()
        newer["version"] = str(now.version)
        form.data = newer
    context = {
        "engagement": found.engagement,
        "finding": now,
        "stored": now if stale else None,
        "form": form,
        "papers": usable,
        "chosen": papers_behind(request.user, found),
        "code_fields": _code_fields(form),
    }
    return render(request, WRITE, context, status=422 if form.errors else 200)


@require_safe
@requires(Action.FINDING_MAKE)
def codes(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Give the choice of sub-classes again, the other frames as the cross-walk suggests."""
    engagement = _engagement(request, engagement_id)
    choices = frame_choices(engagement.round.frame_id)
    asked = FindingForm(request.GET, choices=choices)
    main = asked.main_code()
    suggested = suggested_codes(main) if main else []
    values = {choice.field_name: str(main.pk) if main else "" for choice in choices[:1]}
    for choice in choices[1:]:
        fitting = [code for code in suggested if code.frame_id == choice.frame.pk]
        values[choice.field_name] = str(fitting[0].pk) if len(fitting) == 1 else ""
    form = FindingForm(initial=values, choices=choices)
    context = {"engagement": engagement, "code_fields": _code_fields(form)}
    return render(request, f"{WRITE}#codes-part", context)


def _made(request: SignedInRequest, form: FindingForm, engagement_id: UUID) -> Finding | None:
    """Make the finding that the form describes; None, and an error in the form, if refused."""
    if not form.is_valid():
        return None
    try:
        made = make_finding(
            engagement_id=engagement_id,
            paper_ids=form.cleaned_data["papers"],
            wording=form.wording(),
            finding_id=form.cleaned_data["token"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return None
    messages.success(request, _("The finding was made."))
    return made


def _changed(request: SignedInRequest, form: FindingForm, finding_id: UUID) -> bool:
    """Change the finding as the form says; False, and an error in the form, if refused."""
    if not form.is_valid():
        return False
    try:
        change_finding(
            finding_id=finding_id,
            version=form.cleaned_data["version"] or 0,
            wording=form.wording(),
            paper_ids=form.cleaned_data["papers"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return False
    messages.success(request, _("The finding was changed."))
    return True


def _visible(request: SignedInRequest, finding_id: UUID) -> Finding:
    findings = Finding.objects.visible_to(request.user).select_related(
        "unit", "made_by", "engagement__round__frame", "engagement__round__term"
    )
    return get_object_or_404(
        findings.select_related("engagement__team", "engagement__unit"), pk=finding_id
    )


def _engagement(request: SignedInRequest, engagement_id: UUID) -> Engagement:
    engagements = Engagement.objects.visible_to(request.user).select_related(
        "unit", "team", "round__frame", "round__term", "report"
    )
    return get_object_or_404(engagements, pk=engagement_id)


def _frames_of(found: Finding) -> list[dict[str, Any]]:
    """Give each frame the finding is sorted by, and for others what the cross-walk suggests."""
    carried = list(found.codes.select_related("frame", "parent").order_by("frame__name"))
    engagement = found.engagement
    if engagement is not None:
        carried.sort(key=lambda code: code.frame_id != engagement.round.frame_id)
    rows: list[dict[str, Any]] = [
        {"frame": code.frame, "code": code, "suggested": []} for code in carried
    ]
    known = {code.frame_id for code in carried}
    for code in suggested_codes(carried[0]) if carried else []:
        if code.frame_id not in known:
            known.add(code.frame_id)
            rows.append({"frame": code.frame, "code": None, "suggested": []})
        if rows[-1]["code"] is None and rows[-1]["frame"] == code.frame:
            rows[-1]["suggested"].append(code)
    return rows


def _stored(found: Finding, choices: list[FrameChoice]) -> dict[str, Any]:
    texts = ("title", "fact", "nature", "responsibility", "cause", "recommendation", "version")
    values = {name: getattr(found, name) for name in texts}
    names = {choice.frame.pk: choice.field_name for choice in choices}
    for code in found.codes.all():
        if code.frame_id in names:
            values[names[code.frame_id]] = str(code.pk)
    return values


def _code_fields(form: FindingForm) -> list[dict[str, Any]]:
    """Give the field of each frame, and beside it what the cross-walk suggests."""
    main = form.main_code()
    suggested: list[Code] = suggested_codes(main) if main else []
    return [
        {
            "field": form[choice.field_name],
            "main": choice is form.frames[0],
            "suggested": [code for code in suggested if code.frame_id == choice.frame.pk],
        }
        for choice in form.frames
    ]
