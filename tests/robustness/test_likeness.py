"""Two units hand in the same report at the same moment: the question is asked, and asked once."""

import pytest
from django.utils import timezone

from tanzhao.audit.trail import verify_trail
from tanzhao.rectification.actions import report_progress
from tanzhao.rectification.actions.scanning import compare_what_came
from tanzhao.rectification.models import Likeness, Writing
from tanzhao.rectification.states import State
from tests.factories import NOON, contact_of
from tests.rectification.likeness_makers import REPORT
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("_time", range(3))
def test_two_reports_that_come_at_once_see_each_other(at_once, _time):
    items = [item_in(State.IN_PROGRESS) for _ in range(3)]
    contacts = {item.pk: contact_of(item.unit) for item in items}

    def hand_in(item):  # compared once it is committed, here in the same thread
        report_progress(item_id=item.pk, actor=contacts[item.pk], at=NOON, text=REPORT)

    at_once(hand_in, items)

    pairs = {frozenset(pair) for pair in Likeness.objects.values_list("later", "earlier")}
    assert (len(pairs), Likeness.objects.count()) == (3, 3)
    assert set(Writing.objects.exclude(kind="template").values_list("state", flat=True)) == {
        "compared"
    }
    assert verify_trail()[1] == []


def test_a_task_that_two_workers_do_at_once_is_done_once(at_once):
    items = [item_in(State.IN_PROGRESS) for _ in range(2)]
    for item in items:
        report_progress(item_id=item.pk, actor=contact_of(item.unit), at=NOON, text=REPORT)
    step = items[1].steps.get()
    Writing.objects.update(state="waiting", compared_with="")
    Likeness.objects.all().delete()

    at_once(lambda _n: compare_what_came(step_id=step.pk, clock=timezone.now), range(3))

    assert Likeness.objects.count() == 1
    assert verify_trail()[1] == []
