"""The list of hits, its export, and giving hits to teams."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.actions.hits import assign_hits
from tanzhao.screening.actions.looking import note_hits_exported
from tanzhao.screening.forms import AssignForm, HitFilter
from tanzhao.screening.queries.hits import (
    Asked,
    asked_hits,
    comparisons_seen,
    engagements_to_assign,
    figures,
    figures_by_rule,
    hit_rows,
    order_of,
    rules_seen,
)
from tanzhao.screening.queries.secrets import why_of
from tanzhao.screening.rulebook import title_of
from tanzhao.screening.states import HitState, Outcome, Risk
from tanzhao.screening.views.tabs import tabs

PAGE = "screening/hits.html"
COLUMNS = (
    (gettext_lazy("Rule"), "rule"),
    (gettext_lazy("Why it is asked"), ""),
    (gettext_lazy("Village or unit"), "place"),
    (gettext_lazy("Amount (yuan)"), "amount"),
    (gettext_lazy("Risk"), "risk"),
    (gettext_lazy("State"), "state"),
)
EXPORTED = (
    gettext_lazy("Rule"),
    gettext_lazy("Risk"),
    gettext_lazy("Why it is asked"),
    gettext_lazy("Village or unit"),
    gettext_lazy("Amount (yuan)"),
    gettext_lazy("From"),
    gettext_lazy("To"),
    gettext_lazy("Brought together"),
    gettext_lazy("State"),
    gettext_lazy("Outcome of the verification"),
    gettext_lazy("Verified by the team at"),
    gettext_lazy("Number of the hit"),
)


@require_safe
@requires(Action.HIT_SEE)
def hits(request: SignedInRequest) -> HttpResponse:
    """Show the hits that were asked for."""
    return _page(request)


@require_POST
@requires(Action.HIT_ASSIGN)
def assign(request: SignedInRequest) -> HttpResponse:
    """Give the hits that were ticked to the team that inspects a unit."""
    form = AssignForm(request.POST, engagements=engagements_to_assign(request.user))
    form.is_valid()
    chosen, engagement = form.chosen(), form.cleaned_data.get("engagement")
    if not chosen or engagement is None:
        return _page(request, refusal=_("Tick hits, and choose a unit whose team verifies them."))
    try:
        count = assign_hits(
            hit_ids=chosen, engagement_id=engagement.pk, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, refusal=refusal.reason)
    said = ngettext(
        "%(count)s hit was given to the team at %(unit)s.",
        "%(count)s hits were given to the team at %(unit)s.",
        count,
    )
    messages.success(request, said % {"count": count, "unit": engagement.unit})
    return redirect("screening:hits")


@require_safe
@requires(Action.HIT_EXPORT)
def export(request: SignedInRequest) -> FileResponse:
    """Give the hits that were asked for, all pages of them, as a workbook; numbers masked."""
    form = HitFilter(request.GET)
    asked, order = form.asked(), form.order_name()
    rows = list(hit_rows(asked_hits(request.user, asked).order_by(*order_of(order))))
    note_hits_exported(
        actor=request.user,
        at=timezone.now(),
        rows=len(rows),
        asked=asked.as_details(),
        order=order,
    )
    return workbook_response(_("Hits to verify") + ".xlsx", EXPORTED, rows)


def _page(request: SignedInRequest, refusal: str = "") -> HttpResponse:
    form = HitFilter(request.GET)
    asked, order = form.asked(), form.order_name()
    found = asked_hits(request.user, asked)
    page = page_of(found, order=order_of(order), after=request.GET.get("after", ""))
    counts, by_rule = figures(request.user, asked), figures_by_rule(request.user)
    may_assign = request.user.holds(Action.HIT_ASSIGN)
    context = {
        "tabs": tabs(request.user, "hits"),
        "page": page,
        "total": counts.found,
        "figures": counts,
        "asked": asked,
        "is_filtered": asked != Asked(),
        "lines": [
            (hit, title_of(hit.rule), why_of(hit), by_rule.get(hit.rule)) for hit in page.rows
        ],
        "by_rule": sorted(
            ((name, title_of(name), figure) for name, figure in by_rule.items()),
            key=lambda row: (-row[2].amount_cents, row[0]),
        ),
        "rules": rules_seen(request.user),
        "states": HitState.choices,
        "outcomes": Outcome.choices,
        "risks": Risk.choices,
        "comparisons": comparisons_seen(request.user),
        "columns": _columns(order),
        "engagements": engagements_to_assign(request.user) if may_assign else (),
        "may_export": request.user.holds(Action.HIT_EXPORT),
        "refusal": refusal,
    }
    return render(request, PAGE, context, status=422 if refusal else 200)


def _columns(order: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "is_number": name == "amount",
            "sort": name and (f"-{name}" if order == name else name),
            "direction": _direction(order, name),
        }
        for label, name in COLUMNS
    ]


def _direction(order: str, name: str) -> str:
    if not name or order.removeprefix("-") != name:
        return ""
    falls = order_of(order)[0].startswith("-")
    return "descending" if falls else "ascending"
