"""Rounds and engagements are known to a team from the first to the last day, and nowhere else."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tanzhao.access.table import Role
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.queries import engagements_of, rounds_with_counts
from tanzhao.inspections.states import AuthorisationState, RoundState
from tests.factories import (
    TeamFactory,
    UserFactory,
    account_of,
    contact_of,
    days,
)
from tests.inspections.makers import complete_team, fill

pytestmark = pytest.mark.django_db

MOMENTS = [
    (1, 9, AuthorisationState.APPROVED, False),
    (0, 9, AuthorisationState.APPROVED, True),
    (-9, 0, AuthorisationState.APPROVED, True),
    (-9, -1, AuthorisationState.APPROVED, False),
    (-9, 9, AuthorisationState.REVOKED, False),
]
NAMES = ["before", "first day", "last day", "after", "revoked"]


def _rows_of(response):
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]


@pytest.mark.parametrize(("starts", "ends", "state", "is_seen"), MOMENTS, ids=NAMES)
def test_a_team_knows_its_round_while_its_authorisation_is_in_force(
    sign_in, starts, ends, state, is_seen
):
    own, other = complete_team(RoundState.IN_FIELD), complete_team(RoundState.IN_FIELD)
    letter = own.round.authorisation
    letter.starts, letter.ends, letter.state = days(starts), days(ends), state
    letter.save()
    user = account_of(own.members.first().inspector)
    client = sign_in(user)

    listed = client.get(reverse("inspections:rounds"))
    page = client.get(reverse("inspections:round", args=[own.round_id]))
    letter_page = client.get(reverse("inspections:authorisation", args=[own.round_id]))
    file = client.get(reverse("inspections:authorisation_file", args=[own.round_id]))
    exported = _rows_of(client.get(reverse("inspections:export_rounds")))
    elsewhere = client.get(reverse("inspections:round", args=[other.round_id]))

    expected = {own.round} if is_seen else set()
    assert set(Round.objects.visible_to(user)) == expected
    assert {e.team for e in Engagement.objects.visible_to(user)} == ({own} if is_seen else set())
    assert set(listed.context["page"].rows) == expected
    assert listed.context["total"] == listed.context["all"] == len(expected)
    answers = {page.status_code, letter_page.status_code, file.status_code}
    assert answers == {200 if is_seen else 404}
    assert elsewhere.status_code == 404
    assert [row[1] for row in exported] == [one.number for one in expected]
    assert other.engagements.get().unit.name not in listed.content.decode()


@pytest.mark.parametrize(
    ("role", "is_seen"),
    [
        (Role.DIRECTOR, True),
        (Role.STAFF, True),
        (Role.LEADING_GROUP, True),
        (Role.INSPECTOR, False),
        (Role.CONTACT, False),
        (Role.SUPERVISOR, False),
        (Role.SYSTEM_ADMIN, False),
        (Role.AUDIT_ADMIN, False),
    ],
)
def test_who_is_on_no_team_knows_all_rounds_or_none(sign_in, role, is_seen):
    team = complete_team(RoundState.IN_FIELD)
    unit = team.engagements.get().unit
    user = contact_of(unit) if role == Role.CONTACT else UserFactory(role=role)
    client = sign_in(user)

    page = client.get(reverse("inspections:round", args=[team.round_id]))
    listed = client.get(reverse("inspections:rounds"))

    assert set(Round.objects.visible_to(user)) == ({team.round} if is_seen else set())
    assert {e.unit for e in engagements_of(user)} == ({unit} if is_seen else set())
    refusal = 404 if role == Role.INSPECTOR else 403
    assert page.status_code == (200 if is_seen else refusal)
    assert listed.status_code == (200 if is_seen or role == Role.INSPECTOR else 403)


def test_a_member_sees_and_counts_only_their_own_team(sign_in):
    own = complete_team(RoundState.IN_FIELD)

    other = fill(TeamFactory(round=own.round, number=2))
    user = account_of(own.members.first().inspector)

    page = sign_in(user).get(reverse("inspections:round", args=[own.round_id])).content.decode()

    (counted,) = rounds_with_counts(user)
    assert (counted.team_count, counted.member_count, counted.unit_count) == (1, 4, 1)
    (whole,) = rounds_with_counts(UserFactory())
    assert (whole.team_count, whole.member_count, whole.unit_count) == (2, 8, 2)
    assert own.engagements.get().unit.name in page
    assert other.engagements.get().unit.name not in page
    assert other.members.first().inspector.name not in page


def test_an_inactive_account_knows_nothing():
    team = complete_team(RoundState.IN_FIELD)
    user = account_of(team.members.first().inspector, is_active=False)

    assert not Round.objects.visible_to(user).exists()
    assert not Engagement.objects.visible_to(user).exists()


def test_an_account_that_is_no_inspector_serves_on_no_team():
    complete_team(RoundState.IN_FIELD)
    user = UserFactory(role=Role.INSPECTOR, inspector_id=None)

    assert not Round.objects.visible_to(user).exists()
