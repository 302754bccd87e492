"""Leads, papers, reports and rectification items that wait for a person."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.findings.models import Report
from tanzhao.findings.states import ReportState
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.rules import memberships_in_force
from tanzhao.inspections.states import (
    RoundState,
    TeamRole,
)
from tanzhao.kernel.calendar import Colour
from tanzhao.leads.models import Lead
from tanzhao.leads.queries import leads_waiting_for
from tanzhao.leads.states import LeadState
from tanzhao.notices.models import Notice
from tanzhao.notices.queries import unread_notices
from tanzhao.notices.wording import sentence_of
from tanzhao.papers.models import PaperHandler, WorkingPaper
from tanzhao.papers.queries import papers_waiting_for
from tanzhao.papers.states import PaperState
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import items_waiting_for, marked
from tanzhao.rectification.states import State
from tanzhao.web.queries.group import SHOWN, Task, Waiting, day_of, group


def notices_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """What the person has been told and has not read."""
    every = reverse("notices:notices")
    yield group(_("Notices"), unread_notices(user), _notice_task, every)


def leads_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Leads whose next step is this person's."""
    leads = leads_waiting_for(user).select_related("unit")
    mine = reverse("leads:leads")
    yield group(
        _("Leads to assign"),
        leads.filter(state=LeadState.NEW),
        lambda one: Task(one.title, str(one.unit or ""), day_of(one.captured_at), _to_lead(one)),
        f"{mine}?state={LeadState.NEW}",
    )
    yield group(
        _("Leads to verify"),
        leads.filter(state__in=[LeadState.ASSIGNED, LeadState.VERIFYING]),
        lambda one: Task(one.title, str(one.unit or ""), day_of(one.assigned_at), _to_lead(one)),
        f"{mine}?whose=mine",
    )
    yield group(
        _("Outcomes of leads to confirm"),
        leads.filter(state=LeadState.PROPOSED),
        lambda one: Task(one.title, str(one.unit or ""), day_of(one.outcome_at), _to_lead(one)),
        f"{mine}?whose=mine&state={LeadState.PROPOSED}",
    )


def papers_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
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
            yield group(title, found, _paper_task, _list_of(state))


def units_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Units of this person's team that want papers, findings or a report."""
    if not user.inspector_id or not user.holds(Action.REPORT_MAKE):
        return
    units = Engagement.objects.visible_to(user).select_related("unit", "round")
    units = units.order_by("unit__position", "unit__name", "pk")
    # A leader approves papers and begins none.
    writing = memberships_in_force(user).exclude(role=TeamRole.LEADER).values("team")
    yield group(
        _("Units my team inspects"),
        units.filter(round__state=RoundState.IN_FIELD, team__in=writing),
        lambda e: Task(str(e.unit), _("its working papers"), e.round.starts, _papers_on(e)),
    )
    papers = WorkingPaper.objects.visible_to(user).select_related("engagement__unit")
    yield group(
        _("Checked papers that wait for a finding"),
        papers.filter(state=PaperState.CHECKED).order_by("changed_at", "pk"),
        _finding_task,
    )
    yield group(
        _("Reports to write"),
        units.filter(round__state=RoundState.REPORTING, report__isnull=True),
        lambda e: Task(str(e.unit), "", None, reverse("findings:report", args=[e.pk])),
    )


def reports_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Reports to agree, to approve and to feed back."""
    reports = Report.objects.visible_to(user).select_related("engagement__unit")
    reports = reports.order_by("drafted_at", "pk")
    if user.holds(Action.REPORT_MAKE):
        teams = memberships_in_force(user).filter(role=TeamRole.LEADER).values("team")
        found = reports.filter(state=ReportState.DRAFTED, engagement__team__in=teams)
        found = found.filter(engagement__round__state=RoundState.REPORTING)
        yield group(_("Reports to agree"), found, _report_task)
    if user.holds(Action.REPORT_APPROVE):
        found = reports.filter(state=ReportState.AGREED)
        found = found.exclude(drafted_by=user).exclude(agreed_by=user)
        yield group(_("Reports to approve"), found, _report_task)
    if user.holds(Action.FEEDBACK_ISSUE):
        found = reports.filter(state=ReportState.APPROVED, engagement__feedback__isnull=True)
        yield group(_("Feedback to give"), found, _report_task)


def items_waiting(user: User, today: dt.date) -> Iterator[Waiting]:
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


def _notice_task(notice: Notice) -> Task:
    address = f"{reverse('notices:notices')}#notice-{notice.pk}"
    about = str(notice.get_kind_display())
    return Task(about, sentence_of(notice.kind, notice.values), day_of(notice.at), address)


def _to_lead(lead: Lead) -> str:
    return reverse("leads:lead", args=[lead.pk])


def _paper_task(paper: WorkingPaper) -> Task:
    address = reverse("papers:paper", args=[paper.pk])
    return Task(paper.title, str(paper.engagement.unit), day_of(paper.changed_at), address)


def _papers_on(engagement: Engagement) -> str:
    return f"{reverse('papers:papers')}?engagement={engagement.pk}"


def _finding_task(paper: WorkingPaper) -> Task:
    address = f"{reverse('findings:make', args=[paper.engagement_id])}?papers={paper.pk}"
    return Task(paper.title, str(paper.engagement.unit), day_of(paper.changed_at), address)


def _report_task(report: Report) -> Task:
    address = reverse("findings:report", args=[report.engagement_id])
    return Task(str(report.engagement.unit), "", day_of(report.drafted_at), address)


def _item_task(item: RectificationItem, colour: Colour) -> Task:
    address = reverse("rectification:item", args=[item.pk])
    return Task(str(item.finding), str(item.unit), item.due_date, address, colour.value)


def _list_of(state: str) -> str:
    return f"{reverse('papers:papers')}?whose=waiting&state={state}"
