from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspectors.models import Inspector
from tests.factories import (
    InspectorFactory,
    TeamMemberFactory,
    UnitFactory,
    UserFactory,
    account_of,
    contact_of,
)

pytestmark = pytest.mark.django_db
OFFICE = {Role.DIRECTOR, Role.STAFF}
ID = "620624198707039570"
MASKED = "620624***********0"
LIST = reverse("inspectors:inspectors")


@pytest.fixture
def staff(sign_in):
    return sign_in(UserFactory(role=Role.STAFF, language="en"))


def person(**values):
    """Make a person with every fact that hangs on one."""
    made = InspectorFactory(id_number=values.pop("id_number", ID), **values)
    made.services.create(workplace="西坪镇")
    made.declared_recusals.create(unit_name="县民政局")
    made.past_rounds.create(round_number=4)
    return made


def names(answer):
    return [one.name for one in answer.context["page"].rows]


@pytest.mark.parametrize("role", Role)
def test_the_talent_pool_is_open_to_the_office_only(sign_in, role):
    own, other = person(id_number=ID), person(id_number="")
    user = UserFactory(role=role) if role != Role.CONTACT else contact_of(UnitFactory())
    if role == Role.INSPECTOR:
        user = account_of(own)
    client = sign_in(user)
    pages = [LIST, reverse("inspectors:inspector", args=[other.pk])]

    statuses = {client.get(page).status_code for page in pages}

    assert statuses == ({200} if role in OFFICE else {403})
    visible = set(Inspector.objects.visible_to(user))
    expected = {own, other} if role in OFFICE else set()
    assert visible == ({own} if role == Role.INSPECTOR else expected)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_a_person_cost_the_same_queries(staff, django_assert_num_queries, rows):
    made = [person(id_number="") for _n in range(rows)]
    for number in range(rows):
        made[0].services.create(workplace=f"第{number}局", unit=UnitFactory())
        TeamMemberFactory(inspector=made[0])

    with django_assert_num_queries(12):
        staff.get(LIST)
    with django_assert_num_queries(8):
        staff.get(reverse("inspectors:inspector", args=[made[0].pk]))


def test_the_list_is_narrowed_by_what_is_asked(staff):
    InspectorFactory(name="丁一", skills=["财务", "审计"], full_time=True, grade="正科级")
    InspectorFactory(name="万二", skills=["纪检"], workplace="县审计局", title="主任")
    InspectorFactory(name="旧人", retired=True)

    asked = {
        "": ["丁一", "万二"],
        "skill=审计": ["丁一"],
        "full_time=yes": ["丁一"],
        "full_time=no": ["万二"],
        "grade=正科级": ["丁一"],
        "workplace=县审计局": ["万二"],
        "q=主任": ["万二"],
        "state=retired": ["旧人"],
        "skill=没有": ["丁一", "万二"],
    }

    found = {query: sorted(names(staff.get(f"{LIST}?{query}"))) for query in asked}
    assert found == {query: sorted(wanted) for query, wanted in asked.items()}


def test_every_order_pages_through_every_person_once(staff):
    for n in range(60):
        InspectorFactory(workplace=f"第{n % 7}局").past_rounds.create(round_number=n % 4 + 1)

    for sort in ("name", "workplace", "young", "served", "rested"):
        first = staff.get(LIST, {"sort": sort})
        second = staff.get(LIST, {"sort": sort, "after": first.context["page"].after})
        assert (sort, len(set(names(first) + names(second)))) == (sort, 60)


def test_an_id_number_is_masked_until_somebody_asks_and_each_look_is_recorded(staff):
    page = reverse("inspectors:inspector", args=[person(name="蒋俊欢").pk])

    masked = staff.get(page).content.decode()
    shown = staff.post(page + "unmask/")

    assert MASKED in masked
    assert ID not in masked
    assert ID in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert ID not in staff.get(page).content.decode()
    assert ID not in staff.get(LIST).content.decode()
    entry = Entry.objects.get(verb="inspector.id_number_unmasked")
    assert (entry.target_name, ID in str(entry.details)) == ("蒋俊欢", False)


def test_asking_by_htmx_sends_the_number_alone(staff):
    address = reverse("inspectors:unmask", args=[person().pk])

    answer = staff.post(address, headers={"HX-Request": "true"}).content.decode()

    assert ID in answer
    assert "<html" not in answer


@pytest.mark.parametrize("role", set(Role) - OFFICE)
def test_nobody_else_unmasks(sign_in, role):
    one = person()
    user = UserFactory(role=role) if role != Role.CONTACT else contact_of(UnitFactory())

    answer = sign_in(user).post(reverse("inspectors:unmask", args=[one.pk]))

    assert answer.status_code == 403
    assert not Entry.objects.filter(verb="inspector.id_number_unmasked").exists()


def test_the_export_holds_what_the_page_shows_but_no_id_number(staff):
    person(name="蒋俊欢", skills=["财务"], full_time=True)
    InspectorFactory(name="万二")

    answer = staff.get(reverse("inspectors:export"), {"skill": "财务"})

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in rows] == ["Full name", "蒋俊欢"]
    assert {"西坪镇", "县民政局", "4", "full-time"} <= set(rows[1])
    assert ID not in str(rows)
    entry = Entry.objects.get(verb="list.exported")
    assert (entry.details["list"], entry.details["rows"]) == ("inspectors", 1)


def test_a_person_is_added_and_changed_by_hand_and_the_trail_keeps_no_id_number(staff):
    town = UnitFactory(name="西坪镇")
    values = {"name": "蒋俊欢", "born": "1987年7月", "id_number": ID, "skills": "财务、审计"}
    staff.post(reverse("inspectors:add"), values)
    one = Inspector.objects.get()
    change = {"name": "蒋俊欢", "born": "1987-07", "skills": "财务", "past_workplaces": "西坪镇"}
    answer = staff.post(reverse("inspectors:change", args=[one.pk]), change)

    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.id_number, one.skills) == (ID, ["财务"])
    assert [(s.workplace, s.unit) for s in one.services.all()] == [("西坪镇", town)]
    added, changed = Entry.objects.filter(verb__startswith="inspector.").order_by("position")
    assert (added.verb, changed.verb) == ("inspector.added", "inspector.changed")
    assert changed.details["before"] == {"skills": ["财务", "审计"], "past_workplaces": []}
    assert ID not in str(added.details) + str(changed.details)


def test_what_cannot_be_right_is_refused_beside_its_field(staff):
    person(name="王芳")

    wrong = staff.post(
        reverse("inspectors:add"), {"name": "李娜", "born": "很久以前", "id_number": ID[:-1] + "1"}
    )
    taken = staff.post(reverse("inspectors:add"), {"name": "李娜", "id_number": ID})

    assert (wrong.status_code, taken.status_code) == (422, 422)
    assert set(wrong.context["form"].errors) == {"born", "id_number"}
    assert "王芳" in str(taken.context["form"].errors["id_number"])
    assert Inspector.objects.count() == 1


@pytest.mark.parametrize("role", Role)
def test_only_the_office_changes_a_person(sign_in, role):
    one = person(name="王芳")
    user = UserFactory(role=role) if role != Role.CONTACT else contact_of(UnitFactory())

    answer = sign_in(user).post(reverse("inspectors:change", args=[one.pk]), {"name": "新名"})

    assert answer.status_code == (302 if role in OFFICE else 403)
    one.refresh_from_db()
    assert one.name == ("新名" if role in OFFICE else "王芳")
