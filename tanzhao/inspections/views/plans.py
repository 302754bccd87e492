"""The page of a term: what is covered, what the present pace comes to, and its plans."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.actions import begin_plan
from tanzhao.inspections.forms_plans import BeginPlanForm
from tanzhao.inspections.models import Term, TermPlan
from tanzhao.inspections.queries.plans import left_to
from tanzhao.inspections.queries.terms import (
    Forecast,
    TermCoverage,
    coverage_of_term,
    current_term,
    forecast,
)
from tanzhao.inspections.rules import may_begin_plan, may_open_term
from tanzhao.inspections.states import PlanState
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused

PAGE = "inspections/term.html"


@require_safe
@requires(Action.PLAN_SEE)
def terms(request: SignedInRequest) -> HttpResponse:
    """Lead to the present term, or the latest; without one, say how to open it."""
    term = current_term(today()) or Term.objects.first()
    if term is not None:
        return redirect("inspections:term", term.pk)
    return render(request, "inspections/terms.html", {"opening": may_open_term(request.user)})


@require_safe
@requires(Action.PLAN_SEE)
def term(request: SignedInRequest, term_id: UUID) -> HttpResponse:
    """Show what is covered in a term, and its plans."""
    return _page(request, get_object_or_404(Term, pk=term_id))


@require_POST
@requires(Action.PLAN_MAKE)
def begin(request: SignedInRequest, term_id: UUID) -> HttpResponse:
    """Begin a plan, of the register or of another plan."""
    found = get_object_or_404(Term, pk=term_id)
    form = BeginPlanForm(request.POST, plans=_plans(request.user, found))
    if not form.is_valid():
        return _page(request, found, begin_form=form, status=422)
    try:
        plan = begin_plan(
            term_id=term_id, **form.cleaned_data, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, found, begin_form=form, refusal=refusal.reason, status=422)
    return redirect("inspections:plan", plan.pk)


def _plans(user: User, term: Term) -> Any:
    return TermPlan.objects.visible_to(user).filter(term=term).select_related("made_by")


def _elsewhere(user: User, term: Term) -> Any:
    """Plans of other terms that count: the next term is planned while this one still runs."""
    plans = TermPlan.objects.visible_to(user).exclude(term=term).select_related("term")
    return plans.filter(state__in=[PlanState.IN_FORCE, PlanState.PROPOSED])


def _page(
    request: SignedInRequest, term: Term, *, status: int = 200, **more: object
) -> HttpResponse:
    coverage, on_day = coverage_of_term(term), today()
    plans = list(_plans(request.user, term))
    shown = [plan for plan in plans if plan.state != PlanState.DISCARDED]
    context = {
        "term": term,
        "others": list(Term.objects.exclude(pk=term.pk)),
        "elsewhere": list(_elsewhere(request.user, term)),
        "coverage": coverage,
        "reached": coverage.done + coverage.under_way,
        "years": _years(coverage, on_day),
        "forecast": pace_in_words(term, forecast(term, on_day)),
        "left_to_it": left_to(term, today=on_day),
        "plans": plans,
        "in_force": _first(shown, PlanState.IN_FORCE),
        "waiting": _first(shown, PlanState.PROPOSED),
        "draft": _first(shown, PlanState.DRAFT),
        "approving": request.user.holds(Action.PLAN_APPROVE),
        "beginning": may_begin_plan(request.user),
        "opening": may_open_term(request.user),
        "begin_form": BeginPlanForm(plans=_plans(request.user, term)),
        "today": on_day,
        **more,
    }
    return render(request, PAGE, context, status=status)


def _first(plans: list[TermPlan], state: PlanState) -> TermPlan | None:
    return next((plan for plan in plans if plan.state == state), None)


def _years(coverage: TermCoverage, on_day: dt.date) -> list[dict[str, Any]]:
    """Say of each year what it comes to; of one that is not over, nothing is short yet."""
    this_month = on_day.replace(day=1)
    return [
        {
            "of": year,
            "number": year.year + 1,
            "is_over": year.last < this_month,
            "is_now": year.first <= this_month <= year.last,
            "is_ahead": year.first > this_month,
            "is_short": year.last < this_month and year.is_short,
        }
        for year in coverage.years
    ]


def pace_in_words(term: Term, found: Forecast) -> str:
    """Say where the present pace leads, with the numbers it is made of."""
    if found.done >= found.total:
        return _("Every unit has been inspected in this term.") if found.total else ""
    if found.needed is None:
        return _("The term ends this month, and %(left)s units have not been inspected.") % {
            "left": found.total - found.done
        }
    wanted = _("To inspect all by then, %(needed)s units a month are needed.") % {
        "needed": f"{found.needed:.1f}"
    }
    if found.pace is None or found.by_end is None:
        return _("Nothing has been inspected yet, so there is no pace to go by.") + " " + wanted
    parts = {
        "rounds": "、".join(map(str, sorted(found.rounds))),
        "units": found.units,
        "months": found.months,
        "pace": f"{found.pace:.1f}",
        "end": date_format(term.ends, "YEAR_MONTH_FORMAT"),
        "by_end": found.by_end,
        "total": found.total,
        "percent": round(100 * found.by_end / found.total),
    }
    basis = ngettext(
        "In the last round (%(rounds)s) and since, %(units)s units were inspected in %(months)s"
        " months: %(pace)s a month.",
        "In the last rounds (%(rounds)s) and since, %(units)s units were inspected in %(months)s"
        " months: %(pace)s a month.",
        len(found.rounds),
    )
    leads = _("At this pace %(by_end)s of %(total)s (%(percent)s%%) are inspected by %(end)s.")
    if found.by_end >= found.total:
        return f"{basis % parts} {leads % parts}"
    return f"{basis % parts} {leads % parts} {wanted}"
