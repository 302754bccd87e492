"""Finding what is alike: one writing after the other, or many at once by one scan of everything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from tanzhao.engines.likeness import compare_with, passages_between
from tanzhao.engines.likeness.texts import CommonPassage, Found, Passage
from tanzhao.rectification.actions.keeping import Compared, keep_changed, keep_found
from tanzhao.rectification.measures import Measures
from tanzhao.rectification.models import Writing

if TYPE_CHECKING:
    from tanzhao.rectification.known import KnownWritings
    from tanzhao.rectification.together import Together

# Writings whose questions are kept in one transaction.
KEPT_AT_ONCE = 50


class Watch(Protocol):
    """Hears how far the work is, and says whether it shall stop."""

    def __call__(self, stage: str, done: int, of: int) -> bool: ...


@dataclass
class Tally:
    """What a comparison did, in writings, and how many new questions it asked."""

    compared: int = 0
    short: int = 0
    unreadable: int = 0
    found: int = 0


@dataclass(frozen=True)
class Finder:
    """Compares writings whose prints are there with `known`, which has them too, and keeps what it
    finds as it goes: what is done before it is stopped stays done."""

    known: "KnownWritings"
    measures: Measures
    clock: Callable[[], datetime]
    watch: Watch
    tally: Tally

    def find(self, ready: Sequence[Writing]) -> None:
        """Compare writings, in the order in which they came, in the way that is sooner done."""
        # numpy; only in the worker.
        from tanzhao.rectification.together import Stopped, compare_together, is_worth_it

        if not is_worth_it(len(ready), self.known):
            self._one_by_one(ready)
            return
        try:
            watch = partial(self.watch, "scanning")
            together = compare_together(self.known, self.measures, watch)
        except Stopped:
            return
        self._keep_scanned(ready, together)

    def _one_by_one(self, ready: Sequence[Writing]) -> None:
        fresh = frozenset(one.pk for one in ready)
        for done, writing in enumerate(ready):
            if self.watch("comparing", done, len(ready)):
                return
            text = self.known.text_of(writing.sha256)
            if not text:
                continue  # erased this moment
            found = compare_with(
                self.known.beside(writing),
                str(writing.pk),
                text,
                self.measures.settings,
                allowed=self.measures.allowed,
                templates=self.measures.templates,
            )
            self._keep([writing], found, fresh)

    def _keep_scanned(self, ready: Sequence[Writing], together: "Together") -> None:
        """Keep what a scan found at some writings, and what it makes of others."""
        fresh = frozenset(one.pk for one in ready)
        done = 0
        for some in batched(ready, KEPT_AT_ONCE):
            if self.watch("comparing", done, len(ready)):
                return
            there = [one for one in some if self.known.is_known(one)]
            pairs = {(p.left, p.right): p for one in there for p in together.pairs_of(one, fresh)}
            # A scan takes long: what was erased since is told of no more.
            erased = self.known.erased_among({*map(str, (one.pk for one in there))}.union(*pairs))
            there = [one for one in there if str(one.pk) not in erased]
            kept = [pair for key, pair in pairs.items() if erased.isdisjoint(key)]
            common = {one.text: one for mine in there for one in together.common_of(mine)}
            self._keep(there, Found(tuple(kept), tuple(common.values())), fresh)
            done += len(some)
        self._keep_others(together, fresh)

    def _keep(self, writings: Sequence[Writing], found: Found, fresh: frozenset[UUID]) -> None:
        compared = Compared(
            writings=[one.pk for one in writings],
            found=found,
            from_templates={one.pk: self._from_templates(one, found.common) for one in writings},
            fresh=fresh,
            came_since=self.known.came_since,
        )
        fingerprint = self.measures.fingerprint
        self.tally.compared += len(writings)
        self.tally.found += keep_found(compared=compared, fingerprint=fingerprint, at=self.clock())

    def _from_templates(
        self, writing: Writing, common: Iterable[CommonPassage]
    ) -> dict[str, tuple[int, int, Sequence[Passage]]]:
        """Look up what a writing has of each template whose wording it shares: that makes no
        pair."""
        key = str(writing.pk)
        names = {
            one.template
            for one in common
            if one.template in self.measures.templates
            and any(holder.key == key for holder in one.holders)
        }
        if not names:
            return {}
        text = self.known.text_of(writing.sha256)
        settings, allowed = self.measures.settings, self.measures.allowed
        between = partial(passages_between, settings=settings, allowed=allowed)
        templates = {name: self.measures.templates[name] for name in sorted(names)}
        return {
            name: (len(text), len(template), between(text, template))
            for name, template in templates.items()
        }

    def _keep_others(self, together: "Together", fresh: frozenset[UUID]) -> None:
        """Keep what has changed between writings compared before: what they share may be more
        widely held now."""
        fingerprint = self.measures.fingerprint
        settled = Writing.objects.filter(compared_with=fingerprint).exclude(pk__in=fresh)
        keys = {str(one) for one in settled.order_by().values_list("pk", flat=True)}
        # Of what came after the scan began, or was erased, it can say nothing.
        keys &= self.known.place_of.keys()
        keys -= together.weak | self.known.erased_among(keys)
        pairs = [one for one in together.found.pairs if {one.left, one.right} <= keys]
        keep_changed(pairs=pairs, among=keys, at=self.clock())
