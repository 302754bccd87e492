"""Who copies whom, how what was copied is put in, and where it then stands in both papers."""

import random
from collections.abc import Iterable
from typing import NamedTuple

from tests.engines.likeness.edits import EDITS, KEPT
from tests.engines.likeness.papers import Said
from tests.engines.likeness.sentences import Writer, make_cast
from tests.engines.likeness.vocabulary import TOPICS

# Shares of all papers that are copies, by kind. About as many papers again are copied from.
SHARES = {
    "whole": 0.15,
    "passage-2": 0.05,
    "passage-4": 0.05,
    "passage-8": 0.05,
    "edited-4": 0.07,
    "moved": 0.02,
    "interleaved-8": 0.02,
    "split-8": 0.02,
    "family": 0.015,
}
RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
PASSAGE_EDITS = ("letters", "words", "names", "mixed")
FAMILY = 3  # papers that copied one and the same

Span = tuple[int, int]
Segment = tuple[Span, Span]


class Role(NamedTuple):
    """What a paper is: its kind, whom it copies (-1: nobody), how much, how changed."""

    kind: str = "own"
    source: int = -1
    sentences: int = 0
    edit: str = ""
    rate: float = 0.0


class Copy(NamedTuple):
    """What was planted: `left` < `right`, and the stretches of both that say the same.

    `rate` is by edits.py; `sentences` is how many were taken, 0 for a whole paper.
    """

    left: str
    right: str
    kind: str
    edit: str
    rate: float
    sentences: int
    segments: tuple[Segment, ...]


def roles_of(rng: random.Random, order: list[int], share: float) -> tuple[list[Role], list[int]]:
    """A role for each paper, and the papers that neither copy nor are copied from.

    Kinds of edits and rates go round, so that each comes as often as any other.
    """
    roles, left = [Role()] * len(order), order.copy()
    for name, part in SHARES.items():
        kind, _dash, sentences = name.partition("-")
        source = -1
        for count in range(max(FAMILY, round(part * share * len(order)))):
            copier = left.pop()
            if kind != "family" or count % FAMILY == 0:
                source = left.pop()
            edit, rate = "", 0.0
            if kind == "whole":
                edit, rate = EDITS[count % 6], RATES[count // 6 % 6]
            elif kind == "edited":
                edit, rate = PASSAGE_EDITS[count % 4], RATES[1 + count // 4 % 3]
            elif kind == "family":
                edit, rate = "words", RATES[count // FAMILY % 2]
            roles[copier] = Role(kind, source, int(sentences or 0), edit, rate)
    return roles, left


def run_of(rng: random.Random, paper: list[Said], count: int) -> list[Said]:
    """`count` own sentences in a row; where there is no such row, with what stands between."""
    own = [place for place, said in enumerate(paper) if said.role == "own"]
    starts = range(len(own) - count + 1)
    rows = [first for first in starts if own[first + count - 1] - own[first] == count - 1]
    first = rng.choice(rows or starts)
    return paper[own[first] : own[first + count - 1] + 1]


def put_in(rng: random.Random, own: list[Said], taken: list[Said], kind: str) -> list[Said]:
    """Put what was taken into a paper, after sentences that are the copier's own."""
    places = [place for place, said in enumerate(own) if said.role == "own"]
    if kind == "interleaved":
        first = rng.randrange(max(1, len(places) - 4))
        pieces = [taken[start : start + 2] for start in range(0, len(taken), 2)]
        at = places[first : first + len(pieces) - 1]
        at += at[-1:] * (len(pieces) - len(at))
    elif kind == "split":
        pieces = [taken[len(taken) // 2 :], taken[: len(taken) // 2]]
        third = len(places) // 3
        at = [rng.choice(places[:third]), rng.choice(places[-third:])]
    else:
        pieces, at = [taken], [rng.choice(places)]
    mixed = own.copy()
    for place, piece in sorted(zip(at, pieces, strict=True), key=lambda one: -one[0]):
        # Where a line ends before it, what was put in ends a line, too.
        last = piece[-1]._replace(ends=piece[-1].ends or own[place].ends)
        mixed[place + 1 : place + 1] = [*piece[:-1], last]
    return mixed


def lines_moved(rng: random.Random, paper: list[Said]) -> list[Said]:
    """The lines of a paper in another order."""
    lines: list[list[Said]] = [[]]
    for said in paper:
        lines[-1].append(said)
        if said.ends:
            lines.append([])
    rng.shuffle(lines)
    return [said for line in lines for said in line]


def taken_in(paper: list[Said], spans: list[Span]) -> list[tuple[int, Span]]:
    """Of each sentence that was copied: where it stood there, and where it stands here.

    Quoted regulations are left out: they are allowed.
    """
    return [
        (said.origin, span)
        for said, span in zip(paper, spans, strict=True)
        if said.origin >= 0 and said.role not in KEPT
    ]


def joined(matches: Iterable[Segment]) -> tuple[Segment, ...]:
    """Join stretches that follow each other in both papers, with at most a line's end between."""
    segments: list[Segment] = []
    for left, right in matches:
        if segments:
            (start, end), (other_start, other_end) = segments[-1]
            if 0 <= left[0] - end <= 1 and 0 <= right[0] - other_end <= 1:
                segments[-1] = (start, left[1]), (other_start, right[1])
                continue
        segments.append((left, right))
    return tuple(segments)


def planted(left: int, right: int, role: Role, matches: list[Segment]) -> Copy:
    """The copy of paper `left` in paper `right`; `matches` in the order of `right`."""
    segments = joined(matches)
    if left > right:
        left, right = right, left
        segments = tuple((there, here) for here, there in segments)
    kind, edit, rate, sentences = role.kind, role.edit, role.rate, role.sentences
    return Copy(key_of(left), key_of(right), kind, edit, rate, sentences, tuple(sorted(segments)))


def key_of(number: int) -> str:
    """What a paper is called."""
    return f"{number:05d}.txt"


def others_of(paper: list[Said], spans: list[Span]) -> dict[str, list[Span]]:
    """The stretches that are nobody's own, by role."""
    found: dict[str, list[Span]] = {}
    for said, span in zip(paper, spans, strict=True):
        if said.role not in {"own", "subheading"}:
            found.setdefault(said.role, []).append(span)
    return found


def common_in(paper: list[Said], spans: list[Span], counts: list[int]) -> list[tuple[int, Span]]:
    """Which common passages a paper has word by word and whole, and where."""
    found = []
    for place, said in enumerate(paper):
        if said.tag < 0 or (place and paper[place - 1].tag == said.tag):
            continue
        last = place + counts[said.tag] - 1
        whole = paper[place : last + 1]
        if len(whole) == counts[said.tag] and all(
            one.tag == said.tag and one.verbatim for one in whole
        ):
            found.append((said.tag, (spans[place][0], spans[last][1])))
    return found


def common_passage(seed: int, tag: int) -> list[Said]:
    """Two to four sentences that go round among offices."""
    rng = random.Random(f"{seed}/common/{tag}")
    writer = Writer(rng, rng.choice(tuple(TOPICS)), make_cast(rng), "work")
    return [Said(writer.sentence(), "common", tag=tag) for _ in range(rng.randint(2, 4))]


def lone_sentence(seed: int, number: int) -> Said:
    """One sentence of 20 to 40 letters that a few papers share."""
    rng = random.Random(f"{seed}/lone/{number}")
    writer = Writer(rng, rng.choice(tuple(TOPICS)), make_cast(rng), "work")
    while not 20 <= len(text := writer.sentence()) <= 40:
        pass
    return Said(text, "lone")
