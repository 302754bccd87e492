"""The sample workbooks of the invented county, read whole: every cell."""

import json

import pytest

from tanzhao.kernel.sheets import Severity, read_workbook
from tests.kernel.sheet_making import SAMPLE, pack

TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
UNITS = {unit["name"] for unit in TRUTH["units"]}


def test_every_cell_of_the_units_is_right_and_the_unit_listed_twice_is_refused():
    reading = read_workbook(SAMPLE / "巡察对象库.xlsx", pack("units"))

    assert [row.fields for row in reading.rows] == TRUTH["units"]
    assert [(f.row, f.column, f.code, f.severity) for f in reading.faults] == [
        (242, "单位（党组织）名称", "duplicate", Severity.REFUSED)
    ]
    assert TRUTH["duplicate_unit"] in reading.faults[0].message
    assert {kind for _, _, kind in reading.passed_over} == {"total"}
    assert reading.columns["序号"] is None
    assert reading.columns["单位（党组织）名称"] == "name"


def test_every_cell_of_the_inspectors_is_right_and_the_two_doubtful_ones_are_named():
    reading = read_workbook(SAMPLE / "巡察人才库.xlsx", pack("inspectors"), known=UNITS)

    assert [row.fields for row in reading.rows] == TRUTH["people"]
    codes = {"check digit": "id_check_digit", "unknown unit": "unknown_workplace"}
    assert {(f.row, f.column, f.code) for f in reading.faults} == {
        (bad["row"], bad["field"], codes[bad["why"]]) for bad in TRUTH["bad_people"]
    }
    assert {fault.severity for fault in reading.faults} == {Severity.QUERY}


def test_every_cell_of_the_ledger_is_right_and_nothing_is_doubtful():
    reading = read_workbook(SAMPLE / "整改台账.xlsx", pack("ledger"), known=UNITS)

    assert [row.fields for row in reading.rows] == TRUTH["ledger"]
    assert reading.faults == []
    assert reading.columns["是否销号"] is None


@pytest.mark.parametrize(
    ("book", "kind"),
    [("巡察对象库", "units"), ("巡察人才库", "inspectors"), ("整改台账", "ledger")],
)
def test_every_row_is_read_or_named_as_passed_over_or_refused(book, kind):
    reading = read_workbook(SAMPLE / f"{book}.xlsx", pack(kind), known=UNITS)

    taken = {row.number for row in reading.rows}
    refused = {fault.row for fault in reading.faults if fault.severity is Severity.REFUSED}
    passed = {number for _, number, _ in reading.passed_over}

    first = min(taken)
    last = max(taken | refused | passed)
    assert taken | refused | passed == set(range(first, last + 1))
    assert not taken & refused


def test_row_numbers_are_excels():
    reading = read_workbook(SAMPLE / "巡察人才库.xlsx", pack("inspectors"))

    by_number = {row.number: row.fields["name"] for row in reading.rows}

    assert (by_number[3], by_number[98]) == ("蒋俊欢", "金宇松")
