"""A visit belongs to a term: what was inspected in the last one waits again in this one."""

import datetime as dt

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.documents.models import StoredFile
from tanzhao.inspections.actions import enter_field
from tanzhao.inspections.models import Authorisation
from tanzhao.inspections.queries import imported_rounds, next_round_number
from tanzhao.inspections.states import RoundState
from tanzhao.units.actions import UnitRow, take_unit_rows
from tanzhao.units.models import Unit, Visit
from tanzhao.units.queries import coverage, current_term, visits_of, visits_today
from tests.factories import NOON, TermFactory, UnitFactory, UserFactory, days
from tests.inspections.makers import complete_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_terms():
    """The term before this one, and this one, with a month that both have days in."""
    former = TermFactory(number=15, starts=days(-2000), ends=days(-200))
    return former, TermFactory(number=16, starts=days(-199), ends=days(1600))


def _month(n: int) -> dt.date:
    return days(n).replace(day=1)


def _covered() -> int:
    return coverage(Unit.objects.all(), visits_today())[0].done


def test_coverage_is_of_the_term_that_runs_today(two_terms):
    former, present = two_terms
    before, now, unsaid = UnitFactory.create_batch(3)
    Visit.objects.create(unit=before, round_number=1, month=_month(-1000))
    Visit.objects.create(unit=now, round_number=1, month=_month(-100))
    Visit.objects.create(unit=unsaid, round_number=3)

    assert current_term(days(0)) == present
    assert _covered() == 1
    assert set(Visit.objects.filter(visits_of(present)).values_list("unit", flat=True)) == {now.pk}
    # What a workbook left without a month is of the first term that was opened here.
    of_former = Visit.objects.filter(visits_of(former)).values_list("unit", flat=True)
    assert set(of_former) == {before.pk, unsaid.pk}


def test_a_month_that_two_terms_share_counts_once_and_a_term_that_is_named_counts_there():
    former = TermFactory(number=15, starts=dt.date(2021, 9, 1), ends=dt.date(2026, 5, 20))
    present = TermFactory(number=16, starts=dt.date(2026, 5, 21), ends=dt.date(2031, 5, 20))
    shared, named = UnitFactory.create_batch(2)
    Visit.objects.create(unit=shared, round_number=9, month=dt.date(2026, 5, 1))
    Visit.objects.create(unit=named, term_number=16, round_number=1, month=dt.date(2026, 5, 1))

    assert [v.unit for v in Visit.objects.filter(visits_of(former))] == [shared]
    assert [v.unit for v in Visit.objects.filter(visits_of(present))] == [named]


def test_without_a_term_every_visit_counts_and_between_two_terms_the_latest_is_meant():
    Visit.objects.create(unit=UnitFactory(), round_number=1, month=dt.date(2015, 1, 1))
    assert (_covered(), current_term(days(0))) == (1, None)

    TermFactory(number=15, starts=days(-3000), ends=days(-1500))
    later = TermFactory(number=16, starts=days(100), ends=days(1900))

    assert current_term(days(0)) == later
    assert _covered() == 0


def test_the_first_round_of_a_term_leaves_the_first_round_of_the_last_one_alone(two_terms):
    _former, present = two_terms
    team = complete_team(RoundState.AUTHORISED, term=present, number=1)
    Authorisation.objects.filter(round=team.round).update(starts=days(-1), ends=days(9))
    unit = team.engagements.get().unit
    old = Visit.objects.create(unit=unit, round_number=1, month=_month(-1000))

    enter_field(round_id=team.round_id, actor=UserFactory(role=Role.STAFF), at=_now())

    new = Visit.objects.exclude(pk=old.pk).get()
    old.refresh_from_db()
    assert (new.term_number, new.round_number, new.imported) == (16, 1, False)
    assert (new.month, old.month) == (_month(0), _month(-1000))
    assert next_round_number(present) == 2


def test_what_a_workbook_said_of_a_round_is_replaced_once_it_is_in_the_field(two_terms):
    _former, present = two_terms
    team = complete_team(RoundState.AUTHORISED, term=present, number=1)
    Authorisation.objects.filter(round=team.round).update(starts=days(-1), ends=days(9))
    unit = team.engagements.get().unit
    Visit.objects.create(unit=unit, round_number=1, month=_month(-60))

    enter_field(round_id=team.round_id, actor=UserFactory(role=Role.STAFF), at=_now())

    assert [(v.term_number, v.month) for v in unit.visits.all()] == [(16, _month(0))]


def _now():
    return dt.datetime.combine(days(0), dt.time(4), dt.UTC)


def _take(**values):
    plans = take_unit_rows(
        rows=[UnitRow(**{"name": "县财政局", **values})],
        actor=UserFactory(role=Role.STAFF),
        at=_now(),
        source=StoredFile.objects.create(
            name="对象库.xlsx", size=1, stored_by=UserFactory(), stored_at=NOON
        ),
    )
    return plans[0].outcome


def _visits():
    return [(v.term_number, v.round_number, v.month) for v in Visit.objects.all()]


def test_a_workbook_of_this_term_adds_to_what_the_workbook_of_the_last_one_said(two_terms):
    UnitFactory(name="县财政局")
    _take(round=1, inspected=_month(-1000))
    _take(round=1, inspected=_month(-50))
    _take(round=1, inspected=_month(-50))

    assert _visits() == [(16, 1, _month(-50)), (15, 1, _month(-1000))]
    # A correction of the month, and a row that says no month: both speak of this term.
    _take(round=1, inspected=_month(-90))
    _take(round=1)
    assert _visits() == [(16, 1, _month(-90)), (15, 1, _month(-1000))]


def test_what_was_imported_before_the_first_term_was_opened_is_known_again_after():
    UnitFactory(name="县财政局")
    _take(round=1, inspected=_month(-100))
    TermFactory(number=15, starts=days(-400), ends=days(1400))

    _take(round=1, inspected=_month(-100))

    assert _visits() == [(None, 1, _month(-100))]
    assert _covered() == 1


def test_a_visit_older_than_every_term_is_corrected_and_not_doubled(two_terms):
    UnitFactory(name="县财政局")
    _take(round=1, inspected=dt.date(2015, 3, 1))
    _take(round=1, inspected=dt.date(2014, 3, 1))

    assert _visits() == [(None, 1, dt.date(2014, 3, 1))]
    assert [(past.term, past.number) for past in imported_rounds()] == [(None, 1)]


def test_lists_speak_of_this_term_and_the_page_of_a_unit_of_all(two_terms, sign_in):
    unit = UnitFactory(name="县财政局")
    Visit.objects.create(unit=unit, term_number=15, round_number=7, month=_month(-1000))
    client = sign_in(UserFactory(role=Role.STAFF, language="en"))

    waiting = client.get(reverse("units:units"), {"state": "not"})
    one = client.get(reverse("units:unit", args=[unit.pk]))
    dossier = client.get(reverse("reports:dossier", args=[unit.pk]))

    assert [row.name for row in waiting.context["page"].rows] == ["县财政局"]
    assert "round 7" not in waiting.content.decode()
    assert "Term 15, round 7" in one.content.decode()
    assert dossier.context["dossier"].is_inspected is False
    assert [(r.term, r.number) for r in dossier.context["dossier"].rounds] == [(15, 7)]
