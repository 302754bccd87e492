"""The three workbooks of an office, with the terms that their cells name."""

import pytest
from openpyxl import Workbook

from tanzhao.findings.models import Finding
from tanzhao.inspectors.importers import import_inspectors, read_inspectors
from tanzhao.inspectors.models import PastRound
from tanzhao.rectification.importers import import_ledger, read_ledger
from tanzhao.units.importers import import_units, read_units
from tanzhao.units.models import Visit
from tests.factories import NOON, StoredFileFactory, UserFactory

pytestmark = pytest.mark.django_db

UNITS = [
    ("序号", "类别", "单位（党组织）名称", "党员数", "主要负责人", "已巡察轮次", "巡察时间"),
    (1, "县直部门", "县审计局", 31, "罗军", "十四届第二轮", "2018年3月"),
    (2, "县直部门", "县财政局", 45, "金凯涛", "第三轮", "2022年9月"),
]
INSPECTORS = [
    ("序号", "姓名", "性别", "工作单位", "职务", "职级", "专职/抽调", "参加过的轮次"),
    (1, "蒋俊欢", "男", "县委巡察办", "副主任", "副科级", "专职", "十四届第一轮、十五届第一、三轮"),
    (2, "黎美英", "女", "县委巡察办", "科员", "科员级", "专职", "第四轮"),
]
LEDGER = [
    ("序号", "巡察轮次", "被巡察党组织", "问题类别", "问题表现", "整改时限", "整改情况"),
    (1, "十四届县委第二轮", "县审计局", "作风建设", "7件群众诉求逾期未答复。", "2019-03", "已完成"),
    (2, "第三轮", "县财政局", "纪律建设", "白条入账9笔，往来款长期未清理。", "2023-03", "未完成"),
]


def _taken(rows, read, take, path):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    given = {"actor": UserFactory(), "at": NOON, "source": StoredFileFactory()}
    return take(read(path), **given)


def test_what_a_cell_names_is_kept_and_the_rest_stays_open(tmp_path):
    _taken(UNITS, read_units, import_units, tmp_path / "units.xlsx")
    _taken(INSPECTORS, read_inspectors, import_inspectors, tmp_path / "people.xlsx")
    _taken(LEDGER, read_ledger, import_ledger, tmp_path / "ledger.xlsx")

    visits = Visit.objects.values_list("unit__name", "term_number", "round_number")
    assert set(visits) == {("县审计局", 14, 2), ("县财政局", None, 3)}
    served = PastRound.objects.values_list("inspector__name", "term_number", "round_number")
    assert set(served) == {
        ("蒋俊欢", 14, 1), ("蒋俊欢", 15, 1), ("蒋俊欢", 15, 3), ("黎美英", None, 4),
    }  # fmt: skip
    findings = Finding.objects.values_list("unit__name", "term_number", "round_number")
    assert set(findings) == {("县审计局", 14, 2), ("县财政局", None, 3)}
