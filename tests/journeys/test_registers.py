"""The registers of units and inspectors in a browser: branches open, an ID number is asked for."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.packs import SHIPPED
from tanzhao.units.models import Unit
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = SHIPPED / "samples" / "lanshui"


@pytest.fixture
def staff(enter):
    enter(UserFactory(role=Role.STAFF))


@pytest.mark.usefixtures("staff")
def test_a_workbook_is_read_shown_and_taken(page: Page, live_server, problems):
    page.goto(live_server.url + reverse("units:import"))
    page.get_by_label("表格文件").set_input_files(SAMPLES / "巡察对象库.xlsx")
    page.get_by_role("button", name="读取文件").click()
    page.get_by_role("link", name="查看结果").click()

    expect(page.get_by_text("“县教育局”")).to_have_count(1)
    assert not Unit.objects.exists()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("link", name="查看结果").click()
    expect(page.get_by_role("heading", name="导入完成")).to_be_visible()
    assert Unit.objects.count() == 232

    page.get_by_role("link", name="巡察对象").first.click()
    page.get_by_role("link", name="树形").click()
    page.locator("summary").filter(has_text="乡镇").click()
    town = page.locator("summary").filter(has_text=re.compile("^玉泉乡"))
    expect(town).to_be_visible()
    town.locator(".hint").click()
    village = page.locator(".tree details details .branch li a").first
    expect(village).to_be_visible()
    village.click()
    expect(page.get_by_role("heading", name="尚未销号的整改事项")).to_be_visible()
    assert problems == []


@pytest.mark.usefixtures("staff")
def test_an_id_number_is_shown_when_asked_for_and_the_look_is_recorded(
    page: Page, live_server, problems
):
    unit = UnitFactory(name="县审计局")
    one = Inspector.objects.create(
        name="蒋俊欢", id_number="620624198707039570", workplace=unit.name, workplace_unit=unit
    )
    address = live_server.url + reverse("inspectors:inspector", args=[one.pk])

    page.goto(address)
    expect(page.locator("#id-number")).to_contain_text("620624***********0")
    page.get_by_role("button", name="显示全号").click()

    expect(page.locator("#id-number")).to_contain_text(one.id_number)
    expect(page).to_have_url(address)
    assert Entry.objects.filter(verb="inspector.id_number_unmasked").count() == 1
    page.reload()
    expect(page.locator("#id-number")).not_to_contain_text(one.id_number)
    assert problems == []
