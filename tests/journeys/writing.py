"""The middle of the main journey: a paper through all its reviews, the finding, the report."""

from pathlib import Path

from docx import Document
from PIL import Image
from playwright.sync_api import expect

from tanzhao.access.models import User
from tanzhao.findings.models import Finding, Report
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.states import RoundState
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.states import PaperState
from tests.journeys.people import Hands, Office, TeamAccounts

UNIT = "县公安局"
TITLE = "公务接待无公函"
VOUCHER, LISTING = "记账凭证.pdf", "接待清单.png"
FACTS = (
    ("2025年3月至9月，局办公室列支公务接待费3笔，均未附公函", "3笔，1.2万元"),
    ("其中2笔未填写接待清单，由办公室主任口头同意后报销", "2笔，0.8万元"),
)
TEXTS = {
    "问题概述": "2025年3月至9月，县公安局列支公务接待费3笔1.2万元，均无公函。",
    "依据": "《党政机关国内公务接待管理规定》第五条：无公函的公务活动一律不予接待。",
    "责任主体": "局党委负主体责任，局办公室负直接责任。",
    "影响和后果": "无公函接待费1.2万元已在机关经费中列支。",
    "与被巡察单位主要负责人沟通情况": "已与局长沟通，其对事实无异议。",
}
FINDING = {
    "性质": "违反公务接待管理规定，把关不严。",
    "责任主体": "局党委负主体责任，局办公室负直接责任。",
    "原因": "财务审核流于形式。",
    "意见建议": "追缴1.2万元，修订公务接待审批流程。",
}


def engagement() -> Engagement:
    return Engagement.objects.get(unit__name=UNIT)


def write_a_paper(hands: Hands, team: TeamAccounts, outsider: User, folder: Path) -> WorkingPaper:
    """Begin a paper, see what it lacks, and fill it in with two facts and two files."""
    hands.be(team.writer)
    hands.follow(UNIT)
    hands.follow("起草底稿")
    hands.write(标题=TITLE)
    hands.page.get_by_role("checkbox", name=team.second.full_name).check()
    hands.press("起草")
    hands.sees("填写底稿")
    paper = WorkingPaper.objects.get()
    hands.open("papers:paper", paper.pk)
    expect(hands.page.locator("#meter h2")).to_have_text("还缺 9 项")
    expect(hands.page.get_by_role("button", name="承办人签字")).to_have_count(0)

    hands.follow("填写")
    _fill_in(hands)
    hands.press("保存")
    hands.sees(*(what for what, _ in FACTS))
    _add_evidence(hands, folder)
    expect(hands.page.locator("#meter h2")).to_have_text("要素齐全")
    hands.be(outsider)
    assert hands.status_of("papers:paper", paper.pk) == 404
    assert hands.status_of("papers:evidence", paper.evidence.first().pk) == 404
    return paper


def _fill_in(hands: Hands) -> None:
    hands.write(**TEXTS)
    rows = hands.page.locator("fieldset.fact-row")
    for number, (what, how_much) in enumerate(FACTS):
        hands.write(
            rows.nth(number),
            **{"具体事实（何事）": what, "了解方式": "调阅、复制资料", "时间": "2025年3月至9月"},
            地点="局办公室",
            数量金额=how_much,
        )
    questions = hands.page.locator("#distinctions fieldset")
    for question in (questions.nth(0), questions.nth(1)):
        question.get_by_label("否，不属于前一种情形").check()
    questions.nth(2).get_by_label("不适用").check()
    hands.write(questions.nth(2), 理由="不涉及推动发展事项")


def _add_evidence(hands: Hands, folder: Path) -> None:
    page = Image.new("RGB", (420, 594), "white")
    page.save(folder / VOUCHER)
    page.save(folder / LISTING)
    form = hands.page.locator("#add-evidence")
    for number, (name, kind) in enumerate(((VOUCHER, "凭证"), (LISTING, "照片"))):
        form.locator("input[name=uploads]").first.set_input_files(folder / name)
        form.get_by_label("佐证对象").select_option(index=number + 1)
        hands.write(form, 佐证种类=kind, 材料名称=name[:4], 来源="局办公室")
        hands.press("添加", form)
        expect(hands.page.locator(f"#evidence-{number + 1}")).to_contain_text(name)
        expect(hands.page.locator(f"#fact-{number + 1}")).to_contain_text(f"0{number + 1}")


def review_the_paper(hands: Hands, team: TeamAccounts, office: Office, paper: WorkingPaper) -> None:
    """Both sign, the deputy returns it once; then it goes through all its steps."""
    _sign(hands, team)
    hands.be(team.deputy)
    hands.follow(TITLE)
    hands.page.get_by_text("退回并说明理由").click()
    hands.write(退回理由="第二条事实要写明经手人")
    hands.press("退回")

    hands.be(team.writer)
    hands.follow(TITLE)
    hands.sees("第二条事实要写明经手人")
    hands.follow("填写")
    hands.page.get_by_label("具体事实（何事）").nth(1).fill(FACTS[1][0] + "，经手人为办公室主任")
    hands.press("保存")
    _sign(hands, team)

    steps = (
        (team.deputy, "通过，送组长审签"),
        (team.leader, "批准"),
        (office.checker, "复核通过"),
    )
    for who, button in steps:
        hands.be(team.second, "papers:paper", paper.pk)
        expect(hands.page.get_by_role("button", name=button, exact=True)).to_have_count(0)
        hands.be(who)
        hands.follow(TITLE)
        hands.write(意见="属实，同意")
        hands.press(button)
    paper.refresh_from_db()
    assert paper.state == PaperState.CHECKED
    assert paper.official_number


def _sign(hands: Hands, team: TeamAccounts) -> None:
    for who in (team.writer, team.second):
        hands.be(who, "papers:papers")
        hands.follow(TITLE)
        hands.press("承办人签字")


def make_a_finding(hands: Hands, team: TeamAccounts) -> Finding:
    """Make the finding from the checked paper."""
    hands.be(team.writer)
    hands.follow(TITLE)
    expect(hands.page.get_by_label("标题")).to_have_value(TITLE)
    hands.write(**FINDING)
    hands.page.locator("#codes select").first.select_option(label="公务接待不规范")
    hands.press("形成问题")
    hands.sees(TITLE, "公务接待不规范", FINDING["性质"])
    return Finding.objects.get(engagement=engagement())


def report_on_the_unit(hands: Hands, team: TeamAccounts, office: Office, folder: Path) -> None:
    """Close the fieldwork, agree and approve the report, follow a sentence to its evidence."""
    round_ = Round.objects.get()
    hands.be(office.staff, "reports:round_board", round_.pk)
    hands.press("结束进驻")
    round_.refresh_from_db()
    assert round_.state == RoundState.REPORTING

    hands.be(team.leader)
    hands.follow(UNIT)
    hands.press("保存报告")
    hands.press("组务会已议定本报告")
    expect(hands.page.get_by_role("button", name="批准报告")).to_have_count(0)
    hands.be(office.chair)
    hands.follow(UNIT)
    hands.press("批准报告")
    for name, link in (("report", "巡察报告（Word）"), ("list", "问题清单（Word）")):
        with hands.download(folder / f"{name}.docx"):
            hands.follow(link)
        assert "列支公务接待费3笔" in words_of(folder / f"{name}.docx")
    _follow_a_sentence(hands, team.leader)


def _follow_a_sentence(hands: Hands, leader: User) -> None:
    """From a sentence of the report to the finding, the paper and its evidence."""
    hands.be(leader, "findings:report", engagement().pk)
    hands.page.locator("a.sentence").filter(has_text="3笔").first.click()
    hands.sees(TITLE, "所依据的底稿和佐证材料")
    hands.follow(TITLE, hands.page.get_by_role("main"))
    expect(hands.page.locator(".paper-sheet")).to_contain_text(FACTS[0][0])
    evidence = hands.page.locator("#evidence-1").get_by_role("link", name="下载")
    address = evidence.get_attribute("href")
    assert hands.page.request.get(hands.base + str(address)).body().startswith(b"%PDF")


def report_without_a_finding(hands: Hands, other: TeamAccounts) -> None:
    """A report without a finding is agreed only when the leader says that there is none."""
    unit = Engagement.objects.filter(team__members__inspector=other.leader.inspector_id).first()
    hands.be(other.leader, "findings:report", unit.pk)
    hands.write(意见建议="未发现问题")
    hands.press("保存报告")
    hands.press("组务会已议定本报告")
    hands.sees("报告还没有问题，请先形成问题，或者说明未发现问题。")
    assert Report.objects.get(engagement=unit).agreed_at is None
    hands.page.get_by_label("本次巡察未发现需要反馈的问题").check()
    hands.press("组务会已议定本报告")
    hands.sees("巡察未发现需要反馈的问题。")
    assert Report.objects.get(engagement=unit).agreed_at is not None


def words_of(file: Path) -> str:
    """Read all words of a Word file, those in tables included."""
    paper = Document(str(file))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])
