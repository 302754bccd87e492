"""From the feedback to the sealed volume: contact, office and two supervisors take turns."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanzhao.access.table import Role
from tanzhao.archive.models import Volume
from tanzhao.findings.states import FindingState, ReportState
from tanzhao.inspections.states import RoundState
from tanzhao.rectification.models import RectificationItem
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
from tests.rectification.makers import PDF

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
    for title in ("公务接待无公函", "“三重一大”未集体研究"):
        FindingFactory(engagement=engagement, state=FindingState.REPORTED, title=title)
    return engagement


def test_an_item_goes_from_feedback_to_closing_and_into_a_sealed_volume(
    page, live_server, enter, engagement, problems
):
    office = UserFactory(full_name="周敏", role=Role.DIRECTOR)
    contact = contact_of(engagement.unit, full_name="何静")
    verifier = UserFactory(full_name="赵监督", role=Role.SUPERVISOR)
    closer = UserFactory(full_name="钱监督", role=Role.SUPERVISOR)

    def open_as(user, name, *args):
        enter(user)
        page.goto(live_server.url + reverse(name, args=args))

    open_as(office, "reports:round_board", engagement.round_id)
    page.get_by_role("link", name="县交通运输局").first.click()
    page.get_by_role("button", name="反馈").click()
    assert RectificationItem.objects.count() == 2

    open_as(contact, "rectification:plan")
    for _ in range(2):
        card = page.locator("article.plan:has(form)").first
        card.get_by_label("整改措施").fill("追缴3笔共1.2万元，补办公函手续")
        card.get_by_label("责任人").fill("王强")
        card.get_by_role("button", name="报送方案").click()
        expect(page.locator("article.plan form")).to_have_count(1 if _ == 0 else 0)
    expect(page.locator("article.plan[data-state=planned]")).to_have_count(2)

    first, second = RectificationItem.objects.order_by("finding__serial")
    for item in (first, second):
        open_as(office, "rectification:item", item.pk)
        page.get_by_role("button", name="同意方案").click()
        expect(page.locator(".actions .state").first).to_have_text("整改中")

    def claim(words):
        open_as(contact, "rectification:item", first.pk)
        page.get_by_label("整改做了什么、成效如何").fill(words)
        page.get_by_label("佐证材料").first.set_input_files(
            [{"name": "回单.pdf", "mimeType": "application/pdf", "buffer": PDF}]
        )
        page.get_by_role("button", name="申报完成").click()

    claim("已追缴2笔")
    open_as(verifier, "rectification:item", first.pk)
    page.get_by_label("部分到位").check()
    page.get_by_label("核查了什么、为什么是这个结论").fill("还差一笔")
    page.get_by_role("button", name="保存核查结论").click()
    expect(page.locator(".actions .state").first).to_have_text("整改中")

    claim("3笔全部追缴")
    open_as(verifier, "rectification:item", first.pk)
    page.get_by_label("整改到位", exact=True).check()
    page.get_by_label("核查了什么、为什么是这个结论").fill("逐笔核对，金额相符")
    page.get_by_role("button", name="保存核查结论").click()
    expect(page.locator("#next")).to_contain_text("请由其他同志销号")

    open_as(closer, "rectification:item", first.pk)
    page.get_by_role("button", name="销号").click()
    expect(page.locator(".actions .state").first).to_have_text("已销号")

    open_as(office, "archive:volume", engagement.pk)
    page.get_by_label("未销号事项转为长期坚持的理由").fill("涉及历史遗留，长期坚持")
    page.get_by_role("button", name="封卷").click()
    open_as(office, "archive:volume", engagement.pk)
    expect(page.locator("main")).to_contain_text(Volume.objects.get().file.sha256)
    assert problems == []


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
