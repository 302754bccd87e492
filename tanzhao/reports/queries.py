"""The figures of the boards, all derived from what the reader may see."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from tanzhao.access.models import User
from tanzhao.archive.models import Volume
from tanzhao.findings.models import Feedback, Finding, Report
from tanzhao.findings.states import ReportState
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.states import RoundState
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.states import EDITABLE, IN_REVIEW, USABLE
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import counts_of, figures
from tanzhao.rectification.states import State
from tanzhao.reports.states import Stage, stage_of
from tanzhao.units.models import Unit

NOTHING = {"total": 0, "closed": 0, "running": 0, "claimed": 0, "red": 0, "yellow": 0, "green": 0}


@dataclass
class Progress:
    """One engagement on the round board."""

    engagement: Engagement
    stage: Stage
    writing: int
    in_review: int
    usable: int
    findings: int
    report: Report | None
    feedback: Feedback | None
    items: dict[str, int]
    volume: Volume | None


@dataclass
class TeamProgress:
    """One team on the round board, with its engagements in their order."""

    team: Any
    engagements: list[Progress] = field(default_factory=list)


@dataclass
class RoundBoard:
    """The engagements of a round that the reader may know of, by team, and how many where."""

    teams: list[TeamProgress]
    stages: list[tuple[Stage, int]]
    total: int


@dataclass
class UnitRow:
    """One unit on the rectification board."""

    unit: Unit
    counts: dict[str, int]

    @property
    def none(self) -> int:
        """Items that run and have no colour yet."""
        return self.counts["running"] - self.before_none

    @property
    def before_green(self) -> int:
        """Where green begins on the bar."""
        return self.counts["red"] + self.counts["yellow"]

    @property
    def before_none(self) -> int:
        """Where the items without a colour begin on the bar."""
        return self.before_green + self.counts["green"]


@dataclass
class RectificationBoard:
    """Running items by unit, the most overdue first; `done` counts units with none running."""

    rows: list[UnitRow]
    done: int
    counts: dict[str, int]
    most: int


def round_board(round_: Round, user: User, today: dt.date) -> RoundBoard:
    """Give the board of a round: one line for each engagement `user` may know of.

    What `user` may not see counts as nothing. The number of queries does not grow with the round.
    """
    engagements = Engagement.objects.visible_to(user).filter(round=round_)
    engagements = engagements.select_related("team", "unit", "round")
    engagements = engagements.order_by("team__number", "unit__position", "unit__name")
    seen = _Seen.of(round_.pk, user, today)
    lines = [_progress(engagement, seen) for engagement in engagements]
    teams: dict[UUID, TeamProgress] = {}
    for line in lines:
        team = line.engagement.team
        teams.setdefault(team.pk, TeamProgress(team)).engagements.append(line)
    counted = Counter(line.stage for line in lines)
    stages = [(stage, counted[stage]) for stage in Stage]
    return RoundBoard(list(teams.values()), stages, len(lines))


def rectification_board(user: User, today: dt.date, round_number: int | None) -> RectificationBoard:
    """Give the rectification board: the items `user` may know of, counted by unit and colour.

    Args:
        round_number: only items of this round; None for all.
    """
    items = RectificationItem.objects.visible_to(user)
    if round_number:
        items = items.filter(round_number=round_number)
    grouped = items.order_by().values("unit").annotate(**counts_of(today))
    counts = _keyed(grouped, "unit")
    units = Unit.objects.filter(pk__in=[key for key, row in counts.items() if row["running"]])
    rows = [UnitRow(unit, counts[unit.pk]) for unit in units]
    rows.sort(key=_most_urgent_first)
    most = max((row.counts["running"] for row in rows), default=0)
    return RectificationBoard(rows, len(counts) - len(rows), figures(items, today), most)


def rounds_with_items(user: User) -> Sequence[int]:
    """Give the numbers of the rounds whose items `user` may know of, the latest first."""
    items = RectificationItem.objects.visible_to(user).order_by("-round_number")
    return list(items.values_list("round_number", flat=True).distinct())


def _most_urgent_first(row: UnitRow) -> tuple[Any, ...]:
    counts = row.counts
    urgency = (-counts["red"], -counts["yellow"], -counts["green"], -counts["running"])
    return (*urgency, row.unit.position, row.unit.name)


@dataclass
class _Seen:
    """What the reader may see of a round, by engagement: one query for each kind of record."""

    papers: dict[UUID, Counter[str]]
    findings: dict[UUID, int]
    reports: dict[UUID, Report]
    feedback: dict[UUID, Feedback]
    items: dict[UUID, dict[str, int]]
    volumes: dict[UUID, Volume]

    @classmethod
    def of(cls, round_id: UUID, user: User, today: dt.date) -> "_Seen":
        of_round = {"engagement__round": round_id}
        papers = WorkingPaper.objects.visible_to(user).filter(**of_round).order_by()
        by_state: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
        for row in papers.values("engagement", "state").annotate(count=Count("pk")):
            by_state[row["engagement"]][row["state"]] = row["count"]
        findings = Finding.objects.visible_to(user).filter(**of_round).order_by()
        found = findings.values("engagement").annotate(count=Count("pk"))
        return cls(
            papers=by_state,
            findings={row["engagement"]: row["count"] for row in found},
            reports=_by_engagement(Report.objects.visible_to(user).filter(**of_round)),
            feedback=_by_engagement(Feedback.objects.visible_to(user).filter(**of_round)),
            items=_items(round_id, user, today),
            volumes=_by_engagement(Volume.objects.visible_to(user).filter(**of_round)),
        )


def _by_engagement(rows: Iterable[Any]) -> dict[UUID, Any]:
    return {row.engagement_id: row for row in rows}


def _items(round_id: UUID, user: User, today: dt.date) -> dict[UUID, dict[str, int]]:
    items = RectificationItem.objects.visible_to(user).order_by()
    items = items.filter(finding__engagement__round=round_id)
    not_yet = Q(state__in=[State.OPEN, State.PLANNED])
    counted = items.values("finding__engagement").annotate(
        **counts_of(today), at_work=Count("pk", filter=~not_yet)
    )
    return _keyed(counted, "finding__engagement")


def _keyed(rows: Iterable[Any], key: str) -> dict[UUID, dict[str, int]]:
    return {row[key]: {name: row[name] for name in row if name != key} for row in rows}


def _progress(engagement: Engagement, seen: _Seen) -> Progress:
    key = engagement.pk
    papers = seen.papers.get(key, Counter())
    report, feedback = seen.reports.get(key), seen.feedback.get(key)
    items, volume = seen.items.get(key, NOTHING), seen.volumes.get(key)
    stage = stage_of(
        RoundState(engagement.round.state),
        report_approved=report is not None and report.state == ReportState.APPROVED,
        fed_back=feedback is not None,
        items=items["total"],
        closed=items["closed"],
        at_work=bool(items.get("at_work")),
        sealed=volume is not None,
    )
    return Progress(
        engagement=engagement,
        stage=stage,
        writing=sum(papers[state] for state in EDITABLE),
        in_review=sum(papers[state] for state in IN_REVIEW),
        usable=sum(papers[state] for state in USABLE),
        findings=seen.findings.get(key, 0),
        report=report,
        feedback=feedback,
        items=items,
        volume=volume,
    )
