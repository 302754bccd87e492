import io
import zipfile
from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanzhao.audit.models import Entry
from tanzhao.papers import actions
from tanzhao.papers.models import Evidence, WorkingPaper
from tanzhao.papers.queries import papers_waiting_for, wording_of
from tanzhao.papers.states import PaperState
from tanzhao.papers.wording import FactText
from tests.documents import samples
from tests.factories import NOON
from tests.papers.staging import DESCRIPTION, complete, draft, staged, taken_to

pytestmark = pytest.mark.django_db

POSTS = {"sign": {}, "void": {"reason": "重复"}, "return": {"reason": "不清", "to": "returned"}}


def page_of(client, paper, name="paper", **query):
    return client.get(reverse(f"papers:{name}", args=[paper.pk]), query)


@pytest.mark.parametrize("state", list(PaperState))
def test_the_page_of_a_paper_opens_in_every_state_for_everybody_who_sees_it(state, sign_in):
    people = staged()
    paper = taken_to(state, people)

    for user in (people.member, people.deputy, people.leader, people.office):
        answer = page_of(sign_in(user), paper)
        assert answer.status_code == 200
        assert paper.title in answer.content.decode()


@pytest.mark.parametrize("state", list(PaperState))
def test_the_page_offers_a_step_exactly_if_the_step_succeeds(state, sign_in):
    people = staged()
    paper = taken_to(state, people)
    for user in (people.member, people.deputy, people.leader, people.office):
        client = sign_in(user)
        page = page_of(client, paper).content.decode()
        for step, data in POSTS.items():
            address = reverse(f"papers:{step}", args=[paper.pk])
            offered = f'action="{address}"' in page
            paper_before = WorkingPaper.objects.get(pk=paper.pk)
            answer = client.post(address, data)
            assert (answer.status_code == 302) is offered, (user.full_name, step)
            assert answer.status_code in ({302} if offered else {403, 422})
            if offered:
                paper_before.save()
                paper.handlers.update(
                    signed_at=NOON if state not in {"draft", "returned"} else None
                )


def test_a_refused_step_shows_the_reason_and_changes_nothing(sign_in):
    people = staged()
    paper = draft(people)
    people.member.language = "en"
    people.member.save()

    answer = sign_in(people.member).post(reverse("papers:sign", args=[paper.pk]))

    assert answer.status_code == 422
    assert "fill in what is missing" in answer.content.decode()
    assert not paper.handlers.filter(signed_at__isnull=False).exists()


def test_a_return_without_a_reason_is_refused_on_the_page(sign_in):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)
    address = reverse("papers:return", args=[paper.pk])
    client = sign_in(people.deputy)

    assert client.post(address, {"reason": " ", "to": "returned"}).status_code == 422
    assert WorkingPaper.objects.get(pk=paper.pk).state == PaperState.SIGNED
    assert client.post(address, {"reason": "事实不清", "to": "returned"}).status_code == 302


def test_sending_a_step_twice_takes_it_once(sign_in):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)
    client, address = sign_in(people.deputy), reverse("papers:review", args=[paper.pk])

    assert [client.post(address, {"note": ""}).status_code for _ in range(2)] == [302, 422]
    assert paper.reviews.filter(step="deputy").count() == 1


def test_a_paper_is_begun_once_however_often_the_form_is_sent(sign_in):
    people = staged()
    client = sign_in(people.member)
    address = reverse("papers:begin", args=[people.engagement.pk])
    form = client.get(address).context["form"]
    data = {
        "paper_id": str(form["paper_id"].value()),
        "title": "违规发放津补贴",
        "handlers": [str(people.liaison.inspector_id)],
    }

    answers = [client.post(address, data) for _ in range(2)]

    paper = WorkingPaper.objects.get()
    assert {answer.url for answer in answers} == {reverse("papers:edit", args=[paper.pk])}
    assert (paper.title, paper.serial, paper.version) == ("违规发放津补贴", 1, 1)
    assert set(wording_of(paper).handlers) == {
        str(people.member.inspector_id),
        str(people.liaison.inspector_id),
    }
    assert Entry.objects.filter(verb="paper.begun").count() == 1


def test_a_paper_is_not_begun_alone_by_the_leader_or_after_the_field(sign_in):
    people = staged()
    address = reverse("papers:begin", args=[people.engagement.pk])
    data = {"paper_id": "6f1e6a0a-1111-4222-8333-444455556666", "title": "一"}
    both = data | {"handlers": [str(people.liaison.inspector_id)]}

    assert sign_in(people.member).post(address, data).status_code == 422
    assert sign_in(people.leader).post(address, both).status_code == 422
    round_ = people.engagement.round
    round_.state = "reporting"
    round_.save()
    assert sign_in(people.member).post(address, both).status_code == 422
    assert not WorkingPaper.objects.exists()
    round_.state = "in_field"
    round_.save()
    assert sign_in(people.member).post(address, both).status_code == 302


def _upload(client, paper, *files, **changes):
    data = {"kind": "voucher", "fact": "", "name": "", "source": "财务室", "page": "2"} | changes
    files = [SimpleUploadedFile(name, content) for name, content in files]
    address = reverse("papers:add_evidence", args=[paper.pk])
    return client.post(address, data | {"uploads": files})


def test_several_files_are_added_at_once_and_a_wrong_one_spoils_none_of_the_others(sign_in):
    people = staged()
    paper = draft(people)
    client = sign_in(people.member)

    answer = _upload(
        client,
        paper,
        ("发票.jpg", samples.image("JPEG")),
        ("病毒.pdf", b"MZ\x90\x00"),
        ("纪要.docx", samples.word()),
        ("台账.pdf", samples.workbook()),
    )

    assert answer.status_code == 422
    assert "病毒.pdf" in answer.content.decode()
    rows = Evidence.objects.values_list("number", "name", "file__name", "kind__code", "page")
    assert list(rows) == [
        (1, "发票", "发票.jpg", "voucher", "2"),
        (2, "纪要", "纪要.docx", "voucher", "2"),
        (3, "台账", "台账.xlsx", "voucher", "2"),
    ]
    assert Entry.objects.filter(verb="evidence.added").count() == 3


def test_the_same_file_twice_is_refused_with_the_number_where_it_stands(sign_in):
    people = staged()
    paper, other = draft(people), draft(people, "另一事项")
    client = sign_in(people.member)

    assert _upload(client, paper, ("甲.pdf", samples.pdf())).status_code == 302
    twice = _upload(client, paper, ("乙.pdf", samples.pdf()))
    assert _upload(client, other, ("甲.pdf", samples.pdf())).status_code == 302

    assert twice.status_code == 422
    assert "01" in twice.context["upload"].non_field_errors()[0]
    assert paper.evidence.count() == 1


def test_evidence_set_aside_keeps_its_number_and_is_still_read(sign_in):
    people = staged()
    paper = draft(people)
    client = sign_in(people.member)
    _upload(client, paper, ("甲.pdf", samples.pdf(1)))
    first = Evidence.objects.get()
    address = reverse("papers:set_aside", args=[first.pk])

    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "与事项无关"}).status_code == 302
    assert client.post(address, {"reason": "与事项无关"}).status_code == 422
    _upload(client, paper, ("乙.pdf", samples.pdf(2)))

    assert list(Evidence.objects.values_list("number", "set_aside_reason")) == [
        (1, "与事项无关"),
        (2, ""),
    ]
    answer = client.get(reverse("papers:evidence", args=[first.pk]))
    assert b"".join(answer.streaming_content) == samples.pdf(1)


def test_looking_at_evidence_is_noted_and_shown_as_what_it_is(sign_in):
    people = staged()
    paper = complete(people)
    piece = Evidence.objects.get()
    client, address = sign_in(people.office), reverse("papers:evidence", args=[piece.pk])

    inline, saved = client.get(address, {"inline": "1"}), client.get(address)

    assert inline.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(inline.streaming_content) == samples.pdf()
    assert b"".join(saved.streaming_content) == samples.pdf()
    looks = Entry.objects.filter(verb="evidence.seen")
    assert [(e.actor, e.target_id, e.scope_id) for e in looks] == [
        (people.office, piece.pk, paper.engagement_id)
    ] * 2


def test_a_piece_is_described_anew_and_tied_to_a_fact(sign_in):
    people = staged()
    paper = complete(people)
    piece, fact = Evidence.objects.get(), paper.facts.get()
    address = reverse("papers:change_evidence", args=[piece.pk])
    data = {"kind": "minutes", "name": "党组会纪要", "source": "档案室", "page": "5-6"}
    client = sign_in(people.liaison)

    assert (
        client.post(address, data | {"fact": str(fact.pk), "is_original": "on"}).status_code == 302
    )
    piece.refresh_from_db()
    assert (piece.name, piece.kind.code, piece.fact, piece.is_original) == (
        "党组会纪要",
        "minutes",
        fact,
        True,
    )
    assert client.post(address, data | {"fact": str(paper.pk)}).status_code == 422
    assert sign_in(people.other_member).post(address, data).status_code == 422


def test_the_paper_is_downloaded_as_a_word_file_and_that_is_noted(sign_in):
    people = staged()
    paper = taken_to(PaperState.CHECKED, people)

    answer = page_of(sign_in(people.office), paper, "download")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        text = package.read("word/document.xml").decode()
    for words in (paper.title, paper.official_number, "记账凭证第12、15、31号", "属于前者"):
        assert words in text
    assert Entry.objects.filter(verb="paper.downloaded", target_id=paper.pk).count() == 1


def test_each_person_is_told_what_waits_for_them():
    people = staged()
    drafted = complete(people, "一")
    signed = taken_to(PaperState.SIGNED, people, "二")
    reviewed = taken_to(PaperState.DEPUTY_REVIEWED, people, "三")
    approved = taken_to(PaperState.LEADER_APPROVED, people, "四")
    taken_to(PaperState.CHECKED, people, "五")

    waiting = {
        name: set(papers_waiting_for(getattr(people, name)))
        for name in ("member", "liaison", "other_member", "deputy", "leader", "office", "director")
    }

    assert waiting == {
        "member": {drafted},
        "liaison": {drafted},
        "other_member": set(),
        "deputy": {signed},
        "leader": {reviewed},
        "office": {approved},
        "director": {approved},
    }
    actions.sign_paper(paper_id=drafted.pk, actor=people.member, at=NOON)
    assert not papers_waiting_for(people.member).exists()


def test_the_list_is_narrowed_sorted_and_paged(sign_in):
    people = staged()
    first, second = draft(people, "甲事项"), complete(people, "乙事项")
    client, address = sign_in(people.member), reverse("papers:papers")

    def titles(**query):
        return [paper.title for paper in client.get(address, query).context["page"].rows]

    actions.sign_paper(paper_id=second.pk, actor=people.member, at=NOON)
    assert sorted(titles()) == ["乙事项", "甲事项"]
    assert titles(q="甲") == [first.title]
    assert titles(whose="waiting") == [first.title]
    assert titles(state="void") == []
    assert titles(engagement=str(people.engagement.pk), sort="title") == ["乙事项", "甲事项"]
    assert sorted(titles(state="nonsense", engagement="x", after="%%")) == ["乙事项", "甲事项"]
    other = sign_in(people.other_member)
    assert [row.title for row in other.get(address, {"whose": "mine"}).context["page"].rows] == []


@pytest.mark.parametrize("name", ["list", "paper", "edit"])
def test_a_page_costs_the_same_queries_with_one_row_and_with_three(
    name, sign_in, django_assert_num_queries
):
    people = staged()
    paper = complete(people)
    counts = {"list": 9, "paper": 19, "edit": 32}
    client = sign_in(people.member)
    address = {
        "list": reverse("papers:papers"),
        "paper": reverse("papers:paper", args=[paper.pk]),
        "edit": reverse("papers:edit", args=[paper.pk]),
    }[name]
    client.get(address)

    with django_assert_num_queries(counts[name]):
        client.get(address)
    facts = tuple(FactText(str(uuid4()), f"事实{n}", method="interview") for n in range(3))
    actions.save_paper(
        paper_id=paper.pk,
        actor=people.member,
        at=NOON,
        version=paper.version,
        wording=replace(wording_of(paper), facts=facts),
    )
    for n in range(1, 3):
        complete(people, f"事项{n}")
        actions.add_evidence(
            paper_id=paper.pk,
            actor=people.member,
            at=NOON,
            file=samples.pdf(n),
            file_name=f"{n}.pdf",
            description=DESCRIPTION,
        )
    client.get(address)
    with django_assert_num_queries(counts[name]):
        client.get(address)


def test_a_paper_shown_with_a_refusal_has_been_looked_at_too(sign_in):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)
    client = sign_in(people.leader)

    shown = page_of(client, paper, "edit")
    sent = client.post(reverse("papers:sign", args=[paper.pk]))

    assert [answer.status_code for answer in (shown, sent)] == [422, 422]
    assert paper.overview in shown.content.decode()
    looks = Entry.objects.filter(verb="paper.seen", actor=people.leader, target_id=paper.pk)
    assert looks.count() == 2


def test_another_row_is_given_whatever_the_browser_counted(sign_in):
    people = staged()
    paper = draft(people)
    client = sign_in(people.member)

    for counted, rows in (("1", 2), ("x", 1), ("9" * 30, 1), ("", 1)):
        data = {"more": "1", "facts-TOTAL_FORMS": counted, "facts-INITIAL_FORMS": "0"}
        answer = client.post(reverse("papers:edit", args=[paper.pk]), data)

        assert answer.context["facts"].total_form_count() == rows
