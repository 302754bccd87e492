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
from tanzhao.inspections.models import Authorisation, Engagement, Round, Waiver
from tanzhao.inspections.rules import memberships_in_force
from tanzhao.inspections.states import AuthorisationState, RoundState, TeamRole, WaiverState
from tanzhao.kernel.calendar import Colour
from tanzhao.papers.models import PaperHandler, WorkingPaper
from tanzhao.papers.states import EDITABLE, PaperState
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import marked
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
            round__in=Round.objects.visible_to(user).filter(state=RoundState.STAFFED),
            state=AuthorisationState.DRAFTED,
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


def _planning(user: User, today: dt.date) -> Iterator[Waiting]:
    """Rounds whose next step is the office's own."""
    if not user.holds(Action.ROUND_PLAN):
        return
    rounds = Round.objects.visible_to(user).select_related("term")
    drafted = Authorisation.objects.filter(round=OuterRef("pk"))
    kinds = (
        (_("Rounds to staff"), rounds.filter(state=RoundState.APPROVED)),
        (
            _("Authorisations to draft"),
            rounds.filter(~Exists(drafted), state=RoundState.STAFFED),
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
    papers = WorkingPaper.objects.visible_to(user).select_related("engagement__unit")
    papers = papers.order_by("changed_at", "pk")
    if user.holds(Action.PAPER_CHECK):
        found = papers.filter(state=PaperState.LEADER_APPROVED)
        yield _group(_("Working papers to check"), found, _paper_task, _list_of("leader_approved"))
    if not user.inspector_id or not user.holds(Action.PAPER_WRITE):
        return
    handled = PaperHandler.objects.filter(paper=OuterRef("pk"), inspector=user.inspector_id)
    others = PaperHandler.objects.filter(paper=OuterRef("pk"), signed_at__isnull=False)
    own = papers.filter(Exists(handled))
    yield _group(
        _("Working papers returned to me"), own.filter(state=PaperState.RETURNED), _paper_task
    )
    yield _group(
        _("Working papers that wait for my signature"),
        own.filter(
            Exists(others), Exists(handled.filter(signed_at__isnull=True)), state__in=EDITABLE
        ),
        _paper_task,
    )
    memberships = memberships_in_force(user)
    steps = (
        (_("Working papers to review"), TeamRole.DEPUTY, PaperState.SIGNED),
        (_("Working papers to approve"), TeamRole.LEADER, PaperState.DEPUTY_REVIEWED),
    )
    for title, role, state in steps:
        teams = memberships.filter(role=role).values("team")
        found = papers.filter(state=state, engagement__team__in=teams).exclude(Exists(handled))
        yield _group(title, found, _paper_task, _list_of(state))
    drafts = own.filter(Exists(handled.filter(signed_at__isnull=True)), state=PaperState.DRAFT)
    yield _group(_("My drafts"), drafts.exclude(Exists(others)), _paper_task, _list_of("draft"))


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
    items = RectificationItem.objects.visible_to(user).select_related("unit", "finding")
    items = items.order_by("due_date", "pk")
    kinds: tuple[tuple[Action, str, QuerySet[RectificationItem], str], ...] = (
        (Action.ITEM_PLAN, _("Items to plan"), items.filter(state=State.OPEN), "open"),
        (
            Action.ITEM_CLAIM,
            _("Items to put right"),
            items.filter(state__in=[State.IN_PROGRESS, State.REOPENED]),
            "running",
        ),
        (
            Action.ITEM_ACCEPT_PLAN,
            _("Plans to judge"),
            items.filter(state=State.PLANNED),
            "planned",
        ),
        (
            Action.ITEM_VERIFY,
            _("Claims to verify"),
            items.filter(state=State.CLAIMED).exclude(claimed_by=user),
            "claimed",
        ),
        (
            Action.ITEM_CLOSE,
            _("Items to close"),
            items.filter(state=State.VERIFIED).exclude(verified_by=user).exclude(claimed_by=user),
            "verified",
        ),
    )
    for action, title, found, state in kinds:
        if user.holds(action):
            rows = marked(found[:SHOWN], today)
            more = f"{reverse('rectification:items')}?state={state}"
            tasks = [_item_task(row.item, row.colour) for row in rows]
            yield Waiting(title, tasks, found.count(), more, is_due=True)


_QUESTIONS: tuple[Callable[[User, dt.date], Iterable[Waiting]], ...] = (
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
    return f"{reverse('papers:papers')}?state={state}"


def _to_round(round_: Round) -> str:
    return reverse("inspections:round", args=[round_.pk])


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment)
