import base64
import json
from itertools import product

import pytest

from tanzhao.kernel.paging import page_of
from tanzhao.rectification.models import RectificationItem
from tanzhao.units.models import Unit
from tests.factories import ItemFactory, UnitFactory

pytestmark = pytest.mark.django_db
ORDER = ("-members", "name", "pk")


def test_pages_cover_every_row_once_though_rows_are_added_meanwhile():
    units = [UnitFactory(members=n // 3) for n in range(20)]
    seen: list[Unit] = []
    token = ""

    for _ in range(99):
        page = page_of(Unit.objects.all(), order=ORDER, after=token, size=6)
        seen += page.rows
        token = page.after
        UnitFactory(members=1_000)
        if not token:
            break

    assert [unit.pk for unit in seen] == [
        unit.pk for unit in sorted(units, key=lambda u: (-u.members, u.name, u.pk))
    ]


@pytest.mark.parametrize("token", ["!", "W10", "eyJhIjoxfQ", "WzEsMiwzXQ", "WyJhIiwiYiIsImMiXQ"])
def test_a_token_that_cannot_be_read_gives_the_first_page(token):
    unit = UnitFactory(members=1)

    assert page_of(Unit.objects.all(), order=ORDER, after=token).rows == [unit]


def test_no_token_that_somebody_makes_up_is_a_fault_of_the_program():
    item = ItemFactory()
    values = [1, -1, 10**40, True, 1.5, float("inf"), float("nan"), "", "无\x00", "2026-13-01"]
    due = item.due_date.isoformat()

    for key in [*product(values, [str(item.pk), *values]), *((due, value) for value in values)]:
        token = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")

        found = page_of(RectificationItem.objects.all(), order=("due_date", "pk"), after=token)

        assert found.rows in ([item], [])
