"""What units hand in is compared by the real engine: read, compared once, each question once."""

import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from tanzhao.audit.models import Entry
from tanzhao.documents.models import FileText
from tanzhao.kernel.packs.likeness_texts import read_likeness
from tanzhao.rectification.actions import answer_likeness, keep_wording, retire_wording
from tanzhao.rectification.actions.comparing import compare_writings
from tanzhao.rectification.models import CommonPassage, Likeness, StepFile, Writing
from tanzhao.rectification.states import LikenessOutcome, State, WordingKind
from tests.factories import NOON, FindingFactory, UserFactory
from tests.rectification.likeness_makers import (
    OTHER,
    REPORT,
    compare,
    copied_report,
    docx,
    hand_in,
)
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)


def test_a_file_copied_from_another_unit_is_asked_about_where_it_was_handed_in_later():
    first, second = item_in(State.IN_PROGRESS), item_in(State.IN_PROGRESS)

    hand_in(first, "见附件。", (docx(REPORT), "整改报告.docx"))
    hand_in(second, "见附件。", (docx(f"{OTHER}\n{REPORT}"), "报告.docx"), at=LATER)
    hand_in(item_in(State.IN_PROGRESS), "另一件事，同上面几份材料没有关系。", at=LATER)

    question = Likeness.objects.get(earlier__item=first)
    assert (question.later.item, question.later.title) == (second, "报告.docx")
    assert question.relation == "other"
    text = FileText.objects.get(sha256=question.later.sha256).text
    earlier = FileText.objects.get(sha256=question.earlier.sha256).text
    (start, end, there, until, same), *more = question.passages
    assert more == []
    assert same == 1000
    assert text[start:end] == earlier[there:until]
    assert text[start:end].replace("\n", "") in REPORT.replace("\n", "")
    assert end - start > 0.9 * len(REPORT) - 10
    entry = Entry.objects.filter(verb="likeness.found").latest("position")
    assert entry.actor is None


def test_words_of_a_report_are_compared_too_and_short_ones_are_not():
    question = copied_report()

    assert (question.later.kind, question.earlier.kind) == ("progress", "progress")
    assert question.later_share > 0.9
    assert "二万一千元" in FileText.objects.get(sha256=question.later.sha256).text
    hand_in(item_in(State.IN_PROGRESS), "全部追缴。")
    assert Writing.objects.filter(kind="progress", state="short").count() == 1
    assert Likeness.objects.count() == 1


def test_a_unit_is_not_asked_about_its_own_item_nor_about_one_file_at_two_items():
    file = docx(REPORT)
    item = item_in(State.IN_PROGRESS)
    hand_in(item, REPORT, (file, "报告.docx"))
    again = item_in(State.IN_PROGRESS, finding=FindingFactory(engagement=item.finding.engagement))

    assert Likeness.objects.count() == 0  # the words and the file are of one item
    hand_in(again, "", (file, "报告.docx"), at=LATER)

    asked = Likeness.objects.get()
    # Not the two files, which `same_files` asks about; the file and the words typed before.
    assert (asked.relation, asked.later.kind, asked.earlier.kind) == ("own", "file", "progress")


def test_the_same_bytes_are_read_once_and_nothing_is_compared_twice():
    file = docx(REPORT)
    items = [item_in(State.IN_PROGRESS) for _ in range(2)]
    steps = [hand_in(item, "", (file, "报告.docx"), at=LATER) for item in items]
    read_at = FileText.objects.get(kind="docx").read_at
    compared = set(Writing.objects.values_list("pk", "compared_at"))

    for step in steps:
        compare(step)

    assert FileText.objects.get(kind="docx").read_at == read_at
    assert set(Writing.objects.values_list("pk", "compared_at")) == compared
    assert Likeness.objects.count() == 1
    assert Entry.objects.filter(verb="likeness.found").count() == 1


def test_a_worker_that_was_killed_after_reading_is_followed_by_one_that_compares():
    question = copied_report()
    step = question.later.step
    # Killed before it wrote what it found.
    Likeness.objects.all().delete()
    Writing.objects.filter(step=step).update(state="waiting", compared_at=None, compared_with="")

    compare(step)
    compare(step)

    assert Likeness.objects.count() == 1
    assert set(Writing.objects.filter(step=step).values_list("state", flat=True)) <= {
        "compared",
        "short",
    }


def test_a_file_that_cannot_be_read_costs_a_sentence_and_nothing_else():
    first, second = item_in(State.IN_PROGRESS), item_in(State.IN_PROGRESS)
    hand_in(first, REPORT)

    hand_in(second, REPORT, (b"%PDF-1.7\n" + bytes(range(256)) * 40, "坏.pdf"), at=LATER)

    broken = Writing.objects.get(title="坏.pdf")
    text = FileText.objects.get(sha256=broken.sha256)
    assert (broken.state, text.state, text.text) == ("unreadable", "refused", "")
    assert text.reason
    assert Likeness.objects.count() == 1  # what was typed with it is compared all the same


def test_wording_of_a_template_is_said_to_come_from_it_and_makes_no_pair():
    office = UserFactory()
    keep_wording(
        kind=WordingKind.TEMPLATE, title="整改报告范本", text=REPORT, actor=office, at=NOON
    )

    first, second = item_in(State.IN_PROGRESS), item_in(State.IN_PROGRESS)
    hand_in(first, REPORT)
    hand_in(second, REPORT, at=LATER)

    asked = Likeness.objects.all()
    assert {one.relation for one in asked} == {"template"}
    assert {one.later.item for one in asked} == {first, second}
    assert {one.earlier.title for one in asked} == {"整改报告范本"}


def test_allowed_wording_is_left_out_and_takes_unanswered_questions_back_but_no_answered_one():
    question = copied_report()
    answered = copied_report_of(OTHER)
    answer_likeness(
        likeness_id=answered.pk, outcome=LikenessOutcome.COMMON, reason="通用", actor=UserFactory(),
        at=LATER,
    )  # fmt: skip
    allowed = {"kind": WordingKind.ALLOWED, "title": "通用", "text": f"{REPORT}\n{OTHER}"}
    wording = keep_wording(**allowed, actor=UserFactory(), at=LATER)
    writings = list(Writing.objects.exclude(kind="template").select_related("step", "item"))

    compare_writings(writings=writings, clock=timezone.now)

    assert set(Likeness.objects.all()) == {answered}
    retire_wording(wording_id=wording.pk, actor=UserFactory(), at=LATER)
    writings = list(Writing.objects.exclude(kind="template").select_related("step", "item"))
    compare_writings(writings=writings, clock=timezone.now)
    assert Likeness.objects.count() == 2
    assert Likeness.objects.filter(later=question.later, earlier=question.earlier).exists()
    answered.refresh_from_db()
    assert answered.answer == "common"


def copied_report_of(text):
    first, second = item_in(State.IN_PROGRESS), item_in(State.IN_PROGRESS)
    hand_in(first, text)
    hand_in(second, text, at=LATER)
    return Likeness.objects.get(later__item=second)


def test_other_settings_make_prints_anew_and_find_the_same(monkeypatch):
    question = copied_report()
    made_with = set(FileText.objects.exclude(prints=None).values_list("prints_made_with"))
    monkeypatch.setattr("tanzhao.rectification.measures.FOLDING", 2)

    compare(question.later.step)

    renewed = FileText.objects.exclude(prints=None).values_list("prints_made_with")
    assert len(set(renewed)) == 1
    assert set(renewed).isdisjoint(made_with)
    assert Likeness.objects.get().pk == question.pk


def test_wording_that_very_many_share_is_told_once_with_all_who_hold_it(monkeypatch):
    pack = read_likeness()
    few = replace(pack, comparing={**pack.comparing, "cap": 3, "few": 2})
    monkeypatch.setattr("tanzhao.rectification.measures.read_likeness", lambda: few)
    items = [item_in(State.IN_PROGRESS) for _ in range(5)]

    for day, item in enumerate(items):
        hand_in(item, f"{REPORT}\n第{day}家单位另有说明。", at=NOON + dt.timedelta(hours=day))

    common = CommonPassage.objects.get()
    assert {one.writing.item for one in common.holders.all()} == set(items)
    assert Likeness.objects.count() == 0


def test_what_was_handed_in_before_has_a_file_that_was_erased_since():
    item = item_in(State.IN_PROGRESS)
    step = hand_in(item, "", (docx(REPORT), "报告.docx"))
    piece = StepFile.objects.get(step=step)
    FileText.objects.filter(sha256=piece.file.sha256).delete()
    piece.file.content = ""
    piece.file.save()
    Writing.objects.filter(piece=piece).update(state="waiting", compared_with="")

    compare(step)

    assert Writing.objects.get(piece=piece).state == "unreadable"
