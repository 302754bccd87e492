"""The wording of a paper as plain values, and how two people's changes to it are put together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

TEXTS = ("title", "overview", "basis", "responsibility", "effect", "principal_said")


@dataclass(frozen=True)
class FactText:
    """One fact. `id` and `method` are the key of the row and the code of the vocabulary."""

    id: str
    what: str
    when: str = ""
    where: str = ""
    how_much: str = ""
    method: str = ""


@dataclass(frozen=True)
class Distinction:
    """The answer to one of the Three Distinctions; "" if it is not answered yet."""

    code: str
    answer: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Wording:
    """All that people write into a paper. `handlers` are keys of inspectors, sorted."""

    title: str = ""
    overview: str = ""
    basis: str = ""
    responsibility: str = ""
    effect: str = ""
    principal_said: str = ""
    facts: tuple[FactText, ...] = ()
    distinctions: tuple[Distinction, ...] = ()
    handlers: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(content: Mapping[str, Any]) -> Wording:
    """Read back what Wording.to_json gave."""
    texts = {name: content[name] for name in TEXTS}
    return Wording(
        **texts,
        facts=tuple(FactText(**fact) for fact in content["facts"]),
        distinctions=tuple(Distinction(**answer) for answer in content["distinctions"]),
        handlers=tuple(content["handlers"]),
    )


class ChangedBy(StrEnum):
    ME = "me"
    THEM = "them"
    BOTH = "both"


@dataclass(frozen=True)
class Difference:
    """One place where my wording and the saved one differ. None: not there."""

    key: str
    mine: Any
    theirs: Any
    changed_by: ChangedBy


def merged(
    base: Wording | None, mine: Wording, theirs: Wording, take_theirs: frozenset[str] = frozenset()
) -> tuple[Wording, list[Difference]]:
    """Put two people's changes of the same version together.

    What only one of them changed is taken from that one. What both changed is taken from me,
    unless its key is in `take_theirs`.

    Args:
        base: the version both started from; None if it is not known, and then all that
            differs counts as changed by both.
    Returns: the wording, and every place where mine and theirs differ, in the order of the form.
    """
    starts = _places(base) if base else {}
    ours, others = _places(mine), _places(theirs)
    differences: list[Difference] = []
    chosen: dict[str, Any] = {}
    for key in _in_order(ours, others):
        mine_, theirs_, start = ours.get(key), others.get(key), starts.get(key)
        who = ChangedBy.BOTH
        if base and theirs_ == start:
            who = ChangedBy.ME
        elif base and mine_ == start:
            who = ChangedBy.THEM
        if mine_ != theirs_:
            differences.append(Difference(key, mine_, theirs_, who))
        theirs_wins = who == ChangedBy.THEM or (who == ChangedBy.BOTH and key in take_theirs)
        chosen[key] = theirs_ if theirs_wins else mine_
    return _whole(chosen, mine), differences


def _places(wording: Wording) -> dict[str, Any]:
    places: dict[str, Any] = {name: getattr(wording, name) for name in TEXTS}
    places |= {f"fact:{fact.id}": fact for fact in wording.facts}
    places |= {f"distinction:{answer.code}": answer for answer in wording.distinctions}
    places["handlers"] = wording.handlers
    return places


def _in_order(ours: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    # Facts of theirs that I do not have come after mine.
    return list(dict.fromkeys([*ours, *others]))


def _whole(chosen: Mapping[str, Any], mine: Wording) -> Wording:
    facts = [value for key, value in chosen.items() if key.startswith("fact:") and value]
    answers = [value for key, value in chosen.items() if key.startswith("distinction:") and value]
    return replace(
        mine,
        **{name: chosen[name] for name in TEXTS},
        facts=tuple(facts),
        distinctions=tuple(answers),
        handlers=tuple(chosen["handlers"]),
    )
