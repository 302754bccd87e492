"""What is told to one person, in their language, and to nobody else."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from tanzhao.access.table import Role
from tanzhao.notices import actions
from tanzhao.notices.models import Notice
from tanzhao.notices.rules import may_read
from tanzhao.notices.states import NoticeKind
from tanzhao.notices.wording import sentence_of
from tests.factories import NOON, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)
RULE = {"zh": "被巡察单位在本人申报的回避单位之列", "en": "Has declared the inspected unit"}
TEAM = {"term": 15, "round": 6, "team": 2}
STANDING = {"rule": RULE, "person": "王芳", "about": "县医院"}
VALUES = {
    NoticeKind.TEAM_OBJECTED: {**TEAM, "standings": [STANDING]},
    NoticeKind.TEAM_REOPENED: {**TEAM, "standings": [STANDING], "ask": ""},
    NoticeKind.TEAM_HELD: {**TEAM, "ask": "钱进"},
    NoticeKind.TEAM_DOUBTED: {**TEAM, "is_own": True, "ask": "钱进"},
    NoticeKind.TEAM_SETTLED: TEAM,
    NoticeKind.RECUSAL_DECLARED: {"person": "王芳", "unit": "县医院"},
    NoticeKind.RECUSAL_ENTERED: {"by": "钱进", "unit": "县医院"},
    NoticeKind.RECUSAL_WITHDRAWN: {"unit": "县医院", "reason": "写错了单位"},
    NoticeKind.COMPARISON_REQUESTED: {"person": "王芳", "count": 2, "purpose": "核对补贴"},
    NoticeKind.COMPARISON_DECIDED: {
        "person": "钱进", "number": 3, "is_approved": False, "reason": "依据不足",
    },
    NoticeKind.COMPARISON_MADE: {"number": 3, "count": 12},
    NoticeKind.HITS_ASSIGNED: {"count": 12, "unit": "石桥镇"},
    NoticeKind.HIT_PROPOSED: {},
    NoticeKind.HIT_RETURNED: {"person": "钱进", "reason": "材料不全"},
    NoticeKind.RULE_PROPOSED: {"person": "王芳", "rule": "去世后仍在发放"},
    NoticeKind.LIKENESS_ASKED: {"person": "王芳", "question": "是否同一批公函？"},
    NoticeKind.LIKENESS_REPLIED: {"person": "钱进", "reply": "两份都引用同一办法。"},
}  # fmt: skip


def _tell(*people, key="team-1", **values):
    told = {"kind": NoticeKind.TEAM_SETTLED, "values": TEAM, "address": "/rounds/", "at": NOON}
    actions.tell(to=people, key=key, **{**told, **values})


def test_the_same_event_is_told_to_a_person_once_and_another_event_again():
    told, also = UserFactory(), UserFactory()

    _tell(told, told)
    _tell(told, also)
    _tell(told, key="team-2")

    assert sorted(Notice.objects.values_list("to", "key")) == sorted(
        [(told.pk, "team-1"), (told.pk, "team-2"), (also.pk, "team-1")]
    )


def test_a_stopped_account_is_told_nothing():
    _tell(UserFactory(is_active=False), working := UserFactory())

    assert [notice.to for notice in Notice.objects.all()] == [working]


def test_only_whom_it_was_written_to_sees_and_reads_a_notice(sign_in):
    notice, other = NoticeFactory(), UserFactory(role=Role.DIRECTOR)
    address = reverse("notices:read", args=[notice.pk])

    assert not Notice.objects.visible_to(other).exists()
    assert not may_read(other, notice)
    with pytest.raises(Notice.DoesNotExist):
        actions.mark_read(notice_id=notice.pk, actor=other, at=LATER)
    assert sign_in(other).post(address).status_code == 404
    assert sign_in(notice.to).post(address).status_code == 302

    notice.refresh_from_db()
    assert notice.read_at is not None


def test_reading_twice_keeps_the_first_time():
    notice = NoticeFactory()

    actions.mark_read(notice_id=notice.pk, actor=notice.to, at=NOON)
    actions.mark_read(notice_id=notice.pk, actor=notice.to, at=LATER)

    notice.refresh_from_db()
    assert notice.read_at == NOON


def test_all_that_stood_on_the_page_is_read_and_what_came_since_is_not(sign_in):
    reader = UserFactory()
    old, new, strange = (
        NoticeFactory(to=reader),
        NoticeFactory(to=reader, at=LATER),
        NoticeFactory(),
    )

    sent = sign_in(reader).post(reverse("notices:read_all"), {"until": NOON.isoformat()})

    assert sent.status_code == 302
    unread = set(Notice.objects.filter(read_at=None))
    assert unread == {new, strange}
    assert old not in unread


@pytest.mark.parametrize("until", ["", "mars", "2026-13-45T00:00:00+00:00", "2026-07-01T12:00:00"])
def test_a_moment_that_cannot_be_read_is_now(sign_in, until):
    notice = NoticeFactory()

    sign_in(notice.to).post(reverse("notices:read_all"), {"until": until})

    assert not Notice.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "rounds/"])
def test_a_notice_never_leads_out_of_the_program(address):
    NoticeFactory(address="/rounds/")

    with pytest.raises(IntegrityError), transaction.atomic():
        NoticeFactory(address=address)


def test_every_kind_has_a_sentence_in_both_languages():
    assert VALUES.keys() == set(NoticeKind)
    for kind, values in VALUES.items():
        with translation.override("zh-hans"):
            chinese = sentence_of(kind, values)
        with translation.override("en"):
            english = sentence_of(kind, values)
        assert chinese != english, kind


def test_the_office_reads_rule_and_fact_in_its_own_language():
    with translation.override("en"):
        sentence = sentence_of("team.reopened", VALUES[NoticeKind.TEAM_REOPENED])

    assert "[Has declared the inspected unit] 王芳: 县医院." in sentence
    assert RULE["zh"] not in sentence


def test_the_page_shows_unread_first_then_the_latest_and_pages_go_on(sign_in, monkeypatch):
    monkeypatch.setattr("tanzhao.notices.views.ROWS_ON_A_PAGE", 2)
    reader = UserFactory()
    read = NoticeFactory(to=reader, at=LATER, read_at=LATER)
    old, new = NoticeFactory(to=reader, at=NOON), NoticeFactory(to=reader, at=LATER)
    client = sign_in(reader)

    first = client.get(reverse("notices:notices"))
    second = client.get(reverse("notices:notices"), {"after": first.context["page"].after})

    assert first.context["page"].rows == [new, old]
    assert second.context["page"].rows == [read]
    assert (first.context["unread_count"], first.context["total"]) == (2, 3)


def test_nothing_to_read_says_so(sign_in):
    page = sign_in(UserFactory()).get(reverse("notices:notices")).content.decode()

    assert "没有给您的通知" in page


def test_opening_a_notice_reads_it_and_goes_there(sign_in):
    notice = NoticeFactory(address="/rounds/")
    client = sign_in(notice.to)

    sent = client.post(reverse("notices:read", args=[notice.pk]), {"open": "1"})

    notice.refresh_from_db()
    assert (sent.headers["Location"], notice.read_at is not None) == ("/rounds/", True)


def test_the_head_of_every_page_counts_what_is_unread(sign_in):
    reader = UserFactory()
    NoticeFactory(to=reader, read_at=NOON)
    client = sign_in(reader)

    assert client.get("/").context["unread_notices"] == 0
    NoticeFactory.create_batch(3, to=reader)
    NoticeFactory()
    assert client.get("/").context["unread_notices"] == 3


def test_the_list_asks_as_much_for_one_notice_as_for_many(sign_in, django_assert_num_queries):
    reader = UserFactory()
    client = sign_in(reader)
    NoticeFactory(to=reader)

    with django_assert_num_queries(6):
        client.get(reverse("notices:notices"))
    NoticeFactory.create_batch(5, to=reader)
    with django_assert_num_queries(6):
        client.get(reverse("notices:notices"))
