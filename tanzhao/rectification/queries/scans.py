"""Reads around comparing the texts of a whole round."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.models import Run
from tanzhao.documents.states import ENDED, RunKind, RunState
from tanzhao.inspections.models import Round
from tanzhao.rectification.models import RectificationItem, Step, StepFile, Writing
from tanzhao.rectification.states import WRITTEN_IN, WritingState


def latest_scan(round_: Round) -> Run | None:
    """Give the run that compared, or compares, the texts of a round last."""
    runs = Run.objects.filter(kind=RunKind.LIKENESS_SCAN, subject_id=round_.pk)
    return runs.select_related("started_by").order_by("-started_at", "pk").first()


def scan_facts(round_: Round) -> dict[str, Any]:
    """Count what `rules.may_scan` asks about."""
    run = latest_scan(round_)
    return {
        "items": items_of_round(round_).count(),
        "is_running": run is not None and RunState(run.state) not in ENDED,
    }


def items_of_round(round_: Round) -> QuerySet[RectificationItem]:
    """Give the items that come from a round of ours."""
    return RectificationItem.objects.filter(finding__engagement__round=round_)


def steps_not_noted(round_: Round) -> list[Step]:
    """Give the steps of a round that have words or files which are no writings yet."""
    own = Writing.objects.filter(step=OuterRef("pk"), piece__isnull=True)
    unnoted = StepFile.objects.filter(step=OuterRef("pk"), writing__isnull=True)
    wordy = Q(kind__in=list(WRITTEN_IN)) & ~Q(text="") & ~Exists(own)
    steps = Step.objects.filter(item__in=items_of_round(round_).order_by())
    return list(steps.filter(wordy | Exists(unnoted)))


def writings_of_round(round_: Round) -> QuerySet[Writing]:
    """Give the writings of a round in the order in which they came."""
    writings = Writing.objects.filter(item__in=items_of_round(round_).order_by())
    return writings.select_related("step", "piece__file", "item")


def figures_of_writings(round_: Round) -> dict[str, int]:
    """Count the writings of a round: all of them, and by what came of them."""
    counted = {state.value: Count("pk", filter=Q(state=state)) for state in WritingState}
    found = writings_of_round(round_).order_by()
    return found.aggregate(total=Count("pk"), **counted)


def rounds_to_scan(user: User) -> list[Round]:
    """Give the rounds that have items, for whom may have their texts compared, the newest first."""
    if not user.holds(Action.LIKENESS_SCAN):
        return []
    with_items = RectificationItem.objects.filter(finding__engagement__round=OuterRef("pk"))
    rounds = Round.objects.visible_to(user).filter(Exists(with_items.order_by()))
    return list(rounds.select_related("term").order_by("-number")[:6])
