"""The place of one person on a team: who could take it, and which warnings they would bring."""

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.inspectors.models import Inspector, PastRound
from tanzhao.units.models import Visit
from tests.factories import InspectorFactory, TeamMemberFactory, UserFactory
from tests.inspections.proposal_makers import pool, round_to_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(sign_in):
    """The page of the place of a plain member, beside one colleague from 县第4公司."""
    desk = sign_in(UserFactory(role=Role.STAFF, language="en"))
    team = round_to_staff(teams=1).teams.get()
    pool(60)
    colleague = Inspector.objects.get(name="干部04")
    TeamMemberFactory(team=team, inspector=colleague, role="deputy")
    member = TeamMemberFactory(team=team, role="member")
    unit = team.engagements.get().unit
    Visit.objects.create(unit=unit, round_number=5)

    def read(**asked):
        address = reverse("inspections:replace_member", args=[member.pk])
        return desk.get(address, asked)

    return read


def _shown(page):
    return [row.inspector.name for row in page.context["rows"]]


def test_those_without_a_warning_come_first_and_each_warning_is_named(place):
    before = _shown(place())
    for name in before[:3]:
        PastRound.objects.create(inspector=Inspector.objects.get(name=name), round_number=5)

    page = place()

    assert _shown(page)[: len(before) - 3] == before[3:40]
    assert not any(row.warnings for row in page.context["rows"])
    found = place(q=before[0])
    (row,) = found.context["rows"]
    assert (row.warnings, row.is_free) == (1, True)
    text = " ".join(found.content.decode().split())
    assert "Brings 1 warning:" in text
    assert "Inspected the same unit in the last round" in text


def test_who_must_stand_aside_beside_a_colleague_comes_last(place):
    same_bureau = InspectorFactory(name="甲同单位", workplace="县第4公司", full_time=False)
    free = place(q="甲同单位").context["rows"]

    assert [(row.inspector, row.is_free) for row in free] == [(same_bureau, False)]
    Inspector.objects.filter(name__gte="干部20", name__lt="干部99").update(retired=True)
    assert _shown(place())[-1] == "甲同单位"
