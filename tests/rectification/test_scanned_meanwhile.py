"""A scan of everything takes long: what comes or is erased meanwhile."""

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from tanzhao.documents.models import FileText
from tanzhao.rectification.actions import comparing
from tanzhao.rectification.actions.comparing import compare_writings
from tanzhao.rectification.models import Likeness, Writing
from tests.factories import NOON, ItemFactory
from tests.rectification.factories import FileTextFactory, WritingFactory

pytestmark = pytest.mark.django_db
WORDS = (
    "收到反馈意见后，局党组先后三次召开专题会议研究公务接待问题，把每一笔支出同公函逐一核对。"
    "经查，无公函接待共计十四批次，涉及金额四万八千六百元，已由经办人员全部退缴县财政专户。"
)


@pytest.fixture(autouse=True)
def no_words_of_steps(monkeypatch):
    """The texts are made below; the words of the steps say nothing."""
    monkeypatch.setattr(comparing, "keep_typed_text", lambda **_values: None)


def _hand_in(number):
    text = f"{WORDS}第{number}次报告。"
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    FileTextFactory(sha256=sha256, text=text)
    return WritingFactory(
        kind="progress", item=ItemFactory(), sha256=sha256, state="waiting",
        handed_in_at=NOON + dt.timedelta(minutes=number),
    )  # fmt: skip


def _writings(*keys):
    found = Writing.objects.filter(pk__in=keys) if keys else Writing.objects.all()
    return list(found.order_by("handed_in_at").select_related("step", "piece__file", "item"))


def _pairs():
    return set(Likeness.objects.values_list("later", "earlier"))


def _once_scanned(do):
    """Give a watch that does something once, when the scan is done and before it is kept."""
    left = [do]

    def watch(stage, _done, _of):
        if stage == "comparing" and left:
            left.pop()()
        return False

    return watch


def test_what_another_worker_compares_meanwhile_keeps_its_questions():
    old = _hand_in(0)
    compare_writings(writings=_writings(), clock=timezone.now)
    fresh = [_hand_in(1), _hand_in(2)]

    def other_worker():
        late = _hand_in(3)
        compare_writings(writings=_writings(late.pk), clock=timezone.now)
        assert (late.pk, old.pk) in _pairs()

    compare_writings(
        writings=_writings(*(one.pk for one in fresh)),
        clock=timezone.now,
        watch=_once_scanned(other_worker),
    )

    assert len(_pairs()) == 6


def test_what_is_erased_while_everything_is_scanned_is_asked_about_no_more():
    first, erased, last = (_hand_in(number) for number in range(3))
    watch = _once_scanned(FileText.objects.filter(sha256=erased.sha256).delete)

    tally = compare_writings(writings=_writings(), clock=timezone.now, watch=watch)

    assert (tally.compared, tally.found) == (2, 1)
    assert _pairs() == {(last.pk, first.pk)}
    erased.refresh_from_db()
    assert erased.state == "waiting"  # the next comparing says why it is none


def test_what_was_asked_about_a_text_that_is_gone_now_stays_for_a_person():
    first, second = _hand_in(0), _hand_in(1)
    compare_writings(writings=_writings(), clock=timezone.now)
    FileText.objects.filter(sha256=first.sha256).delete()
    fresh = [_hand_in(2), _hand_in(3)]

    compare_writings(writings=_writings(*(one.pk for one in fresh)), clock=timezone.now)

    assert (second.pk, first.pk) in _pairs()
    assert len(_pairs()) == 4
