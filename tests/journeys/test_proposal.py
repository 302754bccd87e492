"""The office has teams proposed, changes a place, takes them, and replaces somebody who is ill."""

import pytest
from playwright.sync_api import expect

from tanzhao.inspections.models import TeamMember, TeamProposal
from tests.inspections.proposal_makers import line_up, office, pool, round_to_staff, staffed
from tests.journeys.people import Hands
from tests.journeys.test_guide import faults_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_teams_are_proposed_changed_taken_and_somebody_ill_is_replaced(
    page, live_server, enter, problems, size
):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    hands = Hands(page, live_server.url, enter)
    round_, staff = round_to_staff(), office()
    people = pool(30)

    hands.be(staff, "inspections:round", round_.pk)
    hands.press("生成建组方案")
    page.locator("#decide").wait_for()
    hands.sees(
        "拟建组方案", "各组要求均已满足，没有人须回避", f"未选用人员及原因（{len(people) - 14}人）"
    )
    assert list(faults_of(page, size[0])) == []

    page.locator("#excluded summary").first.click()
    proposal = TeamProposal.objects.get()
    leaving = next(name for (team, name), role in line_up(proposal).items() if role == "member")
    hands.follow(f"换下{leaving}")
    hands.sees(f"由谁接替{leaving}？", "这不是对任何人的评价")
    assert list(faults_of(page, size[0])) == []
    page.locator("tbody button").first.click()
    expect(page.get_by_role("link", name=f"换下{leaving}", exact=True)).to_have_count(0)

    hands.press("按方案建组")
    page.locator("#next-step").wait_for()
    proposal.refresh_from_db()
    assert staffed(round_) == line_up(proposal)

    ill = TeamMember.objects.get(team__round=round_, team__number=2, role="deputy")
    hands.open("inspections:replace_member", ill.pk)
    hands.press("寻找最小调整")
    page.locator("#decide").wait_for()
    hands.sees("调出", ill.inspector.name, "已证明至少要调整1个")
    hands.press("按方案建组")
    page.locator("#next-step").wait_for()

    assert (2, ill.inspector.name) not in staffed(round_)
    assert len(staffed(round_)) == 14
    assert problems == []
