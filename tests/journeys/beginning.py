"""The first part of the main journey: import, a round with two teams, its authorisation."""

import datetime as dt
from pathlib import Path

from docx import Document
from playwright.sync_api import Locator, expect

from tanzhao.inspections.models import Round, Team
from tanzhao.inspections.states import RoundState
from tanzhao.inspectors.models import Inspector
from tanzhao.rectification.models import RectificationItem
from tanzhao.units.models import Unit
from tests.factories import days
from tests.journeys.people import SAMPLES, Hands, Office, TeamAccounts, accounts_of

# The page, the workbook, what it fills, and the rows that the page shows with a fault.
IMPORTS = (
    ("units:import", "巡察对象库.xlsx", Unit, ["242"]),
    ("inspectors:import", "巡察人才库.xlsx", Inspector, ["97", "98"]),
    ("rectification:import_ledger", "整改台账.xlsx", RectificationItem, []),
)
UNITS = (("县公安局", "县司法局"), ("县卫生健康局", "县应急管理局"))
KEPT = "贾磊林"  # works in the first of these units
WHY = "熟悉资金监管，分工时不参与所在单位的巡察"


def import_all_three(hands: Hands, office: Office) -> None:
    """Take in the office's three workbooks, and see that a second time changes nothing."""
    hands.be(office.staff)
    for address, name, model, faulty in IMPORTS:
        _upload(hands, address, name)
        assert _rows_with_faults(hands) == faulty
        assert not model.objects.exists(), "nothing is written before it is seen"
        hands.page.locator(".card.next button.main").click()
        hands.follow("查看结果")
        assert _figures(hands)[0] == str(model.objects.count()) != "0"
        _upload(hands, address, name)
        assert [figure.split()[0] for figure in _figures(hands)[:2]] == ["0", "0"]
        expect(hands.page.locator(".card.next button.main")).to_have_count(0)


def _upload(hands: Hands, address: str, name: str) -> None:
    hands.open(address)
    hands.page.locator("input[type=file]").set_input_files(SAMPLES / name)
    hands.page.locator("main button.main").click()
    hands.follow("查看结果")


def _rows_with_faults(hands: Hands) -> list[str]:
    if int(hands.page.locator(".figure b").last.inner_text()):
        hands.page.locator("a.figure").last.click()
        expect(hands.page.locator(".preview .fault").first).to_be_visible()
    rows = hands.page.locator("tr", has=hands.page.locator(".fault"))
    return rows.locator("td:first-child").all_inner_texts()


def _figures(hands: Hands) -> list[str]:
    # A click returns before its page is there, and a list of texts is read without waiting.
    expect(hands.page.locator(".figure b").first).to_be_visible()
    return hands.page.locator(".figure b").all_inner_texts()


def staff_the_round(hands: Hands, office: Office) -> tuple[TeamAccounts, TeamAccounts]:
    """Propose round 6, have it approved, and put two teams together."""
    hands.be(office.staff, "inspections:rounds")
    hands.follow("拟定新轮次")
    hands.sees("新设届次")
    hands.write(
        届次=15, 开始日期=dt.date(2021, 9, 1), 结束日期=dt.date(2027, 8, 31),
        党委="中共岚水县委", 领导小组="中共岚水县委巡察工作领导小组",
        巡察办="中共岚水县委巡察工作领导小组办公室", 发文机关代字="岚巡",
    )  # fmt: skip
    hands.press("保存")
    hands.write(开始日期=days(0), 结束日期=days(30), 巡察重点="权力集中、资金密集的部门")
    hands.write(问题分类框架="五个建设")
    expect(hands.page.get_by_label("轮次")).to_have_value("6")
    hands.press("保存")
    round_ = Round.objects.get()
    expect(hands.page.get_by_role("button", name="批准本轮")).to_have_count(0)
    hands.be(office.director, "inspections:round", round_.pk)
    hands.press("批准本轮")

    hands.be(office.staff, "inspections:round", round_.pk)
    for _ in UNITS:
        hands.press("新增巡察组")
    teams = list(round_.teams.order_by("number"))
    for team, units in zip(teams, UNITS, strict=True):
        _give_units(hands, team, units)
    chosen = [_choose_members(hands, team) for team in teams]
    return accounts_of(chosen[0]), accounts_of(chosen[1])


def _give_units(hands: Hands, team: Team, units: tuple[str, str]) -> None:
    hands.open("inspections:team_units", team.pk)
    for unit in units:
        hands.write(单位名称=unit)
        hands.press("筛选")
        expect(hands.row(unit)).to_contain_text("从未巡察")
        hands.press(f"分配{unit}")
        expect(hands.page.locator("aside")).to_contain_text(unit)


def _choose_members(hands: Hands, team: Team) -> list[str]:
    """Put the first people on the team that its page shows as free; give their keys."""
    hands.open("inspections:team", team.pk)
    keys = []
    for role in ("组长", "副组长", "组员", "组员"):
        row = hands.page.locator("tr[data-free=yes]").first
        keys.append(row.locator("input[name=inspector]").input_value())
        name = row.get_by_role("link").inner_text()
        _put_on(hands, row, name, role)
        expect(hands.page.locator("aside")).to_contain_text(name)
    return keys


def _put_on(hands: Hands, row: Locator, name: str, role: str) -> None:
    hands.write(row, **{f"{name}的职责": role})
    hands.press(f"编入{name}", row)


def waive_a_recusal(hands: Hands, office: Office) -> None:
    """Somebody who must stand aside is kept all the same: asked by one, granted by another."""
    team = Team.objects.order_by("number").first()
    hands.be(office.staff, "inspections:team", team.pk)
    hands.write(**{"姓名、单位或职务": KEPT})
    hands.press("筛选")
    row = hands.row(KEPT)
    for words in ("应回避", "现工作单位为被巡察单位", f"{KEPT}现在{UNITS[0][0]}工作", "应当回避"):
        expect(row).to_contain_text(words)
    expect(row.get_by_role("button", name=f"编入{KEPT}")).to_have_count(0)
    row.get_by_text("申请豁免回避").first.click()
    hands.write(row, 为何仍须此人参加=WHY)
    hands.press("申请豁免回避", row)
    expect(hands.row(KEPT)).to_contain_text("应当回避")

    hands.be(office.director)
    hands.follow(KEPT)
    hands.follow("办理待您决定的豁免申请")
    hands.sees(KEPT, WHY)
    hands.write(决定理由="同意，分工时另行安排")
    hands.press("同意豁免")

    hands.be(office.staff, "inspections:team", team.pk)
    hands.write(**{"姓名、单位或职务": KEPT})
    hands.press("筛选")
    expect(hands.row(KEPT)).to_contain_text("已豁免")
    _put_on(hands, hands.row(KEPT), KEPT, "组员")
    expect(hands.page.locator("aside .member").filter(has_text=KEPT)).to_be_visible()


def authorise(hands: Hands, office: Office, file: Path) -> None:
    """Draft the authorisation, have the leading group approve it, and enter the field."""
    round_ = Round.objects.get()
    hands.be(office.staff, "inspections:round", round_.pk)
    hands.press("确认组建完成")
    hands.follow("起草授权")
    hands.press("保存草稿")
    expect(hands.page.get_by_role("button", name="批准授权")).to_have_count(0)

    hands.be(office.chair, "inspections:round", round_.pk)
    hands.follow("审阅并批准授权")
    hands.press("批准授权")
    with hands.download(file):
        hands.follow("下载Word文件")
    paper = Document(str(file))
    words = "\n".join(p.text for p in paper.paragraphs)
    cells = " ".join(c.text for t in paper.tables for row in t.rows for c in row.cells)
    assert "授权" in words
    assert all(unit in words + cells for units in UNITS for unit in units)
    assert KEPT in words + cells

    hands.be(office.staff, "inspections:round", round_.pk)
    hands.press("进驻")
    round_.refresh_from_db()
    assert round_.state == RoundState.IN_FIELD
