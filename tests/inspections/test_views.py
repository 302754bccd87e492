"""The pages: what a person sees before, at and after each step."""

import io

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.models import Engagement, Round, Team, Waiver
from tanzhao.inspections.states import RoundState, TeamRole, WaiverState
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.units.models import Visit
from tests.factories import (
    CodeFactory,
    EngagementFactory,
    FrameFactory,
    InspectorFactory,
    RoundFactory,
    TeamFactory,
    TeamMemberFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    account_of,
    days,
)
from tests.inspections.makers import complete_team, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(sign_in):
    return sign_in(UserFactory(language="en"))


@pytest.fixture
def chief(client):
    """A second browser, of somebody who decides."""
    other = type(client)()
    other.force_login(UserFactory(role=Role.LEADING_GROUP, language="en"))
    return other


def words(page):
    return " ".join(page.content.decode().split())


def post(client, name, key, **values):
    return client.post(reverse(f"inspections:{name}", args=[key]), values)


def open_team():
    return TeamFactory(round=RoundFactory(state=RoundState.APPROVED), number=1)


def test_a_round_is_proposed_on_its_form_once_a_term_is_open(office):
    first = office.get(reverse("inspections:new_round"))
    term = {"number": 15, "starts": "2021-09-01", "ends": "2027-08-31", "committee": "中共岚水县委",
            "leading_group": "领导小组", "office": "巡察办", "document_prefix": "岚巡"}  # fmt: skip
    opened = office.post(reverse("inspections:new_term"), term)
    kind = CodeFactory(frame=FrameFactory(name="round-kinds", kind="vocabulary"))
    plan = {"term": TermFactory().pk, "number": 6, "kind": kind.pk, "frame": FrameFactory().pk,
            "starts": "2026-03-01", "ends": "2026-05-01"}  # fmt: skip

    backwards = office.post(reverse("inspections:new_round"), plan | {"ends": "2026-02-01"})
    assert not Round.objects.exists()
    made = office.post(reverse("inspections:new_round"), plan)

    assert first.url == reverse("inspections:new_term")
    assert opened.url == reverse("inspections:new_round")
    assert backwards.status_code == 422
    assert "The last day cannot be before the first." in words(backwards)
    assert made.url == reverse("inspections:round", args=[Round.objects.get().pk])


def test_a_whole_round_goes_from_proposal_into_the_field_page_by_page(office, chief):
    team = complete_team(RoundState.PROPOSED)
    key, here = team.round_id, reverse("inspections:round", args=[team.round_id])

    assert "Approve the round" not in words(office.get(here))
    assert "Approve the round" in words(chief.get(here))
    post(chief, "approve_round", key)
    assert "Mark the teams complete" in words(office.get(here))
    post(office, "mark_staffed", key)
    assert "Draft the authorisation" in words(office.get(here))
    draft = {"number": "岚巡组〔2026〕6号", "basis": "条例", "starts": days(0), "ends": days(60)}
    post(office, "draft_authorisation", key, **draft)
    assert "Read and approve" in words(chief.get(here))
    assert "Approve the authorisation" in words(
        chief.get(reverse("inspections:authorisation", args=[key]))
    )
    post(chief, "approve_authorisation", key)
    assert "Enter the field" in words(office.get(here))
    entered = post(office, "enter_field", key)

    assert entered.url == here
    assert Round.objects.get(pk=key).state == RoundState.IN_FIELD
    assert "Open the round board" in words(office.get(here))
    assert Visit.objects.get().unit == team.engagements.get().unit


def test_a_refused_step_shows_the_round_again_with_the_reason(office):
    team = open_team()

    page = post(office, "mark_staffed", team.round_id)

    assert page.status_code == 422
    assert "Inspection team 1 needs a leader." in words(page)
    assert Round.objects.get(pk=team.round_id).state == RoundState.APPROVED


def test_the_conflicts_of_a_candidate_are_shown_before_anybody_is_chosen(office):
    team = open_team()
    unit = EngagementFactory(team=team, unit__name="县财政局").unit
    unfit, fit = InspectorFactory(name="王芳"), InspectorFactory(name="李强")
    DeclaredRecusal.objects.create(inspector=unfit, unit_name=unit.name, unit=unit)

    page = words(office.get(reverse("inspections:team", args=[team.pk])))

    assert "王芳 has declared to stay away from 县财政局." in page
    assert 'aria-label="Add 李强"' in page
    assert 'aria-label="Add 王芳"' not in page
    assert fit.pk


def test_a_refused_person_is_asked_for_granted_by_the_chief_and_added(office, chief):
    team = open_team()
    unit, someone = EngagementFactory(team=team).unit, InspectorFactory(name="王芳")
    DeclaredRecusal.objects.create(inspector=someone, unit_name=unit.name, unit=unit)
    member = {"inspector": someone.pk, "role": "member"}
    ask = {"page": "members", "inspector": someone.pk, "rule": "declared_unit", "unit": unit.pk}

    refused = post(office, "add_member", team.pk, **member)
    without_reason = post(office, "request_waiver", team.pk, **ask)
    asked = post(office, "request_waiver", team.pk, reason="人手不足", **ask)
    waiver = Waiver.objects.get()
    own = post(office, "decide_waiver", waiver.pk, decision="grant", reason="同意")
    no_reason = post(chief, "decide_waiver", waiver.pk, decision="grant")
    assert Waiver.objects.get().state == WaiverState.REQUESTED
    post(chief, "decide_waiver", waiver.pk, decision="grant", reason="同意")
    added = post(office, "add_member", team.pk, **member)

    assert refused.status_code == without_reason.status_code == no_reason.status_code == 422
    assert "王芳 cannot be put on this team." in words(refused)
    assert own.status_code == 403
    assert asked.url == added.url == reverse("inspections:team", args=[team.pk])
    assert [m.inspector for m in team.members.all()] == [someone]


def test_members_and_units_are_put_in_and_taken_out_on_their_pages(office):
    team, someone, unit = open_team(), InspectorFactory(), UnitFactory()

    post(office, "add_member", team.pk, inspector=someone.pk, role="member")
    member = team.members.get()
    post(office, "change_role", member.pk, role="leader")
    post(office, "assign_unit", team.pk, unit=unit.pk)
    assert [m.role for m in team.members.all()] == [TeamRole.LEADER]
    engagement = Engagement.objects.get()
    assert engagement.unit == unit
    post(office, "remove_member", member.pk)
    post(office, "withdraw_unit", engagement.pk)
    post(office, "disband_team", team.pk)

    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("add_member", {"inspector": "x", "role": "member"}),
        ("add_member", {"inspector": "0" * 32, "role": "member"}),
        ("add_member", {"role": "emperor"}),
        ("assign_unit", {}),
        ("assign_unit", {"unit": "0" * 32}),
    ],
)
def test_what_was_not_chosen_from_the_list_is_answered_with_the_page(office, name, values):
    page = post(office, name, open_team().pk, **values)

    assert page.status_code == 422
    assert "Choose from the list on this page." in words(page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"王芳", "李强", "赵敏"}),
        ({"q": "王"}, {"王芳"}),
        ({"q": "审计局"}, {"王芳", "赵敏"}),
        ({"skill": "财务"}, {"王芳", "李强"}),
        ({"full_time": "yes"}, {"李强"}),
        ({"full_time": "no"}, {"王芳", "赵敏"}),
        ({"workplace": "县审计局", "skill": "财务"}, {"王芳"}),
        ({"skill": "没有"}, {"王芳", "李强", "赵敏"}),
    ],
)
def test_candidates_are_found_by_name_skill_time_and_workplace(office, query, expected):
    team = open_team()
    InspectorFactory(name="王芳", workplace="县审计局", skills=["财务", "审计"])
    InspectorFactory(name="李强", workplace="县委巡察办", skills=["财务"], full_time=True)
    InspectorFactory(name="赵敏", workplace="县审计局", skills=["法律"])
    InspectorFactory(name="已退出", retired=True)
    TeamMemberFactory(team=team, inspector=InspectorFactory(name="已在组"))

    page = office.get(reverse("inspections:team", args=[team.pk]), query)

    assert {c.row.name for c in page.context["candidates"]} == expected
    assert (page.context["total"], page.context["all"]) == (len(expected), 4)


def test_units_never_inspected_come_first_and_then_by_priority(office):
    team = open_team()
    for name, priority, visited in (
        ("甲", "低", 0),
        ("乙", "高", 0),
        ("丙", "高", 2),
        ("丁", "低", 1),
    ):
        unit = UnitFactory(name=name, priority=priority)
        if visited:
            Visit.objects.create(unit=unit, round_number=visited)
    EngagementFactory(team=team, unit__name="已在组")
    UnitFactory(name="已撤销", retired=True)

    page = office.get(reverse("inspections:team_units", args=[team.pk]))

    assert [c.row.name for c in page.context["candidates"]] == ["乙", "甲", "丁", "丙"]
    assert page.context["total"] == 4


def test_facts_of_recusal_are_not_shown_to_members_of_the_team(client, office):
    team = complete_team(RoundState.IN_FIELD)
    unit, someone = team.engagements.get().unit, team.members.first().inspector
    DeclaredRecusal.objects.create(inspector=someone, unit_name=unit.name, unit=unit)
    here = reverse("inspections:round", args=[team.round_id])
    by_the_office = words(office.get(here))

    client.force_login(account_of(someone, language="en"))
    by_a_member = words(client.get(here))

    assert "has declared to stay away" in by_the_office
    assert "has declared to stay away" not in by_a_member
    assert unit.name in by_a_member


def _queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_rows(office):
    team = fill(open_team())
    InspectorFactory(workplace="甲")
    UnitFactory()
    complete_team(RoundState.PROPOSED)
    addresses = [
        reverse("inspections:rounds"),
        reverse("inspections:round", args=[team.round_id]),
        reverse("inspections:team", args=[team.pk]),
        reverse("inspections:team_units", args=[team.pk]),
        reverse("inspections:authorisation", args=[team.round_id]),
    ]
    few = [_queries(office, address) for address in addresses]

    for number in (2, 3):
        other = fill(TeamFactory(round=team.round, number=number))
        EngagementFactory(team=team)
        TeamMemberFactory(team=team)
        someone, unit = InspectorFactory(workplace="甲"), UnitFactory()
        DeclaredRecusal.objects.create(
            inspector=someone, unit_name=unit.name, unit=other.engagements.first().unit
        )
        Visit.objects.create(unit=unit, round_number=1)
        complete_team(RoundState.IN_FIELD)
    many = [_queries(office, address) for address in addresses]

    assert few == many


def test_the_list_is_filtered_sorted_counted_and_exported(office):
    first, second = (complete_team(s).round for s in (RoundState.IN_FIELD, RoundState.APPROVED))
    here = reverse("inspections:rounds")

    every = office.get(here).context
    earliest = office.get(here, {"sort": "first"}).context
    filtered = office.get(here, {"state": "approved"}).context
    export = office.get(reverse("inspections:export_rounds"), {"state": "approved"})

    assert [r.pk for r in every["page"].rows] == [second.pk, first.pk]
    assert [r.pk for r in earliest["page"].rows] == [first.pk, second.pk]
    assert [r.pk for r in filtered["page"].rows] == [second.pk]
    assert (filtered["total"], filtered["all"]) == (1, 2)
    assert b"".join(export.streaming_content)[:2] == b"PK"
    assert Entry.objects.get().details == {"list": "rounds", "rows": 1}


def test_an_authorisation_is_returned_and_revoked_only_with_a_reason(chief):
    drafted, approved = complete_team(RoundState.STAFFED), complete_team(RoundState.AUTHORISED)

    empty = [
        post(chief, "return_authorisation", drafted.round_id).status_code,
        post(chief, "revoke_authorisation", approved.round_id).status_code,
    ]
    assert not Entry.objects.exists()
    post(chief, "return_authorisation", drafted.round_id, reason="缺依据")
    post(chief, "revoke_authorisation", approved.round_id, reason="组长调离")

    assert empty == [422, 422]
    assert "缺依据" in words(
        chief.get(reverse("inspections:authorisation", args=[drafted.round_id]))
    )
    assert Round.objects.get(pk=approved.round_id).state == RoundState.APPROVED


GUARDED = [
    ("approve_round", "director leading_group"),
    ("mark_staffed", "director staff"),
    ("reopen_staffing", "director staff"),
    ("enter_field", "director staff"),
    ("form_team", "director staff"),
    ("draft_authorisation", "director staff"),
    ("approve_authorisation", "director leading_group"),
    ("return_authorisation", "director leading_group"),
    ("revoke_authorisation", "director leading_group"),
]


@pytest.mark.parametrize(("name", "holders"), GUARDED)
def test_an_address_is_open_to_the_roles_that_may_take_its_step(sign_in, name, holders):
    team = complete_team(RoundState.ARCHIVED)
    unit = team.engagements.get().unit

    reached = set()
    for role in Role:
        user = UserFactory(role=role, unit_id=unit.pk if role == Role.CONTACT else None)
        if post(sign_in(user), name, team.round_id).status_code != 403:
            reached.add(role.value)

    assert reached == set(holders.split())


def test_the_authorisation_is_downloaded_as_word_and_the_trail_keeps_who_took_it(office, chief):
    team = complete_team(RoundState.STAFFED)
    address = reverse("inspections:authorisation_file", args=[team.round_id])

    draft = _words_of(office.get(address).content)
    chief.post(reverse("inspections:approve_authorisation", args=[team.round_id]))
    approved = _words_of(office.get(address).content)

    for name in [m.inspector.name for m in team.members.all()]:
        assert name in approved
    assert team.engagements.get().unit.name in approved
    assert team.round.authorisation.number in approved
    assert ("送审稿" in draft, "送审稿" in approved) == (True, False)
    assert [entry.verb for entry in Entry.objects.all()] == [
        "authorisation.seen",
        "authorisation.approved",
        "round.moved",
        "authorisation.seen",
    ]


def _words_of(content):
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
