"""No way round the second pair of eyes by letting another save what one wrote."""

import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.inspections import actions
from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tests.factories import CodeFactory, FrameFactory, TermFactory, UserFactory, days
from tests.inspections.makers import complete_team

pytestmark = pytest.mark.django_db
NOON = dt.datetime.combine(days(0), dt.time(4), dt.UTC)


def _people():
    return UserFactory(role=Role.DIRECTOR), UserFactory(), UserFactory(role=Role.LEADING_GROUP)


def test_who_proposed_a_round_cannot_approve_it_after_another_changed_a_word():
    director, clerk, other = _people()
    said = {"number": 6, "kind": CodeFactory(), "frame": FrameFactory(), "focus": "",
            "starts": days(5), "ends": days(50)}  # fmt: skip
    round_ = actions.propose_round(term=TermFactory(), **said, actor=director, at=NOON)
    actions.change_round(round_id=round_.pk, **said | {"focus": "。"}, actor=clerk, at=NOON)

    for maker in (director, clerk):
        with pytest.raises(Refused):
            actions.approve_round(round_id=round_.pk, actor=maker, at=NOON)
    assert Round.objects.get().state == RoundState.PROPOSED
    assert actions.approve_round(round_id=round_.pk, actor=other, at=NOON).approved_by == other


def test_who_drafted_an_authorisation_cannot_approve_it_after_another_saved_it():
    director, clerk, other = _people()
    here = {"round_id": complete_team(RoundState.STAFFED).round_id, "at": NOON}
    letter = {"basis": "条例", "starts": days(0), "ends": days(60)}
    for drafter in (director, clerk):
        actions.draft_authorisation(number="岚巡组〔2026〕6号", **letter, **here, actor=drafter)

    for maker in (director, clerk):
        with pytest.raises(Refused):
            actions.approve_authorisation(actor=maker, **here)
    actions.approve_authorisation(actor=other, **here)

    # Once revoked it is another's letter, under another number.
    actions.revoke_authorisation(actor=other, reason="人员调整", **here)
    actions.mark_staffed(actor=clerk, **here)
    actions.draft_authorisation(number="岚巡组〔2026〕7号", **letter, **here, actor=clerk)
    assert actions.approve_authorisation(actor=director, **here).approved_by == director
