"""The boards show figures that follow from the records the reader may see."""

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.archive.models import Volume
from tanzhao.findings.states import ReportState
from tanzhao.inspections.models import Authorisation
from tanzhao.inspections.states import RoundState
from tanzhao.papers.states import PaperState
from tanzhao.rectification.states import State
from tanzhao.reports.queries import rectification_board, round_board
from tanzhao.reports.states import Stage, stage_of
from tests.factories import (
    NOON,
    TODAY,
    AuthorisationFactory,
    EngagementFactory,
    FeedbackFactory,
    FindingFactory,
    ReportFactory,
    RoundFactory,
    StoredFileFactory,
    TeamFactory,
    UserFactory,
    WorkingPaperFactory,
    contact_of,
    days,
    member_account,
)
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db


def engagement_in(state, team=None):
    if team is None:
        round_ = RoundFactory(state=state)
        AuthorisationFactory(round=round_)
        team = TeamFactory(round=round_)
    return EngagementFactory(team=team)


def reported(engagement):
    leader = UserFactory(role=Role.LEADING_GROUP)
    ReportFactory(
        engagement=engagement, state=ReportState.APPROVED, approved_by=leader, approved_at=NOON
    )


def item_of(engagement, state, **values):
    finding = FindingFactory(engagement=engagement, state="fed_back")
    return item_in(state, finding=finding, **values)


def lines_of(engagement, user):
    board = round_board(engagement.round, user, TODAY)
    return [line for team in board.teams for line in team.engagements]


def line_of(engagement, user=None):
    lines = lines_of(engagement, user or UserFactory())
    return next(line for line in lines if line.engagement == engagement)


FACTS = {"report_approved": False, "fed_back": False, "items": 0, "closed": 0,
         "at_work": False, "sealed": False}  # fmt: skip
ITEMS = {"report_approved": True, "fed_back": True, "items": 2}


@pytest.mark.parametrize(
    ("state", "facts", "stage"),
    [
        ("proposed", {}, "preparing"), ("approved", {}, "preparing"),
        ("staffed", {}, "preparing"), ("authorised", {}, "preparing"),
        ("in_field", {}, "field"), ("reporting", {}, "reporting"),
        ("reporting", {"report_approved": True}, "reported"),
        ("reported", {"report_approved": True}, "reported"),
        ("reported", ITEMS, "fed_back"),
        ("fed_back", {**ITEMS, "closed": 1}, "fed_back"),
        ("rectifying", {**ITEMS, "at_work": True, "closed": 1}, "rectifying"),
        ("rectifying", {**ITEMS, "at_work": True, "closed": 2}, "put_right"),
        ("reported", {"report_approved": True, "fed_back": True}, "put_right"),
        ("rectifying", {**ITEMS, "at_work": True, "sealed": True}, "sealed"),
        ("archived", {**ITEMS, "sealed": True}, "sealed"),
    ],
)  # fmt: skip
def test_the_stage_of_an_engagement_follows_from_its_records(state, facts, stage):
    assert stage_of(RoundState(state), **{**FACTS, **facts}) == Stage(stage)


def test_the_figures_of_a_line_are_counted_from_the_records():
    engagement = engagement_in(RoundState.RECTIFYING)
    for state in (PaperState.DRAFT, PaperState.RETURNED, PaperState.SIGNED, PaperState.VOID):
        WorkingPaperFactory(engagement=engagement, state=state)
    WorkingPaperFactory(engagement=engagement, state=PaperState.USED, official_number="1")
    reported(engagement)
    FeedbackFactory(engagement=engagement)
    item_of(engagement, State.CLOSED)
    item_of(engagement, State.IN_PROGRESS, due_date=days(-1))
    neighbour = EngagementFactory(team=engagement.team)

    line, other = line_of(engagement), line_of(neighbour)

    assert (line.writing, line.in_review, line.usable, line.findings) == (2, 1, 1, 2)
    assert (line.items["closed"], line.items["total"], line.items["red"]) == (1, 2, 1)
    assert (line.stage, line.volume) == (Stage.RECTIFYING, None)
    assert (other.writing, other.findings, other.items["total"]) == (0, 0, 0)
    board = round_board(engagement.round, UserFactory(), TODAY)
    assert dict(board.stages)[Stage.RECTIFYING] == 1
    assert sum(count for _stage, count in board.stages) == board.total == 2


def test_a_team_sees_its_own_line_alone_and_only_while_it_is_authorised():
    first = engagement_in(RoundState.IN_FIELD)
    second = engagement_in(RoundState.IN_FIELD, TeamFactory(round=first.round))
    member = member_account(first.team)

    assert [line.engagement for line in lines_of(first, member)] == [first]
    assert {line.engagement for line in lines_of(first, UserFactory())} == {first, second}
    Authorisation.objects.filter(round=first.round).update(starts=days(-9), ends=days(-1))
    assert lines_of(first, member) == []


def test_what_a_reader_may_not_see_is_not_counted_for_them():
    engagement = engagement_in(RoundState.REPORTING)
    WorkingPaperFactory(engagement=engagement)
    FindingFactory(engagement=engagement)
    ReportFactory(engagement=engagement)

    seen = line_of(engagement)
    hidden = line_of(engagement, UserFactory(role=Role.LEADING_GROUP))

    assert (seen.writing, seen.findings, seen.report is None) == (1, 1, False)
    assert (hidden.writing, hidden.findings, hidden.report) == (0, 0, None)


@pytest.mark.parametrize("state", RoundState)
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.STAFF, Role.LEADING_GROUP, Role.INSPECTOR])
def test_the_board_says_in_every_state_what_the_round_waits_for(sign_in, state, role):
    engagement = engagement_in(state)
    reader = member_account(engagement.team) if role == Role.INSPECTOR else UserFactory(role=role)

    page = sign_in(reader).get(reverse("reports:round_board", args=[engagement.round_id]))

    step = page.context["next"]
    assert page.status_code == 200
    assert step.says
    assert not step.address or step.verdict or step.verdict.reason in page.content.decode()


@pytest.mark.parametrize(
    "role", [Role.CONTACT, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN]
)
def test_other_roles_do_not_see_the_round_board(sign_in, role):
    engagement = engagement_in(RoundState.IN_FIELD)
    reader = UserFactory(role=role, unit_id=engagement.unit_id)

    page = sign_in(reader).get(reverse("reports:round_board", args=[engagement.round_id]))

    assert page.status_code == 403


def test_a_round_of_another_team_is_not_there_for_a_member(sign_in):
    own, other = engagement_in(RoundState.IN_FIELD), engagement_in(RoundState.IN_FIELD)
    client = sign_in(member_account(own.team))

    for engagement, expected in ((own, 200), (other, 404)):
        page = client.get(reverse("reports:round_board", args=[engagement.round_id]))
        assert page.status_code == expected


def test_the_round_board_costs_the_same_for_one_engagement_and_three(
    sign_in, django_assert_num_queries
):
    client = sign_in(UserFactory())
    engagement = engagement_in(RoundState.RECTIFYING)
    address = reverse("reports:round_board", args=[engagement.round_id])

    def fill(one):
        WorkingPaperFactory(engagement=one)
        reported(one)
        FeedbackFactory(engagement=one)
        item_of(one, State.IN_PROGRESS)
        Volume.objects.create(
            engagement=one, file=StoredFileFactory(), pieces=1, trail_position=1,
            trail_hash="0" * 64, sealed_by=UserFactory(), sealed_at=NOON,
        )  # fmt: skip

    fill(engagement)
    with django_assert_num_queries(14):
        client.get(address)
    for team in (engagement.team, TeamFactory(round=engagement.round)):
        fill(engagement_in(None, team))
    with django_assert_num_queries(14):
        client.get(address)


def test_the_rectification_board_agrees_with_the_register(sign_in):
    office = UserFactory()
    busy, calm, done = (engagement_in(RoundState.RECTIFYING) for _ in range(3))
    for left in (-1, -5, 0, 15, 90):
        item_of(busy, State.IN_PROGRESS, due_date=days(left))
    item_of(calm, State.OPEN, due_date=days(30))
    for engagement in (busy, done):
        item_of(engagement, State.CLOSED, due_date=days(-50))

    board = rectification_board(office, TODAY, None)

    assert [row.unit for row in board.rows] == [busy.unit, calm.unit]
    assert (board.done, board.most) == (1, 5)
    first = board.rows[0]
    colours = tuple(first.counts[name] for name in ("red", "yellow", "green", "closed", "total"))
    assert (colours, first.none) == ((2, 1, 1, 1, 6), 1)
    client = sign_in(office)
    for name, count in board.counts.items():
        asked = {"red": {"colour": "red"}, "yellow": {"colour": "yellow"},
                 "green": {"colour": "green"}, "running": {"state": "running"},
                 "closed": {"state": "closed"}, "claimed": {"state": "claimed"},
                 "total": {"state": "all"}}[name]  # fmt: skip
        page = client.get(reverse("rectification:items"), asked)
        assert page.context["total"] == count, name


def test_the_rectification_board_of_a_contact_has_their_unit_alone(sign_in):
    own, other = engagement_in(RoundState.RECTIFYING), engagement_in(RoundState.RECTIFYING)
    for engagement in (own, other):
        item_of(engagement, State.IN_PROGRESS)

    page = sign_in(contact_of(own.unit)).get(reverse("reports:rectification_board"))

    assert [row.unit for row in page.context["board"].rows] == [own.unit]
    assert page.context["board"].counts["total"] == 1
    assert other.unit.name not in page.content.decode()


def test_the_rectification_board_is_narrowed_to_a_round_and_costs_the_same(
    sign_in, django_assert_num_queries
):
    client = sign_in(UserFactory())
    address = reverse("reports:rectification_board")
    first = item_of(engagement_in(RoundState.RECTIFYING), State.OPEN)

    with django_assert_num_queries(7):
        client.get(address)
    for _ in range(2):
        item_of(engagement_in(RoundState.RECTIFYING), State.OPEN)
    with django_assert_num_queries(7):
        client.get(address)

    assert client.get(address, {"round": first.round_number}).context["board"].counts["total"] == 1
    for nonsense in ("x", "-1", "²", "9" * 400):
        assert client.get(address, {"round": nonsense}).context["board"].counts["total"] == 3
