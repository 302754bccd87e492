"""Two plans of a term side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.models import TermPlan
from tanzhao.inspections.queries.plans import PlanSummary
from tanzhao.inspections.queries.plans_comparing import Move, compare_plans
from tanzhao.inspections.states import PlanState
from tanzhao.inspections.views.plans_one import found_plan
from tanzhao.kernel.clock import today

PAGE = "inspections/plan_compare.html"
SHOWN = 300


@require_safe
@requires(Action.PLAN_SEE)
def compare(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Show what a plan does differently from another one, as a rule the one in force."""
    plan = found_plan(request.user, plan_id)
    plans = TermPlan.objects.visible_to(request.user).filter(term=plan.term_id)
    others = list(plans.exclude(pk=plan.pk).exclude(state=PlanState.DISCARDED))
    other = _chosen(plan, others, request.GET.get("with", ""))
    context: dict[str, Any] = {"plan": plan, "others": others, "other": other}
    if other is not None:
        other = found_plan(request.user, other.pk)
        found = compare_plans(other, plan, today=today())
        moved = [_line(move) for move in found.moves]
        context |= {
            "totals": _totals(found.before, found.after),
            "rounds": _rounds(found.before, found.after),
            "counted": _counted(moved),
            "moved": moved[:SHOWN],
            "moved_count": len(found.moves),
            "visits": found.same + len(found.moves),
        }
    return render(request, PAGE, context)


def _chosen(plan: TermPlan, others: Sequence[TermPlan], asked: str) -> TermPlan | None:
    """The one that was asked for; else the one in force, the one this was made from, or the
    latest."""
    by_key = {str(one.pk): one for one in others}
    if asked in by_key:
        return by_key[asked]
    in_force = next((one for one in others if one.state == PlanState.IN_FORCE), None)
    basis = next((one for one in others if one.pk == plan.based_on_id), None)
    return in_force or basis or next(iter(others), None)


def _totals(before: PlanSummary, after: PlanSummary) -> list[dict[str, Any]]:
    """Numbers of both plans; more is better, worse, or neither."""
    rows = [
        (_("Units"), before.units, after.units, 0),
        (_("Visits with a place"), before.placed, after.placed, 1),
        (_("Visits without a place"), len(before.unplaced), len(after.unplaced), -1),
        (_("Look-backs of the next term"), len(before.deferred), len(after.deferred), -1),
        (_("Pinned by people"), before.pinned, after.pinned, 0),
        (_("Rounds"), len(before.rounds), len(after.rounds), 0),
        (_("Person-days of the rounds to come"), before.capacity, after.capacity, 0),
        (_("Load of the rounds to come, %"), before.percent, after.percent, 0),
        *_coverage(before, after),
    ]
    was, is_now = _cost(before), _cost(after)
    if was is not None and is_now is not None:
        rows.append((_("Cost: waiting, travel, uneven load"), was, is_now, -1))
    return [_total(label, was, is_now, better) for label, was, is_now, better in rows]


def _cost(summary: PlanSummary) -> int | None:
    """What a plan costs; unknown if it was changed after it was computed."""
    return None if summary.plan.changed_since else summary.cost


def _coverage(before: PlanSummary, after: PlanSummary) -> list[tuple[str, int, int, int]]:
    return [
        (_("Covered by the end of year %(year)s") % {"year": was.year + 1}, was.expected,
         is_now.expected, 1)
        for was, is_now in zip(before.years, after.years, strict=False)
    ]  # fmt: skip


def _total(label: str, before: int, after: int, better: int) -> dict[str, Any]:
    difference = after - before
    tone = "" if not difference * better else "good" if difference * better > 0 else "bad"
    shown = f"{difference:+d}".replace("-", "−") if difference else "="
    return {
        "label": label,
        "before": before,
        "after": after,
        "difference": shown,
        "differs": bool(difference),
        "tone": tone,
    }


def _counted(moved: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many visits change in each way."""
    counts = Counter((line["words"], line["tone"]) for line in moved)
    return [{"words": words, "tone": tone, "n": n} for (words, tone), n in counts.most_common()]


def _rounds(before: PlanSummary, after: PlanSummary) -> list[dict[str, Any]]:
    """The rounds to come of both plans, by their number."""
    was = {one.number: one for one in before.rounds if not one.is_settled}
    is_now = {one.number: one for one in after.rounds if not one.is_settled}
    pairs = []
    for number in sorted(was.keys() | is_now.keys()):
        known = is_now.get(number) or was[number]
        pairs.append(
            {
                "label": str(known.planned),
                "month": known.month,
                "before": was.get(number),
                "after": is_now.get(number),
            }
        )
    return pairs


def _line(move: Move) -> dict[str, Any]:
    """Say of one visit what changes: round from, round to, sooner or later."""
    before, after = move.before, move.after
    words, tone = _("moves"), ""
    if before is None and after is not None:
        words, tone = _("gets a place"), "good"
    elif before is not None and after is None:
        words, tone = _("loses its place"), "bad"
    elif before is not None and after is not None:
        words = _("earlier") if after < before else _("later")
    return {
        "unit": move.unit,
        "kind": move.kind.label,
        "before": _named(before),
        "after": _named(after),
        "words": words,
        "tone": tone,
    }


def _named(number: int | None) -> str:
    return "—" if number is None else _("Round %(number)s") % {"number": number}
