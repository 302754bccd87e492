"""The worker follows the trail: what is changed anywhere reaches the teams."""

import pytest

from tanzhao.inspections.models import TeamAlert
from tanzhao.inspectors.actions import InspectorValues, change_inspector
from tanzhao.web.management.commands import worker
from tests.inspections.alert_makers import TUESDAY, monday, told

pytestmark = pytest.mark.django_db


def test_the_worker_looks_when_the_trail_has_grown_and_not_otherwise(django_assert_num_queries):
    day = monday()
    followed = worker._follow_the_trail(-1)
    with django_assert_num_queries(1):
        assert worker._follow_the_trail(followed) == followed
    values = InspectorValues(name=day.member.full_name, workplace=day.unit.name)
    change_inspector(
        inspector_id=day.member.inspector_id, values=values, actor=day.staff, at=TUESDAY
    )

    assert worker._follow_the_trail(followed) == followed + 1
    assert told(day.director) == ["team.reopened"]


def test_a_look_that_fails_is_tried_again_and_the_worker_lives_on(monkeypatch):
    day = monday()
    day.team.members.get(inspector=day.member.inspector_id).inspector.declared_recusals.create(
        unit_name=day.unit.name, unit=day.unit
    )

    def fails(*, at):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(worker, "follow_changes", fails)
        assert worker._follow_the_trail(-1) == -1
    worker._follow_the_trail(-1)

    assert TeamAlert.objects.count() == 1
