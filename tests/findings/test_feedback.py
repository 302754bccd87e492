import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.findings.actions import issue_feedback
from tanzhao.findings.models import Feedback
from tanzhao.findings.queries.feedback import next_number
from tanzhao.findings.rules import may_issue_feedback
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tests.factories import (
    NOON,
    FeedbackFactory,
    FindingFactory,
    ReportFactory,
    UserFactory,
    member_account,
)
from tests.findings.makers import engagement_in

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 7, 1)


def _approved(state=RoundState.REPORTED, **values):
    engagement = engagement_in(state, **values)
    ReportFactory(
        engagement=engagement,
        opinions="抓紧。",
        state="approved",
        approved_by=UserFactory(role=Role.DIRECTOR),
        approved_at=NOON,
    )
    FindingFactory(engagement=engagement, state="reported")
    return engagement


def _issue(engagement, actor=None, number="岚巡反馈〔2026〕1号", day=DAY):
    return issue_feedback(
        engagement_id=engagement.pk,
        number=number,
        issued_date=day,
        actor=actor or UserFactory(role=Role.STAFF),
        at=NOON,
    )


def test_feedback_sets_due_dates_makes_its_files_and_tells_the_findings():
    engagement = _approved()

    feedback = _issue(engagement)

    # 1 July 2026 is a Wednesday: 15 working days after it is Wednesday 22 July.
    assert (feedback.plan_due_date, feedback.rectify_by_date) == (
        dt.date(2026, 7, 22),
        dt.date(2027, 1, 1),
    )
    assert {finding.state for finding in engagement.findings.all()} == {"fed_back"}
    assert feedback.file.name.endswith(".docx")
    assert feedback.list_file.name.endswith(".docx")
    entry = Entry.objects.get(verb="feedback.issued")
    assert entry.details == {"findings": 1, "plan_due": "2026-07-22", "rectify_by": "2027-01-01"}


def test_the_round_is_fed_back_when_all_its_units_are():
    one = _approved()
    two = _approved(team=one.team)

    _issue(one)
    one.round.refresh_from_db()
    assert one.round.state == "reported"
    _issue(two, number="岚巡反馈〔2026〕2号")
    one.round.refresh_from_db()
    assert one.round.state == "fed_back"


def test_a_number_and_a_unit_are_given_once_and_no_day_is_before_approval():
    one = _approved()
    two = _approved(team=one.team)
    _issue(one)

    for attempt in (
        {"engagement": one, "number": "岚巡反馈〔2026〕2号"},
        {"engagement": two},
        {"engagement": two, "number": "岚巡反馈〔2026〕2号", "day": dt.date(2026, 6, 30)},
        {"engagement": two, "number": "岚巡反馈〔2026〕2号", "day": dt.date(2099, 1, 4)},
    ):
        with pytest.raises(Refused):
            _issue(**attempt)
    assert Feedback.objects.count() == 1
    assert {finding.state for finding in two.findings.all()} == {"reported"}
    _issue(two, number="岚巡反馈〔2026〕2号")


@pytest.mark.parametrize("state", RoundState)
def test_feedback_is_issued_while_the_round_is_reporting_or_reported(state):
    engagement = _approved(state)
    expected = state in {RoundState.REPORTING, RoundState.REPORTED}

    assert bool(may_issue_feedback(UserFactory(role=Role.STAFF), engagement)) is expected


@pytest.mark.parametrize(("state", "expected"), [("drafted", False), ("agreed", False)])
def test_no_feedback_goes_out_before_the_report_is_approved(state, expected):
    engagement = engagement_in(RoundState.REPORTING)
    staff = UserFactory(role=Role.STAFF)

    assert bool(may_issue_feedback(staff, engagement)) is expected
    ReportFactory(engagement=engagement, state=state)
    assert bool(may_issue_feedback(staff, engagement)) is expected


@pytest.mark.parametrize("role", Role)
def test_the_office_alone_issues_feedback(role):
    engagement = _approved()
    actor = UserFactory(role=role, unit_id=engagement.unit_id)
    if role == Role.INSPECTOR:
        actor = member_account(engagement.team)

    if role in {Role.DIRECTOR, Role.STAFF}:
        assert _issue(engagement, actor).issued_by == actor
    else:
        with pytest.raises((Refused, Engagement.DoesNotExist)):
            _issue(engagement, actor)
        assert not Feedback.objects.exists()


def test_the_next_number_follows_the_last_of_its_year():
    engagement = engagement_in()
    assert next_number(engagement, 2026) == "岚巡反馈〔2026〕1号"
    for number in ("岚巡反馈〔2026〕2号", "岚巡反馈〔2026〕11号", "岚巡反馈〔2025〕40号", "另号"):
        FeedbackFactory(number=number)
    assert next_number(engagement, 2026) == "岚巡反馈〔2026〕12号"
