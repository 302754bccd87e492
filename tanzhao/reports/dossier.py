"""The figures of a unit's dossier, all derived from what the reader may see."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from tanzhao.access.models import User
from tanzhao.findings.models import Finding
from tanzhao.inspections.models import Engagement, Round
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import MarkedItem, figures, marked
from tanzhao.rectification.states import RUNNING
from tanzhao.units.models import Unit, Visit
from tanzhao.units.queries import TermDays

OPEN_SHOWN = 20


@dataclass
class InRound:
    """What one round meant for a unit: the visit or engagement, and its findings by class.

    `term` is None as long as no term has been opened, or for what is older than the first.
    """

    term: int | None
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
    is_inspected: bool


def dossier_of(unit: Unit, reader: User, today: dt.date) -> Dossier:
    """Gather what `reader` may know of a unit's rounds, findings and open items."""
    findings = Finding.objects.visible_to(reader).filter(unit=unit).order_by()
    items = RectificationItem.objects.visible_to(reader).filter(unit=unit).order_by()
    classes = findings.values_list("category").annotate(n=Count("pk")).order_by("-n", "category")
    running = items.filter(state__in=RUNNING).select_related("finding")
    counts = figures(items, today)
    by_class = list(classes)
    terms = TermDays.known(today)
    rounds = _rounds(unit, reader, today, terms)
    return Dossier(
        rounds=rounds,
        classes=by_class,
        findings=sum(n for _category, n in by_class),
        figures=counts,
        open=marked(running.order_by("due_date", "pk")[:OPEN_SHOWN], today),
        is_inspected=any(one.term == (terms.now and terms.now.number) for one in rounds),
    )


def _rounds(unit: Unit, reader: User, today: dt.date, terms: TermDays) -> list[InRound]:
    rounds: dict[tuple[int | None, int], InRound] = {}

    def of(term: int | None, number: int) -> InRound:
        return rounds.setdefault((term, number), InRound(term, number))

    imported: dict[int, int | None] = {}
    for visit in unit.visits.all():
        term = terms.of(visit)
        of(term, visit.round_number).visit = visit
        if visit.imported:
            imported[visit.round_number] = term
    engagements = Engagement.objects.visible_to(reader).filter(
        unit=unit, round__in=Round.objects.visible_to(reader)
    )
    for engagement in engagements.select_related("round__term", "team").order_by("pk"):
        of(engagement.round.term.number, engagement.round.number).engagement = engagement
    first = terms.terms[0].number if terms.terms else None

    def of_paper(term: int | None, number: int) -> InRound:
        """A ledger that names a round and no term: that of the visit it goes with, else the
        first."""
        return of(term if term is not None else imported.get(number, first), number)

    findings = Finding.objects.visible_to(reader).filter(unit=unit).order_by()
    own = "engagement__round__term__number"
    told = Coalesce(own, "term_number")
    for term, number, count in findings.values_list(told, "round_number").annotate(n=Count("pk")):
        of_paper(term, number).findings += count
    items = RectificationItem.objects.visible_to(reader).filter(unit=unit).order_by()
    running = Q(state__in=RUNNING)
    told = Coalesce(f"finding__{own}", "finding__term_number")
    counted = items.values_list(told, "round_number").annotate(
        open=Count("pk", filter=running),
        overdue=Count("pk", filter=running & Q(due_date__lt=today)),
    )
    for term, number, is_open, overdue in counted:
        found = of_paper(term, number)
        found.open += is_open
        found.overdue += overdue
    return sorted(rounds.values(), key=lambda one: (-(one.term or 0), -one.number))
