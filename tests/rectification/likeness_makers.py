"""Texts that units hand in, some of them copied, compared by the real engine."""

import datetime as dt

from django.utils import timezone

from tanzhao.rectification.actions import report_progress
from tanzhao.rectification.actions.scanning import compare_what_came
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import Likeness, RectificationItem, Step
from tanzhao.rectification.states import State
from tests.documents import samples
from tests.factories import NOON, contact_of
from tests.rectification.makers import item_in

REPORT = """整改情况报告
收到反馈意见后，局党组先后三次召开专题会议研究公务接待问题，把每一笔支出同公函逐一核对。
经查，无公函接待共计十四批次，涉及金额四万八千六百元，已由经办人员全部退缴县财政专户。
同时修订了公务接待管理办法，明确先函后接、一事一结，由办公室每月向党组书面报告一次。
对负有直接责任的两名同志进行了谈话提醒，并在全局干部大会上通报了处理结果。"""
OTHER = """供水管网改造进展
城区老旧管网已完成勘测设计，第一标段于六月进场施工，目前累计铺设球墨铸铁管三点二公里。
漏损率由去年的百分之二十三下降到百分之十七，夜间最小流量监测点新增九处，数据接入调度中心。"""


def docx(text: str) -> bytes:
    return samples.word(text)


def hand_in(
    item: RectificationItem, text: str, *files: tuple[bytes, str], at: dt.datetime = NOON
) -> Step:
    """Report progress with these words and files, as the unit's contact, and compare what came."""
    before = set(item.steps.values_list("pk", flat=True))
    report_progress(
        item_id=item.pk,
        actor=contact_of(item.unit),
        at=at,
        text=text,
        evidence=[Evidence(content, name) for content, name in files],
    )
    step = item.steps.exclude(pk__in=before).get()
    compare(step)
    return step


def compare(step: Step) -> None:
    compare_what_came(step_id=step.pk, clock=timezone.now)


def copied_report() -> Likeness:
    """Have two units hand in the same report, the second one a day later; give the question."""
    first, second = item_in(State.IN_PROGRESS), item_in(State.IN_PROGRESS)
    hand_in(first, REPORT)
    hand_in(second, REPORT.replace("四万八千六百元", "二万一千元"), at=NOON + dt.timedelta(days=1))
    return Likeness.objects.get()
