"""The last steps of several units at the same moment: the round moves on, once."""

import pytest

from tanzhao.access.table import Role
from tanzhao.findings.actions import approve_report
from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.clock import today
from tanzhao.rectification.actions import issue_feedback_and_open_items
from tests.factories import NOON, FindingFactory, ReportFactory, UserFactory
from tests.findings.makers import engagement_in

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def test_a_round_moves_on_when_its_last_units_are_done_at_the_same_moment(at_once):
    first = engagement_in(RoundState.REPORTING)
    others = [engagement_in(RoundState.REPORTING, team=first.team) for _ in range(AT_ONCE - 1)]
    engagements = [first, *others]
    for engagement in engagements:
        FindingFactory(engagement=engagement)
        ReportFactory(engagement=engagement, situation="实", opinions="改", state="agreed")
    approver, office = UserFactory(role=Role.LEADING_GROUP), UserFactory()
    round_ = Round.objects.get()

    at_once(lambda one: approve_report(engagement_id=one.pk, actor=approver, at=NOON), engagements)
    round_.refresh_from_db()
    assert round_.state == RoundState.REPORTED

    numbers = {one.pk: f"岚巡反馈〔2026〕{n}号" for n, one in enumerate(engagements)}
    at_once(
        lambda one: issue_feedback_and_open_items(
            engagement_id=one.pk, number=numbers[one.pk], issued_date=today(), actor=office, at=NOON
        ),
        engagements,
    )
    round_.refresh_from_db()
    assert round_.state == RoundState.FED_BACK
