"""Merging units: one takes others up, and what happened stays where it happened."""

import datetime as dt

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.units.actions import UnitValues, change_unit, merge_units
from tanzhao.units.models import Unit, Visit
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return UserFactory(role=Role.STAFF, language="en")


def test_the_gone_are_closed_and_what_stood_below_them_stands_below_the_other(staff):
    into, gone = UnitFactory(name="城关镇"), UnitFactory(name="西坪镇")
    village = UnitFactory(name="西坪镇前营村", parent=gone, parent_name=gone.name)
    visit = Visit.objects.create(unit=gone, round_number=2, month=dt.date(2025, 3, 1))

    merge_units(into_id=into.pk, gone_ids=[gone.pk], actor=staff, at=NOON)

    gone.refresh_from_db()
    village.refresh_from_db()
    visit.refresh_from_db()
    assert (gone.retired, gone.merged_into) == (True, into)
    assert (village.parent, village.parent_name) == (into, "城关镇")
    assert visit.unit == gone
    entry = Entry.objects.get(verb="units.merged")
    assert (entry.target_id, entry.details["gone"]) == (into.pk, ["西坪镇"])


def test_a_unit_can_take_up_what_stands_above_it_and_what_that_had_taken_up(staff):
    above = UnitFactory(name="县供销集团", parent=UnitFactory(name="县国资中心"))
    below = UnitFactory(name="县供销社", parent=above)
    earlier = UnitFactory(name="县农资公司", retired=True, merged_into=above)

    merge_units(into_id=below.pk, gone_ids=[above.pk], actor=staff, at=NOON)

    below.refresh_from_db()
    earlier.refresh_from_db()
    assert below.parent.name == "县国资中心"
    assert earlier.merged_into == below


@pytest.mark.parametrize("role", [Role.LEADING_GROUP, Role.SUPERVISOR])
def test_only_the_office_merges(role):
    into, gone = UnitFactory.create_batch(2)

    with pytest.raises(Refused):
        merge_units(into_id=into.pk, gone_ids=[gone.pk], actor=UserFactory(role=role), at=NOON)

    gone.refresh_from_db()
    assert not gone.retired
    assert not Entry.objects.exists()


def test_nothing_is_merged_into_itself_or_into_or_out_of_what_is_closed(staff):
    open_, closed = UnitFactory(), UnitFactory(retired=True)

    for into, gone in [(open_, open_), (open_, closed), (closed, open_)]:
        with pytest.raises(Refused):
            merge_units(into_id=into.pk, gone_ids=[gone.pk], actor=staff, at=NOON)
    with pytest.raises(Refused):
        merge_units(into_id=open_.pk, gone_ids=[], actor=staff, at=NOON)
    with pytest.raises(Unit.DoesNotExist):
        merge_units(into_id=open_.pk, gone_ids=[UserFactory().pk], actor=staff, at=NOON)


def test_a_merged_unit_that_is_opened_again_stands_for_itself(staff):
    into, gone = UnitFactory(), UnitFactory(name="县粮食局")
    merge_units(into_id=into.pk, gone_ids=[gone.pk], actor=staff, at=NOON)

    change_unit(unit_id=gone.pk, values=UnitValues(name="县粮食局"), actor=staff, at=NOON)

    gone.refresh_from_db()
    assert (gone.retired, gone.merged_into) == (False, None)


def test_the_page_merges_and_both_pages_say_so(staff, sign_in):
    into, gone = UnitFactory(name="城关镇"), UnitFactory(name="西坪镇")
    client = sign_in(staff)

    answer = client.post(reverse("units:merge", args=[gone.pk]), {"into": into.pk}, follow=True)

    assert "has taken up" in answer.content.decode()
    assert "西坪镇" in answer.content.decode()
    page = client.get(reverse("units:unit", args=[gone.pk])).content.decode()
    assert "merged into" in page
    assert reverse("units:merge", args=[gone.pk]) not in page
    again = client.post(reverse("units:merge", args=[gone.pk]), {"into": into.pk})
    assert again.status_code == 422
