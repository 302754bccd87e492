"""A visit has the term that the workbook names with its round."""

import datetime as dt

import pytest

from tanzhao.kernel.imports import Outcome
from tanzhao.units.actions import UnitRow
from tanzhao.units.models import Visit
from tests.factories import TermFactory
from tests.units.test_importing import MARCH, plans_of, take

pytestmark = pytest.mark.django_db


def _visits():
    return sorted(Visit.objects.values_list("term_number", "round_number"))


def test_the_term_that_is_told_counts_more_than_the_one_its_month_falls_into():
    TermFactory(number=15, starts=dt.date(2021, 9, 1), ends=dt.date(2026, 8, 31))
    row = UnitRow("县审计局", round=2, inspected=MARCH, term=14)

    assert take(row) == [Outcome.NEW]
    assert take(row) == [Outcome.UNCHANGED]

    assert _visits() == [(14, 2)]


def test_without_a_term_the_month_says_it_as_before():
    TermFactory(number=15, starts=dt.date(2021, 9, 1), ends=dt.date(2026, 8, 31))

    take(UnitRow("县审计局", round=2, inspected=MARCH))

    assert _visits() == [(15, 2)]


def test_a_term_told_later_is_added_to_the_visit_that_is_known():
    take(UnitRow("县审计局", round=2, inspected=MARCH))
    assert _visits() == [(None, 2)]

    (plan,) = plans_of(UnitRow("县审计局", round=2, inspected=MARCH, term=15))

    assert (plan.outcome, plan.before) == (Outcome.CHANGED, {"round": "2"})
    assert _visits() == [(15, 2)]
    assert take(UnitRow("县审计局", round=2, inspected=MARCH)) == [Outcome.UNCHANGED]
    assert _visits() == [(15, 2)]
