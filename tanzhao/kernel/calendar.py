"""Working days, months, due dates and warning colours, computed from packs. Reads no clock."""

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from tanzhao.kernel.packs import Pack

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class OutsideCalendar(Exception):
    """A day lies outside the years that the calendar knows. Nothing was guessed.

    `day` is the day that was asked about, or None if a count ran past the end;
    `first_year` and `last_year` are the years known.
    """

    def __init__(self, day: dt.date | None, first_year: int, last_year: int) -> None:
        what = f"{day}" if day else "The day asked for"
        super().__init__(
            f"{what} lies outside the years {first_year} to {last_year} whose holidays are known;"
            " install a newer calendar pack."
        )
        self.day, self.first_year, self.last_year = day, first_year, last_year


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked, over whole years.

    `holidays` maps a day of rest, and `make_up_days` a day worked in exchange, to its
    name in Chinese and in English. Any other day is worked from Monday to Friday.
    """

    first_year: int
    last_year: int
    holidays: Mapping[dt.date, tuple[str, str]]
    make_up_days: Mapping[dt.date, tuple[str, str]]
    provisional_years: frozenset[int] = frozenset()
    _working: tuple[dt.date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        start, end = dt.date(self.first_year, 1, 1), dt.date(self.last_year, 12, 31)
        days = (start + n * ONE_DAY for n in range((end - start).days + 1))
        object.__setattr__(self, "_working", tuple(filter(self._is_worked, days)))

    @classmethod
    def from_pack(cls, pack: Pack) -> Self:
        """Make the calendar that a pack of kind "calendar" describes."""
        days: dict[str, dict[dt.date, tuple[str, str]]] = {"holiday": {}, "workday": {}}
        for row in pack.table("days.csv"):
            names = (row["name_zh"], row["name_en"])
            days[row["kind"]][dt.date.fromisoformat(row["date"])] = names
        years = pack.body["years"]
        return cls(
            first_year=years[0]["year"],
            last_year=years[-1]["year"],
            holidays=days["holiday"],
            make_up_days=days["workday"],
            provisional_years=frozenset(y["year"] for y in years if y["provisional"]),
        )

    def is_working_day(self, day: dt.date) -> bool:
        """Say whether `day` is worked.

        Raises:
            OutsideCalendar: its year is not known.
        """
        self._require_known(day)
        return self._is_worked(day)

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """Give the working day that is `count` working days after `day`, itself not counted.

        With a negative count, that many working days before. With 0, `day` itself
        if it is worked, else the next working day.

        Raises:
            OutsideCalendar: `day` or the answer lies in a year that is not known.
        """
        self._require_known(day)
        if count > 0:
            place = bisect_right(self._working, day) + count - 1
        else:
            place = bisect_left(self._working, day) + count
        if not 0 <= place < len(self._working):
            raise OutsideCalendar(None, self.first_year, self.last_year)
        return self._working[place]

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Count the working days after `start` up to and with `end`.

        If `end` is earlier, the working days from `end` to before `start`, as a negative number:
        so `add_working_days(start, n)` is always `n` working days away from `start`, unless n is 0.

        Raises:
            OutsideCalendar: one of the days lies in a year that is not known.
        """
        self._require_known(start)
        self._require_known(end)
        find = bisect_right if end >= start else bisect_left
        return find(self._working, end) - find(self._working, start)

    def is_provisional(self, day: dt.date) -> bool:
        """Say whether the holidays of that year are a guess until the notice is known."""
        return day.year in self.provisional_years

    def _is_worked(self, day: dt.date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def _require_known(self, day: dt.date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise OutsideCalendar(day, self.first_year, self.last_year)


def month_end(year: int, month: int) -> dt.date:
    """Give the last day of a month, the due date of a ledger that names only the month."""
    return dt.date(year, month, monthrange(year, month)[1])


def add_months(day: dt.date, count: int) -> dt.date:
    """Give the same day of the month `count` months later, or earlier if negative.

    Where the month is too short, its last day: 31 August and 6 months give 28 or 29 February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = month_end(year, month + 1)
    return last if day.day > last.day else last.replace(day=day.day)


class Unit(StrEnum):
    """What a span is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """A stretch of time from one event to a due date, for example 15 working days."""

    count: int
    unit: Unit

    def end(self, start: dt.date, calendar: WorkCalendar) -> dt.date:
        """Give the last day of the span; the day it starts on is not counted.

        Raises:
            OutsideCalendar: it is counted in working days, and a year is not known.
        """
        if self.unit is Unit.WORKING_DAY:
            return calendar.add_working_days(start, self.count)
        if self.unit is Unit.CALENDAR_DAY:
            return start + self.count * ONE_DAY
        return add_months(start, self.count)


class Colour(StrEnum):
    """How near a due date is. NONE means that it is not near."""

    NONE = "none"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Thresholds:
    """From how many days left on a colour holds. Days left are calendar days, 0 on the due date.

    Green from `green_from` down, yellow from `yellow_from` down, red when fewer than `red_below`
    are left.
    """

    green_from: int
    yellow_from: int
    red_below: int


def days_left(due: dt.date, today: dt.date) -> int:
    """Count the calendar days from today to the due date: 0 on it, negative after it."""
    return (due - today).days


def is_overdue(due: dt.date, today: dt.date) -> bool:
    """Say whether the due date is over. It is not on the due date itself."""
    return today > due


def colour(due: dt.date, today: dt.date, thresholds: Thresholds) -> Colour:
    """Give the warning colour of something that is due and not closed."""
    left = days_left(due, today)
    if left < thresholds.red_below:
        return Colour.RED
    if left <= thresholds.yellow_from:
        return Colour.YELLOW
    return Colour.GREEN if left <= thresholds.green_from else Colour.NONE


@dataclass(frozen=True)
class Clock:
    """The due dates that follow from one event, and the colours on the way to them."""

    spans: Mapping[str, Span]
    starts: Mapping[str, str]
    thresholds: Thresholds
    tells: Mapping[Colour, tuple[str, ...]]

    @classmethod
    def from_pack(cls, pack: Pack) -> Self:
        """Make the clock that a pack of kind "clock" describes."""
        rows, colours = pack.body["spans"], pack.body["colours"]
        return cls(
            spans={row["code"]: Span(row["count"], Unit(row["unit"])) for row in rows},
            starts={row["code"]: row["from"] for row in rows},
            thresholds=Thresholds(
                green_from=colours["green_from"],
                yellow_from=colours["yellow_from"],
                red_below=colours["red_below"],
            ),
            tells={
                each: tuple(colours[f"{each}_tells"])
                for each in (Colour.GREEN, Colour.YELLOW, Colour.RED)
            },
        )

    def due(self, code: str, feedback: dt.date, calendar: WorkCalendar) -> dt.date:
        """Give the due date of the span `code`, counted from the day of feedback.

        Raises:
            KeyError: the clock has no such span.
            OutsideCalendar: see Span.end.
        """
        origin = self.starts[code]
        start = feedback if origin == "feedback" else self.due(origin, feedback, calendar)
        return self.spans[code].end(start, calendar)
