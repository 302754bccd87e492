"""What people change when they copy: letters, words, names, sentences, their order.

The rate is the share of a copy's letters that differ from what was copied: taken away or put in,
whichever is more; for "order" those that stand elsewhere. test_generator.py measures it.

letters    letters here and there: another one (7 of 10), left out, or one put in after it
words      words of two letters: another such word
names      names, places, units, dates and amounts: they are about a sixth of the letters, so that
           at 0.2 and above all of them are others
sentences  whole sentences: left out, another in its place, or one put in after it, equally often
order      sentences change places in twos
mixed      half of the rate in words, a quarter in letters, a quarter in sentences

Quoted regulations stay as they are: who copies a quotation copies it word by word.
"""

import random
import re
from collections.abc import Callable
from functools import lru_cache

from tests.engines.likeness.papers import Said
from tests.engines.likeness.sentences import Cast, Writer, in_words, make_cast
from tests.engines.likeness.vocabulary import LETTERS, WORDS

EDITS = ("letters", "words", "names", "sentences", "order", "mixed")
KEPT = {"allowed", "lead"}
_TWO = [word for pool in ("verbs", "nouns", "modifiers") for word in WORDS[pool] if len(word) == 2]
# How many letters, words, names or sentences are touched for a rate of one: of five letters touched
# about four are lost, of three sentences touched two; one word in five is a number or one letter.
TOUCHED = {"letters": 1.2, "words": 1.25, "names": 5.5, "sentences": 1.4, "order": 1.1}
_PUNCTUATION = set("，。；：、“”（）《》〔〕,.")


def edited(
    said: list[Said], edit: str, rate: float, rng: random.Random, cast: Cast, writer: Writer
) -> list[Said]:
    """Change a copy. `cast` is of the paper copied from; `writer` writes what is put in."""
    if not rate:
        return said
    if edit == "mixed":
        said = _sentences(said, rate / 4, rng, writer)
        said = _each(said, lambda text: _words(text, rate / 2, rng))
        return _each(said, lambda text: _letters(text, rate / 4, rng))
    if edit == "letters":
        return _each(said, lambda text: _letters(text, rate, rng))
    if edit == "words":
        return _each(said, lambda text: _words(text, rate, rng))
    if edit == "names":
        return _names(said, rate, rng, cast)
    if edit == "order":
        return _order(said, rate, rng)
    return _sentences(said, rate, rng, writer)


def _each(said: list[Said], change: Callable[[str], str]) -> list[Said]:
    changed = []
    for one in said:
        if one.role not in KEPT and one.origin >= 0:
            text = change(one.text)
            # A sentence of which nothing is left is left as it was.
            if text and text != one.text:
                one = one._replace(text=text, verbatim=False)
        changed.append(one)
    return changed


def _letters(text: str, rate: float, rng: random.Random) -> str:
    draw, letters, count = rng.random, list(text), len(LETTERS)
    rate *= TOUCHED["letters"]
    for place, letter in enumerate(letters):
        if draw() >= rate or letter in _PUNCTUATION:
            continue
        how, other = draw(), LETTERS[int(draw() * count)]
        letters[place] = other if how < 0.7 else "" if how < 0.85 else letter + other
    return "".join(letters)


def _words(text: str, rate: float, rng: random.Random) -> str:
    draw, count = rng.random, len(_TWO)
    rate *= TOUCHED["words"]
    return "".join(
        _TWO[int(draw() * count)] if len(word) == 2 and draw() < rate else word
        for word in in_words(text)
    )


def _names(said: list[Said], rate: float, rng: random.Random, cast: Cast) -> list[Said]:
    new = make_cast(rng)
    others = dict(zip(cast.facts(), new.facts(), strict=True))
    part, draw = min(1.0, rate * TOUCHED["names"]), rng.random

    def other(found: re.Match[str]) -> str:
        return others[found[0]] if draw() < part else found[0]

    pattern = _pattern(cast)
    return _each(said, lambda text: pattern.sub(other, text))


@lru_cache(maxsize=8)
def _pattern(cast: Cast) -> re.Pattern[str]:
    longest = sorted(set(cast.facts()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest)))


def _sentences(said: list[Said], rate: float, rng: random.Random, writer: Writer) -> list[Said]:
    kept: list[Said] = []
    rate *= TOUCHED["sentences"]
    for one in said:
        how = rng.random() / rate if one.origin >= 0 and one.role == "own" else 1.0
        if how < 1 / 3:
            if one.ends and kept:
                kept[-1] = kept[-1]._replace(ends=True)
        elif how < 2 / 3:
            kept.append(Said(writer.sentence(), ends=one.ends))
        elif how < 1:
            kept += [one._replace(ends=False), Said(writer.sentence(), ends=one.ends)]
        else:
            kept.append(one)
    return kept if any(one.origin >= 0 for one in kept) else said


def _order(said: list[Said], rate: float, rng: random.Random) -> list[Said]:
    places = [i for i, one in enumerate(said) if one.origin >= 0 and one.role == "own"]
    moved = [place for place in places if rng.random() < rate * TOUCHED["order"] / 2]
    said = said.copy()
    for place, target in zip(moved, rng.sample(places, len(moved)), strict=True):
        # Two sentences change places; each line ends where it did.
        one, other = said[place], said[target]
        said[place] = other._replace(ends=one.ends)
        said[target] = one._replace(ends=other.ends)
    return said
