"""Memory is used again only once it was given back, and never for two arrays at a time."""

import random

import numpy as np

from tanzhao.engines.likeness.memory import Rooms

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
