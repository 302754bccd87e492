"""Made-up papers with planted copies, decoys and the truth about them; seeded.

A paper is a function of the seed, the size and its number alone, so papers can be streamed and
50 000 of them need no more memory than one. Half of the papers are copied from or copy another:

whole        a whole paper under a new letterhead, by each kind of edits.py at 0 to 50 %
passage      2, 4 or 8 of its sentences in a paper otherwise the copier's own, word by word
edited       4 sentences, changed at 10 to 30 %
moved        a whole paper, its lines in another order
interleaved  8 sentences, one of the copier's own after each second one
split        8 sentences in two halves, far from each other and in the other order
family       a paper that three others copied, words at 0 or 10 %: each two of the four are a copy

Decoys: a few sentences that every office writes in each paper; one and the same sentence in two to
four papers; quoted regulations (`allowed` has their text); headings of forms; papers of the same
matter and form; papers with the same names and numbers. Common passages are held by more papers
than `cap`; half of them come from `templates`.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from tests.engines.likeness import papers, planting
from tests.engines.likeness.edits import edited
from tests.engines.likeness.papers import FORMS, Extras, Said
from tests.engines.likeness.planting import Copy, Span, key_of, planted
from tests.engines.likeness.sentences import Cast, Writer, make_cast
from tests.engines.likeness.vocabulary import TOPICS, WORDS

DECOYS = 0.03  # pairs of the same matter or the same cast, for each paper
PER_REGULATION = 60  # papers for each made-up regulation; one paper in four quotes one


@dataclass(frozen=True)
class Common:
    """A common passage: its text, who has it word by word and where, where it comes from."""

    text: str
    holders: tuple[tuple[str, Span], ...]
    template: str


@dataclass(frozen=True)
class Truth:
    """`other`: of each paper, the stretches that are nobody's own, by role (papers.Said)."""

    documents: int
    copies: tuple[Copy, ...]
    common: tuple[Common, ...]
    decoys: tuple[tuple[str, str, str], ...]  # left, right, "matter" or "cast"
    other: dict[str, dict[str, list[Span]]]


@dataclass(frozen=True)
class Corpus:
    """Papers by key, in order; the texts that are allowed; templates by name; the truth."""

    documents: dict[str, str]
    allowed: tuple[str, ...]
    templates: dict[str, str]
    truth: Truth


class Finished(NamedTuple):
    """A paper, and what is true of it: copies that it is the copier of, roles, common passages."""

    key: str
    text: str
    copies: list[Copy]
    other: dict[str, list[Span]]
    common: list[tuple[int, Span]]


def make_corpus(seed: int, size: int, *, cap: int = 20, share: float = 1.0) -> Corpus:
    """Make `size` papers, 100 or more; common passages are held by more than `cap` of them.

    `share` of the copies of `planting.SHARES` are planted: less is more like a real county.
    """
    maker = Maker(seed, size, cap=cap, share=share)
    documents: dict[str, str] = {}
    copies: list[Copy] = []
    other = {}
    holders: list[list[tuple[str, Span]]] = [[] for _ in maker.commons]
    for paper in maker.papers():
        documents[paper.key] = paper.text
        copies += paper.copies
        other[paper.key] = paper.other
        for tag, span in paper.common:
            holders[tag].append((paper.key, span))
    common = tuple(
        Common(_text(said), tuple(holders[tag]), maker.template_of(tag))
        for tag, said in enumerate(maker.commons)
    )
    truth = Truth(size, tuple(sorted(copies)), common, maker.decoys, other)
    return Corpus(documents, maker.allowed, maker.templates, truth)


def put_files(corpus: Corpus, folder: Path) -> None:
    """Write papers as text files named by their keys, and beside the folder what is true of them.

    `<folder>.truth.json` is what judge.py reads; `<folder>.allowed` and `<folder>.templates` hold
    texts for a pack.
    """
    for ending, texts in (
        ("", corpus.documents),
        (".allowed", {f"{n:03d}.txt": text for n, text in enumerate(corpus.allowed)}),
        (".templates", {f"{name}.txt": text for name, text in corpus.templates.items()}),
    ):
        place = folder.with_name(folder.name + ending)
        place.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
    file = folder.with_name(folder.name + ".truth.json")
    file.write_text(json.dumps(asdict(corpus.truth), ensure_ascii=False), encoding="utf-8")


class Maker:
    """The plan of a corpus: who copies whom, who quotes what. Papers are written when asked for."""

    def __init__(self, seed: int, size: int, *, cap: int = 20, share: float = 1.0) -> None:
        self.seed, self.size = seed, size
        rng = random.Random(f"{seed}/plan")
        self.roles, alone = planting.roles_of(rng, rng.sample(range(size), size), share)
        self._families: dict[int, list[int]] = {}
        for number, role in enumerate(self.roles):
            if role.kind == "family":
                self._families.setdefault(role.source, []).append(number)
        self._plan_decoys(alone)
        self._laws = [
            papers.regulation(random.Random(f"{seed}/law/{number}"))
            for number in range(max(6, size // PER_REGULATION))
        ]
        self.commons = [
            planting.common_passage(seed, tag) for tag in range(max(2, min(40, size // 200)))
        ]
        self._tags = self._handed_round(rng, len(self.commons), cap + 5, 2 * cap)
        self._lone = self._handed_round(rng, size // 12, 2, 4)

    @property
    def allowed(self) -> tuple[str, ...]:
        """What may be quoted."""
        return tuple(_text(law) for law in self._laws)

    @property
    def templates(self) -> dict[str, str]:
        """Every second common passage comes from a form with blanks."""
        return {
            self.template_of(tag): f"________情况登记表\n填表单位：____\n{_text(said)}\n签字：____"
            for tag, said in enumerate(self.commons)
            if tag % 2 == 0
        }

    def template_of(self, tag: int) -> str:
        """Which form a common passage comes from; "" if from none."""
        return "" if tag % 2 else f"form-{tag}"

    def papers(self) -> Iterator[Finished]:
        """Each paper in order."""
        counts = [len(said) for said in self.commons]
        for number in range(self.size):
            said = self._paper(number)
            text, spans = papers.laid_out(said)
            copies = self._copies(number, planting.taken_in(said, spans))
            other = planting.others_of(said, spans)
            common = planting.common_in(said, spans, counts)
            yield Finished(key_of(number), text, copies, other, common)

    def _plan_decoys(self, alone: list[int]) -> None:
        self._form_of: dict[int, int] = {}
        self._cast_of: dict[int, int] = {}
        decoys = []
        for number in range(min(len(alone) // 2, max(2, int(self.size * DECOYS)))):
            one, other = sorted(alone[2 * number : 2 * number + 2])
            self._form_of[other] = one
            if number % 2:
                self._cast_of[other] = one
            decoys.append((key_of(one), key_of(other), "cast" if number % 2 else "matter"))
        self.decoys = tuple(decoys)

    def _handed_round(
        self, rng: random.Random, count: int, least: int, most: int
    ) -> dict[int, list[int]]:
        """Hand each of `count` things to `least` to `most` papers: paper → things.

        Whoever copies a whole paper has nothing of their own to put them in.
        """
        held: dict[int, list[int]] = {}
        places = [n for n, role in enumerate(self.roles) if role.source < 0 or role.sentences]
        for thing in range(count):
            for number in rng.sample(places, min(rng.randint(least, most), len(places))):
                held.setdefault(number, []).append(thing)
        return held

    def _own(self, number: int) -> tuple[list[Said], Writer, Cast]:
        """The paper that its office wrote, or would have written."""
        rng = random.Random(f"{self.seed}/{number}")
        form_rng = random.Random(f"{self.seed}/form/{self._form_of.get(number, number)}")
        cast = make_cast(random.Random(f"{self.seed}/cast/{self._cast_of.get(number, number)}"))
        topic, form = form_rng.choice(tuple(TOPICS)), form_rng.choice(FORMS)
        stock = [[Said(text, "stock")] for text in rng.sample(WORDS["stock"], rng.randint(1, 4))]
        quoted = []
        if rng.random() < 0.25:
            law = rng.randrange(len(self._laws))
            quoted.append(papers.quotation(law, self._laws[law]))
        lone = [[planting.lone_sentence(self.seed, one)] for one in self._lone.get(number, ())]
        common = [self.commons[tag] for tag in self._tags.get(number, ())]
        extras = Extras(stock, lone, quoted, common)
        paper, writer = papers.own_paper(rng, topic, cast, form, extras)
        return paper, writer, cast

    def _paper(self, number: int) -> list[Said]:
        """The paper as it was handed in."""
        role = self.roles[number]
        own, writer, _cast = self._own(number)
        if role.source < 0:
            return own
        rng = random.Random(f"{self.seed}/copy/{number}")
        source, _writer, cast = self._own(role.source)
        taken = [said._replace(origin=place) for place, said in enumerate(source)]
        if role.sentences:
            taken = planting.run_of(rng, taken, role.sentences)
        else:
            taken = [said for said in taken if said.role != "head"]
        if role.kind == "moved":
            taken = planting.lines_moved(rng, taken)
        taken = edited(taken, role.edit, role.rate, rng, cast, writer)
        if role.sentences:
            return planting.put_in(rng, own, taken, role.kind)
        head = [said for said in own if said.role == "head"]
        return head[:-2] + taken + head[-2:]

    def _copies(self, number: int, taken: list[tuple[int, Span]]) -> list[Copy]:
        """What the paper copied, and what it shares with others that copied the same."""
        role = self.roles[number]
        if role.source < 0:
            return []
        there = papers.laid_out(self._own(role.source)[0])[1]
        matches = [(there[place], span) for place, span in taken]
        copies = [planted(role.source, number, role, matches)]
        for other in self._families.get(role.source, ()):
            if role.kind == "family" and other < number:
                paper = self._paper(other)
                places = dict(planting.taken_in(paper, papers.laid_out(paper)[1]))
                matches = [(places[place], span) for place, span in taken if place in places]
                copies.append(planted(other, number, role, matches))
        return copies


def _text(said: list[Said]) -> str:
    return "".join(one.text for one in said)
