"""A declared recusal is entered by the office or the person, and withdrawn by the office alone."""

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspectors.actions import (
    InspectorRow,
    InspectorValues,
    change_inspector,
    declare_recusal,
    take_inspector_rows,
    withdraw_recusal,
)
from tanzhao.inspectors.models import DeclaredRecusal, Inspector
from tanzhao.kernel.verdict import Refused
from tests.factories import (
    NOON,
    InspectorFactory,
    StoredFileFactory,
    UnitFactory,
    UserFactory,
    account_of,
)

pytestmark = pytest.mark.django_db


def declare(inspector, unit_name, actor):
    return declare_recusal(inspector_id=inspector.pk, unit_name=unit_name, actor=actor, at=NOON)


def withdraw(recusal, actor):
    return withdraw_recusal(recusal_id=recusal.pk, reason="写错了单位", actor=actor, at=NOON)


def test_an_inspector_declares_for_themselves_and_for_nobody_else():
    own, other = InspectorFactory(), InspectorFactory()
    account = account_of(own)

    recusal, is_new = declare(own, "县医院", account)
    with pytest.raises(Inspector.DoesNotExist):
        declare(other, "县医院", account)

    assert (is_new, recusal.declared_by, recusal.declared_at) == (True, account, NOON)
    assert [one.inspector for one in DeclaredRecusal.objects.all()] == [own]


@pytest.mark.parametrize("role", Role)
def test_of_all_roles_the_office_declares_for_others(role):
    someone = InspectorFactory()
    unit = {"unit_id": UnitFactory().pk} if role == Role.CONTACT else {}
    actor = UserFactory(role=role, **unit)

    if role in {Role.DIRECTOR, Role.STAFF}:
        declare(someone, "县医院", actor)
    else:
        with pytest.raises((Inspector.DoesNotExist, Refused)):
            declare(someone, "县医院", actor)

    assert DeclaredRecusal.objects.exists() is (role in {Role.DIRECTOR, Role.STAFF})


def test_the_unit_of_that_name_is_linked_however_it_is_written():
    unit = UnitFactory(name="县人民医院")
    someone = InspectorFactory()

    linked, _new = declare(someone, "县人民 医院", UserFactory())
    loose, _new = declare(someone, "外县某局", UserFactory())

    assert (linked.unit, linked.unit_name) == (unit, "县人民医院")
    assert (loose.unit, loose.unit_name) == (None, "外县某局")


def test_declaring_twice_changes_nothing():
    someone, actor = InspectorFactory(), UserFactory()

    first, was_new = declare(someone, "县医院", actor)
    again, is_new = declare(someone, "县医院", actor)

    assert (first, was_new, is_new) == (again, True, False)
    assert Entry.objects.filter(verb="recusal.declared").count() == 1


def test_the_office_withdraws_with_a_reason_in_the_trail_and_whom_it_is_about_does_not():
    someone = InspectorFactory()
    own = account_of(someone)
    recusal, _new = declare(someone, "县医院", own)
    inspector_in_the_office = UserFactory(role=Role.STAFF, inspector_id=None)

    with pytest.raises(Refused):
        withdraw(recusal, own)
    assert DeclaredRecusal.objects.exists()
    withdraw(recusal, inspector_in_the_office)

    entry = Entry.objects.get(verb="recusal.withdrawn")
    assert entry.details == {"unit": "县医院", "reason": "写错了单位"}
    assert (entry.target_id, DeclaredRecusal.objects.exists()) == (someone.pk, False)


def test_somebody_of_the_office_does_not_withdraw_their_own():
    someone = InspectorFactory()
    own = UserFactory(role=Role.STAFF, inspector_id=someone.pk)
    recusal, _new = declare(someone, "县医院", own)

    with pytest.raises(Refused, match=r"本人|yourself"):
        withdraw(recusal, own)

    assert DeclaredRecusal.objects.exists()


def test_what_was_declared_survives_a_workbook_and_a_change_by_hand_and_what_was_imported_goes():
    someone = InspectorFactory(name="王芳", workplace="县审计局")
    DeclaredRecusal.objects.create(inspector=someone, unit_name="县教育局")
    declare(someone, "县医院", account_of(someone))
    office = UserFactory()

    take_inspector_rows(
        rows=[InspectorRow(name="王芳", workplace="县审计局", recusal_units=("县财政局",))],
        actor=office,
        at=NOON,
        source=StoredFileFactory(),
    )
    after_import = set(someone.declared_recusals.values_list("unit_name", flat=True))
    change_inspector(
        inspector_id=someone.pk,
        values=InspectorValues(name="王芳", workplace="县审计局"),
        actor=office,
        at=NOON,
    )

    assert after_import == {"县财政局", "县医院"}
    assert {one.unit_name for one in someone.declared_recusals.all()} == {"县医院"}
