"""Twenty people at work on one team's papers at the same moment: nothing lost, no lock error."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.utils import timezone

from tanzhao.audit.trail import verify_trail
from tanzhao.papers.actions import Outdated, begin_paper, save_paper
from tanzhao.papers.models import Revision, WorkingPaper
from tanzhao.papers.queries import wording_of
from tests.factories import EngagementFactory, member_account

pytestmark = pytest.mark.django_db(transaction=True)
EDITORS = 20


@pytest.fixture
def team():
    engagement = EngagementFactory()
    return engagement, [member_account(engagement.team) for _ in range(EDITORS)]


def test_twenty_editors_of_one_paper_lose_no_word(team, at_once):
    engagement, editors = team
    paper = begin_paper(
        paper_id=uuid4(),
        engagement_id=engagement.pk,
        actor=editors[0],
        at=timezone.now(),
        title="接待费",
        handlers=[editor.inspector_id for editor in editors],
    )

    def add_a_line(number):
        refused = 0
        while True:
            now = WorkingPaper.objects.get(pk=paper.pk)
            wording = wording_of(now)
            wording = replace(wording, overview=f"{wording.overview}第{number}人写的。\n")
            try:
                save_paper(
                    paper_id=paper.pk,
                    actor=editors[number],
                    at=timezone.now(),
                    version=now.version,
                    wording=wording,
                )
            except Outdated:
                refused += 1
            else:
                return refused

    refusals = at_once(add_a_line, range(EDITORS))

    paper.refresh_from_db()
    assert sorted(paper.overview.splitlines()) == sorted(f"第{n}人写的。" for n in range(EDITORS))
    assert paper.version == EDITORS + 1
    assert Revision.objects.count() == EDITORS + 1
    # Without a collision the test would prove nothing.
    assert sum(refusals) > 0
    assert verify_trail() == (EDITORS + 1, [])


def test_twenty_papers_begun_at_once_have_twenty_numbers(team, at_once):
    engagement, editors = team

    def begin(number):
        me, other = editors[number], editors[number - 1]
        return begin_paper(
            paper_id=uuid4(),
            engagement_id=engagement.pk,
            actor=me,
            at=timezone.now(),
            title=f"事项{number}",
            handlers=[me.inspector_id, other.inspector_id],
        ).serial

    assert sorted(at_once(begin, range(EDITORS))) == list(range(1, EDITORS + 1))
    assert verify_trail() == (EDITORS, [])


def test_a_double_click_begins_one_paper(team, at_once):
    engagement, editors = team
    key = uuid4()

    def begin(_click):
        begin_paper(
            paper_id=key,
            engagement_id=engagement.pk,
            actor=editors[0],
            at=timezone.now(),
            title="同一事项",
            handlers=[editors[0].inspector_id, editors[1].inspector_id],
        )

    at_once(begin, range(2))

    assert WorkingPaper.objects.count() == 1
