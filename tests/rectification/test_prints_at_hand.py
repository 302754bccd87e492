"""The prints that a worker keeps at hand are those that the database holds at that moment."""

import datetime as dt
import random

import numpy as np
import pytest

from tanzhao.documents.models import FileText
from tanzhao.rectification import prints_at_hand as module
from tanzhao.rectification.known import KnownWritings
from tanzhao.rectification.measures import measures_now
from tanzhao.rectification.prints_at_hand import PLACE, PrintsAtHand
from tests.factories import NOON
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
