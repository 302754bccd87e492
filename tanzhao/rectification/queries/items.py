"""Reads of rectification items that more than one caller needs, or that take thought."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.findings.models import Feedback
from tanzhao.findings.queries.deadlines import rectification_clock
from tanzhao.inspections.models import Engagement, Round
from tanzhao.kernel.calendar import Colour, colour, days_left
from tanzhao.rectification.models import RectificationItem, Step, StepFile
from tanzhao.rectification.states import AT_UNIT, HANDED_UP, RUNNING, Answer, State, StepKind

type Items = QuerySet[RectificationItem]


class MarkedItem(NamedTuple):
    """An item with its colour and the days left. `colour` is NONE for one that is closed."""

    item: RectificationItem
    colour: Colour
    days_left: int

    @property
    def days_over(self) -> int:
        return -self.days_left


class SameFile(NamedTuple):
    """A file of one item whose bytes also stand as evidence at another."""

    file: StepFile
    other: StepFile


def marked(items: Iterable[RectificationItem], today: dt.date) -> list[MarkedItem]:
    """Give each item with its colour on the day `today`, in the order they come."""
    return [mark(item, today) for item in items]


def mark(item: RectificationItem, today: dt.date) -> MarkedItem:
    """Give an item with its colour on the day `today`."""
    left = days_left(item.due_date, today)
    if State(item.state) not in RUNNING:
        return MarkedItem(item, Colour.NONE, left)
    return MarkedItem(item, colour(item.due_date, today, rectification_clock().thresholds), left)


def of_colour(wanted: Colour, today: dt.date) -> Q:
    """Say which items have a colour on the day `today`: the same answer as `mark`, as a filter."""
    limits = rectification_clock().thresholds
    day = dt.timedelta(days=1)
    red = Q(due_date__lt=today + limits.red_below * day)
    yellow = ~red & Q(due_date__lte=today + limits.yellow_from * day)
    green = ~red & ~yellow & Q(due_date__lte=today + limits.green_from * day)
    ranges = {
        Colour.RED: red,
        Colour.YELLOW: yellow,
        Colour.GREEN: green,
        Colour.NONE: ~red & ~yellow & ~green,
    }
    return Q(state__in=RUNNING) & ranges[wanted]


def matching(items: Items, asked: Mapping[str, Any], today: dt.date) -> Items:
    """Narrow `items` to what a reader asks for.

    Args:
        asked: unit (key), round (number), state (one of State, "running", "handed_up" or "all"),
            colour, source ("ours" or "imported"), q (words of the finding, its unit or its
            owner); what is missing or empty narrows nothing.
    """
    if asked.get("unit"):
        items = items.filter(unit=asked["unit"])
    if asked.get("round"):
        items = items.filter(round_number=asked["round"])
    several = {"running": RUNNING, "handed_up": HANDED_UP, "all": State.values}
    if asked.get("state"):
        items = items.filter(state__in=several.get(asked["state"], [asked["state"]]))
    if asked.get("colour"):
        items = items.filter(of_colour(Colour(asked["colour"]), today))
    if asked.get("source"):
        items = items.filter(finding__imported=asked["source"] == "imported")
    for word in str(asked.get("q") or "").split():
        words = Q(finding__title__icontains=word) | Q(finding__fact__icontains=word)
        items = items.filter(words | Q(unit__name__icontains=word) | Q(owner_name=word))
    return items


def counts_of(today: dt.date) -> dict[str, Count]:
    """Give the counts of a set of items, to aggregate or annotate with in one query.

    Their names: total, closed, running, red, yellow, green, claimed (waits for somebody).
    """
    return {
        "total": Count("pk"),
        "closed": Count("pk", filter=Q(state=State.CLOSED)),
        "running": Count("pk", filter=Q(state__in=RUNNING)),
        "claimed": Count("pk", filter=Q(state__in=HANDED_UP)),
        **{
            each.value: Count("pk", filter=of_colour(each, today))
            for each in (Colour.RED, Colour.YELLOW, Colour.GREEN)
        },
    }


def figures(items: Items, today: dt.date) -> dict[str, int]:
    """Count `items` by what a reader must know first; see `counts_of` for the names."""
    # Without the order of the model, by which the database would have to sort what it counts.
    return items.order_by().aggregate(**counts_of(today))


def end_of_concentrated_period(item: RectificationItem) -> dt.date:
    """Give the last day of the concentrated period that `item` belongs to."""
    feedback = Feedback.objects.filter(engagement=item.finding.engagement_id).first()
    return feedback.rectify_by_date if feedback else item.due_date


def pieces_of_this_turn(item: RectificationItem) -> int:
    """Count the files that the unit handed in since `item` was last sent back or reopened."""
    files = StepFile.objects.filter(step__item=item)
    last = Step.objects.filter(item=item).filter(
        Q(kind__in=[StepKind.RETURNED, StepKind.REOPENED])
        | Q(kind=StepKind.VERIFIED, answer__in=[Answer.PARTLY, Answer.NOT])
    )
    turn = last.order_by("-at").values_list("at", flat=True).first()
    return files.filter(step__at__gt=turn).count() if turn else files.count()


def timeline(item: RectificationItem) -> list[Step]:
    """Give the steps of an item with people and files, the latest first."""
    steps = item.steps.select_related("by").prefetch_related("files__file")
    return list(steps.order_by("-at", "pk"))


def same_files(item: RectificationItem, user: User) -> list[SameFile]:
    """Find files of `item` that also stand as evidence at other items `user` may know of.

    A question to the verifier, never an answer: one file may well serve two items.
    """
    pieces = StepFile.objects.filter(step__item=item).select_related("file")
    own = {piece.file.sha256: piece for piece in pieces}
    visible = RectificationItem.objects.visible_to(user)
    others = StepFile.objects.filter(file__sha256__in=own, step__item__in=visible)
    others = others.exclude(step__item=item)
    others = others.select_related("file", "step__item__finding", "step__item__unit")
    found = {
        (other.file.sha256, other.step.item_id): SameFile(own[other.file.sha256], other)
        for other in others.order_by("step__at")
    }
    return list(found.values())


def items_to_plan(user: User) -> Sequence[RectificationItem]:
    """Give the items whose plan `user` must hand in, in the order of the findings list."""
    items = RectificationItem.objects.visible_to(user).filter(unit=user.unit_id, state=State.OPEN)
    items = items.select_related("finding__engagement__feedback", "unit")
    return list(items.order_by("round_number", "finding__serial"))


def items_waiting_for(user: User) -> Items:
    """Give the items with which `user` may take the next step, the earliest due first.

    The same answer as `rules.next_steps`, as a filter.
    """
    items = RectificationItem.objects.visible_to(user).select_related("finding", "unit")
    waiting = Q(pk__in=[])
    if user.holds(Action.ITEM_PLAN):
        waiting |= Q(unit=user.unit_id, state__in=AT_UNIT)
    if user.holds(Action.ITEM_ACCEPT_PLAN):
        waiting |= Q(state=State.PLANNED)
    if user.holds(Action.ITEM_VERIFY):
        apart = ~Q(owner_name=user.full_name) if user.full_name else Q()
        apart &= Q(claimed_by__isnull=True) | ~Q(claimed_by=user)
        if user.unit_id is not None:
            apart &= ~Q(unit=user.unit_id)
        not_own = Q(verified_by__isnull=True) | ~Q(verified_by=user)
        waiting |= apart & (Q(state=State.CLAIMED) | Q(state=State.VERIFIED) & not_own)
    return items.filter(waiting).order_by("due_date", "pk")


def assessment_facts(round_: Round) -> dict[str, int]:
    """Count what keeps a round from being assessed, as `rules.may_assess` wants it."""
    items = RectificationItem.objects.filter(finding__engagement__round=round_)
    fed_back = Feedback.objects.filter(engagement=OuterRef("pk"))
    left_out = Engagement.objects.filter(~Exists(fed_back), round=round_)
    return {
        "waiting": items.filter(state__in=HANDED_UP).count(),
        "without_feedback": left_out.count(),
    }


def is_rectifying(round_id: UUID) -> bool:
    """Say whether a plan of the round has been accepted, or there is nothing to plan."""
    items = RectificationItem.objects.filter(finding__engagement__round=round_id)
    accepted = items.exclude(state__in=[State.OPEN, State.PLANNED])
    return accepted.exists() or not items.exists()


def plan_returned_for(items: Iterable[RectificationItem]) -> dict[Any, Step]:
    """Give the last return of its plan for each of `items` that has had one, by item key."""
    returns = Step.objects.filter(item__in=list(items), kind=StepKind.PLAN_RETURNED)
    return {step.item_id: step for step in returns.order_by("at")}
