"""Comparisons: asked for by one person, decided by another, and what the rules gave."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.models import Round
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.actions.comparisons import (
    approve_comparison,
    compare_again,
    refuse_comparison,
    request_comparison,
)
from tanzhao.screening.actions.stopping import stop_comparing
from tanzhao.screening.forms import ComparisonForm, ReasonForm
from tanzhao.screening.models import Comparison
from tanzhao.screening.queries.comparisons import ORDER, comparisons_of, rule_lines
from tanzhao.screening.queries.datasets import loaded_data_sets
from tanzhao.screening.queries.hits import figures_by_rule
from tanzhao.screening.rulebook import rulebook, table_label
from tanzhao.screening.rules.comparisons import may_decide, may_run_again, may_stop_comparing
from tanzhao.screening.states import ComparisonState
from tanzhao.screening.views.tabs import tabs
from tanzhao.screening.views.working import page_of_work, step_taken

PAGE = "screening/comparison.html"


@require_safe
@requires(Action.COMPARISON_SEE)
def comparisons(request: SignedInRequest) -> HttpResponse:
    """Show the comparisons that were asked for, the latest first."""
    found = comparisons_of(request.user)
    page = page_of(found, order=ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "total": Comparison.objects.visible_to(request.user).count(),
        "tabs": tabs(request.user, "comparisons"),
        "may_request": request.user.holds(Action.COMPARISON_REQUEST),
        "has_data": loaded_data_sets(request.user).exists(),
    }
    return render(request, "screening/comparisons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.COMPARISON_REQUEST)
def request_(request: SignedInRequest) -> HttpResponse:
    """Ask for a comparison."""
    data_sets = loaded_data_sets(request.user)
    form = ComparisonForm(
        request.POST if request.method == "POST" else None,
        data_sets=data_sets,
        rounds=Round.objects.visible_to(request.user).select_related("term"),
        rules=rulebook().values(),
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = request_comparison(
                purpose=values["purpose"],
                legal_basis=values["legal_basis"],
                data_set_ids=[one.pk for one in values["data_sets"]],
                rules=form.chosen(),
                expires=values["expires"],
                round_=values["round"],
                takes_links=values["takes_links"],
                key=values["key"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("screening:comparison", made.pk)
    asked = request.POST if request.method == "POST" else request.GET
    ticked = set(asked.getlist("data_sets"))
    offered = _rules_offered(request, form)
    context = {
        "form": form,
        "data_sets": [
            (one, [table_label(name) for name in one.tables], str(one.pk) in ticked)
            for one in data_sets
        ],
        "offers": [
            (_("Rules whose tables are there"), [one for one in offered if one["is_whole"]], True),
            (_("Rules that lack a table"), [one for one in offered if not one["is_whole"]], False),
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "screening/comparison_request.html", context, status=status)


def _rules_offered(request: SignedInRequest, form: ComparisonForm) -> list[dict[str, Any]]:
    figures = figures_by_rule(request.user)
    there = {name for one in loaded_data_sets(request.user) for name in one.tables}
    return [
        asked
        | {
            "figures": figures.get(asked["rule"].name),
            "tables": [(table_label(name), name in there) for name in asked["rule"].tables],
            "is_whole": set(asked["rule"].tables) <= there,
        }
        for asked in form.asked_rules()
    ]


@require_safe
@requires(Action.COMPARISON_SEE)
def comparison(request: SignedInRequest, comparison_id: UUID) -> HttpResponse:
    """Show a comparison: the request, how far it is, what its rules gave."""
    return _page(request, comparison_id)


@require_POST
@requires(Action.COMPARISON_APPROVE)
def approve(request: SignedInRequest, comparison_id: UUID) -> HttpResponse:
    """Approve a comparison, which begins."""
    return _step(request, comparison_id, partial(approve_comparison, comparison_id=comparison_id))


@require_POST
@requires(Action.COMPARISON_APPROVE)
def refuse(request: SignedInRequest, comparison_id: UUID) -> HttpResponse:
    """Refuse a comparison, with the reason."""
    _found(request, comparison_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, comparison_id, _("Say why it is refused."))
    step = partial(
        refuse_comparison, comparison_id=comparison_id, reason=form.cleaned_data["reason"]
    )
    return _step(request, comparison_id, step)


@require_POST
@requires(Action.COMPARISON_REQUEST)
def again(request: SignedInRequest, comparison_id: UUID) -> HttpResponse:
    """Try a comparison once more that was stopped or failed."""
    return _step(request, comparison_id, partial(compare_again, comparison_id=comparison_id))


@require_POST
@requires(Action.COMPARISON_REQUEST)
def stop(request: SignedInRequest, comparison_id: UUID) -> HttpResponse:
    """Stop the comparing."""
    return _step(request, comparison_id, partial(stop_comparing, comparison_id=comparison_id))


def _step(
    request: SignedInRequest, comparison_id: UUID, step: Callable[..., object]
) -> HttpResponse:
    found = _found(request, comparison_id)
    address = reverse("screening:comparison", args=[found.pk])
    return step_taken(request, step, address=address, refused=partial(_page, request, found.pk))


def _page(request: SignedInRequest, comparison_id: UUID, refusal: str = "") -> HttpResponse:
    found = _found(request, comparison_id)
    return page_of_work(
        request,
        PAGE,
        {"comparison": found},
        run=found.run,
        stopping=may_stop_comparing(request.user, found),
        refusal=refusal,
        rest=partial(_rest, request, found),
    )


def _rest(request: SignedInRequest, found: Comparison) -> dict[str, Any]:
    lines = rule_lines(request.user, found)
    return {
        "lines": lines,
        "is_made": found.state in {ComparisonState.DONE, ComparisonState.EXPIRED},
        "verified": sum(line.figures.verified for line in lines),
        "true": sum(line.figures.true for line in lines),
        "data_sets": found.data_sets.all(),
        "deciding": may_decide(request.user, found),
        "running_again": may_run_again(request.user, found),
        "may_decide_at_all": request.user.holds(Action.COMPARISON_APPROVE),
    }


def _found(request: SignedInRequest, comparison_id: UUID) -> Comparison:
    visible = Comparison.objects.visible_to(request.user)
    rows = visible.select_related("run__started_by", "requested_by", "decided_by", "round__term")
    return get_object_or_404(rows, pk=comparison_id)
