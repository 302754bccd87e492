"""Payments compared, from the office's own untidy files to a hit two people answered and a lead."""

import datetime as dt
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tanzhao.audit.models import Entry
from tanzhao.leads.models import Lead
from tanzhao.screening.models import Comparison, DataSet, Hit
from tests.journeys.people import Hands, office_people

pytestmark = pytest.mark.django_db(transaction=True)
FILES = Path(__file__).parents[2] / "packs/samples/screening"
RULE = "去世后仍在发放"


@pytest.fixture(autouse=True)
def room(settings, tmp_path):
    settings.SCREENING_ROOM = tmp_path / "room"


def register(hands, office, keep_until):
    hands.be(office.staff, "screening:add_data_set")
    hands.write(名称="石桥镇2025年一卡通和死亡人员", 提供单位="县财政局、县民政局")
    hands.write(调取函="岚巡调〔2026〕3号", 明细保存到=keep_until, 用途="核对惠民惠农补贴")
    files = sorted(file for file in FILES.iterdir() if file.suffix in {".xlsx", ".csv"})
    hands.page.get_by_label("文件", exact=True).set_input_files(files)
    hands.press("登记并读取文件")
    hands.sees("已装载", "补贴发放", "死亡")
    return DataSet.objects.get()


def compare(hands, office, keep_until):
    hands.be(office.staff, "screening:request_comparison")
    hands.write(用途="核对2025年惠民惠农补贴发放", 法规依据="巡察工作条例", 明细保存到=keep_until)
    hands.page.get_by_label("石桥镇2025年一卡通和死亡人员").check()
    hands.page.get_by_label(RULE, exact=True).check()
    hands.press("报请审批")
    hands.sees("待审批")
    comparison = Comparison.objects.get()
    # Nobody approves what they asked for.
    assert hands.status_of("screening:comparison", comparison.pk) == 200
    expect(hands.page.get_by_role("button", name="批准并开始比对")).to_have_count(0)
    hands.be(office.director, "screening:comparison", comparison.pk)
    hands.press("批准并开始比对")
    hands.sees("已比对", RULE)
    return comparison


def answer(hands, office, hit):
    hands.be(office.staff, "screening:hit", hit.pk)
    hands.sees("待核实", "所依据的明细")
    # Numbers are masked until somebody says what one is needed for; the look is recorded.
    number = next(iter(hit.key.values()))
    assert number not in hands.page.content()
    hands.page.get_by_text("查看一个完整号码（留痕）").click()
    unmask = hands.page.locator("form").filter(
        has=hands.page.get_by_role("button", name="显示一次")
    )
    hands.write(unmask, 用途="到殡仪馆核对")
    hands.press("显示一次", unmask)
    expect(hands.page.locator(".unmasked-line")).to_be_visible()
    assert Entry.objects.filter(verb="hit.unmasked", actor=office.staff).count() == 1
    hands.page.get_by_label("属实（违纪）").check()
    hands.write(核实情况="家属逐月支取，村里知情未报。", 佐证种类="查阅档案登记")
    hands.write(佐证内容="火化证明存根，取款凭条7张。", 核实人="钱进、冯春")
    hands.write(核实日期=timezone.localdate())
    hands.page.get_by_label("应追缴（元）").fill("500")
    hands.press("提交结论")
    hands.be(office.checker, "screening:hit", hit.pk)
    hands.press("确认")
    hands.sees("属实（违纪）")
    hands.press("转为疑点")
    hands.sees("家属逐月支取", "待分办")


def test_a_payment_after_death_becomes_a_lead_that_two_people_answered(
    page, live_server, enter, problems
):
    office = office_people()
    hands = Hands(page, live_server.url, enter)
    page.set_default_timeout(60_000)
    keep_until = timezone.localdate() + dt.timedelta(days=60)

    data_set = register(hands, office, keep_until)
    assert data_set.rows_taken > 0
    comparison = compare(hands, office, keep_until)
    assert comparison.sightings.count() == Hit.objects.count() > 0
    hits = Hit.objects.filter(rule="paid-after-death").order_by("-amount_cents")
    answer(hands, office, hits[0])

    lead = Lead.objects.get()
    hit = Hit.objects.get(lead_id=lead.pk)
    assert (lead.source, lead.source_id, hit.state) == ("screening", hit.pk, "decided")
    hands.open("screening:hits")
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
    assert problems == []
