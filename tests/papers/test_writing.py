"""Writing a paper on its form, alone and with somebody else at the same time."""

import re

import pytest
from django.urls import reverse

from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.models import Editor, Evidence, Fact, WorkingPaper
from tanzhao.papers.queries import wording_of
from tanzhao.papers.states import PaperState
from tests.factories import NOON
from tests.papers.staging import complete, complete_wording, draft, staged, taken_to

pytestmark = pytest.mark.django_db


def _form_of(client, paper):
    """Give what a browser would send back if nothing were changed."""
    answer = client.get(reverse("papers:edit", args=[paper.pk]))
    return _sent_by(answer)


def _sent_by(answer):
    form, facts = answer.context["form"], answer.context["facts"]
    data = {}
    for field in [*form, *facts.management_form, *(f for row in facts for f in row)]:
        value = field.value()
        if value not in (None, "") and value is not False:
            data[field.html_name] = value
    return data


def _save(client, paper, data):
    return client.post(reverse("papers:edit", args=[paper.pk]), data)


def test_a_form_sent_back_unchanged_changes_nothing(sign_in):
    people = staged()
    paper = complete(people)
    client = sign_in(people.member)
    data = _form_of(client, paper)
    entries = Entry.objects.filter(verb="paper.changed").count()

    assert _save(client, paper, data).status_code == 302

    after = WorkingPaper.objects.get(pk=paper.pk)
    assert (after.version, wording_of(after)) == (paper.version, wording_of(paper))
    assert Entry.objects.filter(verb="paper.changed").count() == entries


def test_facts_are_added_changed_removed_and_put_in_order_without_script(sign_in):
    people = staged()
    paper = complete(people)
    client = sign_in(people.member)
    old = paper.facts.get()
    data = _form_of(client, paper)
    more = _save(client, paper, data | {"more": "yes"})
    data = _sent_by(more)

    data |= {
        "facts-0-ORDER": "9",
        "facts-1-what": "党组会未研究该笔支出。",
        "facts-1-method": "interview",
        "facts-1-ORDER": "1",
        "facts-2-what": "分管领导未审批。",
        "facts-2-method": "witness_inquiry",
        "facts-2-ORDER": "2",
    }
    assert more.status_code == 200
    assert _save(client, paper, data).status_code == 302
    facts = list(Fact.objects.filter(paper=paper).values_list("position", "what", "method__code"))
    assert facts == [
        (1, "党组会未研究该笔支出。", "interview"),
        (2, "分管领导未审批。", "witness_inquiry"),
        (3, old.what, "document_request"),
    ]
    assert Fact.objects.get(position=3).pk == old.pk
    data = _form_of(client, paper) | {"facts-0-DELETE": "on"}
    assert _save(client, paper, data).status_code == 302
    assert [fact.what for fact in paper.facts.all()] == ["分管领导未审批。", old.what]


def test_evidence_stays_tied_to_its_fact_when_the_facts_change_places(sign_in):
    people = staged()
    paper = complete(people)
    fact = paper.facts.get()
    Evidence.objects.update(fact=fact)
    client = sign_in(people.member)
    data = _form_of(client, paper)
    data |= {"facts-0-ORDER": "2", "facts-1-what": "二", "facts-1-method": "survey"}

    _save(client, paper, data | {"facts-1-ORDER": "1"})

    assert Evidence.objects.get().fact.what == fact.what
    assert [row.what for row in paper.facts.all()] == ["二", fact.what]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"overview": "字" * 20_001}, "overview"),
        ({"answer_experience": "not_applicable"}, "reason_experience"),
        ({"answer_experience": "perhaps"}, "answer_experience"),
        ({"handlers": ["6f1e6a0a-1111-4222-8333-444455556666"]}, "handlers"),
    ],
)
def test_a_form_that_is_filled_in_wrongly_comes_back_with_what_was_written(changes, field, sign_in):
    people = staged()
    paper = complete(people)
    client = sign_in(people.member)
    data = _form_of(client, paper) | {"effect": "刚写的一句"} | changes

    answer = _save(client, paper, data)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "刚写的一句" in answer.content.decode()
    assert WorkingPaper.objects.get(pk=paper.pk).version == paper.version


def test_a_fact_without_a_method_comes_back_and_one_with_it_is_saved(sign_in):
    people = staged()
    paper = draft(people)
    client = sign_in(people.member)
    data = _form_of(client, paper) | {"facts-0-what": "三次未开会"}

    assert _save(client, paper, data).status_code == 422
    assert _save(client, paper, data | {"facts-0-method": "telepathy"}).status_code == 422
    assert _save(client, paper, data | {"facts-0-method": "interview"}).status_code == 302
    assert paper.facts.get().what == "三次未开会"


def test_one_handler_alone_or_the_leader_as_handler_is_refused(sign_in):
    people = staged()
    paper = complete(people)
    keys = [str(u.inspector_id) for u in (people.member, people.leader)]
    values = {"paper_id": paper.pk, "actor": people.member, "at": NOON, "version": paper.version}

    for handlers in (keys[:1], keys, [*keys, str(people.liaison.inspector_id)], []):
        with pytest.raises(Refused):
            actions.save_paper(**values, wording=complete_wording(handlers=tuple(sorted(handlers))))

    assert WorkingPaper.objects.get(pk=paper.pk).version == paper.version


def test_all_deputies_as_handlers_are_refused_since_one_must_review():
    people = staged()
    paper = complete(people)
    both = [people.deputy, people.second_deputy]
    values = {"paper_id": paper.pk, "actor": people.member, "at": NOON, "version": paper.version}

    def handled_by(users):
        keys = tuple(sorted(str(user.inspector_id) for user in users))
        return actions.save_paper(**values, wording=complete_wording(handlers=keys))

    with pytest.raises(Refused):
        handled_by([people.member, *both])
    assert handled_by([people.member, people.deputy])


def test_a_fact_of_another_paper_is_never_taken_over():
    people = staged()
    paper, other = complete(people, "一"), complete(people, "二")
    theirs = wording_of(other).facts
    wording = complete_wording(facts=theirs, handlers=wording_of(paper).handlers)

    actions.save_paper(
        paper_id=paper.pk, actor=people.member, at=NOON, version=paper.version, wording=wording
    )

    assert [str(fact.pk) for fact in other.facts.all()] == [theirs[0].id]
    assert [fact.what for fact in paper.facts.all()] == [theirs[0].what]


def test_the_second_of_two_savers_sees_both_versions_and_nothing_is_overwritten(sign_in, client):
    people = staged()
    paper = complete(people)
    mine = _form_of(sign_in(people.liaison), paper)
    theirs = _form_of(sign_in(people.member), paper)
    _save(client, paper, theirs | {"overview": "对方写的概述", "effect": "对方写的影响"})
    client.force_login(people.liaison)

    answer = _save(client, paper, mine | {"overview": "我写的概述", "basis": "我写的依据"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert people.member.full_name in answer.context["refusal"]
    shown = {
        (row.key, row.mine, row.theirs, row.changed_by) for row in answer.context["differences"]
    }
    assert shown == {
        ("overview", "我写的概述", "对方写的概述", "both"),
        ("basis", "我写的依据", "《党政机关国内公务接待管理规定》第五条", "me"),
        ("effect", "增加财政支出1.2万元。", "对方写的影响", "them"),
    }
    assert re.findall(r'name="take-([^"]+)" value="theirs"', page) == ["overview"]
    saved = WorkingPaper.objects.get(pk=paper.pk)
    assert (saved.overview, saved.effect) == ("对方写的概述", "对方写的影响")
    assert saved.version == paper.version + 1


@pytest.mark.parametrize(
    ("choice", "overview"), [("mine", "我写的概述"), ("theirs", "对方写的概述")]
)
def test_the_second_saver_takes_over_both_sides_and_chooses_where_they_clash(
    choice, overview, sign_in
):
    people = staged()
    paper = complete(people)
    client = sign_in(people.member)
    data = _form_of(client, paper)
    theirs = data | {"overview": "对方写的概述", "effect": "对方写的影响"}
    theirs |= {"facts-1-what": "对方加的事实", "facts-1-method": "survey"}
    _save(client, paper, theirs)
    client.force_login(people.liaison)
    mine = data | {"overview": "我写的概述", "basis": "我写的依据"}
    mine |= {"facts-1-what": "我加的事实", "facts-1-method": "interview"}

    clash = _save(client, paper, mine)
    answer = _save(client, paper, _sent_by(clash) | {"take-overview": choice})

    assert (clash.status_code, answer.status_code) == (422, 302)
    saved = WorkingPaper.objects.get(pk=paper.pk)
    assert (saved.overview, saved.basis, saved.effect) == (overview, "我写的依据", "对方写的影响")
    assert {fact.what for fact in saved.facts.all()} == {
        paper.facts.first().what,
        "对方加的事实",
        "我加的事实",
    }
    assert [revision.version for revision in saved.revisions.all()] == [4, 3, 2, 1][: saved.version]


def test_saving_the_same_twice_is_no_clash(sign_in):
    people = staged()
    paper = complete(people)
    client = sign_in(people.member)
    data = _form_of(client, paper) | {"overview": "新的概述"}

    assert [_save(client, paper, data).status_code for _ in range(2)] == [302, 302]
    assert WorkingPaper.objects.get(pk=paper.pk).version == paper.version + 1


def test_two_people_writing_are_told_of_each_other(sign_in, client):
    people = staged()
    paper = complete(people)
    client = sign_in(people.member)
    client.get(reverse("papers:edit", args=[paper.pk]))
    client.force_login(people.liaison)

    opened = client.get(reverse("papers:edit", args=[paper.pk]))
    asked = client.post(reverse("papers:editing", args=[paper.pk]))

    for answer in (opened, asked):
        assert [editor.user for editor in answer.context["others"]] == [people.member]
        assert people.member.full_name in answer.content.decode()
    assert "<html" not in asked.content.decode()
    client.force_login(people.other_member)
    refused = client.post(reverse("papers:editing", args=[paper.pk]))
    assert people.member.full_name not in refused.content.decode()


def test_somebody_who_closed_the_form_is_soon_not_named_any_more():
    people = staged()
    paper = complete(people)
    actions.note_editing(paper_id=paper.pk, actor=people.member, at=NOON)

    def others(seconds):
        later = NOON.replace(second=seconds)
        return actions.note_editing(paper_id=paper.pk, actor=people.liaison, at=later)

    assert [editor.user for editor in others(45)] == [people.member]
    assert others(46) == []
    actions.note_editing(paper_id=paper.pk, actor=people.member, at=NOON)
    wording = complete_wording(overview="另写", handlers=wording_of(paper).handlers)
    actions.save_paper(
        paper_id=paper.pk, actor=people.member, at=NOON, version=paper.version, wording=wording
    )
    assert set(Editor.objects.values_list("user", flat=True)) == {people.liaison.pk}


def test_whoever_writes_on_while_the_paper_was_signed_is_told(sign_in):
    people = staged()
    paper = taken_to(PaperState.SIGNED, people)
    client = sign_in(people.member)

    asked = client.post(reverse("papers:editing", args=[paper.pk]))

    assert asked.context["presence_refusal"] in asked.content.decode()
    assert client.get(reverse("papers:edit", args=[paper.pk])).status_code == 422
