"""The kernels once more in plain Python, written to be read: what they are tested against."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from tanzhao.engines.likeness import letters as folding
from tanzhao.engines.likeness.alignment import (
    FURTHER,
    FURTHER_APART,
    LEAST_GAIN,
    MANY,
    NEARBY,
    NEARBY_APART,
)
from tanzhao.engines.likeness.prints import LEAST_SENTENCE

_MASK = (1 << 64) - 1
_NOTHING_ELSE = {folding.LEFT_OUT, folding.BLANK, folding.JOINING}


class PlainLetter(NamedTuple):
    """A letter: its sign, its characters, and whether a sentence or a line begins with it."""

    sign: int
    start: int
    end: int
    first: int


def letters_of(text: str) -> list[PlainLetter]:
    """Give the letters of a text, as letters.letters_of does."""
    letters: list[PlainLetter] = []
    begun: int | None = None
    before = folding.LEFT_OUT
    spelling = 0
    number_open = False

    def put(sign: int, place: int) -> None:
        nonlocal begun
        first = folding.LINE if begun is None else folding.WITHIN
        begun = len(letters) if begun is None else begun
        letters.append(PlainLetter(sign, place, place + 1, first))

    for place, character in enumerate(text):
        for kind in folding.folded(character):
            if kind == folding.FULL_STOP:
                after = [folding.folded(one) for one in text[place + 1 : place + 2]]
                blank = after in ([], [[folding.BLANK]], [[folding.LINE_END]])
                kind = folding.MARK if blank else folding.LEFT_OUT
            if kind in (folding.LINE_END, folding.MARK):
                if kind == folding.MARK and begun is not None:
                    letters[begun] = letters[begun]._replace(first=folding.SENTENCE)
                begun, number_open = None, False
            elif kind == folding.DIGIT:
                if number_open:
                    letters[-1] = letters[-1]._replace(end=place + 1)
                else:
                    put(folding.NUMBER, place)
                    number_open = True
            elif kind >= 0x2E80:
                put(kind if kind < 0x10000 else 0xE000 + kind % 0x1900, place)
                number_open = False
            elif kind not in _NOTHING_ELSE:
                if before < 0x30 or before >= 0x2E80:
                    # A word begins: FNV-1a over its letters, in 32 bits.
                    put(0, place)
                    spelling = 2166136261
                number_open = False
                spelling = ((spelling ^ kind) * 16777619) & 0xFFFFFFFF
                sign = 2 + (spelling ^ spelling >> 15) % (0x2E80 - 2)
                letters[-1] = letters[-1]._replace(sign=sign, end=place + 1)
            if kind != folding.JOINING:
                before = kind
    return letters


def prints_of(text: str, gram: int, window: int) -> list[tuple[int, int, int]]:
    """Give (hash, first letter, last letter + 1) of the prints of a text, as prints.winnow does."""
    prints = []
    letters = letters_of(text)
    begins = [k for k, letter in enumerate(letters) if letter.first]
    for begin, end in pairwise([*begins, len(letters)]):
        signs = [letter.sign for letter in letters[begin:end]]
        if len(signs) < gram:
            if len(signs) >= LEAST_SENTENCE:
                prints.append((_hash(signs, len(signs)), begin, end))
            continue
        hashes = [_hash(signs[k : k + gram], 0) for k in range(len(signs) - gram + 1)]
        prints += [(hashes[k], begin + k, begin + k + gram) for k in _winnowed(hashes, window)]
    return prints


def _winnowed(hashes: Sequence[int], window: int) -> list[int]:
    """Robust winnowing: of each window the least hash, the one kept before or the rightmost."""
    kept: list[int] = []
    for begin in range(max(1, len(hashes) - window + 1)):
        places = range(begin, min(begin + window, len(hashes)))
        least = min(hashes[k] for k in places)
        if not (kept and kept[-1] in places and hashes[kept[-1]] == least):
            kept.append(max(k for k in places if hashes[k] == least))
    return kept


def _hash(signs: Iterable[int], start: int) -> int:
    value = start
    for sign in signs:
        value = (value * 0x9E3779B97F4A7C15 + sign) & _MASK
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return (value ^ value >> 31) >> 32


def holders_of(prints: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    """Give who has each print that at least two documents have; `prints`: document to hashes."""
    holders: dict[int, list[int]] = {}
    for document in sorted(prints):
        for one in set(prints[document]):
            holders.setdefault(one, []).append(document)
    return {one: held for one, held in sorted(holders.items()) if len(held) > 1}


def extended(
    a: Sequence[int],
    b: Sequence[int],
    covered: Sequence[bool],
    i: int,
    j: int,
    step: int,
    sure: int,
) -> list[tuple[int, int]]:
    """Give the places of equal letters met from (i, j) on, as alignment.extended does."""
    met: list[tuple[int, int]] = []
    while True:
        mine, theirs = _ahead(a, i, step, covered), _ahead(b, j, step)
        straight = 0
        while straight < min(len(mine), len(theirs)) and mine[straight] == theirs[straight]:
            straight += 1
        met += [(i + step * k, j + step * k) for k in range(straight)]
        i, j = i + step * straight, j + step * straight
        mine, theirs = mine[straight:], theirs[straight:]
        way = _way_on(mine[:NEARBY], theirs[:NEARBY], NEARBY_APART)
        if not way and len(met) + sure >= MANY:
            way = _way_on(mine[:FURTHER], theirs[:FURTHER], FURTHER_APART)
        if not way:
            return met
        for (row, column), (next_row, next_column) in pairwise(way):
            one_each = next_row > row and next_column > column
            if one_each and mine[row] == theirs[column]:
                met.append((i + step * row, j + step * column))
        i, j = i + step * way[-1][0], j + step * way[-1][1]


def _ahead(signs: Sequence[int], at: int, step: int, covered: Sequence[bool] = ()) -> Sequence[int]:
    """Give the letters from a place on in one direction, up to one masked or covered."""
    letters = []
    while 0 <= at < len(signs) and signs[at] != folding.MASKED:
        if covered and covered[at]:
            break
        letters.append(signs[at])
        at += step
    return letters


def _way_on(a: Sequence[int], b: Sequence[int], apart: int) -> list[tuple[int, int]]:
    """Give the cells (letters of a, letters of b) of the best alignment that begins with both.

    It ends where it is worth most; nothing if it is worth too little there. The two sides never
    get further apart than `apart`, and no row is looked at behind one that has fallen too far back.
    """
    scores: dict[tuple[int, int], int] = {(0, 0): 0}
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    best = (0, 0)
    for row in range(len(a) + 1):
        columns = range(max(0, row - apart), min(len(b), row + apart) + 1)
        for column in columns:
            if row == column == 0:
                continue
            equal = row > 0 and column > 0 and a[row - 1] == b[column - 1]
            # Of ways that are worth the same: a letter each, then one of a, then one of b.
            ways = [((row - 1, column - 1), 2 if equal else -1)]
            ways += [((row - 1, column), -1), ((row, column - 1), -1)]
            known = [(scores[cell] + worth, cell) for cell, worth in ways if cell in scores]
            scores[row, column], came_from[row, column] = max(known, key=lambda one: one[0])
            if scores[row, column] > scores[best]:
                best = row, column
        if not columns or max(scores[row, k] for k in columns) < scores[best] - apart - 8:
            break
    if scores[best] < LEAST_GAIN:
        return []
    way = [best]
    while way[-1] != (0, 0):
        way.append(came_from[way[-1]])
    return way[::-1]
