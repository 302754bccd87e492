"""Pairs of neighbouring characters, by which Chinese is found without cutting it into words."""

from collections.abc import Iterator
from itertools import pairwise


def bigrams(*texts: str) -> list[str]:
    """Give every pair of neighbouring letters or digits in the texts, each once, in order.

    Case is folded, and a pair never reaches over a blank, a punctuation mark or the end of a
    text. A text that holds a word holds all the word's pairs; the converse has to be checked.
    """
    return sorted({one + two for text in texts for one, two in _pairs(text.casefold())})


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    return (pair for pair in pairwise(text) if pair[0].isalnum() and pair[1].isalnum())
