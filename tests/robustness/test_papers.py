"""Numbers given at the same moment: none twice, none left out."""

import pytest

from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.models import Evidence, WorkingPaper
from tanzhao.papers.states import PaperState
from tests.documents import samples
from tests.factories import NOON
from tests.papers.staging import DESCRIPTION, draft, staged, taken_to

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


def test_papers_approved_at_once_have_each_a_number_of_its_own(at_once):
    people = staged()
    papers = [
        taken_to(PaperState.DEPUTY_REVIEWED, people, title=f"事项{n}") for n in range(AT_ONCE)
    ]

    at_once(
        lambda paper: actions.approve_paper(paper_id=paper.pk, actor=people.leader, at=NOON), papers
    )

    numbers = sorted(WorkingPaper.objects.values_list("official_number", flat=True))
    assert [number[-4:-1] for number in numbers] == [f"{n:03}" for n in range(1, AT_ONCE + 1)]


def test_a_paper_is_reviewed_once_by_whoever_is_first(at_once):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)

    def review(deputy):
        try:
            actions.review_paper(paper_id=paper.pk, actor=deputy, at=NOON)
        except Refused:
            return "refused"
        return "reviewed"

    answers = at_once(review, [people.deputy, people.second_deputy] * 3)

    assert sorted(answers) == ["refused"] * 5 + ["reviewed"]
    assert paper.reviews.filter(step="deputy").count() == 1


def test_files_sent_at_once_are_numbered_one_after_the_other(at_once):
    people = staged()
    paper = draft(people)

    def add(number):
        actions.add_evidence(
            paper_id=paper.pk,
            actor=people.member,
            at=NOON,
            file=samples.pdf() + f"\n% {number}".encode(),
            file_name=f"{number}.pdf",
            description=DESCRIPTION | {"name": ""},
        )

    at_once(add, range(AT_ONCE))

    rows = list(Evidence.objects.values_list("number", "name"))
    assert [number for number, _name in rows] == list(range(1, AT_ONCE + 1))
    assert {name for _number, name in rows} == {str(n) for n in range(AT_ONCE)}


def test_one_file_sent_twice_at_once_stands_once(at_once):
    people = staged()
    paper = draft(people)

    def add(_click):
        try:
            actions.add_evidence(
                paper_id=paper.pk,
                actor=people.member,
                at=NOON,
                file=samples.pdf(),
                file_name="凭证.pdf",
                description=DESCRIPTION,
            )
        except Refused:
            return "refused"
        return "added"

    assert sorted(at_once(add, range(4))) == ["added", *["refused"] * 3]
    assert Evidence.objects.count() == 1
