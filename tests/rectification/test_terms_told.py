"""A finding of an old ledger has the term that the ledger names with its round."""

import pytest

from tanzhao.findings.models import Finding
from tanzhao.reports.dossier import dossier_of
from tests.factories import TODAY, TermFactory, UnitFactory, UserFactory
from tests.rectification.test_importing import CHANGED, NEW, UNCHANGED, row, take

pytestmark = pytest.mark.django_db


def _terms():
    return sorted(Finding.objects.values_list("term_number", flat=True), key=lambda t: t or 0)


def test_a_term_is_kept_and_the_same_rows_change_nothing():
    unit = UnitFactory()

    assert take(row(unit, term=14)) == [NEW]
    assert take(row(unit, term=14)) == [UNCHANGED]
    assert take(row(unit)) == [UNCHANGED]  # an older ledger that says no term

    assert _terms() == [14]


def test_a_term_told_later_is_added():
    unit = UnitFactory()
    take(row(unit))

    assert take(row(unit, term=15)) == [CHANGED]

    assert _terms() == [15]


def test_the_same_words_in_the_same_round_of_another_term_are_another_finding():
    unit = UnitFactory()
    take(row(unit, term=14))

    assert take(row(unit, term=14), row(unit, term=15)) == [UNCHANGED, NEW]

    assert _terms() == [14, 15]


def test_the_dossier_counts_them_in_their_own_terms():
    unit = UnitFactory()
    TermFactory(number=15)
    take(row(unit, term=14), row(unit, text="另一问题", term=15), row(unit, text="第三个"))

    found = dossier_of(unit, UserFactory(), TODAY)

    assert {(one.term, one.number): one.findings for one in found.rounds} == {
        (14, 2): 1,
        (15, 2): 2,  # what names no term goes with the first that is known here
    }
