"""A round served in has the term that the workbook names with it."""

import pytest

from tanzhao.inspectors.models import Inspector, PastRound
from tanzhao.kernel.imports import Outcome
from tests.inspectors.test_importing import full_row, plans_of, take

pytestmark = pytest.mark.django_db
TOLD = {"rounds": (1, 3), "terms": ((14, 1), (15, 1), (15, 3))}


def _served():
    return [(one.term_number, one.round_number) for one in PastRound.objects.all()]


def test_one_round_of_each_of_two_terms_is_two_rounds_and_the_same_rows_change_nothing():
    assert take(full_row(**TOLD)) == [Outcome.NEW]
    assert take(full_row(**TOLD)) == [Outcome.UNCHANGED]

    assert _served() == [(14, 1), (15, 1), (15, 3)]


def test_a_term_told_later_is_added_and_one_no_longer_told_stays():
    take(full_row(rounds=(1, 3)))
    keys = set(PastRound.objects.values_list("pk", flat=True))

    (plan,) = plans_of(full_row(rounds=(1, 3), terms=((15, 1), (15, 3))))

    assert (plan.outcome, plan.before) == (Outcome.CHANGED, {"rounds": [1, 3]})
    assert _served() == [(15, 1), (15, 3)]
    assert set(PastRound.objects.values_list("pk", flat=True)) == keys
    assert take(full_row(rounds=(1, 3))) == [Outcome.UNCHANGED]
    assert _served() == [(15, 1), (15, 3)]


def test_a_round_that_is_no_longer_named_goes():
    take(full_row(**TOLD))

    assert take(full_row(rounds=(3,), terms=((15, 3),))) == [Outcome.CHANGED]

    assert _served() == [(15, 3)]
    assert [str(one) for one in Inspector.objects.get().past_rounds.all()] == ["第15届第3轮"]
