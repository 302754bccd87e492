import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.imports import Outcome
from tanzhao.kernel.verdict import Refused
from tanzhao.units.actions import UnitRow, take_unit_rows
from tanzhao.units.models import Unit, Visit
from tests.factories import NOON, StoredFileFactory, UnitFactory, UserFactory, contact_of

pytestmark = pytest.mark.django_db
NEW, CHANGED, UNCHANGED, REFUSED = Outcome
MARCH = dt.date(2022, 3, 1)


def plans_of(*rows, **values):
    source = StoredFileFactory(name="巡察对象库.xlsx", sha256="ab")
    given = {"rows": rows, "actor": UserFactory(), "at": NOON, "source": source}
    return take_unit_rows(**given | values)


def take(*rows, **values):
    return [plan.outcome for plan in plans_of(*rows, **values)]


def remarks(*rows):
    return [(r.code, r.field_name) for plan in plans_of(*rows) for r in plan.remarks]


def test_a_row_becomes_a_unit_with_its_visit():
    row = UnitRow("县审计局", "县直部门", members=31, head="罗军", round=2, inspected=MARCH)

    assert take(row) == [NEW]

    unit = Unit.objects.get()
    assert (unit.name, unit.category, unit.members, unit.head) == (
        "县审计局",
        "县直部门",
        31,
        "罗军",
    )
    assert [(v.round_number, v.month, v.imported) for v in unit.visits.all()] == [(2, MARCH, True)]


def test_a_parent_is_found_wherever_it_stands_in_the_file():
    rows = [UnitRow("石桥村", parent="玉泉乡"), UnitRow("玉泉乡", parent="中共岚水县委员会")]

    assert take(*rows) == [NEW, NEW]

    village, town = Unit.objects.get(name="石桥村"), Unit.objects.get(name="玉泉乡")
    assert (village.parent, village.parent_name) == (town, "玉泉乡")
    assert (town.parent, town.parent_name) == (None, "中共岚水县委员会")


def test_a_parent_that_comes_with_a_later_file_is_linked_then():
    take(UnitRow("石桥村", parent="玉泉乡"))

    take(UnitRow("玉泉乡"))

    assert Unit.objects.get(name="石桥村").parent == Unit.objects.get(name="玉泉乡")
    assert Entry.objects.last().details["linked"] == 1


def test_units_never_stand_in_a_circle():
    found = remarks(UnitRow("甲局", parent="乙局"), UnitRow("乙局", parent="甲局"))

    assert found == [("circle", "parent")]
    assert Unit.objects.get(name="甲局").parent == Unit.objects.get(name="乙局")
    assert Unit.objects.get(name="乙局").parent is None


def test_the_same_rows_twice_change_nothing_in_any_order():
    rows = [
        UnitRow("玉泉乡", "乡镇", members=200, round=1, inspected=MARCH),
        UnitRow("石桥村", "村（社区）", parent="玉泉乡", round=3),
    ]
    take(*rows)
    before = [list(Unit.objects.values()), list(Visit.objects.values())]

    assert take(*rows) == [UNCHANGED] * 2
    assert take(*reversed(rows)) == [UNCHANGED] * 2

    assert [list(Unit.objects.values()), list(Visit.objects.values())] == before


def test_a_changed_row_changes_only_what_differs_and_says_what_it_was():
    take(UnitRow("县审计局", head="罗军", phone="0931-1", round=2, inspected=MARCH))

    april = dt.date(2022, 4, 1)
    (plan,) = plans_of(UnitRow("县审计局", head="石勇", phone="0931-1", round=2, inspected=april))

    assert plan.outcome == CHANGED
    assert plan.before == {"head": "罗军", "inspected": "2022-03"}
    unit = Unit.objects.get()
    assert (unit.head, unit.phone, unit.visits.get().month) == ("石勇", "0931-1", april)


def test_an_empty_cell_never_wipes_a_known_value():
    take(UnitRow("县审计局", "县直部门", "党组", "县委", "综合", 31, "罗军", "1", "高", 2, MARCH))
    before = [list(Unit.objects.values()), list(Visit.objects.values())]

    assert take(UnitRow("县审计局"), UnitRow(" 县 审计局")) == [UNCHANGED, REFUSED]
    assert take(UnitRow("县审计局", round=2)) == [UNCHANGED]

    assert [list(Unit.objects.values()), list(Visit.objects.values())] == before


def test_a_round_that_ran_here_is_not_overwritten_by_a_workbook():
    unit = UnitFactory(name="县审计局")
    Visit.objects.create(unit=unit, round_number=6, month=MARCH, imported=False)

    assert take(UnitRow("县审计局", round=6, inspected=dt.date(2020, 1, 1))) == [UNCHANGED]

    assert Visit.objects.get().month == MARCH


def test_what_cannot_be_kept_is_said_and_the_rest_is_taken():
    long = "很" * 200

    assert remarks(UnitRow(long)) == [("too_long_name", "name")]
    assert not Unit.objects.exists()
    assert remarks(UnitRow("甲局", head=long, inspected=MARCH, members=10**9)) == [
        ("too_long", "head"),
        ("too_many", "members"),
        ("round_missing", "inspected"),
    ]
    assert Unit.objects.get().head == ""


def test_a_unit_that_may_be_known_under_another_name_is_taken_and_named():
    take(UnitRow("县审计局"))

    assert remarks(UnitRow("中共县审计局党组"), UnitRow("县民政局")) == [
        ("possible_duplicate", "name")
    ]
    assert Unit.objects.count() == 3


def test_a_trial_changes_nothing():
    assert take(UnitRow("县审计局", round=1), keep=False) == [NEW]

    assert not Unit.objects.exists()
    assert not Entry.objects.exists()


def test_an_import_is_one_entry_with_its_counts_and_the_hash_of_the_file():
    take(UnitRow("甲局"))

    take(
        UnitRow("甲局", head="罗军"), UnitRow("乙局"), UnitRow("乙局"), actor=None, operator="root"
    )

    entry = Entry.objects.last()
    assert (entry.verb, entry.actor, entry.target_name) == (
        "units.imported",
        None,
        "巡察对象库.xlsx",
    )
    counts = {"new": 1, "changed": 1, "unchanged": 0, "refused": 1, "linked": 0}
    assert entry.details == {"operator": "root", "sha256": "ab", **counts}


@pytest.mark.parametrize("role", Role)
def test_only_the_office_imports_units(role):
    user = contact_of(UnitFactory()) if role == Role.CONTACT else UserFactory(role=role)

    if role in {Role.DIRECTOR, Role.STAFF}:
        assert take(UnitRow("县审计局"), actor=user) == [NEW]
    else:
        with pytest.raises(Refused):
            take(UnitRow("县审计局"), actor=user)
        assert not Unit.objects.filter(name="县审计局").exists()


def test_a_long_file_costs_no_more_queries_for_each_row(django_assert_max_num_queries):
    rows = [UnitRow(f"第{n}村", parent=f"第{n % 7}村", round=1) for n in range(400)]

    with django_assert_max_num_queries(20):
        take(*rows)
