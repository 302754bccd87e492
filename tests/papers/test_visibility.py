"""Who sees a paper: every role, in and out of the team, before, during and after its days."""

import io

import openpyxl
import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.models import Authorisation
from tanzhao.inspections.states import AuthorisationState, TeamRole
from tanzhao.papers.models import Evidence, WorkingPaper
from tanzhao.papers.states import PaperState
from tests.factories import UserFactory, contact_of, days, member_account
from tests.papers.staging import staged, taken_to

pytestmark = pytest.mark.django_db

OPEN, HIDDEN, SHUT = 200, 404, 403
# Role of the account, and what an address of a paper answers.
EXPECTED = {
    Role.DIRECTOR: OPEN,
    Role.STAFF: OPEN,
    Role.INSPECTOR: HIDDEN,
    Role.CONTACT: SHUT,
    Role.SUPERVISOR: SHUT,
    Role.LEADING_GROUP: SHUT,
    Role.SYSTEM_ADMIN: SHUT,
    Role.AUDIT_ADMIN: SHUT,
}
# First and last day of the authorisation, its state, and whether its team sees its papers today.
SPANS = [
    (days(1), days(30), AuthorisationState.APPROVED, HIDDEN),
    (days(0), days(30), AuthorisationState.APPROVED, OPEN),
    (days(-10), days(0), AuthorisationState.APPROVED, OPEN),
    (days(-30), days(-1), AuthorisationState.APPROVED, HIDDEN),
    (days(-10), days(30), AuthorisationState.REVOKED, HIDDEN),
]


def _addresses(paper, evidence):
    return [
        reverse("papers:paper", args=[paper.pk]),
        reverse("papers:download", args=[paper.pk]),
        reverse("papers:evidence", args=[evidence.pk]),
    ]


def _listed(client):
    page = client.get(reverse("papers:papers"))
    if page.status_code != 200:
        assert client.get(reverse("papers:export")).status_code == page.status_code
        return None
    rows = [paper.pk for paper in page.context["page"].rows]
    file = b"".join(client.get(reverse("papers:export")).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    assert sheet.max_row - 1 == len(rows) == page.context["total"] == page.context["all"]
    return set(rows)


def _statuses(client, addresses):
    answers = [client.get(address) for address in addresses]
    for answer in answers:
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize(("role", "answer"), EXPECTED.items())
def test_a_role_sees_all_papers_or_none(role, answer, sign_in):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)
    unit = people.engagement.unit
    user = contact_of(unit) if role == Role.CONTACT else UserFactory(role=role)
    client = sign_in(user)

    listed = {OPEN: {paper.pk}, HIDDEN: set(), SHUT: None}[answer]
    assert _listed(client) == listed
    assert _statuses(client, _addresses(paper, Evidence.objects.get())) == {answer}


@pytest.mark.parametrize(("starts", "ends", "state", "answer"), SPANS)
def test_a_team_sees_its_papers_on_the_days_of_its_authorisation(
    starts, ends, state, answer, sign_in
):
    people, others = staged(), staged()
    paper, other = taken_to(PaperState.SIGNED, people), taken_to(PaperState.SIGNED, others)
    spans = Authorisation.objects.filter(round=people.engagement.round)
    spans.update(starts=starts, ends=ends, state=state)
    evidence = Evidence.objects.get(paper=paper)
    entries = Entry.objects.count()

    for role in TeamRole:
        user = {
            TeamRole.LEADER: people.leader,
            TeamRole.DEPUTY: people.deputy,
            TeamRole.LIAISON: people.liaison,
            TeamRole.MEMBER: people.member,
        }[role]
        client = sign_in(user)
        assert _listed(client) == ({paper.pk} if answer == OPEN else set())
        assert _statuses(client, _addresses(paper, evidence)) == {answer}
        own = Evidence.objects.get(paper=other)
        assert _statuses(client, _addresses(other, own)) == {HIDDEN}

    # Each look is in the trail, and what was hidden leaves no look there.
    looks = Entry.objects.filter(position__gt=entries).exclude(verb="list.exported")
    assert looks.count() == (12 if answer == OPEN else 0)
    assert looks.filter(target_id__in=[other.pk, own.pk]).count() == 0


@pytest.mark.parametrize("name", ["paper", "edit", "editing", "download", "sign", "return", "void"])
def test_a_hidden_paper_answers_as_one_that_is_not_there(name, sign_in):
    people, others = staged(), staged()
    paper = taken_to(PaperState.DRAFT, people)
    client = sign_in(others.member)
    method = client.get if name in {"paper", "edit", "download"} else client.post

    hidden = method(reverse(f"papers:{name}", args=[paper.pk]))
    absent = method(reverse(f"papers:{name}", args=[others.engagement.pk]))

    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert WorkingPaper.objects.get(pk=paper.pk).state == PaperState.DRAFT


def test_a_second_team_of_the_same_round_sees_nothing_of_the_first(sign_in):
    people = staged()
    taken_to(PaperState.SIGNED, people)
    neighbour = staged(team__round=people.engagement.round)

    assert _listed(sign_in(neighbour.leader)) == set()
    assert _listed(sign_in(people.leader)) != set()


def test_an_inspector_on_two_teams_sees_each_paper_once(sign_in):
    first, second = staged(), staged()
    papers = {taken_to(PaperState.SIGNED, people).pk for people in (first, second)}
    both = first.other_member
    second.team.members.create(inspector_id=both.inspector_id)

    assert _listed(sign_in(both)) == papers


def test_a_stopped_account_sees_nothing(sign_in):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)
    member = member_account(people.team)

    assert WorkingPaper.objects.visible_to(member).get() == paper
    member.is_active = False
    assert not WorkingPaper.objects.visible_to(member).exists()
    assert not Evidence.objects.visible_to(member).exists()
