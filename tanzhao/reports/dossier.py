"""The figures of a unit's dossier, all derived from what the reader may see."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from tanzhao.access.models import User
from tanzhao.findings.models import Finding
from tanzhao.inspections.models import Engagement, Round
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import MarkedItem, figures, marked
from tanzhao.rectification.states import RUNNING
from tanzhao.units.models import Unit, Visit

OPEN_SHOWN = 20


@dataclass
class InRound:
    """What one round meant for a unit: the visit or engagement, and its findings by class."""

    number: int
    visit: Visit | None = None
    engagement: Engagement | None = None
    findings: int = 0
    open: int = 0
    overdue: int = 0


@dataclass
class Dossier:
    """Rounds, the latest first; findings by class, the most frequent first; what is open."""

    rounds: list[InRound]
    classes: list[tuple[str, int]]
    findings: int
    figures: dict[str, int]
    open: Sequence[MarkedItem]


def dossier_of(unit: Unit, reader: User, today: dt.date) -> Dossier:
    """Gather what `reader` may know of a unit's rounds, findings and open items."""
    findings = Finding.objects.visible_to(reader).filter(unit=unit).order_by()
    items = RectificationItem.objects.visible_to(reader).filter(unit=unit).order_by()
    classes = findings.values_list("category").annotate(n=Count("pk")).order_by("-n", "category")
    running = items.filter(state__in=RUNNING).select_related("finding")
    counts = figures(items, today)
    by_class = list(classes)
    return Dossier(
        rounds=_rounds(unit, reader, today),
        classes=by_class,
        findings=sum(n for _category, n in by_class),
        figures=counts,
        open=marked(running.order_by("due_date", "pk")[:OPEN_SHOWN], today),
    )


def _rounds(unit: Unit, reader: User, today: dt.date) -> list[InRound]:
    rounds: dict[int, InRound] = {}

    def of(number: int) -> InRound:
        return rounds.setdefault(number, InRound(number))

    for visit in unit.visits.all():
        of(visit.round_number).visit = visit
    engagements = Engagement.objects.visible_to(reader).filter(
        unit=unit, round__in=Round.objects.visible_to(reader)
    )
    for engagement in engagements.select_related("round__term", "team").order_by("pk"):
        of(engagement.round.number).engagement = engagement
    findings = Finding.objects.visible_to(reader).filter(unit=unit).order_by()
    for number, count in findings.values_list("round_number").annotate(n=Count("pk")):
        of(number).findings = count
    items = RectificationItem.objects.visible_to(reader).filter(unit=unit).order_by()
    running = Q(state__in=RUNNING)
    counted = items.values_list("round_number").annotate(
        open=Count("pk", filter=running),
        overdue=Count("pk", filter=running & Q(due_date__lt=today)),
    )
    for number, is_open, overdue in counted:
        found = of(number)
        found.open, found.overdue = is_open, overdue
    return sorted(rounds.values(), key=lambda one: -one.number)
