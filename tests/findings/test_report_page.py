"""The report, the letter and the list, measured on what LibreOffice prints (GB/T 9704-2012)."""

import datetime as dt
import re
import uuid

import pytest

from tanzhao.documents.official import render
from tanzhao.documents.phrases import phrases
from tanzhao.findings.report_papers import letter_paper, list_paper, report_paper
from tanzhao.findings.report_text import FindingText, compose_feedback, compose_report
from tests.documents.pages import printed
from tests.findings.test_report_text import ENGAGEMENT

PAGE_NUMBER = re.compile(r"—\d+—")
CHINESE = re.compile(r"[\u4e00-\u9fff，。；、]+")
FACT = "该局办公室列支公务接待费未附公函和接待清单，记账凭证所附发票的开具日期早于接待日期，" * 6
DATED = dt.date(2026, 5, 6)


def _findings():
    return [
        FindingText(
            id=uuid.uuid4(),
            serial=n,
            title=f"接待费审核把关不严之{n}",
            fact=FACT,
            nature="不符合党政机关国内公务接待管理规定",
            responsibility="该局党组承担主体责任",
            cause="制度没有落实",
            recommendation="逐笔核对并完善审批",
            class_label="作风建设",
            subclass_label="形式主义官僚主义",
        )
        for n in range(1, 8)
    ]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    findings, words, letter = _findings(), phrases("report"), phrases("feedback")
    report = compose_report(
        engagement=ENGAGEMENT, situation=FACT * 2, findings=findings, opinions=FACT, phrases=words
    )
    feedback = compose_feedback(
        engagement=ENGAGEMENT, findings=findings, opinions=FACT, plan_due=DATED, rectify_by=DATED,
        phrases=letter,
    )  # fmt: skip
    papers = {
        "report": report_paper(report, ENGAGEMENT, DATED, words),
        "letter": letter_paper(
            feedback, ENGAGEMENT, number="岚巡办〔2026〕3号", dated=DATED, phrases=letter
        ),
        "list": list_paper(findings, ENGAGEMENT, words),
    }
    folder = tmp_path_factory.mktemp("printed")
    return printed({name: render(paper) for name, paper in papers.items()}, folder)


def _body(page):
    return [line for line in page if not PAGE_NUMBER.fullmatch(line.text)]


@pytest.mark.parametrize("name", ["report", "letter"])
def test_a_page_has_22_lines_of_28_characters_within_the_type_area(pages, name):
    inner = [_body(page) for page in pages[name][1:-1]]
    full = [
        line for page in inner for line in page
        if CHINESE.fullmatch(line.text) and line.right > 180 and line.left < 29
    ]  # fmt: skip

    assert len(inner) >= 2
    assert {len(page) for page in inner} == {22}
    assert len(full) > 10
    # A mark that may not begin a line takes the last character of the line before with it.
    assert {len(line.text) for line in full} <= {27, 28}
    assert [len(line.text) for line in full].count(28) > len(full) / 2
    assert min(line.left for page in inner for line in page) == pytest.approx(28, abs=1)
    assert max(line.right for page in inner for line in page) <= 185


def test_the_list_lies_across_and_begins_every_page_with_its_headings(pages):
    tops = ["".join(line.text for line in _body(page)[:3]) for page in pages["list"][1:]]

    assert tops
    assert all("序号" in top and "意见建议" in top for top in tops)
