"""What waits for a person, as the workbench shows it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

SHOWN = 8


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is about, since when or by when, and where to do it."""

    about: str
    note: str
    day: dt.date | None
    address: str
    colour: str = ""


@dataclass(frozen=True)
class Waiting:
    """Tasks of one kind: the first SHOWN of `count`, and where the rest are."""

    title: str
    tasks: list[Task]
    count: int
    more: str = ""
    is_due: bool = False


def group(
    title: str, found: QuerySet[Any], task_of: Callable[[Any], Task], more: str = ""
) -> Waiting:
    rows = list(found[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else found.count()
    return Waiting(title, [task_of(row) for row in rows[:SHOWN]], count, more)


def day_of(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment)
