import pytest
from django.urls import reverse

from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.papers.actions import close_fieldwork
from tanzhao.papers.states import UNFINISHED, PaperState
from tests.factories import NOON
from tests.papers.staging import staged, taken_to

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(PaperState))
def test_the_fieldwork_is_closed_once_no_paper_is_under_way(state):
    people = staged()
    taken_to(PaperState.CHECKED, people, "已完成的")
    paper = taken_to(state, people, "最后一份")
    round_ = people.engagement.round

    if state in UNFINISHED:
        with pytest.raises(Refused, match=paper.title):
            close_fieldwork(round_id=round_.pk, actor=people.office, at=NOON)
    else:
        close_fieldwork(round_id=round_.pk, actor=people.office, at=NOON)

    expected = RoundState.IN_FIELD if state in UNFINISHED else RoundState.REPORTING
    assert Round.objects.get(pk=round_.pk).state == expected


def test_the_page_names_the_papers_that_hold_the_round_back(sign_in):
    people, others = staged(), staged()
    paper = taken_to(PaperState.SIGNED, people, "未审结的")
    taken_to(PaperState.SIGNED, others, "别的轮次")
    client = sign_in(people.office)
    address = reverse("papers:close_fieldwork", args=[people.engagement.round.pk])

    shown, refused = client.get(address), client.post(address)

    assert list(shown.context["unfinished"]) == [paper]
    assert (shown.status_code, refused.status_code) == (200, 422)
    assert "别的轮次" not in shown.content.decode()
    assert (
        client.post(address.replace(str(people.engagement.round.pk), str(paper.pk))).status_code
        == 404
    )
    assert sign_in(people.leader).post(address).status_code == 403


def test_a_round_is_closed_on_the_page_and_only_once(sign_in):
    people = staged()
    client = sign_in(people.office)
    address = reverse("papers:close_fieldwork", args=[people.engagement.round.pk])

    assert [client.post(address).status_code for _ in range(2)] == [302, 422]
