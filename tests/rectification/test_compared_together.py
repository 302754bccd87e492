"""A whole round compared by one scan asks the same questions as its writings one by one."""

import dataclasses
import datetime as dt
import hashlib
import random

import pytest
from django.utils import timezone

from tanzhao.documents.models import FileText
from tanzhao.rectification import together
from tanzhao.rectification.actions import comparing, finding
from tanzhao.rectification.actions.comparing import compare_writings
from tanzhao.rectification.models import CommonPassage, Likeness, Writing
from tests.engines.likeness.generator import make_corpus
from tests.factories import NOON, ItemFactory, UnitFactory
from tests.rectification.factories import FileTextFactory, WritingFactory

pytestmark = pytest.mark.django_db
SENTENCES = (
    "收到反馈意见后，局党组先后三次召开专题会议研究公务接待问题，把每一笔支出同公函逐一核对。",
    "经查，无公函接待共计十四批次，涉及金额四万八千六百元，已由经办人员全部退缴县财政专户。",
    "城区老旧管网已完成勘测设计，第一标段于六月进场施工，目前累计铺设球墨铸铁管三点二公里。",
    "对负有直接责任的两名同志进行了谈话提醒，并在全局干部大会上通报了处理结果和整改时限。",
)


def _hand_in(item, text, number):
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if not FileText.objects.filter(sha256=sha256).exists():
        FileTextFactory(sha256=sha256, text=text)
    return WritingFactory(
        kind="progress", item=item, sha256=sha256, state="waiting",
        handed_in_at=NOON + dt.timedelta(minutes=number),
    )  # fmt: skip


def _writings():
    found = Writing.objects.exclude(kind="template").order_by("handed_in_at", "pk")
    return list(found.select_related("step", "piece__file", "item"))


def _asked():
    rows = Likeness.objects.order_by("later", "earlier")
    return list(rows.values_list("later", "earlier", "relation", "passages", "letters"))


@pytest.fixture(autouse=True)
def no_words_of_steps(monkeypatch):
    """The texts are made above; the words of the steps say nothing."""
    monkeypatch.setattr(comparing, "keep_typed_text", lambda **_values: None)


@pytest.fixture
def small_numbers(monkeypatch):
    """What more than one writing has counts a third; what more than three have is common."""
    real = comparing.measures_now

    def measures():
        found = real()
        settings = dataclasses.replace(found.settings, few=1, cap=3)
        return dataclasses.replace(found, settings=settings)

    monkeypatch.setattr(comparing, "measures_now", measures)


def _one_by_one(monkeypatch):
    monkeypatch.setattr(together, "is_worth_it", lambda _new, _known: False)


def _make_round(seed):
    """Papers of some items, copied among units; items that say the same in each of their papers,
    and one file that a unit hands in at several items."""
    rng = random.Random(seed)
    papers = list(make_corpus(seed, 100).documents.values())[:28]
    rng.shuffle(papers)
    units = [UnitFactory() for _ in range(5)]
    items = [ItemFactory(unit=units[n % 5]) for n in range(14)]
    number = 0
    for paper in papers:
        item = rng.choice(items)
        for _ in range(rng.choice((1, 1, 1, 2))):
            _hand_in(item, paper + f"\n第{number}次报告。" * (number % 2), number)
            number += 1
    for item in items[:3]:
        for _ in range(4):  # its own words, over and over, and once elsewhere
            _hand_in(item, "\n".join(rng.sample(SENTENCES, 3)), number)
            number += 1
    for item in items[::5]:  # of one unit
        _hand_in(item, SENTENCES[1] + SENTENCES[0], number)
        number += 1


@pytest.mark.parametrize("seed", range(2))
def test_one_scan_and_one_by_one_ask_the_same_questions(seed, monkeypatch):
    _make_round(seed)
    scanned = compare_writings(writings=_writings(), clock=timezone.now)
    asked, answers = _asked(), {one.pk: one.state for one in _writings()}
    assert scanned.found == len(asked) > 20

    Likeness.objects.all().delete()
    CommonPassage.objects.all().delete()
    Writing.objects.update(state="waiting", compared_with="")
    _one_by_one(monkeypatch)
    alone = compare_writings(writings=_writings(), clock=timezone.now)

    assert _asked() == asked
    assert {one.pk: one.state for one in _writings()} == answers
    assert (alone.compared, alone.short) == (scanned.compared, scanned.short)


def test_what_an_item_says_often_itself_is_still_asked_about(small_numbers, monkeypatch):
    text = SENTENCES[0] + SENTENCES[1]
    first = _hand_in(ItemFactory(), text, 0)
    own = ItemFactory()
    copies = [_hand_in(own, text + "另附。" * n, 1 + n) for n in range(4)]

    compare_writings(writings=_writings(), clock=timezone.now)

    # Five hold it, which is common by their number; but four of them are of one item.
    pairs = {(one.pk, first.pk) for one in copies}
    assert {(later, earlier) for later, earlier, *_rest in _asked()} == pairs
    asked = _asked()
    Likeness.objects.all().delete()
    Writing.objects.update(state="waiting", compared_with="")
    _one_by_one(monkeypatch)
    compare_writings(writings=_writings(), clock=timezone.now)
    assert _asked() == asked


def test_what_becomes_common_by_the_new_ones_is_asked_of_the_old_no_more(small_numbers):
    text = SENTENCES[2] + SENTENCES[3]
    for number in range(2):
        _hand_in(ItemFactory(), text, number)
    compare_writings(writings=_writings(), clock=timezone.now)
    assert Likeness.objects.count() == 1
    for number in range(2, 5):
        _hand_in(ItemFactory(), text, number)

    new = [one for one in _writings() if one.state == "waiting"]
    tally = compare_writings(writings=new, clock=timezone.now)

    assert (len(new), tally.compared, tally.found) == (3, 3, 0)
    assert Likeness.objects.count() == 0
    common = CommonPassage.objects.get()
    assert common.holders.count() == 5


@pytest.mark.parametrize(("stage", "kept"), [("scanning", 0), ("comparing", 2)])
def test_stopped_it_keeps_what_it_has_and_goes_on_later(stage, kept, monkeypatch):
    monkeypatch.setattr(finding, "KEPT_AT_ONCE", 2)
    for number in range(6):
        _hand_in(ItemFactory(), SENTENCES[0] + SENTENCES[1], number)
    seen = []

    def watch(at, done, of):
        seen.append((at, done, of))
        return at == stage and done >= 2

    tally = compare_writings(writings=_writings(), clock=timezone.now, watch=watch)

    assert tally.compared == kept
    assert [one.state for one in _writings()] == ["compared"] * kept + ["waiting"] * (6 - kept)
    assert {at for at, _done, _of in seen} == {"preparing", "scanning", stage}
    assert all(done <= of for _at, done, of in seen)
    rest = compare_writings(writings=_writings(), clock=timezone.now)
    assert rest.compared == 6 - kept
    assert Likeness.objects.count() == 15
    assert tally.found + rest.found == 15


def test_few_new_ones_beside_very_many_are_compared_one_by_one(monkeypatch):
    for number in range(3):
        _hand_in(ItemFactory(), SENTENCES[0] + SENTENCES[1], number)
    compare_writings(writings=_writings()[:1], clock=timezone.now)
    monkeypatch.setattr(together, "WORTH", 1)
    monkeypatch.setattr(together, "scan", lambda *_a, **_k: pytest.fail("a scan"))

    tally = compare_writings(writings=_writings(), clock=timezone.now)

    assert tally.compared == 2
    assert Likeness.objects.count() == 3
