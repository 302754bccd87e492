"""A store that remembers: the plainest that does what `Known` promises."""

import numpy as np

from tanzhao.engines.likeness import compare_with, prints_of
from tanzhao.engines.likeness.known import Postings


class Remembered:
    """Documents one after the other, with the pairs found so far."""

    def __init__(self, settings, *, allowed=(), templates=None):
        self.settings, self.allowed, self.templates = settings, allowed, templates
        self.texts, self.prints, self.pairs = {}, {}, {}

    def postings(self, hashes):
        asked = set(hashes.tolist())
        rows = [
            (one, owner, start, end)
            for owner, prints in enumerate(self.prints.values())
            for one, start, end in zip(*(column.tolist() for column in prints), strict=True)
            if one in asked
        ]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        return Postings(
            columns[0], *(column.astype(np.int32) for column in columns[1:]), list(self.prints)
        )

    def text(self, key):
        return self.texts[key]

    def partners(self, key):
        return {
            left if right == key else right for left, right in self.pairs if key in (left, right)
        }

    def add(self, key, text):
        """Compare a document, remember it, and give what was found."""
        found = compare_with(
            self, key, text, self.settings, allowed=self.allowed, templates=self.templates
        )
        for gone in found.gone:
            del self.pairs[gone]
        self.pairs |= {(pair.left, pair.right): pair for pair in found.pairs}
        self.texts[key], self.prints[key] = text, prints_of(text, self.settings)
        return found
