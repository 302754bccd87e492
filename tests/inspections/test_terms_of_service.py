"""Of two rounds with one number, only that of the same term counts as having been there."""

import datetime as dt

import pytest

from tanzhao.inspections.planning.teams_history import history_of
from tanzhao.inspections.planning.teams_instance import instance_of
from tanzhao.inspectors.models import PastRound
from tanzhao.units.models import Visit
from tests.factories import InspectorFactory, RoundFactory, TeamFactory, TeamMemberFactory, days
from tests.inspections.proposal_makers import round_to_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("visited_in", "served_in", "warned"),
    [(15, 15, True), (15, 14, False), (None, 14, True), (15, None, True), (None, None, True)],
)
def test_a_warning_needs_the_same_term_where_both_are_known(visited_in, served_in, warned):
    round_ = round_to_staff(teams=1)
    unit = round_.teams.get().engagements.get().unit
    month = dt.date(2022, 3, 1)
    Visit.objects.create(unit=unit, term_number=visited_in, round_number=3, month=month)
    someone = InspectorFactory()
    PastRound.objects.create(inspector=someone, term_number=served_in, round_number=3)

    instance = instance_of(round_)

    assert bool(instance.warned) is warned


def test_rounds_served_are_counted_once_each():
    before = TeamFactory(round=RoundFactory(number=3, starts=days(-200), ends=days(-150)))
    someone = TeamMemberFactory(team=before).inspector
    term = before.round.term.number
    round_ = round_to_staff(teams=1)

    def served(*pairs):
        PastRound.objects.all().delete()
        for term_number, number in pairs:
            PastRound.objects.create(
                inspector=someone, term_number=term_number, round_number=number
            )
        return history_of(round_, [someone], months=12)[someone.pk].rounds

    assert served((term, 3)) == 1
    assert served((None, 3)) == 1
    assert served((term - 1, 3)) == 2
    assert served((term - 1, 3), (None, 3), (None, 4)) == 3
