"""The colour of a row, the filter of the list and the figures say the same."""

import pytest

from tanzhao.kernel.calendar import Colour
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import figures, mark, matching, of_colour
from tanzhao.rectification.states import State
from tests.factories import TODAY, days
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db
BORDERS = {
    -400: "red", -1: "red", 0: "yellow", 1: "yellow", 10: "yellow", 11: "green", 20: "green",
    21: "none", 400: "none",
}  # fmt: skip


@pytest.mark.parametrize(("left", "colour"), BORDERS.items())
@pytest.mark.parametrize("state", State)
def test_a_colour_holds_from_border_to_border_and_only_while_the_item_runs(left, colour, state):
    item = item_in(state, due_date=days(left))
    expected = "none" if state == State.CLOSED else colour

    assert mark(item, TODAY).colour == expected
    assert mark(item, TODAY).days_left == left
    matches = {
        each.value for each in Colour if RectificationItem.objects.filter(of_colour(each, TODAY))
    }
    assert matches == (set() if state == State.CLOSED else {expected})


def test_the_figures_count_what_the_filters_list():
    for left in BORDERS:
        item_in(State.IN_PROGRESS, due_date=days(left))
        item_in(State.CLOSED, due_date=days(left))
    items = RectificationItem.objects.all()

    counts = figures(items, TODAY)

    assert counts == {
        "total": 18, "closed": 9, "running": 9, "claimed": 0, "red": 2, "yellow": 3, "green": 2,
    }  # fmt: skip
    for colour in ("red", "yellow", "green"):
        listed = matching(items, {"colour": colour}, TODAY)
        assert listed.count() == counts[colour]
        assert {mark(item, TODAY).colour for item in listed} == {colour}
    assert matching(items, {"colour": "none"}, TODAY).count() == 2
    assert matching(items, {"state": "running"}, TODAY).count() == counts["running"]
