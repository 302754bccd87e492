"""The due dates that follow from a feedback, by the packs of the office."""

import datetime as dt
from functools import cache

from tanzhao.kernel.calendar import Clock, WorkCalendar
from tanzhao.kernel.packs import packs_of_kind


@cache
def rectification_clock() -> Clock:
    """Give the clock of rectification."""
    return Clock.from_pack(packs_of_kind("clock")[0])


@cache
def work_calendar() -> WorkCalendar:
    """Give the calendar of holidays and make-up days."""
    return WorkCalendar.from_pack(packs_of_kind("calendar")[0])


def due_dates(feedback: dt.date) -> tuple[dt.date, dt.date]:
    """Give the day the plan is due, and the last day of concentrated rectification.

    Raises:
        OutsideCalendar: the holidays of a year in question are not known.
    """
    clock, calendar = rectification_clock(), work_calendar()
    return clock.due("plan", feedback, calendar), clock.due("concentrated", feedback, calendar)
