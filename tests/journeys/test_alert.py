"""Complete on Monday; on Tuesday a member declares from the phone; on Wednesday it is settled."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tanzhao.access.table import Role
from tanzhao.audit.trail import verify_trail
from tanzhao.inspections.models import TeamAlert
from tanzhao.inspections.states import RoundState
from tests.factories import UserFactory
from tests.inspections.alert_makers import monday
from tests.journeys.people import Hands

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
RULE = "被巡察单位在本人申报的回避单位之列"


def read_aloud(page: Page) -> list[str]:
    """Give what a screen reader's user would be hindered by, and whether the page is too wide."""
    found = [
        f"{one['id']}: {one['help']} at {one['nodes'][0]['target']}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *(["wider than the screen"] if wide else [])]


def test_a_declaration_from_the_phone_reopens_the_team_until_a_second_person_lets_it_pass(
    page: Page, live_server, enter, problems
):
    day, chair = monday(RoundState.STAFFED), UserFactory(role=Role.LEADING_GROUP)
    day.unit.name = "县人民医院"
    day.unit.save()
    hands, round_id = Hands(page, live_server.url, enter), day.team.round_id

    page.set_viewport_size(PHONE)
    hands.be(day.member)
    page.locator("summary", has_text="菜单").click()
    page.locator(".menu").get_by_role("link", name="我的回避").click()
    hands.write(需回避的单位="人民医院")
    hands.press("申报")
    hands.sees("没有名称为“人民医院”的单位")
    assert read_aloud(page) == []
    hands.press("县人民医院")
    hands.sees("对县人民医院的回避申报已登记")
    # Nothing on the page says that this unit is to be inspected.
    expect(page.get_by_role("main")).not_to_contain_text("巡察组")

    page.set_viewport_size(DESK)
    hands.be(chair, "inspections:authorisation", round_id)
    expect(page.get_by_role("button", name="批准授权")).to_have_count(0)
    hands.be(day.staff)
    expect(page.locator(".bell .count")).to_have_text("2 未读")
    hands.follow(f"{day.team.round} {day.team}")
    box = page.locator("#alert-1")
    expect(box).to_contain_text(RULE)
    expect(box).to_contain_text(f"申报回避 {day.member.full_name}")
    assert read_aloud(page) == []
    box.get_by_text("申请豁免回避").first.click()
    hands.write(box, 为何仍须此人参加="只有他懂工程造价，分工时另行安排")
    hands.press("申请豁免回避", box)
    expect(box).to_contain_text("查看豁免申请")

    hands.be(day.director, "inspections:round", round_id)
    hands.write(决定理由="亲属已离职，同意")
    hands.press("同意豁免")
    expect(box).to_have_count(0)
    hands.be(day.staff, "inspections:round", round_id)
    hands.press("确认组建完成")
    hands.be(chair, "inspections:authorisation", round_id)
    hands.press("批准授权")

    hands.be(day.staff, "notices:notices")
    assert read_aloud(page) == []
    expect(page.get_by_role("listitem").filter(has_text="回避情形已全部消除")).to_have_count(1)
    hands.press("前去查看")
    expect(page).to_have_url(live_server.url + f"/rounds/{round_id}/")
    expect(page.locator(".bell .count")).to_have_text("2 未读")

    day.team.round.refresh_from_db()
    assert day.team.round.state == RoundState.AUTHORISED
    assert TeamAlert.objects.get().settled_by == day.director
    assert verify_trail()[1] == []
    assert problems == []
