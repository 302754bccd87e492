"""Keeping what a comparison found: questions, each asked once, and common passages."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tanzhao.audit.verbs import Verb
from tanzhao.engines.likeness.texts import CommonPassage as FoundCommon
from tanzhao.engines.likeness.texts import Found, Holder, Pair, Passage
from tanzhao.kernel.turns import take_turns
from tanzhao.rectification.actions.stepping import note_in_trail
from tanzhao.rectification.models import CommonHolder, CommonPassage, Likeness, Writing
from tanzhao.rectification.states import Relation, WritingKind, WritingState

THOUSAND = 1000
BATCH = 500
SHARES = ("later_share", "earlier_share")
FROM_A_COMPARISON = ("relation", "passages", "passage_count", "letters", *SHARES)
# Two common passages that overlap by more than this share of either are one.
SAME_PLACE = 0.6

type Key = tuple[UUID, UUID]  # later, earlier


def _none_came(_keys: Iterable[UUID]) -> Collection[UUID]:
    return ()


@dataclass(frozen=True)
class Compared:
    """What comparing some writings found.

    `writings`: those that are compared now. `found`: pairs of them, and of others that changed by
    them; with `found.gone`, pairs of others that are none any more. `from_templates`: of a
    writing, by the key of the template, how long the two texts are, in characters, and the
    passages they share. `fresh`: all that the same work compares, these among them: of two, the
    later one decides whether they are alike, since that is where a person is asked.
    `came_since`: gives those of some writings that these were not held against, since they came
    while it was done: what another worker asks about them is not taken back.
    """

    writings: Collection[UUID]
    found: Found
    from_templates: Mapping[UUID, Mapping[str, tuple[int, int, Sequence[Passage]]]]
    fresh: Collection[UUID]
    came_since: Callable[[Iterable[UUID]], Collection[UUID]] = _none_came

    def is_decided_here(self, later: UUID, earlier: UUID) -> bool:
        """Say whether a pair is decided by the writings compared now, or by none of the fresh."""
        if later in self.fresh:
            return later in self.writings
        return earlier not in self.fresh or earlier in self.writings


@transaction.atomic
def keep_found(*, compared: Compared, fingerprint: str, at: datetime) -> int:
    """Keep what was found at some writings. Doing it twice, or twice at once, keeps it once.

    What a person has answered stays as they saw it. A question nobody has answered is taken back
    when it is none any more: settings, allowed wording or templates have changed, or what they
    share has become common wording.

    Returns: how many questions are new.
    """
    # Two that come at once name each other: without turns, each would wait for the other's row.
    take_turns("rectification.likeness")
    mine = _locked(compared.writings)
    others = {str(one.pk): one for one in _named_in(compared)} | mine
    found = compared.found
    rows = [
        _of_pair(pair, others)
        for pair in found.pairs
        if pair.left in others and pair.right in others
    ]
    rows += [
        _of_template(mine[str(writing)], others[key], *rest)
        for writing, templates in compared.from_templates.items()
        for key, rest in templates.items()
        if str(writing) in mine and key in others and rest[2]
    ]
    rows = [
        row
        for row in rows
        if _is_asked(row) and compared.is_decided_here(row.later_id, row.earlier_id)
    ]
    before = set(_at(mine).values_list("pk", flat=True))
    asked = {(row.later_id, row.earlier_id) for row in rows}
    none_more = {
        key: pair
        for key, *pair in _unanswered(_at(mine)).values_list("pk", "later", "earlier")
        if tuple(pair) not in asked and compared.is_decided_here(*pair)
    }
    newer = set(compared.came_since({one for pair in none_more.values() for one in pair}))
    _take_back(
        [key for key, pair in none_more.items() if newer.isdisjoint(pair)],
        [one for one in found.gone if compared.is_decided_here(*map(UUID, one))],
    )
    _write(rows, at)
    _keep_common(found.common, at)
    new = _at(mine).exclude(pk__in=before).values_list("later", "earlier")
    _note_new(new, mine, at)
    Writing.objects.filter(pk__in=[one.pk for one in mine.values()]).update(
        state=WritingState.COMPARED, compared_at=at, compared_with=fingerprint
    )
    return len(new)


@transaction.atomic
def keep_changed(*, pairs: Sequence[Pair], among: Collection[str], at: datetime) -> None:
    """Keep what is different now between writings that were all compared before: what they share
    has become more usual, or less.

    Args:
        pairs: all there are between these writings. among: the keys of the writings.
    """
    take_turns("rectification.likeness")
    nobody = Compared([], Found(tuple(pairs), ()), {}, ())
    others = {str(one.pk): one for one in _named_in(nobody)}
    rows = [_of_pair(one, others) for one in pairs if {one.left, one.right} <= others.keys()]
    now = {(row.later_id, row.earlier_id): row for row in rows if _is_asked(row)}
    there = Likeness.objects.exclude(relation=Relation.TEMPLATE).order_by()
    known = {
        (later, earlier): passages
        for later, earlier, passages in there.values_list("later", "earlier", "passages")
        if str(later) in among and str(earlier) in among
    }
    _write([row for key, row in now.items() if known.get(key) != row.passages], at)
    _take_back([], [(str(a), str(b)) for a, b in known.keys() - now.keys()])


def _locked(keys: Collection[UUID]) -> dict[str, Writing]:
    """Lock writings in one order, and read them afterwards; see kernel.locking.locked. One that is
    gone is left out."""
    rows = Writing.objects.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    return {str(one.pk): one for one in rows.select_related("item__finding")}


def _note_new(new: Iterable[Key], mine: Mapping[str, Writing], at: datetime) -> None:
    """Note in the trail where new questions are asked, once for each of these writings."""
    asked = Counter(str(later) if str(later) in mine else str(earlier) for later, earlier in new)
    for key, questions in sorted(asked.items()):
        writing = mine[key]
        if writing.item is not None:
            note_in_trail(
                Verb.LIKENESS_FOUND, writing.item, actor=None, at=at, writing=str(writing),
                questions=questions,
            )  # fmt: skip


def _at(writings: Mapping[str, Writing]) -> QuerySet[Likeness]:
    keys = [one.pk for one in writings.values()]
    found = Likeness.objects.filter(Q(later__in=keys) | Q(earlier__in=keys))
    return found.order_by()


def _named_in(compared: Compared) -> Iterable[Writing]:
    keys = {key for pair in compared.found.pairs for key in (pair.left, pair.right)}
    keys = keys.union(*compared.from_templates.values())
    return Writing.objects.filter(pk__in=keys).select_related("item")


def _write(rows: list[Likeness], at: datetime) -> None:
    for row in rows:
        row.found_at = at
    there = Likeness.objects.filter(later__in={row.later_id for row in rows}).exclude(answer="")
    answered = set(there.order_by().values_list("later", "earlier"))
    Likeness.objects.bulk_create(
        [row for row in rows if (row.later_id, row.earlier_id) not in answered],
        update_conflicts=True,
        unique_fields=["later", "earlier"],
        update_fields=FROM_A_COMPARISON,
        batch_size=BATCH,
    )


def _unanswered(found: QuerySet[Likeness]) -> QuerySet[Likeness]:
    """Those that go when they are none any more: nobody has answered or asked about them."""
    return found.filter(answer="", inquiries__isnull=True)


def _take_back(keys: list[UUID], gone: Iterable[tuple[str, str]]) -> None:
    """Delete questions by their keys, and the unanswered ones of two writings each."""
    for one, other in gone:
        either = Q(later=one, earlier=other) | Q(later=other, earlier=one)
        found = _unanswered(Likeness.objects.filter(either)).order_by()
        keys = [*keys, *found.values_list("pk", flat=True)]
    Likeness.objects.filter(pk__in=keys).delete()


def _is_asked(row: Likeness) -> bool:
    """Say whether two writings are compared at all; see `KnownWritings.beside`."""
    later, earlier = row.later, row.earlier
    if row.relation == Relation.TEMPLATE:
        return True
    twice = row.relation == Relation.OWN and later.sha256 == earlier.sha256
    return later.item_id != earlier.item_id and not twice


def _of_pair(pair: Pair, writings: Mapping[str, Writing]) -> Likeness:
    left, right = writings[pair.left], writings[pair.right]
    later, earlier = sorted((left, right), key=_came, reverse=True)
    passages = [(*one.left, *one.right, round(one.same * THOUSAND)) for one in pair.passages]
    shares = (pair.left_share, pair.right_share)
    if later is right:
        passages = [(c, d, a, b, same) for a, b, c, d, same in passages]
        shares = (pair.right_share, pair.left_share)
    return _likeness(later, earlier, passages, shares)


def _of_template(
    mine: Writing, template: Writing, length: int, other: int, passages: Sequence[Passage]
) -> Likeness:
    rows = [(*one.left, *one.right, round(one.same * THOUSAND)) for one in passages]
    shares = (
        min(1.0, sum(b - a for a, b, *_ in rows) / max(length, 1)),
        min(1.0, sum(d - c for _a, _b, c, d, _same in rows) / max(other, 1)),
    )
    return _likeness(mine, template, rows, shares)


def _likeness(
    later: Writing,
    earlier: Writing,
    passages: Iterable[tuple[int, ...]],
    shares: tuple[float, float],
) -> Likeness:
    ordered = [list(one) for one in sorted(passages)]
    return Likeness(
        later=later,
        earlier=earlier,
        relation=_relation(later, earlier),
        passages=ordered,
        passage_count=len(ordered),
        letters=sum(end - start for start, end, *_ in ordered),
        later_share=shares[0],
        earlier_share=shares[1],
    )


def _came(writing: Writing) -> tuple[datetime, str]:
    return writing.handed_in_at, str(writing.pk)


def _relation(later: Writing, earlier: Writing) -> Relation:
    if earlier.kind == WritingKind.TEMPLATE:
        return Relation.TEMPLATE
    own = later.item is not None and earlier.item is not None
    return (
        Relation.OWN
        if own and later.item.unit_id == earlier.item.unit_id  # type: ignore[union-attr]
        else Relation.OTHER_UNIT
    )


def _keep_common(commons: Iterable[FoundCommon], at: datetime) -> None:
    """Keep the wording that many share; its holders only ever become more. What comes from a
    template is said at each document instead."""
    for one in commons:
        if one.template:
            continue
        keys = {UUID(holder.key) for holder in one.holders}
        there = set(Writing.objects.filter(pk__in=keys).order_by().values_list("pk", flat=True))
        holders = [holder for holder in one.holders if UUID(holder.key) in there]
        held = _held_by(there)
        common = _known_common(holders, held) or _new_common(one.text, at)
        CommonHolder.objects.bulk_create(
            [
                CommonHolder(
                    common_id=common,
                    writing_id=holder.key,
                    start=holder.at.start,
                    end=holder.at.end,
                )
                for holder in holders
                if not any(row[0] == common for row in held.get(UUID(holder.key), ()))
            ],
            ignore_conflicts=True,
        )


def _new_common(text: str, at: datetime) -> UUID:
    key = hashlib.sha256(text.encode()).hexdigest()
    made, _new = CommonPassage.objects.get_or_create(
        key=key, defaults={"text": text, "found_at": at}
    )
    return made.pk


def _held_by(writings: Iterable[UUID]) -> Mapping[UUID, list[tuple[UUID, int, int]]]:
    """Give the common passages of writings, each with its place."""
    held: defaultdict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    rows = CommonHolder.objects.filter(writing__in=writings).order_by("common__found_at", "common")
    for writing, common, start, end in rows.values_list("writing", "common", "start", "end"):
        held[writing].append((common, start, end))
    return held


def _known_common(
    holders: Sequence[Holder], held: Mapping[UUID, Sequence[tuple[UUID, int, int]]]
) -> UUID | None:
    """Give the common passage that stands where this one was found: with more holders its ends
    may have moved a little."""
    for holder in holders:
        start, end = holder.at
        for common, begin, stop in held.get(UUID(holder.key), ()):
            overlap = min(end, stop) - max(start, begin)
            if overlap >= SAME_PLACE * max(end - start, stop - begin):
                return common
    return None
