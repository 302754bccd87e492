"""A report copied from another unit, from the contact's upload to the answer at the item."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from tanzhao.rectification.models import Likeness
from tanzhao.rectification.states import State
from tests.documents import samples
from tests.factories import NOON, UnitFactory, contact_of
from tests.journeys.people import Hands, office_people
from tests.rectification.likeness_makers import REPORT
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "除金额和人名外一字不差，退回重写。"


def test_a_copied_report_is_read_side_by_side_and_answered(
    page, live_server, enter, problems, tmp_path
):
    hands, office = Hands(page, live_server.url, enter), office_people()
    page.set_default_timeout(60_000)  # the kernels are loaded within the first request
    first = item_in(State.IN_PROGRESS, finding__engagement__unit=UnitFactory(name="县水利局"))
    second = item_in(State.IN_PROGRESS, finding__engagement__unit=UnitFactory(name="县文旅局"))
    report = tmp_path / "整改报告.docx"
    report.write_bytes(samples.word(REPORT.replace("十四批次", "九批次")))
    first.steps.create(kind="progressed", text=REPORT, at=NOON)

    # What came before likeness was known is compared when the office asks for it.
    hands.be(office.staff, "rectification:round_likeness", first.finding.engagement.round_id)
    hands.press("比对本轮全部材料")
    hands.sees("已比对1份")
    hands.be(contact_of(second.unit), "rectification:item", second.pk)
    claim = page.locator(f'form[action="{reverse("rectification:claim", args=[second.pk])}"]')
    claim.get_by_role("textbox").first.fill("全部整改到位。")
    claim.locator("input[type=file]").set_input_files(report)
    hands.press("申报完成", claim)
    hands.sees("已申报完成")
    assert "雷同" not in page.content()

    hands.be(office.staff)
    hands.sees("内容雷同，待答复")
    hands.follow("《整改报告.docx》与县水利局整改进展")
    hands.sees("县水利局", "县文旅局")
    expect(page.locator(".side mark").first).to_be_visible()
    page.locator(".side").first.locator("a.passage-number").first.click()
    expect(page.locator(".side").nth(1).locator("a.passage-number:target")).to_be_visible()
    page.get_by_label("照抄").check()
    page.get_by_label("看了什么、为什么这样答复").fill(REASON)
    hands.press("保存答复")
    expect(page.locator("#answers")).to_contain_text(REASON)
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []

    hands.be(office.checker, "rectification:item", second.pk)
    hands.sees("照抄", REASON, "钱进")
    assert Likeness.objects.get().answered_by == office.staff
    page.set_viewport_size({"width": 390, "height": 844})
    hands.open("rectification:likeness", Likeness.objects.get().pk)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems == []
