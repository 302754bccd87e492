import pytest

from tanzhao.access.table import Role
from tanzhao.inspections.states import TeamRole
from tanzhao.papers.models import Review, Revision, WorkingPaper
from tanzhao.papers.queries import papers_waiting_for, standing_of, whole_papers
from tanzhao.papers.rules import may_approve, may_check, may_edit, may_review
from tanzhao.papers.states import EDITABLE, PaperState, ReviewAnswer, ReviewStep
from tests.factories import (
    NOON,
    EngagementFactory,
    EvidenceFactory,
    PaperHandlerFactory,
    UserFactory,
    WorkingPaperFactory,
    member_account,
)

pytestmark = pytest.mark.django_db


def _may_take_the_next_step(user, paper):
    standing = standing_of(user, paper)
    state = PaperState(paper.state)
    if state in EDITABLE:
        return bool(may_edit(user, paper, standing)) and not standing.has_signed
    steps = {
        PaperState.SIGNED: may_review,
        PaperState.DEPUTY_REVIEWED: may_approve,
        PaperState.LEADER_APPROVED: may_check,
    }
    return state in steps and bool(steps[state](user, paper, standing))


def _reviewed(paper, by, step):
    Review.objects.create(
        paper=paper, by=by, step=step, answer=ReviewAnswer.PASSED, at=NOON, version=1
    )


def test_what_waits_for_a_reader_is_what_their_next_step_is_allowed_with():
    team = EngagementFactory().team
    handler, signed = (member_account(team) for _ in range(2))
    deputy, *wrote = (member_account(team, TeamRole.DEPUTY) for _ in range(5))
    writer, reviser, former, collector = wrote
    leader = member_account(team, TeamRole.LEADER)
    staff, took_part = (UserFactory() for _ in range(2))
    for number, state in enumerate(PaperState):
        paper = WorkingPaperFactory(
            engagement=team.engagements.get(), state=state, begun_by=writer,
            official_number=f"{number}号",
        )  # fmt: skip
        PaperHandlerFactory(paper=paper, inspector_id=handler.inspector_id)
        PaperHandlerFactory(paper=paper, inspector_id=signed.inspector_id, signed_at=NOON)
        Revision.objects.create(paper=paper, version=1, content={}, by=reviser, at=NOON)
        EvidenceFactory(paper=paper, file__stored_by=collector)
        _reviewed(paper, former, ReviewStep.HANDLER)
        _reviewed(paper, took_part, ReviewStep.LEADER)
    # One that its leader has reviewed as deputy earlier.
    again = WorkingPaperFactory(engagement=team.engagements.get(), state="deputy_reviewed")
    _reviewed(again, leader, ReviewStep.DEPUTY)
    readers = [handler, signed, deputy, *wrote, leader, staff, took_part]
    readers += [member_account(EngagementFactory().team, TeamRole.DEPUTY)]
    readers += [UserFactory(role=role) for role in Role if role != Role.CONTACT]

    found = {reader: set(papers_waiting_for(reader)) for reader in readers}

    for reader in readers:
        papers = whole_papers(reader)
        assert found[reader] == {one for one in papers if _may_take_the_next_step(reader, one)}
    assert WorkingPaper.objects.count() == len(PaperState) + 1
    assert [len(found[one]) for one in (handler, signed, deputy, leader, staff)] == [2, 0, 1, 1, 1]
    assert [len(found[one]) for one in (*wrote, took_part)] == [0] * 5
