"""From the feedback to the archived round: contact, office and two supervisors take turns."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanzhao.access.table import Role
from tanzhao.archive.models import Volume
from tanzhao.findings.states import FindingState, ReportState
from tanzhao.inspections.states import RoundState
from tests.factories import (
    NOON,
    AuthorisationFactory,
    EngagementFactory,
    FeedbackFactory,
    FindingFactory,
    ItemFactory,
    ReportFactory,
    RoundFactory,
    StoredFileFactory,
    TeamFactory,
    UserFactory,
    contact_of,
)
from tests.journeys.ending import claim, judge, stands
from tests.journeys.people import Hands, office_people
from tests.rectification.makers import PDF

FIRST, SECOND = "公务接待无公函", "“三重一大”未集体研究"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def engagement():
    """An engagement whose report is approved, with two findings."""
    round_ = RoundFactory(state=RoundState.REPORTED)
    AuthorisationFactory(round=round_)
    engagement = EngagementFactory(team=TeamFactory(round=round_), unit__name="县交通运输局")
    ReportFactory(
        engagement=engagement, state=ReportState.APPROVED, approved_at=NOON,
        approved_by=UserFactory(role=Role.LEADING_GROUP),
        file=StoredFileFactory(name="报告.docx"), list_file=StoredFileFactory(name="清单.docx"),
    )  # fmt: skip
    for title in (FIRST, SECOND):
        FindingFactory(engagement=engagement, state=FindingState.REPORTED, title=title)
    return engagement


def test_a_round_goes_from_feedback_to_the_archive(
    page, live_server, enter, engagement, problems, tmp_path
):
    hands, office = Hands(page, live_server.url, enter), office_people()
    contact = contact_of(engagement.unit, full_name="何静")
    (tmp_path / "回单.pdf").write_bytes(PDF)

    hands.be(office.director)
    hands.follow("县交通运输局")
    hands.follow("反馈")
    hands.press("印发反馈意见")
    _plan_both(hands, contact)
    _accept_both(hands, office)
    claim(hands, contact, FIRST, "已追缴2笔", tmp_path / "回单.pdf")
    judge(hands, office.supervisor, FIRST, "部分到位", "还差一笔")
    stands(hands, "整改中")
    claim(hands, contact, FIRST, "3笔全部追缴", tmp_path / "回单.pdf")
    judge(hands, office.supervisor, FIRST, "整改到位", "逐笔核对，金额相符")
    hands.be(office.second_supervisor)
    hands.follow(FIRST)
    hands.press("销号")
    stands(hands, "已销号")
    _assess_seal_and_archive(hands, office, engagement)
    assert problems == []


def _plan_both(hands, contact):
    hands.be(contact, "rectification:plan")
    for left in (1, 0):
        card = hands.page.locator("article.plan:has(form)").first
        hands.write(card, 整改措施="追缴3笔共1.2万元，补办公函手续", 责任人="王强")
        hands.press("报送方案", card)
        expect(hands.page.locator("article.plan form")).to_have_count(left)
    expect(hands.page.locator("article.plan[data-state=planned]")).to_have_count(2)


def _accept_both(hands, office):
    for title in (FIRST, SECOND):
        hands.be(office.staff)
        hands.follow(title)
        hands.press("同意方案")
        stands(hands, "整改中")


def _assess_seal_and_archive(hands, office, engagement):
    """One item is left open for the long term; the last volume sealed archives the round."""
    hands.be(office.staff, "reports:round_board", engagement.round_id)
    hands.follow("填写评估意见")
    hands.write(本轮整改评估意见="2个问题销号1个，另1个长期坚持。")
    hands.press("保存评估意见")
    hands.follow("轮次看板")
    hands.follow("封卷", hands.row("县交通运输局"))
    hands.write(未销号事项转为长期坚持的理由="涉及历史遗留，长期坚持")
    hands.press("封卷")
    hands.follow("查看结果")
    hands.sees(Volume.objects.get().file.sha256)
    hands.open("reports:round_board", engagement.round_id)
    hands.sees("本轮已归档，没有待办事项。")
    engagement.round.refresh_from_db()
    assert engagement.round.state == RoundState.ARCHIVED


def test_the_contact_plans_on_a_phone_without_sideways_scrolling(
    page, live_server, enter, engagement, problems
):
    FeedbackFactory(engagement=engagement)
    for finding in engagement.findings.all():
        ItemFactory(finding=finding)
    enter(contact_of(engagement.unit))
    page.set_viewport_size({"width": 390, "height": 844})

    for name in ("rectification:plan", "rectification:items", "reports:rectification_board"):
        page.goto(live_server.url + reverse(name))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems == []
