"""The last part of the main journey: feedback, rectification, the sealed volume."""

import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tanzhao.access.models import User
from tanzhao.archive.checking import verify
from tanzhao.archive.models import Volume
from tanzhao.inspections.models import Engagement, Round
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import State
from tests.journeys.people import Hands, Office
from tests.journeys.writing import TITLE, UNIT, engagement, words_of

MEASURE = "追缴无公函接待费1.2万元，修订公务接待审批流程"


def feed_back(hands: Hands, office: Office, folder: Path) -> RectificationItem:
    """Tell the unit what was found; an item opens for the finding."""
    hands.be(office.staff, "reports:round_board", Round.objects.get().pk)
    hands.follow("反馈", hands.row(UNIT))
    hands.press("印发反馈意见")
    with hands.download(folder / "letter.docx"):
        hands.follow("反馈意见（Word）")
    letter = words_of(folder / "letter.docx")
    assert UNIT in letter
    assert TITLE in letter
    return RectificationItem.objects.get(finding__engagement=engagement())


def plan(hands: Hands, office: Office, contact: User, item: RectificationItem) -> None:
    """The contact, who sees nothing but the own unit's, plans; the office accepts."""
    hands.be(contact)
    hands.sees(TITLE)
    hands.follow("整改台账")
    hands.sees("共1项")
    others = RectificationItem.objects.exclude(unit=item.unit)
    assert hands.status_of("rectification:item", others.first().pk) == 404
    other_unit = Engagement.objects.exclude(unit=item.unit).first()
    assert hands.status_of("findings:feedback", other_unit.pk) == 404
    behind = item.finding.papers.first()
    assert hands.status_of("papers:paper", behind.pk) == 403
    assert hands.status_of("findings:finding", item.finding_id) == 403
    assert hands.status_of("units:unit", item.unit_id) == 403

    hands.follow("填报整改方案")
    card = hands.page.locator("article.plan")
    expect(card).to_have_count(1)
    hands.write(card, 整改措施=MEASURE, 责任人="王强")
    hands.press("报送方案", card)
    expect(card).to_have_attribute("data-state", "planned")
    hands.be(office.staff)
    hands.follow(TITLE)
    hands.sees(MEASURE)
    hands.press("同意方案")
    stands(hands, "整改中")


def stands(hands: Hands, word: str) -> None:
    """See how an item stands, beside its title."""
    expect(hands.page.locator(".actions .state").first).to_have_text(word)


def put_right(hands: Hands, office: Office, contact: User, item: RectificationItem, pdf: Path):
    """Progress, a claim that is refused, a second one that holds, closed by another person."""
    hands.be(contact)
    hands.follow(TITLE)
    hands.page.locator("summary", has_text="填报整改进展").click()
    hands.write(整改进展="已追缴0.4万元")
    details = hands.page.locator("details[open]")
    details.get_by_label("佐证材料").set_input_files(pdf)
    hands.press("填报整改进展", details)
    expect(hands.page.locator(".timeline")).to_contain_text("已追缴0.4万元")

    claim(hands, contact, TITLE, "已追缴0.8万元", pdf)
    judge(hands, office.supervisor, TITLE, "未到位", "只有2笔的缴款单")
    stands(hands, "整改中")
    claim(hands, contact, TITLE, "3笔1.2万元全部追缴，流程已修订", pdf)
    judge(hands, office.supervisor, TITLE, "整改到位", "逐笔核对缴款单，金额相符")
    expect(hands.page.locator("#next")).to_contain_text("请由其他同志销号")
    expect(hands.page.get_by_role("button", name="销号")).to_have_count(0)

    hands.be(office.second_supervisor)
    hands.follow(TITLE)
    hands.press("销号")
    stands(hands, "已销号")
    item.refresh_from_db()
    assert (item.state, item.times_returned) == (State.CLOSED, 1)


def claim(hands: Hands, contact: User, title: str, words: str, pdf: Path) -> None:
    """Claim an item done, with a file of evidence."""
    hands.be(contact)
    hands.follow(title)
    hands.sees("整改中")
    hands.write(**{"整改做了什么、成效如何": words})
    hands.page.locator("#next").get_by_label("佐证材料").set_input_files(pdf)
    hands.press("申报完成")
    stands(hands, "已申报完成")


def judge(hands: Hands, who: User, title: str, answer: str, why: str) -> None:
    """Say whether a claimed item is put right, and why."""
    hands.be(who)
    hands.follow(title)
    hands.page.get_by_label(answer, exact=True).check()
    hands.write(**{"核查了什么、为什么是这个结论": why})
    hands.press("保存核查结论")


def seal(hands: Hands, office: Office, folder: Path) -> None:
    """Seal the volume; it is sound, and one changed byte is named with its file."""
    hands.be(office.staff, "reports:round_board", Round.objects.get().pk)
    hands.follow("封卷", hands.row(UNIT))
    hands.press("封卷")
    hands.follow("查看结果")
    sealed = Volume.objects.get()
    hands.sees(sealed.file.sha256)
    volume = folder / "volume.zip"
    with hands.download(volume):
        hands.follow("下载卷宗")

    checked = verify(volume, expect=sealed.file.sha256)
    assert checked.problems == []
    assert checked.about["unit"] == UNIT
    with zipfile.ZipFile(volume) as package:
        names = " ".join(package.namelist())
    assert all(word in names for word in ("授权", "记账凭证", "接待清单", "报告", "反馈意见"))
    touched = _change_one_byte(volume, folder / "touched.zip")
    problems = verify(folder / "touched.zip").problems
    assert ("changed", touched) in {(problem.code, problem.file) for problem in problems}


def _change_one_byte(volume: Path, to: Path) -> str:
    """Flip a bit in the middle of the first piece of evidence; give the name of that file."""
    with zipfile.ZipFile(volume) as package:
        piece = next(entry for entry in package.infolist() if "记账凭证" in entry.filename)
        content = package.read(piece)
    whole = volume.read_bytes()
    place = whole.index(content) + len(content) // 2
    to.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    return piece.filename
