"""What the page of a plan shows: its rounds against their capacity, coverage, what has no place."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tanzhao.access.models import User
from tanzhao.audit.models import Entry
from tanzhao.audit.verbs import Verb
from tanzhao.engines.planner.term.checking import load_bands
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit, Round, TermPlan
from tanzhao.inspections.planning.history import History, history_of
from tanzhao.inspections.planning.judging import judged
from tanzhao.inspections.planning.saying import kept, said
from tanzhao.inspections.planning.term_instance import Instance, instance_of
from tanzhao.inspections.queries.plan_clashes import Clash, clashes_of
from tanzhao.inspections.queries.plan_pins import GonePin, TroubledPin, gone_pins, troubled_pins
from tanzhao.inspections.queries.terms import KindCoverage, YearCoverage, years_of
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.kernel.paging import Page, page_of
from tanzhao.units.models import Term, Unit

ROW_ORDER = ("unit__position", "unit__name", "pk")


@dataclass(frozen=True)
class RoundLoad:
    """A round of a plan and how busy it is. Loads and capacities in person-days.

    Attributes:
        load, units: of all its visits; `first` and `look_backs` count them by kind.
        low, high: between them the load costs nothing; 0 and the capacity for a round with history.
        pinned, done: visits that are fixed; `done` have taken place or are under way.
        is_settled: it is over or under way, and no longer planned.
        is_late: its month has passed, and nothing took place in it.
        opened: the round of the term that was opened under its number, if the reader asked for it.
    """

    planned: PlannedRound
    number: int
    month: dt.date
    year: int
    teams: int
    capacity: int
    load: int
    low: int
    high: int
    units: int
    first: int
    look_backs: int
    most_units: int
    pinned: int
    done: int
    is_settled: bool
    is_late: bool
    opened: Round | None

    @property
    def percent(self) -> int:
        return round(100 * self.load / self.capacity) if self.capacity else 0

    @property
    def is_overfull(self) -> bool:
        return not self.is_settled and (self.load > self.capacity or self.units > self.most_units)


@dataclass(frozen=True)
class UnplacedVisit:
    """A visit without a round, and why, in sentences (none until it has been computed)."""

    planned: PlannedUnit
    kind: VisitKind
    why: Sequence[str]


@dataclass(frozen=True)
class PlanSummary:
    """A plan at a glance. Look-backs that belong to the next term are not counted in it.

    Attributes:
        years, kinds: first inspections, with what is done, planned and required.
        look_backs: the same of look-backs, over all kinds.
        cost, bound: as the planner last counted; None before. `gap`: by how many per cent the
            plan may be dearer than the best possible one.
        conflict: demands that cannot hold together, smallest clash first; broken: rules that the
            rows break now.
        load, capacity: of the rounds still to come.
        deferred: look-backs that no round still to come can hold, with the reason.
        pins: those that do not hold; gone_pins: those that went with their unit.
    """

    plan: TermPlan
    rounds: Sequence[RoundLoad]
    years: Sequence[YearCoverage]
    kinds: Sequence[KindCoverage]
    look_backs: KindCoverage
    unplaced: Sequence[UnplacedVisit]
    units: int
    visits: int
    placed: int
    pinned: int
    done: int
    load: int
    capacity: int
    cost: int | None
    bound: int | None
    gap: float | None
    conflict: Sequence[Clash]
    broken: Sequence[str]
    deferred: Sequence[UnplacedVisit]
    pins: Sequence[TroubledPin]
    gone_pins: Sequence[GonePin]

    @property
    def percent(self) -> int:
        """How busy the rounds still to come are."""
        return round(100 * self.load / self.capacity) if self.capacity else 0


@dataclass(frozen=True)
class Newcomers:
    """How the records differ from a plan: units it does not know, and units that are gone.

    `merged`: those of `gone` that another unit took up, with that unit. `took_place`: visits that
    took place, or are under way, and are not marked in the plan yet.
    """

    new: Sequence[Unit]
    gone: Sequence[PlannedUnit]
    merged: Mapping[UUID, Unit]
    took_place: int

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.took_place)


def plan_summary(plan: TermPlan, *, today: dt.date) -> PlanSummary:
    """Sum a plan up, in a constant number of queries."""
    instance = instance_of(plan, day=today)
    bands = load_bands(instance.problem)
    rows = list(
        PlannedVisit.objects.filter(planned__plan=plan)
        .select_related("planned__unit", "round")
        .order_by("planned__unit__position", "planned__unit__name", "kind")
    )
    visits = [visit for visit in rows if is_asked_for(visit, instance)]
    opened = {one.number: one for one in plan.term.rounds.select_related("kind")}
    by_round: defaultdict[UUID, list[PlannedVisit]] = defaultdict(list)
    for visit in visits:
        if visit.round_id:
            by_round[visit.round_id].append(visit)
    rounds = [
        _load(plan, planned, by_round[planned.pk], bands, opened, today)
        for planned in plan.rounds.all()
    ]
    first = [visit for visit in visits if visit.kind == VisitKind.FIRST]
    ahead = [one for one in rounds if not one.is_settled and not one.is_late]
    standing = judged(instance)
    return PlanSummary(
        plan=plan,
        rounds=rounds,
        years=_years(plan, first),
        kinds=_kinds(first),
        look_backs=_counted("", [visit for visit in visits if visit.kind == VisitKind.LOOK_BACK]),
        unplaced=[
            UnplacedVisit(visit.planned, VisitKind(visit.kind), said(visit.why))
            for visit in visits
            if visit.round_id is None
        ],
        units=len(first),
        visits=len(visits),
        placed=sum(visit.round_id is not None for visit in visits),
        pinned=sum(visit.pinned for visit in visits),
        done=sum(visit.done for visit in visits),
        load=sum(one.load for one in ahead),
        capacity=sum(one.capacity for one in ahead),
        cost=plan.cost,
        bound=plan.bound,
        gap=gap_of(plan),
        conflict=clashes_of(plan),
        broken=standing.broken,
        deferred=[
            UnplacedVisit(visit.planned, VisitKind.LOOK_BACK, why_deferred(visit, instance))
            for visit in rows
            if not is_asked_for(visit, instance)
        ],
        pins=troubled_pins(plan, rows),
        gone_pins=gone_pins(plan),
    )


def is_asked_for(visit: PlannedVisit, instance: Instance) -> bool:
    """Say whether a visit has a place or is to get one, and does not belong to the next term."""
    if visit.round_id is not None or visit.kind == VisitKind.FIRST:
        return True
    return visit.planned_id not in instance.deferred


def why_deferred(visit: PlannedVisit, instance: Instance) -> list[str]:
    """Say why a look-back belongs to the next term; empty if it does not."""
    deferred = instance.deferred.get(visit.planned_id)
    if deferred is None or visit.kind == VisitKind.FIRST:
        return []
    return said(kept([deferred.why], instance.names))


def left_to(term: Term, *, today: dt.date) -> tuple[TermPlan, int] | None:
    """Give the plan in force of the term before `term`, and how many of its look-backs no round
    of its own can hold any more; None if there are none."""
    before = Term.objects.filter(number__lt=term.number).order_by("-number").first()
    plan = plan_in_force(before.pk) if before else None
    if plan is None:
        return None
    count = len(instance_of(plan, day=today).deferred)
    return (plan, count) if count else None


def gap_of(plan: TermPlan) -> float | None:
    """Say by how many per cent `plan` may be dearer than the best; None before it is known."""
    if plan.cost is None or not plan.bound:
        return None
    return max(0.0, 100 * (plan.cost - plan.bound) / plan.bound)


def plan_rows(
    plan: TermPlan,
    *,
    kind: str = "",
    system: str = "",
    round_number: int | None = None,
    pinned: bool = False,
    unplaced: bool = False,
    words: str = "",
) -> QuerySet[PlannedUnit]:
    """Give the units of a plan with their visits and rounds at hand, narrowed to what was asked.

    Page them with `page_of_plan`. A reader's `round_number`, `pinned` and `unplaced` ask for units
    of which at least one visit is so.
    """
    visit = PlannedVisit.objects.filter(planned=OuterRef("pk"))
    wanted = Q()
    if kind:
        wanted &= Q(unit__category=kind)
    if system:
        wanted &= Q(unit__system=system)
    if words:
        wanted &= Q(unit__name__icontains=words)
    if round_number is not None:
        wanted &= Q(Exists(visit.filter(round__number=round_number)))
    if pinned:
        wanted &= Q(Exists(visit.filter(pinned=True)))
    if unplaced:
        wanted &= Q(Exists(visit.filter(round=None)))
    rows = PlannedUnit.objects.filter(plan=plan).filter(wanted)
    return rows.select_related("unit").prefetch_related("visits__round").order_by(*ROW_ORDER)


def page_of_plan(
    rows: QuerySet[PlannedUnit], *, after: str = "", size: int = 50
) -> Page[PlannedUnit]:
    """Give one page of the units of a plan."""
    return page_of(rows, order=ROW_ORDER, after=after, size=size)


def newcomers_of(plan: TermPlan) -> Newcomers:
    """Say how the records have moved on since `plan` was made."""
    history = history_of(plan.term)
    planned = list(plan.units.select_related("unit__merged_into").prefetch_related("visits__round"))
    known = {one.unit_id for one in planned}
    took = history.by_unit()
    gone = [
        one
        for one in planned
        if one.unit.retired and any(not visit.done for visit in one.visits.all())
    ]
    return Newcomers(
        new=list(Unit.objects.filter(retired=False).exclude(pk__in=known)),
        gone=gone,
        merged={one.pk: one.unit.merged_into for one in gone if one.unit.merged_into},
        took_place=_unmarked(planned, history, known) if took else 0,
    )


def plan_makers(plan: TermPlan, user: User) -> bool:
    """Say whether `user` had a hand in `plan`: began, changed, computed or proposed it."""
    hands = (Verb.PLAN_BEGUN, Verb.PLAN_CHANGED, Verb.PLAN_COMPUTED)
    if user.pk in {plan.made_by_id, plan.proposed_by_id}:
        return True
    return Entry.objects.filter(target_id=plan.pk, actor=user, verb__in=hands).exists()


def plan_in_force(term_id: UUID) -> TermPlan | None:
    """Give the plan that a term is carried out by, if there is one."""
    return TermPlan.objects.filter(term=term_id, state=PlanState.IN_FORCE).first()


def _unmarked(planned: Sequence[PlannedUnit], history: History, known: set[UUID]) -> int:
    marked = {
        (one.unit_id, visit.round.number)
        for one in planned
        for visit in one.visits.all()
        if visit.done and visit.round
    }
    seen = Counter(one.unit_id for one in planned for visit in one.visits.all() if visit.done)
    visits = Counter({one.unit_id: len(one.visits.all()) for one in planned})
    return sum(
        (took.unit_id, took.round) not in marked and seen[took.unit_id] < visits[took.unit_id]
        for took in history.took
        if took.unit_id in known
    )


def _load(
    plan: TermPlan,
    planned: PlannedRound,
    visits: Sequence[PlannedVisit],
    bands: Mapping[int, tuple[int, int]],
    opened: Mapping[int, Round],
    today: dt.date,
) -> RoundLoad:
    done = sum(visit.done for visit in visits)
    first = sum(visit.kind == VisitKind.FIRST for visit in visits)
    capacity = planned.teams * planned.team_capacity
    low, high = bands.get(planned.number, (0, capacity))
    return RoundLoad(
        planned=planned,
        number=planned.number,
        month=planned.month,
        year=max(0, plan.term.months_to(planned.month) // 12),
        teams=planned.teams,
        capacity=capacity,
        load=sum(visit.effort for visit in visits),
        low=max(0, low) if not done else 0,
        high=min(capacity, high) if not done else capacity,
        units=len(visits),
        first=first,
        look_backs=len(visits) - first,
        most_units=planned.most_units,
        pinned=sum(visit.pinned for visit in visits),
        done=done,
        is_settled=bool(done),
        is_late=not done and planned.month < today.replace(day=1),
        opened=opened.get(planned.number),
    )


def _years(plan: TermPlan, first: Sequence[PlannedVisit]) -> list[YearCoverage]:
    months: dict[bool, list[dt.date]] = {True: [], False: []}
    for visit in first:
        if visit.round:
            months[visit.done].append(visit.round.month)
    return years_of(plan.term, plan.settings, months, len(first))


def _kinds(first: Sequence[PlannedVisit]) -> list[KindCoverage]:
    by_kind: defaultdict[str, list[PlannedVisit]] = defaultdict(list)
    for visit in first:
        by_kind[visit.planned.unit.category].append(visit)
    shares = [_counted(kind, visits) for kind, visits in by_kind.items()]
    return sorted(shares, key=lambda share: (-share.total, share.kind))


def _counted(kind: str, visits: Sequence[PlannedVisit]) -> KindCoverage:
    done = sum(visit.done for visit in visits)
    unplaced = sum(visit.round_id is None for visit in visits)
    return KindCoverage(kind, done, len(visits) - done - unplaced, unplaced, len(visits))
