"""Memory is used again only once it was given back, and never for two arrays at a time."""

import random

import numpy as np

from tanzhao.engines.likeness import memory, pairs, scan
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.settings import Settings
from tests.engines.likeness.generator import make_corpus

LARGE = 1 << 20  # so many numbers of four bytes are kept for others


def test_what_was_given_back_is_used_again_in_parts():
    rooms = Rooms()
    whole = rooms.take(4 * LARGE, np.int32)
    whole[:] = 7

    rooms.give_back(whole)
    first = rooms.take(2 * LARGE, np.int32)
    second = rooms.take(2 * LARGE, np.uint32)

    assert np.shares_memory(first, whole)
    assert np.shares_memory(second, whole)
    assert not np.shares_memory(first, second)


def test_neighbours_that_were_given_back_are_one_again():
    rooms = Rooms()
    whole = rooms.take(4 * LARGE, np.int32)
    rooms.give_back(whole)
    first, second = (rooms.take(LARGE + 3, np.int32) for _ in range(2))

    rooms.give_back(second)
    rooms.give_back(first)

    assert np.shares_memory(rooms.take(4 * LARGE, np.int32), whole)


def test_only_what_was_written_to_is_taken_back():
    rooms = Rooms()
    array = rooms.take(4 * LARGE, np.int32)

    rooms.give_back(array[:LARGE])

    assert np.shares_memory(rooms.take(LARGE, np.int32), array)
    assert not np.shares_memory(rooms.take(LARGE, np.int32), array)


def test_arrays_from_elsewhere_and_empty_ones_are_left_alone():
    rooms = Rooms()
    other = np.zeros(4 * LARGE, dtype=np.int32)

    rooms.give_back(other, rooms.take(0, np.int32), np.empty(0, dtype=np.int64))

    assert not np.shares_memory(rooms.take(LARGE, np.int32), other)


def test_whoever_has_an_array_has_it_alone():
    dice = random.Random(20261123)
    rooms = Rooms()
    held = []
    for number in range(300):
        if held and dice.random() < 0.5:
            array, mark = held.pop(dice.randrange(len(held)))
            assert (array == mark).all()
            rooms.give_back(array)
        array = rooms.take(dice.choice([0, 10, LARGE // 3, LARGE, 2 * LARGE]), np.int32)
        array[:] = number
        held.append((array, number))
    for array, mark in held:
        assert (array == mark).all()


def test_a_scan_reads_nothing_that_it_gave_back(monkeypatch):
    corpus = make_corpus(7, 100, cap=8)
    given_back = []

    class Spoiled(Rooms):
        """What is given back is written over, and what is taken is full of nonsense."""

        def take(self, size, dtype):
            array = super().take(size, dtype)
            array.view(np.uint8)[:] = 0xCD
            return array

        def give_back(self, *arrays):
            for array in arrays:
                if array.ctypes.data in self._given:
                    array.reshape(-1).view(np.uint8)[:] = 0xAB
                    given_back.append(array.nbytes)
            super().give_back(*arrays)

    def scanned():
        return scan(
            corpus.documents, Settings(cap=8), allowed=corpus.allowed, templates=corpus.templates
        )

    found = scanned()
    monkeypatch.setattr(memory, "_LARGE", 64)
    monkeypatch.setattr(pairs, "Rooms", Spoiled)

    assert scanned() == found
    assert len(given_back) > 5
    assert found.pairs
    assert found.common
