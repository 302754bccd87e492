"""The plan of a term in a browser: moved by keys and by the mouse, compared, approved, opened."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tanzhao.access.table import Role
from tanzhao.inspections.actions import begin_plan
from tanzhao.inspections.models import Round, TermPlan
from tanzhao.inspections.states import PlanState
from tests.factories import CodeFactory, FrameFactory, UserFactory
from tests.inspections.plan_makers import compute, make_term_ahead, make_universe, visit_of

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = ((1366, 768), (390, 844))


@pytest.fixture
def people():
    return UserFactory(role=Role.STAFF), UserFactory(role=Role.LEADING_GROUP)


@pytest.fixture
def plan(people):
    make_universe()
    staff, _chair = people
    begun = begin_plan(term_id=make_term_ahead().pk, actor=staff, at=timezone.now())
    return compute(begun, actor=staff, at=timezone.now())


def at(live_server, name, *keys):
    return live_server.url + reverse(f"inspections:{name}", args=keys)


def mark_of(page: Page, plan: TermPlan, name: str):
    return page.locator(f'[data-visit="{visit_of(plan, name).planned.unit_id} 0"]')


def test_a_visit_is_moved_by_keys_alone_and_the_page_says_what_happens(
    page: Page, live_server, enter, people, plan, problems
):
    enter(people[0])
    page.goto(at(live_server, "plan", plan.pk))
    # The whole board is one stop of the Tab key; arrows walk from mark to mark.
    assert page.locator('#board .visit[tabindex="0"]').count() == 1
    here = page.locator('#board .visit[tabindex="0"]')
    here.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    name = here.inner_text()
    before = visit_of(plan, name).round.number

    page.keyboard.press("ArrowRight")
    expect(page.locator("#board-said")).to_contain_text(f"移到第{before + 1}轮")
    page.keyboard.press("Escape")
    expect(page.locator("#board-said")).to_contain_text("已放回原处")
    assert not visit_of(plan, name).pinned
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    expect(page.locator("#board-said")).to_contain_text(f"已固定在第{before + 2}轮")
    expect(page.get_by_text("上次计算后有改动")).to_be_visible()
    # The focus is where it was, on the same visit in its new place.
    expect(page.locator("#board .visit:focus")).to_contain_text(name)
    moved = visit_of(plan, name)
    assert (moved.round.number, moved.pinned) == (before + 2, True)
    assert problems == []


def test_a_visit_is_dragged_to_another_round(
    page: Page, live_server, enter, people, plan, problems
):
    enter(people[0])
    page.goto(at(live_server, "plan", plan.pk))
    mark = mark_of(page, plan, "第0学校")
    cell = mark.locator("xpath=ancestor::tr/td[6]")

    mark.drag_to(cell)

    expect(mark_of(page, plan, "第0学校")).to_have_attribute("data-pinned", "")
    assert visit_of(plan, "第0学校").round.number == 6
    # What was done is said at the foot of the window, whatever part of the page is in sight.
    expect(page.locator("#board-said")).to_contain_text("第0学校已固定在第6轮")
    expect(page.locator("#board-said")).to_be_in_viewport()

    # Let go over its bar, a round takes a visit too; let go beside the board, nothing changes.
    mark_of(page, plan, "第0学校").drag_to(page.locator("#board tr.loads td").nth(4))
    expect(page.locator("#board-said")).to_contain_text("第0学校已固定在第5轮")
    assert visit_of(plan, "第0学校").round.number == 5
    other = mark_of(page, plan, "第1学校")
    before = visit_of(plan, "第1学校").round.number
    other.hover()
    page.mouse.down()
    page.mouse.move(600, 400, steps=5)
    page.mouse.move(600, 20, steps=5)
    # No round is named any more where none would take it.
    page.locator("h1").dispatch_event("dragover")
    expect(page.locator("#board-said")).to_be_empty()
    page.mouse.up()
    expect(page.locator("#board-said")).to_contain_text("第1学校已放回原处")
    # A hand that slips within the column decides nothing.
    other.drag_to(other.locator("xpath=ancestor::td"), target_position={"x": 50, "y": 28})
    expect(page.locator("#board-said")).to_contain_text("第1学校已放回原处")
    moved = visit_of(plan, "第1学校")
    assert (moved.round.number, moved.pinned) == (before, False)
    assert problems == []


def test_the_round_is_chosen_from_a_list_where_nothing_can_be_dragged(
    page: Page, live_server, enter, people, plan, problems
):
    page.set_viewport_size({"width": 390, "height": 844})
    enter(people[0])
    page.goto(at(live_server, "plan", plan.pk))
    expect(page.locator("#board")).to_be_hidden()
    page.locator(".round-cards").get_by_role("link", name="第1轮").click()
    page.get_by_role("link", name=visit_on_page(page)).click()

    page.get_by_label("移到").first.select_option("7")
    page.get_by_role("button", name="固定在该轮").first.click()

    expect(page.get_by_text("固定在此，计算时不移动")).to_be_visible()
    assert plan.rounds.get(number=7).visits.filter(pinned=True).count() == 1
    assert problems == []


def visit_on_page(page: Page) -> str:
    return page.locator("table.stack tbody tr b").first.inner_text()


def test_a_plan_is_put_forward_approved_by_another_and_a_round_opened(
    page: Page, live_server, enter, people, plan, problems
):
    staff, chair = people
    CodeFactory(frame__name="round-kinds", frame__kind="vocabulary", label_zh="常规巡察")
    FrameFactory(label_zh="五个建设")
    enter(staff)
    page.goto(at(live_server, "plan", plan.pk))
    page.get_by_role("button", name="报请批准").click()
    expect(page.get_by_text("须由他人批准")).to_be_visible()
    expect(page.get_by_role("button", name="批准规划")).to_have_count(0)

    enter(chair)
    page.goto(live_server.url)
    page.get_by_role("link", name="第1号方案").click()
    page.get_by_role("button", name="批准规划").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("现行")

    enter(staff)
    page.goto(at(live_server, "terms"))
    page.get_by_role("link", name="查看现行规划").click()
    page.get_by_role("link", name="启动这一轮").click()
    page.get_by_role("button", name="启动这一轮").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第1轮")
    page.get_by_role("link", name="规划中的本轮").click()
    expect(page.locator("table.stack tbody tr").first).to_contain_text("第1轮")

    plan.refresh_from_db()
    assert plan.state == PlanState.IN_FORCE
    assert Round.objects.get().engagements.exists()
    assert problems == []


def test_the_pages_can_be_read_by_everybody(page: Page, live_server, enter, people, plan, problems):
    staff, _chair = people
    begin_plan(term_id=plan.term_id, actor=staff, at=timezone.now(), based_on=plan.pk)
    unit = visit_of(plan, "第0学校").planned.unit_id
    addresses = [
        at(live_server, "term", plan.term_id),
        *(at(live_server, name, plan.pk) for name in ("plan", "plan_units", "plan_rounds")),
        at(live_server, "compare_plans", plan.pk),
        at(live_server, "planned_unit", plan.pk, unit),
        at(live_server, "change_planned_round", plan.pk, 2),
    ]
    enter(staff)
    faults = []
    for address in addresses:
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            found = Axe().run(page).response["violations"]
            faults += [f"{address} {width}: {v['id']} {v['nodes'][0]['html']}" for v in found]
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{address} {width}: {wide} wide"] if wide > width else []

    assert not faults, "\n".join(faults)
    assert problems == []
