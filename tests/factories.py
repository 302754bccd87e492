"""The plainest valid row of each kind. What matters to a test is written in the test."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.documents.models import StoredFile
from tanzhao.findings.models import Feedback, Finding, Report
from tanzhao.inspections.models import (
    Authorisation,
    Engagement,
    PlannedRound,
    PlannedUnit,
    PlannedVisit,
    Round,
    Team,
    TeamMember,
    Term,
    TermPlan,
)
from tanzhao.inspections.planning.numbers import planning_numbers
from tanzhao.inspections.states import AuthorisationState, RoundState, TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.clock import today
from tanzhao.leads.models import Lead
from tanzhao.leads.states import LeadSource
from tanzhao.notices.models import Notice
from tanzhao.notices.states import NoticeKind
from tanzhao.papers.models import Evidence, Fact, PaperHandler, WorkingPaper
from tanzhao.rectification.models import RectificationItem
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.units.models import Unit

NOON = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
TODAY = today()  # access follows the real day, in the office's time zone


def days(n: int) -> dt.date:
    """Give the day n days from today."""
    return TODAY + dt.timedelta(days=n)


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"第{n}局")
    category = "县直部门"


class InspectorFactory(DjangoModelFactory):
    class Meta:
        model = Inspector

    name = factory.Sequence(lambda n: f"干部{n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"用户{n}")
    role = Role.STAFF
    password = "!"


def contact_of(unit: Unit, **values: object) -> User:
    """Make the contact of a unit."""
    return UserFactory(role=Role.CONTACT, unit_id=unit.pk, **values)


def account_of(inspector: Inspector, **values: object) -> User:
    """Make the account of an inspector."""
    return UserFactory(
        role=Role.INSPECTOR, inspector_id=inspector.pk, full_name=inspector.name, **values
    )


class FrameFactory(DjangoModelFactory):
    class Meta:
        model = Frame
        django_get_or_create = ("name",)

    name = "test-frame"
    kind = "frame"
    version = "1"
    label_zh = "测试框架"
    label_en = "test frame"


class CodeFactory(DjangoModelFactory):
    class Meta:
        model = Code

    frame = factory.SubFactory(FrameFactory)
    code = factory.Sequence(lambda n: f"c{n}")
    label_zh = factory.Sequence(lambda n: f"分类{n}")
    label_en = factory.Sequence(lambda n: f"class {n}")
    position = factory.Sequence(lambda n: n)


class TermFactory(DjangoModelFactory):
    class Meta:
        model = Term
        django_get_or_create = ("number",)

    number = 15
    starts = dt.date(2021, 9, 1)
    ends = dt.date(2027, 8, 31)
    committee = "中共岚水县委"
    leading_group = "中共岚水县委巡察工作领导小组"
    office = "中共岚水县委巡察工作领导小组办公室"
    document_prefix = "岚巡"


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round

    term = factory.SubFactory(TermFactory)
    number = factory.Sequence(lambda n: n + 6)
    kind = factory.SubFactory(CodeFactory)
    frame = factory.SubFactory(FrameFactory)
    starts = factory.LazyFunction(lambda: days(-10))
    ends = factory.LazyFunction(lambda: days(30))
    state = RoundState.IN_FIELD
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = NOON
    approved_by = factory.SubFactory(UserFactory, role=Role.LEADING_GROUP)
    approved_at = NOON


class AuthorisationFactory(DjangoModelFactory):
    class Meta:
        model = Authorisation

    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence(lambda n: f"岚巡组〔2026〕{n}号")
    basis = "巡察工作条例"
    starts = factory.LazyFunction(lambda: days(-10))
    ends = factory.LazyFunction(lambda: days(30))
    state = AuthorisationState.APPROVED
    drafted_by = factory.SubFactory(UserFactory)
    drafted_at = NOON
    approved_by = factory.SubFactory(UserFactory, role=Role.LEADING_GROUP)
    approved_at = NOON


class TeamFactory(DjangoModelFactory):
    """A team whose round is authorised today."""

    class Meta:
        model = Team

    round = factory.LazyFunction(lambda: AuthorisationFactory().round)
    number = factory.Sequence(lambda n: n + 1)


class TeamMemberFactory(DjangoModelFactory):
    class Meta:
        model = TeamMember

    team = factory.SubFactory(TeamFactory)
    inspector = factory.SubFactory(InspectorFactory)
    role = TeamRole.MEMBER


def member_account(team: Team, role: TeamRole = TeamRole.MEMBER) -> User:
    """Make an inspector with an account who serves on a team."""
    return account_of(TeamMemberFactory(team=team, role=role).inspector)


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = Engagement

    team = factory.SubFactory(TeamFactory)
    round = factory.SelfAttribute("team.round")
    unit = factory.SubFactory(UnitFactory)


class LeadFactory(DjangoModelFactory):
    class Meta:
        model = Lead

    title = factory.Sequence(lambda n: f"疑点{n}")
    source = LeadSource.FIELDWORK
    captured_by = factory.SubFactory(UserFactory)
    captured_at = NOON
    changed_at = NOON


class StoredFileFactory(DjangoModelFactory):
    class Meta:
        model = StoredFile

    name = "凭证.pdf"
    content_type = "application/pdf"
    size = 9
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    content = factory.django.FileField(data=b"%PDF-1.7\n", filename="voucher.pdf")
    stored_by = factory.SubFactory(UserFactory)
    stored_at = NOON


class WorkingPaperFactory(DjangoModelFactory):
    class Meta:
        model = WorkingPaper

    engagement = factory.SubFactory(EngagementFactory)
    serial = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"底稿{n}")
    begun_by = factory.SubFactory(UserFactory, role=Role.INSPECTOR)
    begun_at = NOON
    changed_by = factory.SelfAttribute("begun_by")
    changed_at = NOON


class PaperHandlerFactory(DjangoModelFactory):
    class Meta:
        model = PaperHandler

    paper = factory.SubFactory(WorkingPaperFactory)
    inspector = factory.SubFactory(InspectorFactory)


class FactFactory(DjangoModelFactory):
    class Meta:
        model = Fact

    paper = factory.SubFactory(WorkingPaperFactory)
    position = factory.Sequence(lambda n: n + 1)
    what = "2025年列支接待费3笔，无公函"
    method = factory.SubFactory(CodeFactory)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    paper = factory.SubFactory(WorkingPaperFactory)
    number = factory.Sequence(lambda n: n + 1)
    file = factory.SubFactory(StoredFileFactory)
    name = "记账凭证"
    kind = factory.SubFactory(CodeFactory)


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = Finding

    engagement = factory.SubFactory(EngagementFactory)
    unit = factory.SelfAttribute("engagement.unit")
    round_number = factory.SelfAttribute("engagement.round.number")
    serial = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"问题{n}")
    fact = "2025年列支接待费3笔，无公函"
    made_by = factory.SubFactory(UserFactory, role=Role.INSPECTOR)
    made_at = NOON


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    engagement = factory.SubFactory(EngagementFactory)
    drafted_by = factory.SubFactory(UserFactory, role=Role.INSPECTOR)
    drafted_at = NOON


class FeedbackFactory(DjangoModelFactory):
    class Meta:
        model = Feedback

    engagement = factory.SubFactory(EngagementFactory)
    number = factory.Sequence(lambda n: f"岚巡办〔2026〕{n}号")
    issued_date = TODAY
    plan_due_date = factory.LazyFunction(lambda: days(21))
    rectify_by_date = factory.LazyFunction(lambda: days(180))
    issued_by = factory.SubFactory(UserFactory)
    issued_at = NOON


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = RectificationItem

    finding = factory.SubFactory(FindingFactory, state="fed_back")
    unit = factory.SelfAttribute("finding.unit")
    round_number = factory.SelfAttribute("finding.round_number")
    owner_name = "张伟"
    due_date = factory.LazyFunction(lambda: days(90))


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    to = factory.SubFactory(UserFactory)
    kind = NoticeKind.TEAM_SETTLED
    values = factory.LazyFunction(lambda: {"term": 15, "round": 6, "team": 1})
    key = factory.Sequence(lambda n: f"team-{n}")
    at = NOON


class TermPlanFactory(DjangoModelFactory):
    """A draft with the office's usual numbers, without rounds and units."""

    class Meta:
        model = TermPlan

    term = factory.SubFactory(TermFactory)
    number = factory.Sequence(lambda n: n + 1)
    settings = factory.LazyFunction(lambda: dict(planning_numbers()))
    made_by = factory.SubFactory(UserFactory)
    made_at = NOON


class PlannedRoundFactory(DjangoModelFactory):
    class Meta:
        model = PlannedRound

    plan = factory.SubFactory(TermPlanFactory)
    number = factory.Sequence(lambda n: n + 20)
    month = factory.LazyFunction(lambda: days(60).replace(day=1))
    teams = 2
    people = 5
    days = 10
    most_units = 8


class PlannedUnitFactory(DjangoModelFactory):
    class Meta:
        model = PlannedUnit

    plan = factory.SubFactory(TermPlanFactory)
    unit = factory.SubFactory(UnitFactory)
    effort = 20
    weight = 40


class PlannedVisitFactory(DjangoModelFactory):
    class Meta:
        model = PlannedVisit

    planned = factory.SubFactory(PlannedUnitFactory)
