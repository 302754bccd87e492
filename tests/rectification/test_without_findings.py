import pytest

from tanzhao.access.table import Role
from tanzhao.findings.actions import agree_report, approve_report
from tanzhao.findings.queries.report import composed
from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import issue_feedback_and_open_items
from tanzhao.rectification.models import RectificationItem
from tests.factories import NOON, TODAY, ReportFactory, UserFactory, member_account

pytestmark = pytest.mark.django_db


def test_a_unit_without_a_finding_does_not_hold_up_its_round():
    report = ReportFactory(situation="已巡察。", opinions="无。")
    engagement = report.engagement
    Round.objects.filter(pk=engagement.round_id).update(state=RoundState.REPORTING)
    leader = member_account(engagement.team, TeamRole.LEADER)
    ask = {"engagement_id": engagement.pk, "version": report.version, "actor": leader, "at": NOON}

    with pytest.raises(Refused):
        agree_report(**ask)
    agree_report(**ask, without_findings=True)
    chair = UserFactory(role=Role.LEADING_GROUP)
    approve_report(engagement_id=engagement.pk, actor=chair, at=NOON)
    issue_feedback_and_open_items(
        engagement_id=engagement.pk,
        actor=UserFactory(),
        at=NOON,
        number="岚巡办〔2026〕9号",
        issued_date=TODAY,
    )

    report.refresh_from_db()
    said = [s.text for block in composed(report).blocks for s in block.sentences]
    assert "巡察未发现需要反馈的问题。" in said
    assert RectificationItem.objects.count() == 0
    assert Round.objects.get(pk=engagement.round_id).state == RoundState.RECTIFYING
