"""What waits for one person, over all features. A constant number of queries for each role."""

import datetime as dt
from collections.abc import Callable, Iterable

from tanzhao.access.models import User
from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState
from tanzhao.web.queries.group import Task, Waiting
from tanzhao.web.queries.likeness import likenesses_waiting
from tanzhao.web.queries.planning import (
    alerts_waiting,
    approvals_waiting,
    plans_waiting,
    rounds_waiting,
)
from tanzhao.web.queries.screening import comparisons_waiting, hits_waiting
from tanzhao.web.queries.work import (
    items_waiting,
    leads_waiting,
    notices_waiting,
    papers_waiting,
    reports_waiting,
    units_waiting,
)

__all__ = ["Task", "Waiting", "rounds_under_way", "waiting_for"]
_QUESTIONS: tuple[Callable[[User, dt.date], Iterable[Waiting]], ...] = (
    notices_waiting,
    alerts_waiting,
    plans_waiting,
    approvals_waiting,
    comparisons_waiting,
    rounds_waiting,
    hits_waiting,
    leads_waiting,
    papers_waiting,
    units_waiting,
    reports_waiting,
    items_waiting,
    likenesses_waiting,
)


def waiting_for(user: User, today: dt.date) -> list[Waiting]:
    """Give what waits for `user`, kind by kind, in the order of a round; empty kinds left out."""
    groups = (group for ask in _QUESTIONS for group in ask(user, today))
    return [group for group in groups if group.count]


def rounds_under_way(user: User) -> list[Round]:
    """Give the rounds in progress that `user` may know of, newest first."""
    ended = {RoundState.ARCHIVED, RoundState.ASSESSED}
    rounds = Round.objects.visible_to(user).exclude(state__in=ended)
    return list(rounds.select_related("term", "kind", "authorisation")[:4])
