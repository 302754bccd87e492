"""Lists of likenesses: all that a reader may know of, and those of one round on demand."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.states import ENDED, RunState
from tanzhao.inspections.models import Round
from tanzhao.kernel.clock import today
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification import actions
from tanzhao.rectification.forms_likeness import LikenessFilters
from tanzhao.rectification.queries.common_passages import ORDER, common_of, shared
from tanzhao.rectification.queries.likeness import (
    Asked,
    figures_of,
    likeness_rows,
    matching,
    question_of,
)
from tanzhao.rectification.queries.scans import (
    figures_of_writings,
    latest_scan,
    rounds_to_scan,
    scan_facts,
)
from tanzhao.rectification.rules.likeness import may_scan, may_stop_scan
from tanzhao.rectification.views.tabs import tabs

PAGE = "rectification/likenesses.html"
ROUND_PAGE = "rectification/round_likeness.html"
COMMON_SHOWN = 20


@require_safe
@requires(Action.LIKENESS_SEE)
def likenesses(request: SignedInRequest) -> HttpResponse:
    """Show the likenesses the reader may know of, what they asked for, page by page."""
    context = _list(request) | {
        "tabs": tabs(request.user, "likenesses"),
        "rounds": rounds_to_scan(request.user),
    }
    return render(request, PAGE, context)


@require_safe
@requires(Action.LIKENESS_EXPORT)
def export(request: SignedInRequest) -> FileResponse:
    """Send the list as a workbook: the rows the page would show, all pages of it."""
    return _export(request, None, _("Alike"))


@require_safe
@requires(Action.LIKENESS_SEE)
def round_likeness(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Show what is alike in a round, its common passages, and how far a comparison is."""
    return _round_page(request, _round(request, round_id))


@require_safe
@requires(Action.LIKENESS_EXPORT)
def export_round(request: SignedInRequest, round_id: UUID) -> FileResponse:
    """Send the list of a round as a workbook."""
    round_ = _round(request, round_id)
    return _export(request, round_.pk, _("Alike, %(round)s") % {"round": round_})


@require_POST
@requires(Action.LIKENESS_SCAN)
def scan(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Have all texts of a round compared."""
    round_ = _round(request, round_id)
    try:
        actions.scan_round(round_id=round_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _round_page(request, round_, refusal.reason)
    return redirect("rectification:round_likeness", round_id)


@require_POST
@requires(Action.LIKENESS_SCAN)
def stop(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Stop the comparing; what was found so far stays."""
    round_ = _round(request, round_id)
    try:
        actions.stop_scan(round_id=round_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _round_page(request, round_, refusal.reason)
    return redirect("rectification:round_likeness", round_id)


def _round(request: SignedInRequest, round_id: UUID) -> Round:
    visible = Round.objects.visible_to(request.user).select_related("term")
    return get_object_or_404(visible, pk=round_id)


def _round_page(request: SignedInRequest, round_: Round, refusal: str = "") -> HttpResponse:
    run = latest_scan(round_)
    running = run is not None and RunState(run.state) not in ENDED
    if request.htmx and not running:
        return HttpResponseClientRefresh()
    context: dict[str, Any] = {
        "round": round_,
        "run": run,
        "running": running,
        "stopping": may_stop_scan(request.user, run),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    if request.htmx:
        return render(request, f"{ROUND_PAGE}#progress", context, status=status)
    commons = common_of(request.user, round_.pk).order_by(*ORDER)
    context |= _list(request, round_.pk) | {
        "scanning": may_scan(request.user, **scan_facts(round_)),
        "writings": figures_of_writings(round_),
        "may_scan": request.user.holds(Action.LIKENESS_SCAN),
        "commons": shared(list(commons[:COMMON_SHOWN]), request.user),
        "common_count": commons.count(),
    }
    return render(request, ROUND_PAGE, context, status=status)


def _list(request: SignedInRequest, round_id: UUID | None = None) -> dict[str, Any]:
    form = LikenessFilters(request.GET, reader=request.user, round_id=round_id)
    asked = form.asked()
    found = matching(request.user, asked)
    page = page_of(found, order=form.order(), after=request.GET.get("after", ""))
    everything = figures_of(matching(request.user, Asked(round=round_id)))
    return {
        "filter": form,
        "page": page,
        "total": found.count(),
        "lines": [question_of(one) for one in page.rows],
        "figures": everything,
        "may_export": request.user.holds(Action.LIKENESS_EXPORT),
    }


def _export(request: SignedInRequest, round_id: UUID | None, name: str) -> FileResponse:
    form = LikenessFilters(request.GET, reader=request.user, round_id=round_id)
    found = matching(request.user, form.asked()).order_by(*form.order())
    actions.note_likenesses_exported(
        actor=request.user, at=timezone.now(), rows=found.count(), filters=request.GET.urlencode()
    )
    headings = [
        _("Round"), _("Unit"), _("Finding"), _("Found in"), _("Handed in"), _("Other document"),
        _("What it is called"), _("Where it was handed in"), _("Passages"), _("Letters alike"),
        _("Share (%)"), _("Answer"), _("Answered by"), _("Answered at"), _("Found at"),
    ]  # fmt: skip
    rows = likeness_rows(found.iterator(chunk_size=500))
    return workbook_response(f"{name} {today().isoformat()}.xlsx", headings, rows)
