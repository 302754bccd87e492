"""The prints that a worker keeps at hand are those that the database holds at that moment."""

import datetime as dt
import random
import sys
from unittest.mock import Mock

import numpy as np
import pytest
from django.tasks.signals import task_started

from tanzhao.documents.actions import erase_content
from tanzhao.documents.models import FileText
from tanzhao.rectification import prints_at_hand as module
from tanzhao.rectification.known import KnownWritings
from tanzhao.rectification.measures import measures_now
from tanzhao.rectification.prints_at_hand import PLACE, PrintsAtHand
from tests.factories import NOON, StoredFileFactory
from tests.rectification.factories import FileTextFactory, WritingFactory

pytestmark = pytest.mark.django_db


def _text(rng, **values):
    places = np.zeros(rng.randint(0, 40), dtype=PLACE)
    for place in places:
        start = rng.randrange(900)
        place["hash"], place["start"], place["end"] = rng.randrange(60), start, start + 6
    return FileTextFactory(prints=places.tobytes(), prints_made_with="m", **values)


def _rows_kept():
    """Give (hash of the text, print, start, end) of every print in the database, read plainly."""
    return sorted(
        (text.sha256, *map(int, place))
        for text in FileText.objects.filter(prints_made_with="m")
        for place in np.frombuffer(bytes(text.prints), dtype=PLACE)
    )


def _rows_at_hand(at_hand):
    names = {number: sha256 for sha256, number in at_hand.number_of.items()}
    places = at_hand.of(np.arange(60, dtype=np.uint32))
    rows = zip(*(column.tolist() for column in places), strict=True)
    return sorted((names[text], sign, a, b) for sign, text, a, b in rows if text in names)


@pytest.mark.parametrize("seed", range(5))
def test_what_came_was_read_anew_or_was_erased_is_seen_at_the_next_look(seed, monkeypatch):
    # Small, so that texts come in several loads and runs are put together, or are too large to be.
    for name, value in (("TEXTS_AT_ONCE", 3), ("PRINTS_AT_ONCE", 50), ("LARGEST_RUN", 300)):
        monkeypatch.setattr(module, name, value)
    rng = random.Random(seed)
    at_hand = PrintsAtHand("m")
    FileTextFactory(prints=None, prints_made_with="")

    for step in range(12):
        for _ in range(rng.randint(0, 9)):
            _text(rng)
        texts = list(FileText.objects.filter(prints_made_with="m").order_by("sha256"))
        for gone in rng.sample(texts, min(len(texts), rng.choice((0, 1, 8)))):
            gone.delete()
            if rng.random() < 0.5:
                _text(rng, sha256=gone.sha256, read_at=NOON + dt.timedelta(days=step + 1))
        at_hand.renew()

        assert _rows_at_hand(at_hand) == _rows_kept()
        # Nothing of an erased text is left in memory.
        assert sum(len(run.hashes) for run in at_hand._runs) == len(_rows_kept())


def test_a_text_that_two_writings_have_is_found_at_both_and_an_erased_one_at_none():
    measures = measures_now()
    rng = random.Random(1)
    shared, other = (_text(rng, text=name, sha256=name * 64, read_at=NOON) for name in ("a", "b"))
    FileText.objects.update(prints_made_with=measures.made_with)
    first, second = (
        WritingFactory(sha256=shared.sha256, handed_in_at=NOON + dt.timedelta(days=day))
        for day in (1, 0)
    )
    third = WritingFactory(sha256=other.sha256)

    def found():
        known = KnownWritings(measures)
        nobody = np.zeros(len(known._keys), dtype=np.bool_)
        places = known.postings(np.arange(60), nobody)
        return {places.keys[owner] for owner in places.owners}, len(places.hashes)

    count = len(shared.prints) // PLACE.itemsize
    both = 2 * count + len(other.prints) // PLACE.itemsize
    assert found() == ({str(first.pk), str(second.pk), str(third.pk)}, both)
    other.delete()
    assert found() == ({str(first.pk), str(second.pk)}, 2 * count)
    assert KnownWritings(measures)._keys == [str(second.pk), str(first.pk)]


def _a_task_starts():
    task_started.send(sender=None, task_result=Mock())


def test_the_prints_of_an_erased_file_are_gone_before_any_task(monkeypatch):
    measures = measures_now()
    rng = random.Random(3)
    erased, twin, kept = (StoredFileFactory(content__data=one) for one in (b"a", b"b", b"c"))
    StoredFileFactory(content__data=b"b", sha256=twin.sha256)  # the same bytes once more
    for one in (erased, twin, kept):
        _text(rng, sha256=one.sha256)
    FileText.objects.update(prints_made_with=measures.made_with)
    monkeypatch.setattr(module, "_AT_HAND", {})
    at_hand = module.prints_at_hand(measures.made_with)
    held = {one.sha256: at_hand._sizes[at_hand.number_of[one.sha256]] for one in (twin, kept)}

    erase_content(stored=erased)
    erase_content(stored=twin)
    assert erased.sha256 in at_hand.number_of
    _a_task_starts()

    assert at_hand.number_of.keys() == held.keys()
    assert sum(len(run.hashes) for run in at_hand._runs) == sum(held.values())


def test_a_process_that_compared_nothing_looks_nothing_up(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(module, "_AT_HAND", {})
    with django_assert_num_queries(0):
        _a_task_starts()

    monkeypatch.delitem(sys.modules, module.__name__)
    _a_task_starts()
    assert module.__name__ not in sys.modules


def test_a_fault_in_forgetting_stops_no_task(monkeypatch, caplog):
    monkeypatch.setattr(module, "forget_erased", lambda: 1 / 0)
    _a_task_starts()
    assert "could not be dropped" in caplog.text
