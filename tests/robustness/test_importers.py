"""Four people import at the same moment: nothing doubled, nothing lost, no lock error."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.audit.trail import verify_trail
from tanzhao.documents.models import StoredFile
from tanzhao.inspectors.actions import InspectorRow, take_inspector_rows
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.imports import Outcome
from tanzhao.rectification.actions import LedgerRow, take_ledger_rows
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import ImportedState
from tanzhao.units.actions import UnitRow, UnitValues, add_unit, change_unit, take_unit_rows
from tanzhao.units.models import Unit, Visit
from tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
IMPORTERS = 4
ROWS = 150


def take(function, rows, actor):
    source = StoredFile(name="表.xlsx", sha256="ab")
    plans = function(rows=rows, actor=actor, at=timezone.now(), source=source)
    return Counter(plan.outcome for plan in plans)


def staff(count):
    return [UserFactory(role=Role.STAFF) for _ in range(count)]


def test_four_imports_of_one_workbook_of_units_add_each_unit_once(at_once):
    rows = [UnitRow(f"第{n}村", parent=f"第{n // 9}村", round=n % 5 + 1) for n in range(ROWS)]

    counts = at_once(lambda actor: take(take_unit_rows, rows, actor), staff(IMPORTERS))

    assert sorted(count[Outcome.NEW] for count in counts) == [0, 0, 0, ROWS]
    assert (Unit.objects.count(), Visit.objects.count()) == (ROWS, ROWS)
    assert Entry.objects.filter(verb="units.imported").count() == IMPORTERS
    assert verify_trail()[1] == []


def test_four_imports_of_one_workbook_of_inspectors_add_each_person_once(at_once):
    rows = [InspectorRow(f"干部{n}", born=dt.date(1980, 1, 1), rounds=(1,)) for n in range(ROWS)]

    counts = at_once(lambda actor: take(take_inspector_rows, rows, actor), staff(IMPORTERS))

    assert sorted(count[Outcome.NEW] for count in counts) == [0, 0, 0, ROWS]
    assert Inspector.objects.count() == ROWS


def test_units_ledger_and_hand_meet_without_a_deadlock(at_once):
    units = [UnitFactory(name=f"第{n}局") for n in range(40)]
    rows = [UnitRow(unit.name, head="罗军", round=1) for unit in reversed(units)]
    ledger = [
        LedgerRow(unit.pk, 1, f"问题{n}", dt.date(2023, 2, 1), ImportedState.NOT)
        for unit in units
        for n in range(3)
    ]

    def by_hand(actor):
        for unit in units[:5]:
            values = UnitValues(name=unit.name, head="石勇")
            change_unit(unit_id=unit.pk, values=values, actor=actor, at=timezone.now())
        add_unit(values=UnitValues(name="新设单位"), actor=actor, at=timezone.now())

    jobs = [
        lambda actor: take(take_unit_rows, rows, actor),
        lambda actor: take(take_ledger_rows, ledger, actor),
        lambda actor: take(take_ledger_rows, ledger, actor),
        by_hand,
    ]
    at_once(lambda pair: pair[0](pair[1]), list(zip(jobs, staff(4), strict=True)))

    assert RectificationItem.objects.count() == len(ledger)
    assert Unit.objects.count() == len(units) + 1
    assert set(Unit.objects.exclude(name="新设单位").values_list("head", flat=True)) <= {
        "罗军",
        "石勇",
    }
    assert verify_trail()[1] == []


def test_an_import_that_fails_at_the_end_leaves_nothing(at_once):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(take_unit_rows, [UnitRow("第一村", round=1)], UserFactory(role=Role.STAFF))
        raise ZeroDivisionError

    assert not Unit.objects.exists()
    assert not Visit.objects.exists()
    assert not Entry.objects.exists()
