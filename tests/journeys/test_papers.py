"""Two people write one paper at the same time; a third photographs evidence on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanzhao.papers.models import Evidence, WorkingPaper
from tests.documents import samples
from tests.papers.staging import complete, staged

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_write_at_once_and_lose_nothing(page, live_server, enter, problems):
    people = staged(unit__name="县水利局")
    paper = complete(people)
    address = live_server.url + reverse("papers:edit", args=[paper.pk])
    enter(people.liaison)
    elsewhere = page.context.browser.new_context(locale="zh-CN")
    elsewhere.add_cookies(page.context.cookies())
    second = elsewhere.new_page()
    enter(people.member)

    page.goto(address)
    page.get_by_label("问题概述").fill("王芳写的概述")
    page.get_by_label("影响和后果").fill("王芳写的影响")
    second.goto(address)
    expect(second.locator("#editors")).to_contain_text(people.member.full_name)
    second.get_by_label("问题概述").fill("李敏写的概述")
    second.locator("[name=basis]").fill("李敏写的依据")
    second.keyboard.press("Control+s")
    expect(second).to_have_url(live_server.url + reverse("papers:paper", args=[paper.pk]))
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.locator("[role=alert]")).to_contain_text(people.liaison.full_name)
    row = page.locator("table.both tr", has_text="李敏写的概述")
    expect(row).to_contain_text("王芳写的概述")
    row.get_by_label("采用这一版").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".paper-sheet")).to_contain_text("李敏写的概述")
    saved = WorkingPaper.objects.get(pk=paper.pk)
    assert (saved.overview, saved.basis, saved.effect) == (
        "李敏写的概述",
        "李敏写的依据",
        "王芳写的影响",
    )
    elsewhere.close()
    assert problems == []


def test_evidence_is_photographed_on_a_phone(page, live_server, enter, problems, tmp_path):
    people = staged(unit__name="县水利局")
    paper = complete(people)
    photograph = tmp_path / "现场照片.jpg"
    photograph.write_bytes(samples.image("JPEG", 200))
    page.set_viewport_size({"width": 390, "height": 844})
    enter(people.liaison)

    page.goto(live_server.url + reverse("papers:paper", args=[paper.pk]))
    page.get_by_role("link", name="添加佐证材料").click()
    page.get_by_label("拍照取证").set_input_files(photograph)
    page.locator("#add-evidence").get_by_label("佐证种类").select_option("photo")
    page.locator("#add-evidence").get_by_label("佐证对象").select_option(index=1)
    page.locator("#add-evidence").get_by_role("button", name="添加").click()

    expect(page.locator("#evidence-2")).to_contain_text("现场照片")
    expect(page.locator("#fact-1")).to_contain_text("02")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert Evidence.objects.get(number=2).fact == paper.facts.get()
    assert problems == []
