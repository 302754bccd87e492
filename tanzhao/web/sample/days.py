"""The days of the story, counted back from today, and the places for them in its texts."""

import datetime as dt
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tanzhao.findings.queries.deadlines import work_calendar

_DAY = re.compile(r"\{w(\d+)\}")


@dataclass(frozen=True)
class Days:
    """Working days before `today`, because nothing of the story happens on a day of rest."""

    today: dt.date

    def day(self, back: int) -> dt.date:
        """Give the working day that lies `back` working days before today; negative: after it.

        Raises:
            OutsideCalendar: the holidays of that year are not known.
        """
        return work_calendar().add_working_days(self.today, -back)

    def at(self, back: int, clock: str) -> datetime:
        """Give a moment of that day, `clock` as 09:30, in the office's time zone."""
        return timezone.make_aware(datetime.combine(self.day(back), dt.time.fromisoformat(clock)))

    def ahead(self, days: int) -> dt.date:
        """Give the calendar day `days` after today; negative: before it."""
        return self.today + dt.timedelta(days=days)

    def filled(self, value: Any, **more: str) -> Any:
        """Fill the places in all texts of `value`, which is as TOML gives it.

        {y1} is the year before today's, {w9} the day nine working days ago; `more` names others.
        """
        match value:
            case str():
                return value.format_map(_Places(self, more))
            case list():
                return [self.filled(one, **more) for one in value]
            case dict():
                return {key: self.filled(one, **more) for key, one in value.items()}
        return value


class _Places(dict[str, str]):
    def __init__(self, days: Days, more: dict[str, str]) -> None:
        super().__init__(more)
        self._days = days

    def __missing__(self, place: str) -> str:
        count = int(place[1:])
        if place[0] == "y":
            return str(self._days.today.year - count)
        day = self._days.day(count)
        return f"{day.year}年{day.month}月{day.day}日"


def latest_day_in(value: Any, begun: int) -> int:
    """Give the latest day that the texts of `value` speak of, at the earliest `begun`.

    In working days before today.
    """
    return min([begun, *(int(back) for back in _DAY.findall(str(value)))])
