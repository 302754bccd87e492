"""A declaration arrives in the very moment in which the team is approved: neither is lost."""

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.trail import verify_trail
from tanzhao.inspections import actions
from tanzhao.inspections.models import TeamAlert
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.notices.models import Notice
from tests.factories import UserFactory
from tests.inspections.alert_makers import TUESDAY, declare, monday

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 5


@pytest.mark.parametrize("_time", range(TIMES))
@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (RoundState.APPROVED, RoundState.STAFFED, "mark_staffed"),
        (RoundState.STAFFED, RoundState.AUTHORISED, "approve_authorisation"),
    ],
)
def test_a_declaration_meets_an_approval(at_once, before, after, step, _time):
    day = monday(before)
    actor = day.staff if step == "mark_staffed" else UserFactory(role=Role.LEADING_GROUP)

    def approve():
        try:
            getattr(actions, step)(round_id=day.team.round_id, actor=actor, at=TUESDAY)
        except Refused:
            return "refused"
        return "approved"

    answers = at_once(lambda do: do(), [approve, lambda: declare(day)])

    day.team.round.refresh_from_db()
    alert = TeamAlert.objects.get()
    assert alert.settled_at is None
    # Approved first: the alert holds it back. Declared first: the approval is refused.
    authorised = answers[0] == "approved" and after == RoundState.AUTHORISED
    assert day.team.round.state == (RoundState.AUTHORISED if authorised else RoundState.APPROVED)
    assert Notice.objects.filter(to=day.director, kind__startswith="team.").count() == 1
    assert verify_trail()[1] == []


def test_many_look_at_the_teams_at_once_and_raise_and_tell_once(at_once):
    day = monday()
    # The declaration stands; nobody has looked at the team since.
    declare(day)
    TeamAlert.objects.all().delete()
    Notice.objects.all().delete()

    at_once(lambda _n: actions.follow_changes(at=TUESDAY), range(4))

    assert TeamAlert.objects.count() == 1
    assert Notice.objects.filter(to=day.director).count() == 1


def test_a_double_click_declares_raises_and_tells_once(at_once):
    day = monday()

    at_once(lambda _n: declare(day), range(3))

    assert TeamAlert.objects.count() == 1
    kinds = sorted(Notice.objects.filter(to=day.director).values_list("kind", flat=True))
    assert kinds == ["recusal.declared", "team.reopened"]
