"""The pages of proposed teams: what the office reads and does, and who never gets there."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.actions import fail_run
from tanzhao.inspections.actions.proposals import propose_teams, take_proposal
from tanzhao.inspections.models import TeamAlert, TeamMember, TeamProposal
from tanzhao.inspections.states import ProposalState, RoundState
from tanzhao.inspectors.models import DeclaredRecusal, Inspector
from tests.factories import NOON, TeamMemberFactory, UserFactory, account_of, contact_of
from tests.inspections.proposal_makers import line_up, office, pool, round_to_staff, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in):
    return sign_in(UserFactory(language="en"))


def words(page):
    return " ".join(page.content.decode().split())


def address(name, *keys):
    return reverse(f"inspections:{name}", args=keys)


@pytest.fixture
def ask(desk, django_capture_on_commit_callbacks):
    """Press the button on the page of a round; the background work is done at once."""

    def _ask(round_, **values):
        with django_capture_on_commit_callbacks(execute=True):
            page = desk.post(address("propose_teams", round_.pk), values)
        return page, TeamProposal.objects.filter(round=round_).first()

    return _ask


def test_from_the_button_of_the_round_to_the_teams_of_the_round(desk, ask):
    round_ = round_to_staff()
    people = pool()
    here = address("round", round_.pk)
    before = words(desk.get(here))

    asked, proposal = ask(round_)
    page = words(desk.get(asked.url))
    waiting = words(desk.get(here))
    taken = desk.post(address("take_proposal", proposal.pk))

    assert "Propose teams" in before
    assert asked.url == address("proposal", proposal.pk)
    assert "Open the proposed teams" in waiting
    assert all(f"Replace {name}" in page for _team, name in line_up(proposal))
    assert "Take the teams as proposed" in page
    assert f"Who is on no team, and why ({len(people) - 14} people)" in page
    assert taken.url == here
    assert staffed(round_) == line_up(proposal)


def test_a_double_click_and_a_colleague_are_led_to_the_proposal_that_is_there(desk, ask):
    round_ = round_to_staff()
    pool(16)

    first, proposal = ask(round_)
    second, _same = ask(round_)
    told = words(desk.get(second.url))
    empty = round_to_staff(teams=0)
    refused, nothing = ask(empty)

    assert first.url == second.url == address("proposal", proposal.pk)
    assert TeamProposal.objects.get() == proposal
    assert "There is a proposal for this round already." in told
    assert (refused.status_code, nothing) == (422, None)
    assert "The round has no team yet." in words(refused)


@pytest.mark.parametrize("people", [1, 3, 9])
def test_too_few_people_give_the_nearest_teams_and_say_what_is_missing(desk, ask, people):
    round_ = round_to_staff()
    pool(people)

    page, proposal = ask(round_)
    shown = words(desk.get(page.url))

    assert proposal.state == ProposalState.READY
    assert proposal.conflict
    assert "No teams meet every demand" in shown
    seated = [m["inspector"] for team in proposal.teams for m in team["members"]]
    assert len(seated) == len(set(seated)) <= people
    assert all(team["unmet"] for team in proposal.teams)


def test_a_place_is_given_to_somebody_else_whose_consequences_stand_beside_the_name(desk, ask):
    round_ = round_to_staff()
    pool()
    _page, proposal = ask(round_)
    leader = Inspector.objects.get(pk=proposal.teams[0]["members"][0]["inspector"])
    place = address("proposal_place", proposal.pk, leader.pk)

    page = desk.get(place)
    keeping, others = page.context["rows"], page.context["others"]
    clerk = next(row for row in others if "No leader of the grade that leads." in row.lost)
    named = desk.get(place, {"q": clerk.inspector.name})
    chosen = desk.post(place, {"into": clerk.inspector.pk})
    again = desk.post(place, {"into": clerk.inspector.pk})

    assert f"Who takes the place of {leader.name}?" in words(page)
    assert "This is no judgement of anybody." in words(page)
    # Who keeps every demand stands open; the rest are folded, and found by their names.
    assert keeping
    assert not any(row.lost for row in keeping)
    assert all(row.lost for row in others)
    folded = f"({len(others)} people)"
    assert words(page).index("not keep every demand") < words(page).index(folded)
    assert clerk.inspector in [row.inspector for row in named.context["rows"]]
    lacking = ["No leader of the grade that leads." in row.lost for row in others]
    assert lacking == sorted(lacking)
    assert "No leader of the grade that leads." in clerk.lost
    assert chosen.url == address("proposal", proposal.pk)
    assert again.status_code == 422
    assert f"Replace {clerk.inspector.name}" in words(desk.get(chosen.url))
    assert not TeamMember.objects.exists()


def test_the_excluded_are_searched_and_told_with_rule_and_fact(desk, ask):
    round_ = round_to_staff()
    people = pool()
    for team in round_.teams.all():
        unit = team.engagements.get().unit
        DeclaredRecusal.objects.create(inspector=people[5], unit_name=unit.name, unit=unit)
    _page, proposal = ask(round_)
    free = next(one for one in proposal.excluded if not one["barred"])
    somebody = Inspector.objects.get(pk=free["inspector"])
    here = address("proposal", proposal.pk)

    barred = words(desk.get(here, {"q": people[5].name}))
    other = words(desk.get(here, {"q": somebody.name}))
    nobody = words(desk.get(here, {"q": "没有这个人"}))

    assert f"{people[5].name} has declared to stay away from" in barred
    assert "place of" in other
    assert "has declared to stay away from" not in other
    assert "Nobody fits this search." in nobody


def test_a_recusal_that_came_since_is_shown_at_the_name_and_blocks_the_button(desk, ask):
    round_ = round_to_staff()
    pool()
    _page, proposal = ask(round_)
    someone = Inspector.objects.get(pk=proposal.teams[1]["members"][2]["inspector"])
    unit = round_.teams.get(number=2).engagements.get().unit
    DeclaredRecusal.objects.create(inspector=someone, unit_name=unit.name, unit=unit)

    page = words(desk.get(address("proposal", proposal.pk)))
    refused = desk.post(address("take_proposal", proposal.pk))

    assert "It cannot be taken as it is:" in page
    assert "Take the teams as proposed" not in page
    assert refused.status_code == 422
    assert f"{someone.name} has declared to stay away from {unit.name}" in words(refused)
    assert not TeamMember.objects.exists()


def test_while_it_is_computed_the_page_asks_again_and_then_loads_anew(desk):
    round_ = round_to_staff()
    pool(8)
    proposal = propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)
    here, htmx = address("proposal", proposal.pk), {"HX-Request": "true"}

    whole, part = desk.get(here), desk.get(here, headers=htmx)
    proposal.state = ProposalState.READY
    proposal.save()
    done = desk.get(here, headers=htmx)

    assert "<html" in words(whole)
    assert 'http-equiv="refresh"' in words(whole)
    assert "<html" not in words(part)
    assert 'hx-trigger="every 2s"' in words(part)
    assert done.headers["HX-Refresh"] == "true"


def test_a_run_that_failed_says_so_and_is_discarded(desk):
    round_ = round_to_staff()
    pool(8)
    proposal = propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)
    fail_run(run_id=proposal.run_id, at=NOON, problem="The disk is full.")
    here = address("proposal", proposal.pk)

    page = words(desk.get(here))
    discarded = desk.post(address("discard_proposal", proposal.pk))

    assert "The disk is full." in page
    assert "every 2s" not in page
    assert discarded.url == address("round", round_.pk)
    assert TeamProposal.objects.get().state == ProposalState.DISCARDED


def test_demands_that_clash_are_said_in_words_above_the_nearest_teams(desk, ask):
    round_ = round_to_staff()
    pool(30)
    Inspector.objects.filter(grade="正科级").exclude(name="干部00").update(grade="股级")

    _page, proposal = ask(round_)
    page = words(desk.get(address("proposal", proposal.pk)))

    assert "No teams meet every demand" in page
    assert "Inspection team 1, Inspection team 2 together want 2 leaders; 1 people could" in page
    assert "No leader of the grade that leads." in page
    assert "some demands are not met yet" in page


def test_a_member_is_replaced_in_one_step_or_by_the_smallest_change(
    desk, ask, django_capture_on_commit_callbacks
):
    round_ = round_to_staff()
    pool()
    _page, proposal = ask(round_)
    take_proposal(proposal_id=proposal.pk, actor=office(), at=NOON)
    member = TeamMember.objects.get(team__number=1, team__round=round_, role="leader")
    here = address("replace_member", member.pk)

    page = desk.get(here)
    row = page.context["rows"][0]
    replaced = desk.post(here, {"into": row.inspector.pk})
    gone = desk.post(here, {"into": row.inspector.pk})
    other = TeamMember.objects.filter(team__number=2, role="deputy").get()
    with django_capture_on_commit_callbacks(execute=True):
        asked = desk.post(address("propose_smallest_change", other.pk))
    change = TeamProposal.objects.exclude(pk=proposal.pk).get()
    shown = words(desk.get(asked.url))

    assert "Find the smallest change" in words(page)
    assert replaced.url == address("team", member.team_id)
    assert gone.status_code == 404
    assert staffed(round_)[1, row.inspector.name] == "leader"
    assert (1, member.inspector.name) not in staffed(round_)
    now, then = staffed(round_), line_up(change)
    assert (2, other.inspector.name) not in then
    assert len(set(then) - set(now)) == change.basis["fewest"] == 1
    assert "1 places change; it is proven that at least 1 must." in shown
    assert change.teams[0]["unmet"] == change.teams[1]["unmet"] == []


@pytest.mark.parametrize(
    ("state", "alerted", "may"),
    [
        (RoundState.APPROVED, False, True),
        (RoundState.STAFFED, False, False),
        (RoundState.STAFFED, True, True),
        (RoundState.IN_FIELD, True, False),
    ],
)
def test_a_member_is_replaced_while_staffing_or_once_the_team_is_alerted(desk, state, alerted, may):
    round_ = round_to_staff(teams=1, state=state)
    leaving = TeamMemberFactory(team=round_.teams.get(), inspector__workplace="")
    people = pool(4)
    if alerted:
        TeamAlert.objects.create(team=round_.teams.get(), cause="x", raised_at=NOON)

    page = desk.post(address("replace_member", leaving.pk), {"into": people[1].pk})

    assert page.status_code == (302 if may else 422)
    expected = people[1] if may else leaving.inspector
    assert [m.inspector for m in round_.teams.get().members.all()] == [expected]


def test_a_member_is_not_replaced_by_somebody_a_rule_keeps_off(desk):
    round_ = round_to_staff(teams=2)
    first = round_.teams.get(number=1)
    leaving = TeamMemberFactory(team=first, inspector__workplace="")
    people = pool(6)
    unit = first.engagements.get().unit
    DeclaredRecusal.objects.create(inspector=people[1], unit_name=unit.name, unit=unit)
    TeamMemberFactory(team=round_.teams.get(number=2), inspector=people[2])
    here = address("replace_member", leaving.pk)

    answers = [desk.post(here, {"into": one.pk}) for one in (people[1], people[2])]
    garbage = desk.post(here, {"into": "x"})

    assert [page.status_code for page in (*answers, garbage)] == [422, 422, 422]
    assert "has declared to stay away" in words(answers[0])
    assert "is in inspection team 2 of this round" in words(answers[1])
    assert first.members.get() == leaving
    assert not Entry.objects.filter(verb__startswith="member.").exists()


def test_the_meeting_gets_a_workbook_and_the_trail_keeps_who_took_it(desk, ask):
    round_ = round_to_staff()
    pool()
    _page, proposal = ask(round_)

    answer = desk.get(address("export_proposal", proposal.pk))

    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert len(rows) == 15
    assert rows[0][:3] == ("Team", "Team role", "Name")
    assert {row[2] for row in rows[1:]} == {name for _team, name in line_up(proposal)}
    entry = Entry.objects.get(verb="list.exported")
    assert entry.details == {"list": "proposal", "rows": 14}


@pytest.mark.parametrize(
    "who", ["inspector", "member", "contact", "supervisor", "leading_group", "system_admin"]
)
def test_nobody_but_the_office_learns_of_a_proposal(client, ask, who):
    round_ = round_to_staff()
    people = pool()
    _page, proposal = ask(round_)
    member = TeamMemberFactory(team=round_.teams.get(number=1), inspector=people[0])
    match who:
        case "inspector" | "member":
            reader = account_of(people[0 if who == "member" else 1])
        case "contact":
            reader = contact_of(round_.engagements.first().unit)
        case _:
            reader = UserFactory(role=Role(who))
    client.force_login(reader)
    place = str(people[0].pk)

    answers = [
        client.get(address("proposal", proposal.pk)),
        client.get(address("export_proposal", proposal.pk)),
        client.get(address("proposal_place", proposal.pk, place)),
        client.get(address("replace_member", member.pk)),
        client.post(address("propose_teams", round_.pk)),
        client.post(address("take_proposal", proposal.pk)),
        client.post(address("discard_proposal", proposal.pk)),
        client.post(address("propose_smallest_change", member.pk)),
    ]
    page = client.get(address("round", round_.pk))

    assert {answer.status_code for answer in answers} == {403}
    assert address("proposal", proposal.pk) not in words(page)
    assert not TeamProposal.objects.visible_to(reader).exists()
    assert TeamProposal.objects.get().state == ProposalState.READY


def test_the_number_of_queries_grows_with_neither_teams_nor_people(desk, ask):
    counts = []
    for teams, people in ((1, 12), (3, 30)):
        round_ = round_to_staff(teams=teams)
        pool(people)
        _page, proposal = ask(round_)
        someone = proposal.teams[0]["members"][0]["inspector"]
        member = TeamMemberFactory(team=round_.teams.first(), inspector__workplace="")
        pages = [
            address("proposal", proposal.pk),
            address("proposal_place", proposal.pk, someone),
            address("export_proposal", proposal.pk),
            address("replace_member", member.pk),
        ]
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                answer = desk.get(page)
                answer.getvalue()  # a file is closed when it has been read
            assert answer.status_code == 200
            found.append(len(queries))
        counts.append(found)

    assert counts[0] == counts[1]
