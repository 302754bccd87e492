"""Every step of a paper, in every state, by every person: written out by hand and compared."""

from contextlib import contextmanager
from itertools import product

import pytest
from django.db import transaction

from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.models import Review, WorkingPaper
from tanzhao.papers.states import NEXT_STATES, PaperState
from tests.factories import NOON, UserFactory, member_account
from tests.papers.staging import DESCRIPTION, complete_wording, staged, taken_to

pytestmark = pytest.mark.django_db

PEOPLE = ("member", "liaison", "other_member", "deputy", "second_deputy", "leader", "office")
# Who may take which step in which state, and nobody else anywhere. The deputy of the set-up has
# reviewed what is beyond "signed"; the member has signed what is beyond "draft".
EXPECTED = """
save     draft            member liaison
save     returned         member liaison
add      draft            member liaison
add      returned         member liaison
sign     draft            member liaison
sign     returned         member liaison
void     draft            member liaison
void     returned         member liaison
review   signed           deputy second_deputy
return   signed           deputy second_deputy
approve  deputy_reviewed  leader
return   deputy_reviewed  leader
check    leader_approved  office
return   leader_approved  office
leader   leader_approved  office
"""
STEPS = {
    "save": lambda **key: actions.save_paper(
        **key, version=WorkingPaper.objects.get(pk=key["paper_id"]).version, wording=_changed(key)
    ),
    "add": lambda **key: actions.add_evidence(
        **key, file=b"%PDF-1.4 another", file_name="b.pdf", description=DESCRIPTION
    ),
    "sign": actions.sign_paper,
    "void": lambda **key: actions.void_paper(**key, reason="重复"),
    "review": actions.review_paper,
    "approve": actions.approve_paper,
    "check": actions.check_paper,
    "return": lambda **key: actions.return_paper(**key, reason="事实不清"),
    "leader": lambda **key: actions.return_paper(
        **key, reason="请组长再审", to=PaperState.DEPUTY_REVIEWED
    ),
}


def _changed(key):
    paper = WorkingPaper.objects.get(pk=key["paper_id"])
    handlers = tuple(sorted(str(row.inspector_id) for row in paper.handlers.all()))
    return complete_wording(overview="另一种说法", handlers=handlers)


def _expected():
    return {
        (step, state, person)
        for step, state, *people in map(str.split, EXPECTED.strip().splitlines())
        for person in people
    }


@contextmanager
def _undone():
    """Try something out on one paper, so that the next trial starts from the same."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("state", list(PaperState))
def test_each_step_is_taken_by_exactly_those_who_are_written_down(state):
    people = staged()
    paper = taken_to(state, people)
    entries, allowed = Entry.objects.count(), set()
    for step, person in product(STEPS, PEOPLE):
        with _undone():
            try:
                STEPS[step](paper_id=paper.pk, actor=getattr(people, person), at=NOON)
            except Refused as refusal:
                assert refusal.reason
                assert Entry.objects.count() == entries
                unchanged = WorkingPaper.objects.get(pk=paper.pk)
                assert (unchanged.state, unchanged.version) == (paper.state, paper.version)
            else:
                assert Entry.objects.count() == entries + 1
                allowed.add((step, state.value, person))

    assert allowed == {row for row in _expected() if row[1] == state.value}


@pytest.mark.parametrize("state", list(PaperState))
def test_every_step_leads_where_the_table_of_states_says(state):
    people = staged()
    paper = taken_to(state, people)
    # A checked paper is used by the findings' own action.
    reached = {PaperState.USED} if state == PaperState.CHECKED else set()
    for step, state_, person in _expected():
        if state_ != state:
            continue
        with _undone():
            STEPS[step](paper_id=paper.pk, actor=getattr(people, person), at=NOON)
            if step == "sign":
                other = people.liaison if person == "member" else people.member
                actions.sign_paper(paper_id=paper.pk, actor=other, at=NOON)
            reached.add(PaperState(WorkingPaper.objects.get(pk=paper.pk).state))

    assert reached - {state} == NEXT_STATES[state]


@pytest.mark.parametrize("step", STEPS)
def test_people_of_another_team_and_of_the_office_without_it_find_nothing(step):
    people, others = staged(), staged()
    paper = taken_to(PaperState.SIGNED, people)
    strangers = [others.member, others.deputy, others.leader, UserFactory(role="supervisor")]

    for stranger in strangers:
        with pytest.raises(WorkingPaper.DoesNotExist):
            STEPS[step](paper_id=paper.pk, actor=stranger, at=NOON)


def test_the_whole_way_is_reviewed_step_by_step_by_different_people():
    people = staged()

    paper = taken_to(PaperState.CHECKED, people)

    steps = list(Review.objects.filter(paper=paper).values_list("step", "by"))
    assert steps == [
        ("handler", people.member.pk),
        ("handler", people.liaison.pk),
        ("deputy", people.deputy.pk),
        ("leader", people.leader.pk),
        ("office", people.office.pk),
    ]


def test_a_deputy_who_handled_the_paper_leaves_its_review_to_the_other_deputy():
    people = staged()
    paper = taken_to(PaperState.DRAFT, people)
    handlers = tuple(
        sorted(str(user.inspector_id) for user in (people.member, people.deputy, people.liaison))
    )
    wording = complete_wording(handlers=handlers)
    actions.save_paper(
        paper_id=paper.pk, actor=people.member, at=NOON, version=paper.version, wording=wording
    )
    for handler in (people.member, people.deputy, people.liaison):
        actions.sign_paper(paper_id=paper.pk, actor=handler, at=NOON)

    with pytest.raises(Refused):
        actions.review_paper(paper_id=paper.pk, actor=people.deputy, at=NOON)
    reviewed = actions.review_paper(paper_id=paper.pk, actor=people.second_deputy, at=NOON)

    assert reviewed.state == PaperState.DEPUTY_REVIEWED


def test_a_deputy_who_once_wrote_the_paper_does_not_review_it_after_leaving_its_handlers():
    people = staged()
    paper = taken_to(PaperState.DRAFT, people)
    two = tuple(sorted(str(u.inspector_id) for u in (people.member, people.liaison)))
    three = tuple(sorted((*two, str(people.deputy.inspector_id))))
    changes = (
        (people.member, complete_wording(handlers=three)),
        (people.deputy, complete_wording(handlers=three, effect="副组长写的一句")),
        (people.member, complete_wording(handlers=two, effect="副组长写的一句")),
    )
    for actor, wording in changes:
        paper = actions.save_paper(
            paper_id=paper.pk, actor=actor, at=NOON, version=paper.version, wording=wording
        )
    for handler in (people.member, people.liaison):
        actions.sign_paper(paper_id=paper.pk, actor=handler, at=NOON)

    with pytest.raises(Refused):
        actions.review_paper(paper_id=paper.pk, actor=people.deputy, at=NOON)
    assert actions.review_paper(paper_id=paper.pk, actor=people.second_deputy, at=NOON)


def test_a_deputy_who_became_leader_does_not_approve_what_they_reviewed():
    people = staged()
    paper = taken_to(PaperState.DEPUTY_REVIEWED, people)
    people.team.members.filter(inspector=people.leader.inspector_id).update(role="member")
    people.team.members.filter(inspector=people.deputy.inspector_id).update(role="leader")

    with pytest.raises(Refused):
        actions.approve_paper(paper_id=paper.pk, actor=people.deputy, at=NOON)
    people.team.members.filter(inspector=people.deputy.inspector_id).update(role="deputy")
    people.team.members.filter(inspector=people.leader.inspector_id).update(role="leader")

    assert actions.approve_paper(paper_id=paper.pk, actor=people.leader, at=NOON)


def test_changing_paper_or_evidence_takes_back_the_signatures():
    people = staged()
    for change in ("save", "add"):
        paper = taken_to(PaperState.DRAFT, people, title=change)
        actions.sign_paper(paper_id=paper.pk, actor=people.member, at=NOON)
        assert paper.handlers.filter(signed_at__isnull=False).count() == 1

        STEPS[change](paper_id=paper.pk, actor=people.liaison, at=NOON)

        assert not paper.handlers.filter(signed_at__isnull=False).exists()


def test_a_returned_paper_keeps_the_number_it_was_given():
    people = staged()
    paper = taken_to(PaperState.LEADER_APPROVED, people)
    number = paper.official_number
    key = {"paper_id": paper.pk, "at": NOON}

    actions.return_paper(**key, actor=people.office, reason="附件不全")
    for user in (people.member, people.liaison):
        actions.sign_paper(**key, actor=user)
    actions.review_paper(**key, actor=people.deputy)
    actions.approve_paper(**key, actor=people.leader)

    paper.refresh_from_db()
    assert (paper.state, paper.official_number) == (PaperState.LEADER_APPROVED, number)


def test_numbers_run_through_the_team_and_not_through_the_unit():
    people = staged()
    round_, team = people.engagement.round, people.team
    first = taken_to(PaperState.LEADER_APPROVED, people, title="一")
    second = taken_to(PaperState.LEADER_APPROVED, people, title="二")
    numbers = [first.official_number, second.official_number]

    assert numbers == [f"岚巡底〔2026〕{round_.number}-{team.number}-00{n}号" for n in (1, 2)]


def test_the_office_returns_to_the_leader_who_may_then_return_to_the_handlers():
    people = staged()
    paper = taken_to(PaperState.LEADER_APPROVED, people)
    key = {"paper_id": paper.pk, "at": NOON, "reason": "再核"}

    actions.return_paper(**key, actor=people.office, to=PaperState.DEPUTY_REVIEWED)
    with pytest.raises(Refused):
        actions.return_paper(**key, actor=people.leader, to=PaperState.DEPUTY_REVIEWED)
    actions.return_paper(**key, actor=people.leader)

    paper.refresh_from_db()
    assert paper.state == PaperState.RETURNED
    assert not paper.handlers.filter(signed_at__isnull=False).exists()


def test_a_member_who_joined_late_can_take_over_as_handler():
    people = staged()
    paper = taken_to(PaperState.DRAFT, people)
    newcomer = member_account(people.team)
    handlers = tuple(sorted(str(u.inspector_id) for u in (people.liaison, newcomer)))
    key = {"paper_id": paper.pk, "at": NOON, "version": paper.version}

    with pytest.raises(Refused):
        actions.save_paper(**key, actor=newcomer, wording=complete_wording(handlers=handlers))
    actions.save_paper(**key, actor=people.liaison, wording=complete_wording(handlers=handlers))

    assert actions.sign_paper(paper_id=paper.pk, actor=newcomer, at=NOON)
    with pytest.raises(Refused):
        actions.sign_paper(paper_id=paper.pk, actor=people.member, at=NOON)
