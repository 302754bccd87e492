import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspectors.actions import InspectorRow, take_inspector_rows
from tanzhao.inspectors.models import DeclaredRecusal, Inspector, PastRound, Service
from tanzhao.kernel.imports import Outcome
from tanzhao.kernel.verdict import Refused
from tests.factories import (
    NOON,
    InspectorFactory,
    StoredFileFactory,
    UnitFactory,
    UserFactory,
    contact_of,
)

pytestmark = pytest.mark.django_db
NEW, CHANGED, UNCHANGED, REFUSED = Outcome
BORN, OTHER_BORN = dt.date(1987, 7, 1), dt.date(1975, 1, 1)
ID, OTHER_ID = "620624198707039570", "622522198011187448"
WRONG_ID = "620624198707039571"
MODELS = (Inspector, Service, DeclaredRecusal, PastRound)


def plans_of(*rows, **values):
    source = StoredFileFactory(name="巡察人才库.xlsx", sha256="ab")
    given = {"rows": rows, "actor": UserFactory(), "at": NOON, "source": source}
    return take_inspector_rows(**given | values)


def take(*rows, **values):
    return [plan.outcome for plan in plans_of(*rows, **values)]


def state():
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def full_row(**values):
    facts = {
        "sex": "男", "born": BORN, "native_place": "玉泉乡", "id_number": ID, "grade": "副科级",
        "workplace": "县审计局", "title": "副主任", "full_time": True, "skills": ("财务", "审计"),
        "past_workplaces": ("西坪镇", "县扶贫办"), "recusal_units": ("县民政局",), "rounds": (1, 4),
        "phone": "13916731859", "until": {"西坪镇": dt.date(2019, 8, 1)},
    }  # fmt: skip
    return InspectorRow("蒋俊欢", **facts | values)


def test_a_row_becomes_a_person_whose_places_are_linked_to_units_of_exactly_that_name():
    audit, town = UnitFactory(name="县审计局"), UnitFactory(name="西坪镇")

    assert take(full_row()) == [NEW]

    person = Inspector.objects.get()
    assert (person.workplace_unit, person.born, person.full_time) == (audit, BORN, True)
    assert person.skills == ["财务", "审计"]
    services = {(s.workplace, s.unit, s.until) for s in person.services.all()}
    assert services == {("西坪镇", town, dt.date(2019, 8, 1)), ("县扶贫办", None, None)}
    assert [(r.unit_name, r.unit) for r in person.declared_recusals.all()] == [("县民政局", None)]
    assert [p.round_number for p in person.past_rounds.all()] == [1, 4]


def test_the_same_rows_twice_change_nothing_in_any_order():
    rows = [full_row(), InspectorRow("李娜", workplace="甲局"), InspectorRow("李娜", born=BORN)]
    rows += [InspectorRow("王芳")]
    assert take(*rows) == [NEW] * 4
    before = state()

    assert take(*rows) == [UNCHANGED] * 4
    assert take(*reversed(rows)) == [UNCHANGED] * 4

    assert state() == before


def test_a_changed_row_changes_only_what_differs():
    take(full_row())
    kept = Service.objects.get(workplace="西坪镇").pk

    (plan,) = plans_of(
        full_row(title="主任", past_workplaces=("西坪镇", "石桥镇"), rounds=(1, 4, 5))
    )

    assert plan.outcome == CHANGED
    assert plan.before == {
        "title": "副主任", "past_workplaces": ["县扶贫办", "西坪镇（2019-08）"], "rounds": [1, 4]
    }  # fmt: skip
    assert set(Service.objects.values_list("workplace", flat=True)) == {"西坪镇", "石桥镇"}
    assert Service.objects.get(workplace="西坪镇").pk == kept
    assert Inspector.objects.get().title == "主任"


def test_an_empty_cell_never_wipes_a_known_value():
    take(full_row())
    before = state()

    assert take(InspectorRow("蒋俊欢", id_number=ID)) == [UNCHANGED]
    assert take(InspectorRow("蒋俊欢", born=BORN)) == [UNCHANGED]

    assert state() == before


@pytest.mark.parametrize(
    ("known", "row", "outcome", "remark"),
    [
        # The ID number tells, whatever else has changed.
        ({"id_number": ID, "born": OTHER_BORN}, {"id_number": ID, "born": BORN}, CHANGED, ""),
        # Without one, name and month of birth; the workplace may have changed.
        ({"born": BORN, "workplace": "甲局"}, {"born": BORN, "workplace": "乙局"}, CHANGED, ""),
        ({"born": BORN}, {"born": BORN, "id_number": ID}, CHANGED, ""),
        ({"born": BORN, "workplace": "甲局"}, {"workplace": "甲局"}, UNCHANGED, ""),
        # A mistyped number is put right; two sound ones are two persons.
        ({"born": BORN, "id_number": WRONG_ID}, {"born": BORN, "id_number": ID}, CHANGED, ""),
        (
            {"born": BORN, "id_number": OTHER_ID},
            {"born": BORN, "id_number": ID},
            NEW,
            "possible_duplicate",
        ),
        ({"born": OTHER_BORN}, {"born": BORN}, NEW, "possible_duplicate"),
        ({"workplace": "甲局"}, {"workplace": "乙局"}, NEW, "possible_duplicate"),
        ({"workplace": "甲局"}, {}, NEW, "possible_duplicate"),
        ({"id_number": OTHER_ID}, {"id_number": ID}, NEW, "possible_duplicate"),
    ],
)
def test_a_person_is_known_again_by_what_tells_people_apart(known, row, outcome, remark):
    InspectorFactory(name="李娜", **known)

    (plan,) = plans_of(InspectorRow("李娜", **row))

    assert plan.outcome == outcome
    assert [r.code for r in plan.remarks] == ([remark] if remark else [])
    assert Inspector.objects.count() == (2 if outcome == NEW else 1)


def test_nobody_is_guessed():
    InspectorFactory(name="李娜", born=BORN, workplace="甲局")
    InspectorFactory(name="李娜", born=BORN, workplace="乙局")
    InspectorFactory(name="王芳", id_number=ID)

    doubtful, chosen, stolen = plans_of(
        InspectorRow("李娜", born=BORN),
        InspectorRow("李娜", born=BORN, workplace="乙局", title="主任"),
        InspectorRow("赵敏", id_number=ID),
    )

    assert (doubtful.outcome, [r.code for r in doubtful.remarks]) == (REFUSED, ["several_persons"])
    assert chosen.outcome == CHANGED
    assert (stolen.outcome, [r.code for r in stolen.remarks]) == (REFUSED, ["id_of_another"])
    assert Inspector.objects.count() == 3


def test_a_person_is_taken_from_one_row_of_a_file_only():
    assert take(InspectorRow("李娜", born=BORN), InspectorRow("李娜", born=BORN)) == [NEW, REFUSED]

    assert Inspector.objects.count() == 1


def test_an_import_is_one_entry_and_a_trial_none():
    take(full_row(), keep=False)
    assert not Inspector.objects.exists()
    assert not Entry.objects.exists()

    take(full_row())

    entry = Entry.objects.get()
    counts = {"new": 1, "changed": 0, "unchanged": 0, "refused": 0}
    assert (entry.verb, entry.details) == (
        "inspectors.imported", {"operator": "", "sha256": "ab", **counts}
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_only_the_office_imports_inspectors(role):
    user = contact_of(UnitFactory()) if role == Role.CONTACT else UserFactory(role=role)

    if role in {Role.DIRECTOR, Role.STAFF}:
        assert take(full_row(), actor=user) == [NEW]
    else:
        with pytest.raises(Refused):
            take(full_row(), actor=user)
        assert not Inspector.objects.exists()


def test_a_long_file_costs_no_more_queries_for_each_row(django_assert_max_num_queries):
    rows = [InspectorRow(f"干部{n}", born=BORN, rounds=(1,), skills=("财务",)) for n in range(400)]

    with django_assert_max_num_queries(20):
        take(*rows)
