"""What waits for one person, over all features. A constant number of queries for each role."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.findings.models import Report
from tanzhao.findings.states import ReportState
from tanzhao.inspections.models import Authorisation, Engagement, Round, TermPlan, Waiver
from tanzhao.inspections.queries.alerts import open_alerts
from tanzhao.inspections.rules import memberships_in_force
from tanzhao.inspections.rules.alerts import sees_recusal
from tanzhao.inspections.states import (
    STAFFING,
    AuthorisationState,
    PlanState,
    RoundState,
    TeamRole,
    WaiverState,
)
from tanzhao.kernel.calendar import Colour
from tanzhao.notices.models import Notice
from tanzhao.notices.queries import unread_notices
from tanzhao.notices.wording import sentence_of
from tanzhao.papers.models import PaperHandler, WorkingPaper
from tanzhao.papers.queries import papers_waiting_for
from tanzhao.papers.states import PaperState
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import items_waiting_for, marked
from tanzhao.rectification.states import State

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


def waiting_for(user: User, today: dt.date) -> list[Waiting]:
    """Give what waits for `user`, kind by kind, in the order of a round; empty kinds left out."""
    groups = (group for ask in _QUESTIONS for group in ask(user, today))
    return [group for group in groups if group.count]


def rounds_under_way(user: User) -> list[Round]:
    """Give the rounds in progress that `user` may know of, newest first."""
    ended = {RoundState.ARCHIVED, RoundState.ASSESSED}
    rounds = Round.objects.visible_to(user).exclude(state__in=ended)
    return list(rounds.select_related("term", "kind", "authorisation")[:4])


def _plans(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Plans of a term that wait for approval, or to be put right."""
    plans = TermPlan.objects.visible_to(user).select_related("term", "proposed_by")
    if user.holds(Action.PLAN_APPROVE):
        found = plans.filter(state=PlanState.PROPOSED)
        yield _group(
            _("Plans of a term to approve"),
            found.exclude(proposed_by=user).exclude(made_by=user),
            lambda p: Task(f"{p.term} {p}", str(p.proposed_by), _day(p.proposed_at), _to_plan(p)),
        )
    if user.holds(Action.PLAN_MAKE):
        found = plans.filter(state=PlanState.DRAFT).exclude(returned_reason="")
        yield _group(
            _("Plans of a term to put right"),
            found,
            lambda p: Task(f"{p.term} {p}", p.returned_reason, None, _to_plan(p)),
        )


def _approvals(user: User, _today: dt.date) -> Iterator[Waiting]:
    """What somebody else has made and a second person decides."""
    if user.holds(Action.ROUND_APPROVE):
        rounds = Round.objects.visible_to(user).filter(state=RoundState.PROPOSED)
        yield _group(
            _("Rounds to approve"),
            rounds.exclude(proposed_by=user).select_related("term", "proposed_by"),
            lambda r: Task(str(r), str(r.proposed_by), _day(r.proposed_at), _to_round(r)),
        )
    if user.holds(Action.WAIVER_DECIDE):
        waivers = Waiver.objects.filter(
            team__round__in=Round.objects.visible_to(user), state=WaiverState.REQUESTED
        ).exclude(requested_by=user)
        if user.inspector_id:
            waivers = waivers.exclude(inspector=user.inspector_id)
        yield _group(
            _("Waivers of recusal to decide"),
            waivers.select_related("inspector", "team__round"),
            lambda w: Task(str(w.inspector), w.fact, _day(w.requested_at), _to_round(w.team.round)),
        )
    if user.holds(Action.AUTHORISATION_APPROVE):
        drafts = Authorisation.objects.filter(
            round__in=Round.objects.visible_to(user).exclude(state__in=STAFFING),
            state=AuthorisationState.DRAFTED,
            returned_reason="",
        ).exclude(drafted_by=user)
        yield _group(
            _("Authorisations to approve"),
            drafts.select_related("round__term"),
            lambda a: Task(
                str(a.round),
                a.number,
                _day(a.drafted_at),
                reverse("inspections:authorisation", args=[a.round_id]),
            ),
        )


def _notices(user: User, _today: dt.date) -> Iterator[Waiting]:
    """What the person has been told and has not read."""
    every = reverse("notices:notices")
    yield _group(_("Notices"), unread_notices(user), _notice_task, every)


def _alerts(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Teams against which something became known after they were put together."""
    if not sees_recusal(user):
        return
    alerts = open_alerts(Round.objects.visible_to(user))
    yield _group(
        _("Teams that must be looked at again"),
        alerts,
        lambda a: Task(
            f"{a.team.round} {a.team}",
            a.cause_in_words,
            _day(a.raised_at),
            f"{_to_round(a.team.round)}#alert-{a.team.number}",
        ),
    )


def _planning(user: User, today: dt.date) -> Iterator[Waiting]:
    """Rounds whose next step is the office's own."""
    if not user.holds(Action.ROUND_PLAN):
        return
    rounds = Round.objects.visible_to(user).select_related("term")
    # One returned is to be put right, and one revoked to be drafted anew while teams are at work.
    standing = Authorisation.objects.filter(round=OuterRef("pk"), returned_reason="")
    standing = standing.exclude(state=AuthorisationState.REVOKED)
    at_work = (RoundState.IN_FIELD, RoundState.REPORTING, RoundState.REPORTED)
    kinds = (
        (_("Rounds to staff"), rounds.filter(state=RoundState.APPROVED)),
        (
            _("Authorisations to draft"),
            rounds.filter(~Exists(standing), state__in=[RoundState.STAFFED, *at_work]),
        ),
        (
            _("Rounds that may enter the field"),
            rounds.filter(state=RoundState.AUTHORISED, authorisation__starts__lte=today),
        ),
    )
    for title, found in kinds:
        yield _group(title, found, lambda r: Task(str(r), "", r.starts, _to_round(r)))


def _papers(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Working papers whose next step is this person's."""
    papers = papers_waiting_for(user).select_related("engagement__unit")
    papers = papers.order_by("changed_at", "pk")
    half_signed = Exists(PaperHandler.objects.filter(paper=OuterRef("pk"), signed_at__isnull=False))
    drafts = papers.filter(state=PaperState.DRAFT)
    kinds: tuple[tuple[Action, str, QuerySet[WorkingPaper], PaperState], ...] = (
        (
            Action.PAPER_CHECK,
            _("Working papers to check"),
            papers.filter(state=PaperState.LEADER_APPROVED),
            PaperState.LEADER_APPROVED,
        ),
        (
            Action.PAPER_WRITE,
            _("Working papers returned to me"),
            papers.filter(state=PaperState.RETURNED),
            PaperState.RETURNED,
        ),
        (
            Action.PAPER_WRITE,
            _("Working papers that wait for my signature"),
            drafts.filter(half_signed),
            PaperState.DRAFT,
        ),
        (
            Action.PAPER_REVIEW,
            _("Working papers to review"),
            papers.filter(state=PaperState.SIGNED),
            PaperState.SIGNED,
        ),
        (
            Action.PAPER_REVIEW,
            _("Working papers to approve"),
            papers.filter(state=PaperState.DEPUTY_REVIEWED),
            PaperState.DEPUTY_REVIEWED,
        ),
        (Action.PAPER_WRITE, _("My drafts"), drafts.exclude(half_signed), PaperState.DRAFT),
    )
    for action, title, found, state in kinds:
        if user.holds(action):
            yield _group(title, found, _paper_task, _list_of(state))


def _own_units(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Units of this person's team that want papers, findings or a report."""
    if not user.inspector_id or not user.holds(Action.REPORT_MAKE):
        return
    units = Engagement.objects.visible_to(user).select_related("unit", "round")
    units = units.order_by("unit__position", "unit__name", "pk")
    # A leader approves papers and begins none.
    writing = memberships_in_force(user).exclude(role=TeamRole.LEADER).values("team")
    yield _group(
        _("Units my team inspects"),
        units.filter(round__state=RoundState.IN_FIELD, team__in=writing),
        lambda e: Task(str(e.unit), _("its working papers"), e.round.starts, _papers_on(e)),
    )
    papers = WorkingPaper.objects.visible_to(user).select_related("engagement__unit")
    yield _group(
        _("Checked papers that wait for a finding"),
        papers.filter(state=PaperState.CHECKED).order_by("changed_at", "pk"),
        _finding_task,
    )
    yield _group(
        _("Reports to write"),
        units.filter(round__state=RoundState.REPORTING, report__isnull=True),
        lambda e: Task(str(e.unit), "", None, reverse("findings:report", args=[e.pk])),
    )


def _reports(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Reports to agree, to approve and to feed back."""
    reports = Report.objects.visible_to(user).select_related("engagement__unit")
    reports = reports.order_by("drafted_at", "pk")
    if user.holds(Action.REPORT_MAKE):
        teams = memberships_in_force(user).filter(role=TeamRole.LEADER).values("team")
        found = reports.filter(state=ReportState.DRAFTED, engagement__team__in=teams)
        found = found.filter(engagement__round__state=RoundState.REPORTING)
        yield _group(_("Reports to agree"), found, _report_task)
    if user.holds(Action.REPORT_APPROVE):
        found = reports.filter(state=ReportState.AGREED)
        found = found.exclude(drafted_by=user).exclude(agreed_by=user)
        yield _group(_("Reports to approve"), found, _report_task)
    if user.holds(Action.FEEDBACK_ISSUE):
        found = reports.filter(state=ReportState.APPROVED, engagement__feedback__isnull=True)
        yield _group(_("Feedback to give"), found, _report_task)


def _items(user: User, today: dt.date) -> Iterator[Waiting]:
    """Rectification items whose next step is this person's, the first due first."""
    items = items_waiting_for(user)
    at_work = [State.IN_PROGRESS, State.REOPENED]
    kinds: tuple[tuple[Action, str, list[State], str], ...] = (
        (Action.ITEM_PLAN, _("Items to plan"), [State.OPEN], "open"),
        (Action.ITEM_CLAIM, _("Items to put right"), at_work, "mine"),
        (Action.ITEM_ACCEPT_PLAN, _("Plans to judge"), [State.PLANNED], "planned"),
        (Action.ITEM_VERIFY, _("Claims to verify"), [State.CLAIMED], "claimed"),
        (Action.ITEM_CLOSE, _("Items to close"), [State.VERIFIED], "verified"),
    )
    for action, title, states, asked in kinds:
        if user.holds(action):
            found = items.filter(state__in=states)
            rows = marked(found[:SHOWN], today)
            more = f"{reverse('rectification:items')}?state={asked}"
            tasks = [_item_task(row.item, row.colour) for row in rows]
            yield Waiting(title, tasks, found.count(), more, is_due=True)


_QUESTIONS: tuple[Callable[[User, dt.date], Iterable[Waiting]], ...] = (
    _notices,
    _alerts,
    _plans,
    _approvals,
    _planning,
    _papers,
    _own_units,
    _reports,
    _items,
)


def _group(
    title: str, found: QuerySet[Any], task_of: Callable[[Any], Task], more: str = ""
) -> Waiting:
    rows = list(found[: SHOWN + 1])
    count = len(rows) if len(rows) <= SHOWN else found.count()
    return Waiting(title, [task_of(row) for row in rows[:SHOWN]], count, more)


def _notice_task(notice: Notice) -> Task:
    address = f"{reverse('notices:notices')}#notice-{notice.pk}"
    about = str(notice.get_kind_display())
    return Task(about, sentence_of(notice.kind, notice.values), _day(notice.at), address)


def _paper_task(paper: WorkingPaper) -> Task:
    address = reverse("papers:paper", args=[paper.pk])
    return Task(paper.title, str(paper.engagement.unit), _day(paper.changed_at), address)


def _papers_on(engagement: Engagement) -> str:
    return f"{reverse('papers:papers')}?engagement={engagement.pk}"


def _finding_task(paper: WorkingPaper) -> Task:
    address = f"{reverse('findings:make', args=[paper.engagement_id])}?papers={paper.pk}"
    return Task(paper.title, str(paper.engagement.unit), _day(paper.changed_at), address)


def _report_task(report: Report) -> Task:
    address = reverse("findings:report", args=[report.engagement_id])
    return Task(str(report.engagement.unit), "", _day(report.drafted_at), address)


def _item_task(item: RectificationItem, colour: Colour) -> Task:
    address = reverse("rectification:item", args=[item.pk])
    return Task(str(item.finding), str(item.unit), item.due_date, address, colour.value)


def _list_of(state: str) -> str:
    return f"{reverse('papers:papers')}?whose=waiting&state={state}"


def _to_plan(plan: TermPlan) -> str:
    return reverse("inspections:plan", args=[plan.pk])


def _to_round(round_: Round) -> str:
    return reverse("inspections:round", args=[round_.pk])


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment)
