"""The list of rounds, and proposing one."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.actions import (
    change_round,
    note_rounds_exported,
    open_term,
    propose_round,
)
from tanzhao.inspections.forms import RoundFilter, RoundForm, TermForm
from tanzhao.inspections.models import Round, Term
from tanzhao.inspections.queries import imported_rounds, rounds_with_counts
from tanzhao.inspections.rules import may_change_round, may_propose_round
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.kernel.verdict import Refused, require

LATEST_FIRST = ("-term__number", "-number", "pk")
EARLIEST_FIRST = ("term__number", "number", "pk")


@require_safe
@requires(Action.ROUND_SEE)
def rounds(request: SignedInRequest) -> HttpResponse:
    """Show the rounds this person may know of."""
    form, found, order = _filtered(request)
    context = {
        "form": form,
        "page": page_of(found, order=order, after=request.GET.get("after", "")),
        "total": found.count(),
        "all": Round.objects.visible_to(request.user).count(),
        "proposing": may_propose_round(request.user),
        "imported": imported_rounds() if request.user.holds(Action.UNIT_SEE) else [],
    }
    return render(request, "inspections/rounds.html", context)


@require_safe
@requires(Action.ROUND_SEE)
def export_rounds(request: SignedInRequest) -> FileResponse:
    """Give the rounds that the list shows, as a workbook."""
    _form, found, order = _filtered(request)
    rows = list(found.order_by(*order))
    note_rounds_exported(actor=request.user, at=timezone.now(), rows=len(rows))
    headings = [
        *(_("Term"), _("Round"), _("Kind of round"), _("First day"), _("Last day")),
        *(_("State"), _("Teams"), _("Members"), _("Units"), _("Authorisation")),
    ]
    cells = (_cells(one) for one in rows)
    return workbook_response(_("Rounds") + ".xlsx", headings, cells)


def _cells(one: Round) -> list[object]:
    authorisation = getattr(one, "authorisation", None)
    counts = [getattr(one, name) for name in ("team_count", "member_count", "unit_count")]
    return [
        *(one.term.number, one.number, str(one.kind), one.starts, one.ends),
        *(one.get_state_display(), *counts, authorisation.number if authorisation else ""),
    ]


def _filtered(request: SignedInRequest) -> tuple[RoundFilter, QuerySet[Round], tuple[str, ...]]:
    form = RoundFilter(request.GET)
    form.is_valid()
    found = rounds_with_counts(request.user)
    if state := form.cleaned_data.get("state"):
        found = found.filter(state=state)
    first = form.cleaned_data.get("sort") == "first"
    return form, found, EARLIEST_FIRST if first else LATEST_FIRST


@require_http_methods(["GET", "POST"])
@requires(Action.ROUND_PLAN)
def new_term(request: SignedInRequest) -> HttpResponse:
    """Open a term."""
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            open_term(**form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("inspections:new_round")
    context = {"form": form, "heading": _("Open a term")}
    return _form_page(request, context, is_wrong=bool(form.errors))


@require_http_methods(["GET", "POST"])
@requires(Action.ROUND_PLAN)
def new_round(request: SignedInRequest) -> HttpResponse:
    """Propose a round; without a term there is none to propose it in."""
    if not Term.objects.exists():
        return redirect("inspections:new_term")
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_round(**form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("inspections:round", made.pk)
    context = {"form": form, "heading": _("Propose a round"), "can_open_term": True}
    return _form_page(request, context, is_wrong=bool(form.errors))


@require_http_methods(["GET", "POST"])
@requires(Action.ROUND_PLAN)
def change(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Change a proposed round."""
    found = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    form = RoundForm(request.POST or None, round_=found)
    try:
        require(may_change_round(request.user, found))
        if request.method == "POST" and form.is_valid():
            change_round(
                round_id=round_id, **form.cleaned_data, actor=request.user, at=timezone.now()
            )
            return redirect("inspections:round", round_id)
    except Refused as refusal:
        context = {"form": form, "heading": str(found), "round": found, "refusal": refusal.reason}
        return _form_page(request, context, is_wrong=True)
    context = {"form": form, "heading": str(found), "round": found}
    return _form_page(request, context, is_wrong=bool(form.errors))


def _form_page(
    request: SignedInRequest, context: dict[str, object], *, is_wrong: bool
) -> HttpResponse:
    page = "inspections/round_form.html"
    return render(request, page, context, status=422 if is_wrong else 200)
