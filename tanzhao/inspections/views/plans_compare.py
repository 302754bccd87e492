"""Two plans of a term side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.forms_plans import CompareForm
from tanzhao.inspections.models import TermPlan
from tanzhao.inspections.queries.plans import PlanSummary
from tanzhao.inspections.queries.plans_comparing import Move, compare_plans
from tanzhao.inspections.states import PlanState
from tanzhao.inspections.views.plans_one import found_plan
from tanzhao.kernel.clock import today

PAGE = "inspections/plan_compare.html"
SHOWN = 50
MOST_MONTHS = 10_000  # more than any term has


@dataclass(frozen=True)
class Line:
    """A visit that stands elsewhere, in words. `change` is one of those of CompareForm."""

    move: Move
    change: str
    words: str
    tone: str

    @property
    def before(self) -> str:
        return _named(self.move.before)

    @property
    def after(self) -> str:
        return _named(self.move.after)

    @property
    def how_far(self) -> str:
        """By how many months it is earlier or later."""
        months = abs(self.move.months or 0)
        if not months:
            return ""
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


@dataclass(frozen=True)
class Lines:
    """One page of lines. `after`: how many come before the next page; empty on the last one."""

    rows: Sequence[Line]
    after: str


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
        kinds = sorted({move.unit.category for move in found.moves} - {""})
        form = CompareForm(
            {**request.GET.dict(), "with": str(other.pk)}, others=others, kinds=kinds
        )
        listed = _listed(moved, form)
        context |= {
            "form": form,
            "totals": _totals(found.before, found.after),
            "rounds": _rounds(found.before, found.after),
            "counted": _counted(moved),
            "page": _page(listed, request.GET.get("after", "")),
            "total": len(listed),
            "moved_count": len(moved),
            "visits": found.same + len(moved),
        }
    return render(request, PAGE, context)


def _listed(moved: Sequence[Line], form: CompareForm) -> list[Line]:
    """Those that the reader asked for, in the order asked for."""
    form.is_valid()
    asked = form.cleaned_data
    lines = [
        line
        for line in moved
        if asked.get("category", "") in {"", line.move.unit.category}
        and asked.get("change", "") in {"", line.change}
    ]
    if asked.get("sort") == "far":
        lines.sort(key=lambda line: -_distance(line.move))
    return lines


def _distance(move: Move) -> int:
    # What has no month on one side gets or loses its place, which matters most.
    return MOST_MONTHS if move.months is None else abs(move.months)


def _page(lines: Sequence[Line], after: str) -> Lines:
    # A made-up number gives the first page, and so does one beyond the last.
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    start = start if start < len(lines) else 0
    end = start + SHOWN
    return Lines(lines[start:end], str(end) if end < len(lines) else "")


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
    rows: list[tuple[str, int, int, int] | tuple[str, int, int, int, int, int]] = [
        (_("Units"), before.units, after.units, 0),
        (_("Visits with a place"), before.placed, after.placed, 1, before.visits, after.visits),
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
    return [_total(*row) for row in rows]


def _cost(summary: PlanSummary) -> int | None:
    """What a plan costs; unknown if it was changed after it was computed."""
    return None if summary.plan.changed_since else summary.cost


def _coverage(before: PlanSummary, after: PlanSummary) -> list[tuple[str, int, int, int, int, int]]:
    return [
        (_("Covered by the end of year %(year)s") % {"year": was.year + 1}, was.expected,
         is_now.expected, 1, before.units, after.units)
        for was, is_now in zip(before.years, after.years, strict=False)
    ]  # fmt: skip


def _total(
    label: str,
    before: int,
    after: int,
    better: int,
    before_of: int | None = None,
    after_of: int | None = None,
) -> dict[str, Any]:
    """One line of numbers; `before_of` and `after_of` are what they are counted of, if anything."""
    difference = after - before
    tone = "" if not difference * better else "good" if difference * better > 0 else "bad"
    shown = f"{difference:+d}".replace("-", "−") if difference else "="
    return {
        "label": label,
        "before": before,
        "after": after,
        "before_of": before_of,
        "after_of": after_of,
        "difference": shown,
        "differs": bool(difference),
        "tone": tone,
    }


def _counted(moved: Sequence[Line]) -> list[dict[str, Any]]:
    """How many visits change in each way."""
    counts = Counter((line.change, line.words, line.tone) for line in moved)
    return [
        {"change": change, "words": words, "tone": tone, "n": n}
        for (change, words, tone), n in counts.most_common()
    ]


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


def _line(move: Move) -> Line:
    """Say of one visit what changes: sooner or later, or whether it has a place at all."""
    before, after = move.before, move.after
    if before is None:
        if move.is_new:
            return Line(move, "new", _("new in the plan"), "good")
        return Line(move, "gets", _("gets a place"), "good")
    if after is None:
        if move.is_gone:
            return Line(move, "gone", _("not in the plan any more"), "")
        return Line(move, "loses", _("loses its place"), "bad")
    # By the months: the number of a round that was added says nothing about when it is.
    months = move.months or 0
    if not months:
        return Line(move, "same", _("another round in the same month"), "")
    return Line(move, *(("earlier", _("earlier")) if months < 0 else ("later", _("later"))), "")


def _named(number: int | None) -> str:
    return "—" if number is None else _("Round %(number)s") % {"number": number}
