from io import BytesIO

import docx
import pytest

from tanzhao.documents.official import render
from tanzhao.papers.exporters import official_paper
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.states import PaperState
from tests.papers.staging import staged, taken_to

pytestmark = pytest.mark.django_db
STEPS = ("承办人签字", "副组长审核", "组长审签", "巡察办复核")
SIGNED = {
    PaperState.DRAFT: [],
    PaperState.RETURNED: [],
    PaperState.SIGNED: ["承办人签字"],
    PaperState.DEPUTY_REVIEWED: ["承办人签字", "副组长审核"],
    PaperState.LEADER_APPROVED: ["承办人签字", "副组长审核", "组长审签"],
    PaperState.CHECKED: ["承办人签字", "副组长审核", "组长审签", "巡察办复核"],
    PaperState.VOID: [],
}


def _printed(paper: WorkingPaper):
    file = docx.Document(BytesIO(render(official_paper(paper))))
    rows = {row.cells[0].text: row.cells[1].text for row in file.tables[0].rows}
    return [paragraph.text for paragraph in file.paragraphs if paragraph.text], rows


@pytest.mark.parametrize("state", SIGNED, ids=str)
def test_a_paper_is_printed_with_the_signatures_that_stand_in_its_state(state):
    paper = WorkingPaper.objects.get(pk=taken_to(state, staged()).pk)

    _head, rows = _printed(paper)

    assert [step for step in STEPS if "2026年7月1日" in rows[step]] == SIGNED[state]
    assert [step for step in STEPS if "年　　月　　日" not in rows[step]] == SIGNED[state]


def test_a_paper_is_printed_with_all_that_was_written_into_it():
    people = staged()
    paper = taken_to(PaperState.LEADER_APPROVED, people)

    head, rows = _printed(paper)
    draft_head, _rows = _printed(taken_to(PaperState.DRAFT, people, "未开会"))
    void_head, _rows = _printed(taken_to(PaperState.VOID, people, "重复"))

    assert head[0] == "巡察问题底稿"
    assert void_head[0] == "巡察问题底稿（作废）"
    assert head[1].startswith(f"底稿编号：{paper.official_number}\t编制日期：2026年7月1日")
    assert draft_head[1].startswith("底稿编号：组长审签后编号\t")
    assert rows["问题标题"] == paper.title
    assert rows["问题概述"] == paper.overview
    assert rows["定性依据"] == paper.basis
    assert rows["责任主体"] == paper.responsibility
    assert rows["影响和后果"] == paper.effect
    assert rows["与单位主要\n负责人沟通\n情况"] == paper.principal_said
    assert rows["具体事实"] == (
        "1.2025年记账凭证第12、15、31号列支接待费1.2万元，无公函。\n"
        "〔了解方式：调阅、复制资料；时间：2025年1月至6月；地点：县水利局；数量、金额：3笔1.2万元〕"
    )
    assert "1.先行先试的失误与明知故犯：不属于前者。" in rows["三个区分\n开来"]
    assert rows["01"] == "记账凭证"
