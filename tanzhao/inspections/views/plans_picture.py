"""The picture of a plan: its rounds as columns, what is loaded on each, and every visit a cell.

It only arranges rows that were read; nothing is decided or asked of the database here.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from django.utils.translation import gettext as _

from tanzhao.inspections.models import PlannedRound, PlannedVisit, Round, TermPlan
from tanzhao.inspections.planning.term_instance import required_coverage, year_of
from tanzhao.inspections.states import VisitKind

MONTHS_IN_YEAR = 12
SIDE = 100  # of a column in the drawings, in their own units
WAITING_SHOWN = 18  # marks of a kind without a round: the list has the others


@dataclass(frozen=True)
class Cell:
    """One visit. `weight` is low, middle or high among the priorities of the plan."""

    visit: PlannedVisit
    name: str
    weight: str
    look_back: bool
    late: bool

    @property
    def spoken(self) -> str:
        """What a sentence about moving it calls it."""
        return " · ".join([self.name, _("look-back")]) if self.look_back else self.name

    @property
    def label(self) -> str:
        """Name and marks in words, for the pointer and for who hears the page."""
        words = (
            (self.look_back, _("look-back")),
            (self.visit.done, _("done")),
            (self.visit.pinned, _("pinned")),
            (self.late, _("late")),
        )
        return " · ".join([self.name, *(word for holds, word in words if holds)])


@dataclass
class Column:
    """One round. Loads in person-days; `covered`: units visited first by its end, of all."""

    round: PlannedRound
    opened: Round | None
    is_past: bool
    effort: int = 0
    done_effort: int = 0
    units: int = 0
    covered: int = 0
    done: int = 0
    late: int = 0
    share: int = 0
    ends_year: bool = False
    has_history: bool = False

    @property
    def capacity(self) -> int:
        return self.round.teams * self.round.team_capacity

    @property
    def bar_width(self) -> int:
        return max(self.capacity, self.effort, 1)

    @property
    def percent(self) -> int:
        """How busy it is; of a round with history nobody noted what its teams could do."""
        return round(100 * self.effort / self.capacity) if self.capacity else 0

    def bar(self, most: int) -> dict[str, int]:
        """Give the bar in an SVG of SIDE by SIDE, `most` person-days being its full height."""
        scale = SIDE / most
        loaded, done = (min(SIDE, round(n * scale)) for n in (self.effort, self.done_effort))
        room = 0 if self.has_history else round(self.capacity * scale)
        return {"room": room, "loaded": loaded, "done": done, "room_y": SIDE - room,
                "loaded_y": SIDE - loaded, "done_y": SIDE - done}  # fmt: skip

    @property
    def is_closed(self) -> bool:
        """Its round is opened or over: no visit is moved into it."""
        return self.is_past or self.has_history or self.opened is not None

    @property
    def is_over(self) -> bool:
        if self.is_closed:
            return False
        return self.effort > self.capacity or self.units > self.round.most_units


@dataclass(frozen=True)
class Year:
    """A year of the term: its columns, and how many units it covers at its end, of how many it
    must (None where nothing is asked)."""

    number: int
    starts: dt.date
    ends: dt.date
    span: int
    covered: int
    of: int
    needed: int | None

    @property
    def percent(self) -> int:
        return round(100 * self.covered / self.of) if self.of else 0

    @property
    def is_short(self) -> bool:
        return self.needed is not None and self.covered < self.needed


@dataclass(frozen=True)
class Share:
    """So many of so many units."""

    covered: int
    of: int

    @property
    def percent(self) -> int:
        return round(100 * self.covered / self.of) if self.of else 0


@dataclass(frozen=True)
class Kind:
    """A kind of unit: how many, and its cells by round. `waiting` found no round: so many of them
    are shown that the picture keeps its shape, the most important first."""

    label: str
    units: int
    cells: list[list[Cell]]
    waiting: list[Cell]
    shares: list[Share]

    @property
    def waiting_shown(self) -> list[Cell]:
        return self.waiting[:WAITING_SHOWN]

    @property
    def waiting_more(self) -> int:
        return max(0, len(self.waiting) - WAITING_SHOWN)


@dataclass
class Picture:
    """A whole plan. `total`: its units; `unplaced`: the cells that found no round."""

    columns: list[Column]
    total: int
    years: list[Year] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    unplaced: list[Cell] = field(default_factory=list)
    visits: int = 0
    pinned: int = 0
    late: int = 0

    @property
    def most(self) -> int:
        """The person-days that are the full height of a bar."""
        ahead = [column for column in self.columns if not column.has_history] or self.columns
        return max((max(c.capacity, c.effort) for c in ahead), default=1) or 1

    @property
    def placed(self) -> int:
        return self.visits - len(self.unplaced)

    @property
    def covered(self) -> int:
        return self.columns[-1].covered if self.columns else 0

    @property
    def bars(self) -> list[tuple[Column, dict[str, int]]]:
        return [(column, column.bar(self.most)) for column in self.columns]

    @property
    def planned_line(self) -> str:
        """The area under the planned coverage, as the path of an SVG of SIDE by column."""
        return self._steps([column.covered for column in self.columns])

    @property
    def done_line(self) -> str:
        """The area under what is done, up to the last round that has begun."""
        begun = [
            rank for rank, column in enumerate(self.columns) if column.is_past or column.opened
        ]
        return self._steps(
            [column.done for column in self.columns[: begun[-1] + 1 if begun else 0]]
        )

    @property
    def width(self) -> int:
        return SIDE * len(self.columns)

    @property
    def pace(self) -> str:
        """What must be covered by the end of each year, as the points of a line."""
        points, at = [f"0,{SIDE}"], 0
        for year in self.years:
            at += SIDE * year.span
            if year.needed is not None and year.span:
                points.append(f"{at},{self._height(year.needed)}")
        return " ".join(points) if len(points) > 1 else ""

    def _height(self, units: int) -> int:
        return SIDE - round(SIDE * min(units, self.total) / self.total) if self.total else SIDE

    def _steps(self, counts: Sequence[int]) -> str:
        steps = [f"V{self._height(n)}H{SIDE * rank}" for rank, n in enumerate(counts, 1)]
        return f"M0 {SIDE}{''.join(steps)}V{SIDE}Z"


def picture_of(
    plan: TermPlan,
    rounds: Sequence[PlannedRound],
    visits: Sequence[PlannedVisit],
    *,
    opened: Mapping[int, Round],
    on_day: dt.date,
) -> Picture:
    """Arrange a plan.

    Args:
        plan: with its term at hand.
        rounds: in their order. visits: with planned unit and unit at hand.
        opened: number of a round to the round that was opened from it.
        on_day: what was planned before its month and is not done is late.
    """
    this_month = on_day.replace(day=1)
    columns = [Column(one, opened.get(one.number), one.month < this_month) for one in rounds]
    place = {column.round.pk: rank for rank, column in enumerate(columns)}
    levels = _levels([visit.planned.weight for visit in visits])
    picture = Picture(columns, total=sum(visit.kind == VisitKind.FIRST for visit in visits))
    cells: dict[str, list[list[Cell]]] = {}
    for visit in visits:
        rank = place[visit.round_id] if visit.round_id else len(columns)
        column = columns[rank] if visit.round_id else None
        cell = Cell(
            visit=visit,
            name=str(visit.planned),
            weight=levels[visit.planned.weight],
            look_back=visit.kind != VisitKind.FIRST,
            late=is_late(visit, this_month),
        )
        lists = cells.setdefault(visit.planned.unit.category, [[] for _ in range(len(columns) + 1)])
        lists[rank].append(cell)
        _count(picture, column, cell)
    _accumulate(picture)
    picture.years.extend(_years(plan, picture))
    picture.kinds.extend(_kinds(cells, picture.years))
    return picture


def is_late(visit: PlannedVisit, this_month: dt.date) -> bool:
    """Say whether a visit is planned after its deadline, or its round has passed without it."""
    month = visit.round.month if visit.round else None
    if visit.done:
        return False
    if month is not None and month < this_month:
        return True
    before = visit.planned.before if visit.kind == VisitKind.FIRST else None
    return before is not None and (month or this_month) >= before


def _levels(weights: Sequence[int]) -> dict[int, str]:
    """Part the priorities that occur into three steps of a tone; one alone is in the middle."""
    known = sorted(set(weights))
    if len(known) == 1:
        return {known[0]: "middle"}
    bounds = [len(known) / 3, 2 * len(known) / 3]
    return {
        weight: ("low", "middle", "high")[bisect_right(bounds, rank)]
        for rank, weight in enumerate(known)
    }


def _count(picture: Picture, column: Column | None, cell: Cell) -> None:
    picture.visits += 1
    picture.pinned += cell.visit.pinned
    picture.late += cell.late
    if column is None:
        picture.unplaced.append(cell)
        return
    column.units += 1
    column.late += cell.late
    column.has_history |= cell.visit.done
    column.effort += cell.visit.effort
    if cell.visit.done:
        column.done_effort += cell.visit.effort
    if not cell.look_back:
        column.covered += 1
        column.done += cell.visit.done


def _kinds(cells: Mapping[str, list[list[Cell]]], years: Sequence[Year]) -> list[Kind]:
    """The largest kind last: it fills the foot of the picture and the small ones stay in sight."""
    kinds = []
    for label, lists in cells.items():
        for one in lists:
            one.sort(key=lambda cell: (cell.look_back, -cell.visit.planned.weight, cell.name))
        firsts = [sum(not cell.look_back for cell in one) for one in lists]
        units, ends = sum(firsts), list(accumulate(year.span for year in years))
        shares = [Share(sum(firsts[:end]), units) for end in ends]
        kinds.append(Kind(label, units, lists[:-1], lists[-1], shares))
    return sorted(kinds, key=lambda kind: (kind.units, kind.label))


def _accumulate(picture: Picture) -> None:
    covered = done = 0
    for column in picture.columns:
        covered += column.covered
        done += column.done
        column.covered, column.done = covered, done
        column.share = round(100 * covered / picture.total) if picture.total else 0


def _years(plan: TermPlan, picture: Picture) -> list[Year]:
    """Every year of the term, one without rounds having no columns."""
    wanted = required_coverage(plan.settings, picture.total)
    term, years, covered = plan.term, [], 0
    own: list[list[Column]] = [[] for _ in wanted]
    for column in picture.columns:
        own[year_of(term, plan.settings, column.round.month)].append(column)
    for number, columns in enumerate(own):
        if columns:
            columns[-1].ends_year = True
            covered = max(covered, columns[-1].covered)
        end = _months_on(term.first_month, MONTHS_IN_YEAR * (number + 1)) - dt.timedelta(days=1)
        years.append(
            Year(
                number=number + 1,
                starts=_months_on(term.first_month, MONTHS_IN_YEAR * number),
                ends=term.ends if number == len(wanted) - 1 else end,
                span=len(columns),
                covered=covered,
                of=picture.total,
                needed=wanted[number],
            )
        )
    return years


def _months_on(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    return dt.date(day.year + years, month + 1, 1)
