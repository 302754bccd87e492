"""What tests of screening share: small extracts as offices hand them over, and people."""

import datetime as dt
import io

import openpyxl

from tanzhao.access.table import Role
from tanzhao.screening.actions import Answer, receive_data_set, request_comparison
from tanzhao.screening.states import Outcome
from tests.factories import NOON, UserFactory, days

BAD = "110101195003071230"
RULE = "paid-after-death"


def checked(body):
    """Give an ID number whose check character is right."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


DEAD, ALIVE = checked("11010119500307123"), checked("11010119491231002")


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def payments(more=()):
    head = ["村", "姓名", "身份证号", "补贴项目", "银行账号", "所属月份", "发放日期", "金额"]
    rows = [
        ["下堡村", "王某", DEAD, "低保", "6217000012345678901", "202505", "2025-05-18", "465"],
        ["下堡村", "王某", DEAD, "低保", "6217000012345678901", "202506", "2025-06-18", "465"],
        ["新堡村", "李某", ALIVE, "低保", "6217000098765432109", "202506", "2025-06-18", "465"],
        ["新堡村", "赵某", BAD, "低保", "6217000011112222333", "202506", "2025-06-18", "465"],
    ]
    return workbook([head, *rows, *more]), "一卡通.xlsx"


def deaths():
    lines = ["姓名,身份证号,死亡日期", f"王某,{DEAD},2025-02-03"]
    return "\n".join(lines).encode("gb18030"), "死亡.csv"


def registered(actor, *, files=None, **values):
    said = {
        "title": "石桥镇补贴",
        "given_by": "县财政局",
        "received_on": days(-3),
        "letter": "岚巡调〔2026〕3号",
        "purpose": "核对补贴",
        "expires": days(90),
    } | values
    return receive_data_set(files=files or [payments(), deaths()], actor=actor, at=NOON, **said)


def requested(actor, data_sets, *, rules=None, **values):
    said = {
        "purpose": "核对补贴发放",
        "legal_basis": "巡察工作条例",
        "expires": days(60),
    } | values
    return request_comparison(
        data_set_ids=[one.pk for one in data_sets],
        rules=rules if rules is not None else {RULE: {}},
        actor=actor,
        at=NOON,
        **said,
    )


def staff(**values):
    return UserFactory(role=Role.STAFF, language="en", **values)


def director(**values):
    return UserFactory(role=Role.DIRECTOR, language="en", **values)


def answer(outcome=Outcome.REASONABLE, **values):
    said = {
        "outcome": outcome,
        "note": "went to the household",
        "verifier": "Pan",
        "verified_on": dt.date(2026, 6, 30),
    } | values
    return Answer(**said)


TRUE = {"evidence_kind": "register", "evidence": "cremation record 12"}
