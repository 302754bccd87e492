"""The units of a plan: the list, one unit, and moving a visit to another round."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, IntegerField, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.views import made_response
from tanzhao.inspections.actions import (
    change_planned_unit,
    export_plan,
    note_visits_exported,
    pin_visit,
    unpin_visit,
)
from tanzhao.inspections.forms_plans import PinForm, PlannedUnitForm, VisitFilter, VisitForm
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit, TermPlan
from tanzhao.inspections.planning.choices import Choice, choices_of
from tanzhao.inspections.planning.judging import judged
from tanzhao.inspections.planning.moves import RoundMoves
from tanzhao.inspections.planning.pins import lost_pins
from tanzhao.inspections.planning.saying import kept, said
from tanzhao.inspections.planning.term_instance import Instance, instance_of
from tanzhao.inspections.queries.plan_moves import Answer, answers_about
from tanzhao.inspections.queries.plans import why_deferred
from tanzhao.inspections.rules import may_ask_what_moves, may_change_plan
from tanzhao.inspections.states import VisitKind
from tanzhao.inspections.views.plans_one import found_plan, plan_page
from tanzhao.inspections.views.plans_picture import is_late
from tanzhao.kernel.clock import today
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.kernel.verdict import Refused, Verdict

LIST, UNIT = "inspections/plan_units.html", "inspections/planned_unit.html"
NO_ROUND = 9999  # after every round, where the list is by round
ORDERS = {
    "": ("planned__unit__position", "planned__unit__name", "kind", "pk"),
    "round": ("place", "planned__unit__position", "planned__unit__name", "pk"),
    "weight": ("-planned__weight", "planned__unit__position", "planned__unit__name", "pk"),
}


@dataclass(frozen=True)
class Row:
    """A visit, whether it is late, and whether this reader may move it. `deferred`: why it belongs
    to the next term; empty if it does not."""

    visit: PlannedVisit
    late: bool
    moving: bool
    deferred: Sequence[str] = ()
    tried: Sequence["Tried"] = ()
    answer: Answer | None = None
    asking: Verdict | None = None

    @property
    def why(self) -> Sequence[str]:
        return self.deferred or said(self.visit.why)

    @property
    def lost_pins(self) -> Sequence[Mapping[str, Any]]:
        return lost_pins(self.visit.why)

    @property
    def ruled_out(self) -> int:
        return sum(bool(one.against) for one in self.tried if not one.choice.is_here)

    @property
    def is_asked_for(self) -> bool:
        """Whether others moving could open a round, and that is not known yet."""
        known = self.answer is not None and (self.answer.is_known or self.answer.is_open)
        return bool(self.asking) and bool(self.ruled_out) and not known

    @property
    def cheapest(self) -> int | None:
        """What the cheapest of the other rounds that are possible would cost more."""
        costs = [
            one.choice.cost
            for one in self.tried
            if not one.against and not one.choice.is_here and one.choice.cost is not None
        ]
        return min(costs, default=None)


@dataclass(frozen=True)
class Tried:
    """A round that the visit could be in, with what stands against it in words. `moves`: what
    would have to move for it, None if that was not asked or is not needed."""

    round: PlannedRound
    choice: Choice
    against: Sequence[str]
    moves: RoundMoves | None = None

    @property
    def cost(self) -> str:
        """What it costs if nothing stands against it, by itself or with others moving."""
        cost = self.choice.cost if self.moves is None else self.moves.cost
        if cost is None:
            return ""
        return f"{cost:+d}".replace("-", "−") if cost else "0"


@require_safe
@requires(Action.PLAN_SEE)
def units(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """List the visits of a plan."""
    plan = found_plan(request.user, plan_id)
    return _list(request, plan)


def _list(
    request: SignedInRequest, plan: TermPlan, *, status: int = 200, **more: object
) -> HttpResponse:
    rounds, instance = list(plan.rounds.all()), instance_of(plan, day=today())
    form, found, order = _filtered(request, plan, rounds, instance)
    page = page_of(found, order=order, after=request.GET.get("after", ""))
    moving, ahead = may_change_plan(request.user, plan), _still_open(plan, rounds)
    context = {
        "plan": plan,
        "form": form,
        "page": page,
        "rows": [_row(visit, instance, may_move=bool(moving)) for visit in page.rows],
        "total": found.count(),
        "moving": moving,
        "open_rounds": ahead,
        "taking_out": request.user.holds(Action.PLAN_MAKE),
        **more,
    }
    return render(request, LIST, context, status=status)


@require_safe
@requires(Action.PLAN_SEE)
def export(request: SignedInRequest, plan_id: UUID) -> FileResponse:
    """Give the visits that the list shows, as a workbook."""
    plan = found_plan(request.user, plan_id)
    instance = instance_of(plan, day=today())
    _form, found, order = _filtered(request, plan, list(plan.rounds.all()), instance)
    headings = [
        *(_("Unit"), _("Kind"), _("Priority"), _("Visit"), _("Person-days"), _("Round")),
        *(_("Month"), _("Team"), _("Pinned"), _("Done"), _("Late"), _("Before"), _("Reasons")),
    ]
    rows = [_cells(_row(visit, instance, may_move=False)) for visit in found.order_by(*order)]
    note_visits_exported(plan=plan, actor=request.user, at=timezone.now(), rows=len(rows))
    return workbook_response(f"{plan.term} {plan}.xlsx", headings, rows)


@require_safe
@requires(Action.PLAN_MAKE)
def file(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Give a plan as the two files that `tanzhao plan` reads on another machine."""
    plan = found_plan(request.user, plan_id)
    documents = export_plan(plan_id=plan_id, actor=request.user, at=timezone.now())
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, document in documents.items():
            package.writestr(f"{name}.json", json.dumps(document, ensure_ascii=False))
    return made_response(content.getvalue(), f"{plan.term} {plan}.zip", "application/zip")


def _cells(row: Row) -> list[object]:
    visit, planned = row.visit, row.visit.planned
    yes, nowhere = {True: "✓", False: ""}, _("next term") if row.deferred else _("no place")
    return [
        *(str(planned), planned.unit.category, planned.weight, visit.get_kind_display()),
        *(visit.effort, visit.round.number if visit.round else nowhere),
        *(visit.round.month if visit.round else None, visit.team, yes[visit.pinned]),
        *(yes[visit.done], yes[row.late], planned.before, " ".join(row.why)),
    ]


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_SEE)
def unit(request: SignedInRequest, plan_id: UUID, unit_id: UUID) -> HttpResponse:
    """Show where a unit goes and why; change what a draft asks of it."""
    plan = found_plan(request.user, plan_id)
    planned = planned_of(plan, unit_id)
    rounds = list(plan.rounds.all())
    form = PlannedUnitForm(request.POST or None, planned=planned, rounds=rounds)
    if request.method == "POST":
        if not form.is_valid():
            return unit_page(request, plan, planned, form=form, status=422)
        values = dict(form.cleaned_data)
        values["look_back"] = values.pop("look_back_effort")
        try:
            change_planned_unit(
                plan_id=plan_id, unit_id=unit_id, **values, actor=request.user, at=timezone.now()
            )
        except Refused as refusal:
            return unit_page(request, plan, planned, refusal=refusal.reason, status=422)
        return redirect("inspections:planned_unit", plan_id, unit_id)
    return unit_page(request, plan, planned, form=form)


@require_POST
@requires(Action.PLAN_MAKE)
def pin(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Put a visit into a round and hold it there."""
    form = PinForm(request.POST)
    return _move(request, plan_id, form, pins=True)


@require_POST
@requires(Action.PLAN_MAKE)
def unpin(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Let the planner move a visit again."""
    return _move(request, plan_id, VisitForm(request.POST), pins=False)


def _move(request: SignedInRequest, plan_id: UUID, form: VisitForm, *, pins: bool) -> HttpResponse:
    plan = found_plan(request.user, plan_id)
    if not form.is_valid():
        return plan_page(request, plan_id, status=422, refusal=_("Choose the visit once more."))
    values = form.cleaned_data
    which: dict[str, Any] = {
        "plan_id": plan_id,
        "unit_id": values["unit"],
        "kind": values["kind"],
        "actor": request.user,
        "at": timezone.now(),
    }
    back = values["next"]
    try:
        if pins:
            pin_visit(**which, round_number=values["round"])
        else:
            unpin_visit(**which)
    except (PlannedVisit.DoesNotExist, PlannedRound.DoesNotExist) as missing:
        raise Http404 from missing
    except Refused as refusal:
        more: dict[str, Any] = {"status": 422, "refusal": refusal.reason}
        if back == "unit":
            return unit_page(request, plan, planned_of(plan, values["unit"]), **more)
        return plan_page(request, plan_id, **more)
    if back == "unit":
        return redirect("inspections:planned_unit", plan_id, values["unit"])
    if back == "units":
        address = reverse("inspections:plan_units", args=[plan_id])
        return redirect(f"{address}?{values['query']}")
    return plan_page(request, plan_id) if request.htmx else redirect("inspections:plan", plan_id)


def planned_of(plan: TermPlan, unit_id: UUID) -> PlannedUnit:
    """Give what `plan` asks of a unit; else 404."""
    planned = get_object_or_404(plan.units.select_related("unit"), unit=unit_id)
    planned.plan = plan
    return planned


def unit_page(
    request: SignedInRequest,
    plan: TermPlan,
    planned: PlannedUnit,
    *,
    form: PlannedUnitForm | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    """Show one unit of a plan."""
    rounds = list(plan.rounds.all())
    moving, ahead = may_change_plan(request.user, plan), _still_open(plan, rounds)
    visits = planned.visits.select_related("round", "pinned_by").order_by("kind")
    instance = instance_of(plan, day=today())
    rows, answers = [], answers_about(visits, instance)
    complete = judged(instance).is_complete
    for visit in visits:
        visit.planned = planned
        row = _row(visit, instance, may_move=bool(moving))
        answer = answers.get(visit.pk)
        asking = may_ask_what_moves(request.user, plan, visit, is_complete=complete)
        tried = [] if visit.done else _tried(visit, instance, ahead, answer)
        rows.append(replace(row, tried=tried, answer=answer, asking=asking))
    if form is None and moving:
        form = PlannedUnitForm(planned=planned, rounds=rounds)
    context = {
        "plan": plan,
        "planned": planned,
        "visits": rows,
        "moving": moving,
        "open_rounds": ahead,
        "waiting": any(answer.is_open for answer in answers.values()),
        "form": form if moving else None,
        **more,
    }
    return render(request, UNIT, context, status=status)


def _tried(
    visit: PlannedVisit,
    instance: Instance,
    ahead: Sequence[PlannedRound],
    answer: Answer | None,
) -> list[Tried]:
    known = answer.rounds if answer else {}
    by_number = {one.number: one for one in ahead}
    key = (instance.ids[visit.planned_id], visit.kind)
    return [
        Tried(
            round=by_number[choice.round],
            choice=choice,
            against=said(kept(choice.against, instance.names)),
            moves=known.get(choice.round),
        )
        for choice in choices_of(instance, key, by_number)
    ]


def _row(visit: PlannedVisit, instance: Instance, *, may_move: bool) -> Row:
    late = is_late(visit, _this_month())
    return Row(visit, late, may_move and not visit.done, why_deferred(visit, instance))


def _this_month() -> dt.date:
    return today().replace(day=1)


def _still_open(plan: TermPlan, rounds: list[PlannedRound]) -> list[PlannedRound]:
    """The rounds that a visit can be moved into: still to come, and nothing took place in them."""
    begun = set(
        PlannedVisit.objects.filter(planned__plan=plan, done=True).values_list("round", flat=True)
    )
    return [one for one in rounds if one.pk not in begun and one.month >= _this_month()]


def _filtered(
    request: SignedInRequest, plan: TermPlan, rounds: list[PlannedRound], instance: Instance
) -> tuple[VisitFilter, QuerySet[PlannedVisit], tuple[str, ...]]:
    kinds = plan.units.order_by("unit__category").values_list("unit__category", flat=True)
    form = VisitFilter(request.GET, kinds=list(kinds.distinct()), rounds=rounds)
    form.is_valid()
    asked = form.cleaned_data
    found = PlannedVisit.objects.filter(planned__plan=plan).select_related("planned__unit", "round")
    found = found.annotate(
        place=Coalesce(F("round__number"), NO_ROUND, output_field=IntegerField())
    )
    if words := asked.get("q"):
        theme = Q(planned__theme__icontains=words)
        found = found.filter(Q(planned__unit__name__icontains=words) | theme)
    if category := asked.get("category"):
        found = found.filter(planned__unit__category=category)
    if number := asked.get("round"):
        found = found.filter(round__number=number)
    if show := asked.get("show"):
        found = found.filter(_shown(show, instance))
    return form, found, ORDERS[asked.get("sort", "")]


def _shown(show: str, instance: Instance) -> Q:
    month = _this_month()
    next_term = Q(kind=VisitKind.LOOK_BACK, planned__in=list(instance.deferred))
    passed = Q(round__month__lt=month)
    beyond = Q(kind=VisitKind.FIRST) & (
        Q(round__month__gte=F("planned__before")) | Q(round=None, planned__before__lte=month)
    )
    return {
        "unplaced": Q(round=None) & ~next_term,
        "next_term": next_term,
        "late": Q(done=False) & (passed | beyond),
        "pinned": Q(pinned=True),
        "done": Q(done=True),
        "look_back": Q(kind=VisitKind.LOOK_BACK),
    }[show]
