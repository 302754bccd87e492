"""What a report says, and that each of its sentences leads to its finding."""

import datetime as dt
import uuid

from tanzhao.documents.phrases import phrases
from tanzhao.findings.report_text import (
    EngagementText,
    FindingText,
    compose_feedback,
    compose_report,
    propose_opinions,
    propose_situation,
)

ENGAGEMENT = EngagementText(
    unit="县住建局",
    team="中共岚水县委第二巡察组",
    office="县委巡察办",
    leading_group="县委巡察工作领导小组",
    round_name="十五届县委第六轮巡察",
    kind="常规巡察",
    first_day=dt.date(2026, 3, 2),
    last_day=dt.date(2026, 4, 30),
)


def _finding(serial, label, **texts):
    said = {
        "title": f"问题{serial}",
        "fact": f"第{serial}件事；另有两笔。",
        "nature": "违反规定",
        "responsibility": "局长张三负主要责任",
        "cause": "",
        "recommendation": "立即整改",
        "class_label": label,
        "subclass_label": "小类",
    }
    return FindingText(id=uuid.uuid4(), serial=serial, **(said | texts))


def test_every_sentence_that_says_something_of_a_finding_leads_to_it():
    findings = [_finding(1, "政治建设"), _finding(3, "政治建设"), _finding(2, "组织建设")]

    report = compose_report(
        engagement=ENGAGEMENT,
        situation="总体较好。\n但有不足",
        findings=findings,
        opinions="抓紧。",
        phrases=phrases("report"),
    )

    by_finding = {finding.id: "" for finding in findings}
    others = []
    for block in report.blocks:
        for sentence in block.sentences:
            if sentence.finding_id is None:
                others.append(block.number + sentence.text)
            else:
                by_finding[sentence.finding_id] += sentence.text
    assert others == [
        "一、基本情况和总体评价",
        "总体较好。",
        "但有不足。",
        "二、巡察发现的主要问题",
        "（一）政治建设方面",
        "（二）组织建设方面",
        "三、意见建议",
        "抓紧。",
    ]
    assert list(by_finding.values()) == [
        f"问题{n}。第{n}件事；另有两笔。违反规定。局长张三负主要责任。" for n in (1, 3, 2)
    ]
    first = next(block for block in report.blocks if block.finding_id == findings[0].id)
    assert (first.level, first.number, first.text) == (3, "1.", "问题1。")


def test_the_letter_names_nobody_and_says_both_due_dates():
    letter = compose_feedback(
        engagement=ENGAGEMENT,
        findings=[_finding(1, "政治建设")],
        opinions="抓紧。",
        phrases=phrases("feedback"),
        plan_due=dt.date(2026, 6, 23),
        rectify_by=dt.date(2026, 12, 1),
    )

    text = "".join(block.text for block in letter.blocks)
    assert "张三" not in text
    assert "2026年6月23日前" in text
    assert "2026年12月1日前" in text
    assert "2026年3月2日至4月30日" in text


def test_the_records_propose_situation_and_opinions():
    findings = [_finding(1, "甲"), _finding(2, "甲"), _finding(3, "乙", recommendation="")]

    assert propose_opinions(findings) == "立即整改。"
    situation = propose_situation(
        ENGAGEMENT, methods=["个别谈话"], papers=4, findings=3, phrases=phrases("report")
    )
    assert situation == (
        "根据十五届县委第六轮巡察安排，2026年3月2日至4月30日，中共岚水县委第二巡察组对县住建局"
        "开展了常规巡察。巡察组通过个别谈话等方式了解情况，形成问题底稿4份，发现问题3个。"
    )
