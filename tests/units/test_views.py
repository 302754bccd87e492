from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.units.models import Unit, Visit
from tests.factories import UnitFactory, UserFactory, contact_of

pytestmark = pytest.mark.django_db
READERS = {Role.DIRECTOR, Role.STAFF, Role.INSPECTOR, Role.SUPERVISOR, Role.LEADING_GROUP}
LIST = reverse("units:units")


@pytest.fixture
def staff(sign_in):
    return sign_in(UserFactory(role=Role.STAFF, language="en"))


def visited(unit, number=1):
    Visit.objects.create(unit=unit, round_number=number)
    return unit


def names(answer):
    return [unit.name for unit in answer.context["page"].rows]


@pytest.mark.parametrize("role", Role)
def test_the_audit_universe_is_open_to_readers_and_to_nobody_else(sign_in, role):
    unit = UnitFactory(name="县审计局")
    UnitFactory(name="县民政局", parent=unit)
    user = contact_of(unit) if role == Role.CONTACT else UserFactory(role=role)
    client = sign_in(user)
    pages = [
        LIST, reverse("units:tree"), reverse("units:unit", args=[unit.pk]),
        reverse("units:children", args=[unit.pk]), reverse("reports:dossier", args=[unit.pk]),
    ]  # fmt: skip

    answers = [client.get(page) for page in pages]
    exported = client.get(reverse("units:export"))
    assert exported.status_code == (200 if role in READERS else 403)
    assert bool(exported.streaming and b"".join(exported.streaming_content)) is (role in READERS)

    assert {a.status_code for a in answers} == ({200} if role in READERS else {403})
    seen = set(Unit.objects.visible_to(user))
    expected = set(Unit.objects.all()) if role in READERS else set()
    assert seen == ({unit} if role == Role.CONTACT else expected)


@pytest.mark.parametrize("listing", ["units:units", "units:tree"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_queries_however_long_it_is(
    staff, django_assert_num_queries, listing, rows
):
    for _n in range(rows):
        visited(UnitFactory(parent=UnitFactory()))

    with django_assert_num_queries(10 if listing == "units:units" else 6):
        staff.get(reverse(listing))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_branch_and_a_dossier_cost_the_same_queries(staff, django_assert_num_queries, rows):
    above = UnitFactory()
    for _n in range(rows):
        visited(UnitFactory(parent=above))

    with django_assert_num_queries(5):
        staff.get(reverse("units:children", args=[above.pk]))
    with django_assert_num_queries(14):
        staff.get(reverse("reports:dossier", args=[above.pk]))


def test_the_list_is_narrowed_by_what_is_asked(staff):
    town = UnitFactory(name="玉泉乡", category="乡镇", system="综合", priority="高", position=1)
    visited(UnitFactory(name="石桥村", category="村", parent=town, head="罗军", position=2))
    UnitFactory(name="旧局", retired=True)

    asked = {
        "": ["玉泉乡", "石桥村"],
        "category=乡镇": ["玉泉乡"],
        "system=综合": ["玉泉乡"],
        "priority=高": ["玉泉乡"],
        f"parent={town.pk}": ["石桥村"],
        "state=inspected": ["石桥村"],
        "state=not": ["玉泉乡"],
        "state=retired": ["旧局"],
        "q=罗军": ["石桥村"],
        "q=无人": [],
        "top=on": ["玉泉乡"],
        "sort=recent": ["石桥村", "玉泉乡"],
        "category=没有&parent=x": ["玉泉乡", "石桥村"],
    }

    assert {query: names(staff.get(f"{LIST}?{query}")) for query in asked} == asked


def test_every_order_pages_through_every_unit_once(staff):
    for n in range(60):
        visited(UnitFactory(position=n % 7, members=n % 5 or None), n % 3 + 1)

    for sort in ("office", "name", "waiting", "recent", "members"):
        first = staff.get(LIST, {"sort": sort})
        second = staff.get(LIST, {"sort": sort, "after": first.context["page"].after})
        both = names(first) + names(second)
        assert (sort, len(both), len(set(both)), second.context["page"].after) == (sort, 60, 60, "")


def test_coverage_counts_inspected_units_of_all_and_of_each_kind(staff):
    visited(visited(UnitFactory(category="乡镇"), 1), 2)
    UnitFactory(category="乡镇")
    UnitFactory(category="县直部门")
    visited(UnitFactory(category="县直部门", retired=True))

    context = staff.get(LIST).context

    whole = context["whole"]
    assert (whole.done, whole.total, whole.percent) == (1, 3, 33)
    assert {(s.label, s.done, s.total) for s in context["shares"]} == {
        ("乡镇", 1, 2),
        ("县直部门", 0, 1),
    }


def test_the_export_holds_what_the_page_shows_and_is_recorded(staff):
    visited(UnitFactory(name="玉泉乡", category="乡镇", members=200), 3)
    UnitFactory(name="县审计局", category="县直部门")

    answer = staff.get(reverse("units:export"), {"category": "乡镇"})

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Unit", "玉泉乡"]
    assert rows[1][5] == 200
    entry = Entry.objects.get(verb="list.exported")
    assert (entry.details["list"], entry.details["rows"]) == ("units", 1)


def test_the_tree_counts_what_is_inspected_below_and_loads_a_branch_when_it_is_opened(staff):
    town = UnitFactory(name="玉泉乡", category="乡镇")
    visited(UnitFactory(name="石桥村", category="村", parent=town))
    UnitFactory(name="白石村", category="村", parent=town)

    tree = staff.get(reverse("units:tree")).content.decode()
    towns = staff.get(reverse("units:kind"), {"category": "乡镇"}).content.decode()
    villages = staff.get(reverse("units:children", args=[town.pk])).content.decode()

    assert "乡镇" in tree
    assert "0 of 1 inspected" in tree
    assert "玉泉乡" not in tree
    assert "玉泉乡" in towns
    assert "1 of 2 below inspected" in towns
    assert "石桥村" not in towns
    assert "石桥村" in villages
    assert "白石村" in villages


def test_a_unit_is_added_and_changed_by_hand_and_the_trail_keeps_what_it_was(staff):
    staff.post(reverse("units:add"), {"name": "县审计局", "head": "罗军"})
    unit = Unit.objects.get()
    values = {"name": "县审计局", "head": "石勇", "priority": "高", "members": "31"}
    answer = staff.post(reverse("units:change", args=[unit.pk]), values)

    assert answer.status_code == 302
    unit.refresh_from_db()
    assert (unit.head, unit.priority, unit.members) == ("石勇", "高", 31)
    added, changed = Entry.objects.filter(verb__startswith="unit.").order_by("position")
    assert (added.verb, changed.verb) == ("unit.added", "unit.changed")
    assert changed.details["before"] == {"head": "罗军", "priority": "", "members": None}


def test_a_name_that_is_taken_and_a_parent_from_below_are_refused(staff):
    above = UnitFactory(name="玉泉乡")
    below = UnitFactory(name="石桥村", parent=above)

    taken = staff.post(reverse("units:add"), {"name": "玉泉 乡"})
    circle = staff.post(
        reverse("units:change", args=[above.pk]), {"name": "玉泉乡", "parent": below.pk}
    )

    assert (taken.status_code, circle.status_code) == (422, 422)
    above.refresh_from_db()
    assert above.parent is None
    assert Unit.objects.count() == 2


@pytest.mark.parametrize("role", Role)
def test_only_the_office_changes_a_unit(sign_in, role):
    unit = UnitFactory(name="县审计局")
    user = contact_of(unit) if role == Role.CONTACT else UserFactory(role=role)

    answer = sign_in(user).post(reverse("units:change", args=[unit.pk]), {"name": "新名"})

    office = role in {Role.DIRECTOR, Role.STAFF}
    assert answer.status_code == (302 if office else 403)
    unit.refresh_from_db()
    assert unit.name == ("新名" if office else "县审计局")


def test_a_kind_that_cannot_be_is_not_there(sign_in):
    UnitFactory()
    client = sign_in(UserFactory())

    assert client.get(reverse("units:kind"), {"category": "县直部门"}).status_code == 200
    assert client.get(reverse("units:kind"), {"category": "无\x00此"}).status_code == 404
