import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.findings.states import ReportState
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.papers.states import PaperState
from tanzhao.rectification.states import State
from tanzhao.web.queries import waiting_for
from tests.factories import (
    NOON,
    TODAY,
    AuthorisationFactory,
    EngagementFactory,
    ItemFactory,
    PaperHandlerFactory,
    ReportFactory,
    RoundFactory,
    UserFactory,
    WorkingPaperFactory,
    contact_of,
    member_account,
)

pytestmark = pytest.mark.django_db


def _seen(user):
    return {group.title: [task.about for task in group.tasks] for group in waiting_for(user, TODAY)}


def test_a_paper_waits_for_the_next_signature_and_for_nobody_else():
    engagement = EngagementFactory()
    deputy = member_account(engagement.team, TeamRole.DEPUTY)
    leader = member_account(engagement.team, TeamRole.LEADER)
    elsewhere = EngagementFactory()
    stranger = member_account(elsewhere.team, TeamRole.DEPUTY)
    paper = WorkingPaperFactory(engagement=engagement, title="接待费", state=PaperState.SIGNED)
    PaperHandlerFactory(paper=paper)

    assert [list(_seen(user).values()) for user in (deputy, leader, stranger)] == [
        [["接待费"], [str(engagement.unit)]],
        [],
        [[str(elsewhere.unit)]],
    ]


def test_a_paper_waits_for_the_signature_of_its_second_handler():
    engagement = EngagementFactory()
    first, second = (member_account(engagement.team) for _ in range(2))
    paper = WorkingPaperFactory(engagement=engagement, title="白条入账")
    PaperHandlerFactory(paper=paper, inspector_id=first.inspector_id, signed_at=paper.begun_at)
    PaperHandlerFactory(paper=paper, inspector_id=second.inspector_id)

    unit = [str(engagement.unit)]
    assert list(_seen(second).values()) == [["白条入账"], unit]
    assert list(_seen(first).values()) == [unit]


def test_a_checked_paper_waits_for_its_finding_and_then_for_the_report_of_its_unit():
    engagement = EngagementFactory()
    writer = member_account(engagement.team)
    checked = {"state": PaperState.CHECKED}
    WorkingPaperFactory(engagement=engagement, title="接待费", official_number="1号", **checked)
    WorkingPaperFactory(title="别组的底稿", official_number="2号", **checked)

    assert list(_seen(writer).values()) == [[str(engagement.unit)], ["接待费"]]
    engagement.papers.update(state=PaperState.USED)
    engagement.round.state = RoundState.REPORTING
    engagement.round.save()
    assert list(_seen(writer).values()) == [[str(engagement.unit)]]
    ReportFactory(engagement=engagement)
    assert _seen(writer) == {}


def test_a_contact_is_shown_items_of_the_own_unit_only_and_the_first_due_first():
    item = ItemFactory(state=State.OPEN)
    ItemFactory(state=State.OPEN)

    assert list(_seen(contact_of(item.unit)).values()) == [[str(item.finding)]]


def test_nothing_waits_for_the_person_who_made_it():
    proposer = UserFactory(role=Role.DIRECTOR)
    round_ = RoundFactory(state=RoundState.PROPOSED, proposed_by=proposer)
    report = ReportFactory(state=ReportState.AGREED, agreed_by=proposer)
    item = ItemFactory(state=State.VERIFIED, verified_by=proposer)

    assert _seen(proposer) == {}
    assert sorted(map(tuple, _seen(UserFactory(role=Role.DIRECTOR)).values())) == sorted(
        [(str(round_),), (str(report.engagement.unit),), (str(item.finding),)]
    )


def test_an_authorisation_waits_for_its_approval_or_when_returned_or_revoked_for_its_drafter():
    office, leading = UserFactory(), UserFactory(role=Role.LEADING_GROUP)
    round_ = RoundFactory(state=RoundState.STAFFED)

    def waits():
        return [[str(round_)] in _seen(one).values() for one in (office, leading)]

    assert waits() == [True, False]
    draft = AuthorisationFactory(round=round_, state="drafted", approved_by=None, drafted_by=office)
    assert waits() == [False, True]
    draft.returned_reason = "依据不全"
    draft.save()
    assert waits() == [True, False]
    draft.returned_reason, draft.state = "", "approved"
    draft.approved_by, draft.approved_at = leading, NOON
    draft.save()
    round_.state = RoundState.REPORTING
    round_.save()
    assert waits() == [False, False]
    draft.state = "revoked"
    draft.save()
    assert waits() == [True, False]


def test_a_report_waits_for_the_leader_once_the_round_is_reporting():
    report = ReportFactory()
    leader = member_account(report.engagement.team, TeamRole.LEADER)
    unit = [str(report.engagement.unit)]

    assert unit not in _seen(leader).values()
    report.engagement.round.state = RoundState.REPORTING
    report.engagement.round.save()
    assert list(_seen(leader).values()) == [unit]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_an_administrator_is_told_that_nothing_waits(role, sign_in):
    RoundFactory(state=RoundState.PROPOSED)
    ItemFactory(state=State.VERIFIED)

    page = sign_in(UserFactory(role=role)).get(reverse("web:workbench"))

    assert page.context["groups"] == []
    assert page.context["rounds"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(rows, django_assert_num_queries):
    for _ in range(rows):
        ItemFactory(state=State.CLAIMED)
        ItemFactory(state=State.PLANNED)
        ReportFactory(state=ReportState.AGREED)
        WorkingPaperFactory(state=PaperState.LEADER_APPROVED, official_number=f"{_}号")

    with django_assert_num_queries(27):
        waiting_for(UserFactory.build(role=Role.DIRECTOR), TODAY)
