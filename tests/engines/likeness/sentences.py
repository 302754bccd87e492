"""Sentences of made-up papers: patterns with slots, so that hardly two are alike by accident."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.engines.likeness.vocabulary import GIVEN, SURNAMES, TOPICS, WORDS

# Letters in braces are slots; what stands between them is short, so that no two sentences
# share more than a few letters in a row unless one was copied from the other.
SLOTS = {
    "v": WORDS["verbs"],
    "a": WORDS["adverbs"],
    "m": WORDS["modifiers"],
    "n": WORDS["nouns"],
    "w": WORDS["actors"],
    "r": WORDS["results"],
    "c": WORDS["causes"],
    "g": WORDS["aims"],
    "l": WORDS["learnings"],
    "f": WORDS["feelings"],
    "o": WORDS["offices"],
}
WORK = """
{w}{a}{v}{m}{t}|对{m}{t}{a}{v}|{p}{t}由{q}{a}{v}|{t}{n}经{w}{v}后{r}|在{p}{v}{m}{n}{k}
涉及{y}，已{a}{v}{y}|{d}{w}{v}了{p}的{t}|{q}带队{a}{v}{t}|因{c}，{m}{t}{v}不够|为{g}，{a}{v}{n}和{t}
{t}方面{r}|{p}{k}{m}{t}已{v}|把{m}{n}与{t}一并{v}|由{w}会同{w}{v}{n}|{m}{n}{k}，{a}{v}{k}
以{t}为重点{a}{v}|{y}{t}款{a}{v}到{p}|至{d}{r}|{q}任组长，{q}负责{v}{n}|{a}{v}{p}{t}的{n}
{w}与{q}{v}{m}{n}|先{v}{t}，再{v}{m}{n}|凡{m}{n}一律{a}{v}|仍有{k}{t}未{v}|{t}从{k}增至{k}
{c}造成{p}{t}{v}滞后|{w}认领{m}{n}，{a}{v}|另有{y}{m}{n}待{v}|{t}不再{v}，改由{w}{v}|{d}前{v}{p}、{p}的{m}{n}
{q}就{t}向{w}作出{v}|{m}{t}的{n}{r}，{g}|{v}{k}{m}{n}，{v}{t}|请{w}{v}{m}{t}{n}|{p}群众对{t}{n}{r}
原定{d}{v}的{t}推到{d}|经{q}{v}，{m}{n}{r}|{t}按{n}{a}{v}|{v}{t}时{w}提出{m}{n}|多出的{y}已{v}，{r}
{n}归{w}{v}，{n}归{q}{v}|{u}{t}{r}，{p}{c}|{m}{t}占{k}|既{v}{t}，也{v}{n}|{a}{v}{t}{k}、{m}{n}{k}
"""
MEETING = """
{q}指出，{m}{t}要{a}{v}|{q}汇报了{p}{t}{n}|{w}提出{a}{v}{m}{n}|会议同意{v}{t}|会议要求{w}{a}{v}{n}
{q}认为{c}是{t}的主因|议定{d}前{v}{m}{t}|请{q}牵头{v}{n}|与会人员就{m}{n}{v}{t}|{o}{q}对{t}作了{v}
{q}补充说{p}{t}{r}|会上{v}了{k}{m}{n}|表决后{t}{r}|散会前{q}{v}了{n}|原则上{v}{m}{t}，{r}
"""
STUDY = """
我{a}读了{l}，{f}|联系{t}{n}，我{f}|{l}告诉我要{v}{m}{n}|想到{p}{t}，{f}|今后我要{a}{v}{t}
过去{v}{n}时{c}，现在{f}|{l}里讲的{m}{n}，{w}也有|{q}发言后我{f}|对照{l}，我在{t}上{c}|学{l}要落到{v}{t}上
笔记{k}，{l}占{k}|{d}夜里再读{l}|同{q}谈到{m}{t}时{f}|我所在的{w}{v}{t}，{r}|{l}与{l}讲的都是{g}
"""
PLANS = """
拟于{d}{v}{m}{t}|{w}为{t}责任单位|到{d}{t}{r}|分{k}批{a}{v}{m}{n}|{q}为{m}{n}直接责任人
安排{y}用于{v}{t}|由{w}拟定{n}，{w}{v}|力争{d}{v}{p}{t}|{m}{t}{a}{v}，{g}|未{v}的{n}由{q}{v}
"""
OPENERS, UNITS = WORDS["openers"], WORDS["units"]


@dataclass(frozen=True)
class Cast:
    """Who and what a paper is about: places, persons, amounts, dates and counts."""

    county: str
    town: str
    bureau: str
    places: tuple[str, ...]
    persons: tuple[str, ...]
    amounts: tuple[str, ...]
    dates: tuple[str, ...]
    counts: tuple[str, ...]

    def facts(self) -> tuple[str, ...]:
        """Every name and number, in an order that another cast's follow too."""
        own = (self.county, self.town, self.bureau)
        return (*own, *self.places, *self.persons, *self.amounts, *self.dates, *self.counts)


def make_cast(rng: random.Random) -> Cast:
    """Draw a cast. Its names are its own; those of two casts may be the same now and then."""
    dates = [_date(rng) for _ in range(6)]
    return Cast(
        county=_place(rng) + "县",
        town=_place(rng) + rng.choice(WORDS["town_tails"]),
        bureau=rng.choice(WORDS["bureaus"]),
        places=tuple(_place(rng) + rng.choice(WORDS["tails"]) for _ in range(7)),
        persons=tuple(_person(rng) for _ in range(8)),
        amounts=tuple(_amount(rng) for _ in range(9)),
        dates=tuple(dates),
        counts=tuple(f"{rng.randint(2, 480)}{rng.choice(UNITS)}" for _ in range(12)),
    )


class Writer:
    """Writes sentences about one matter with one cast."""

    def __init__(self, rng: random.Random, topic: str, cast: Cast, style: str) -> None:
        """`style`: "work", "meeting", "study" or "plan"."""
        self._draw = rng.random
        facts = {"p": cast.places, "q": cast.persons, "y": cast.amounts, "d": cast.dates}
        facts |= {"k": cast.counts, "u": (cast.town,), "t": tuple(TOPICS[topic])}
        self._pools = {slot: tuple(pool) for slot, pool in SLOTS.items()} | facts
        self._patterns = PATTERNS[style]

    def sentence(self) -> str:
        """One sentence of one to four clauses: about forty letters with its full stop."""
        draw = self._draw
        clauses = [self._clause() for _ in range(1 + int(draw() * 3.6))]
        while sum(map(len, clauses)) < 14:
            clauses.append(self._clause())
        opener = OPENERS[int(draw() * len(OPENERS))] if draw() < 0.2 else ""
        return opener + "，".join(clauses) + ("；" if draw() < 0.08 else "。")

    def heading(self) -> str:
        """A heading in the paper's own words, without its number."""
        return self._filled(HEADINGS[int(self._draw() * len(HEADINGS))])

    def _clause(self) -> str:
        return self._filled(self._patterns[int(self._draw() * len(self._patterns))])

    def _filled(self, pattern: list[str]) -> str:
        draw, pools, parts = self._draw, self._pools, pattern.copy()
        for place in range(1, len(parts), 2):
            pool = pools[parts[place]]
            parts[place] = pool[int(draw() * len(pool))]
        return "".join(parts)


def _compiled(*texts: str) -> list[list[str]]:
    """Patterns cut at their slots: words at even places, slots at odd ones."""
    lines = "|".join(text.strip().replace("\n", "|") for text in texts).split("|")
    return [re.split(r"\{(\w)\}", line) for line in lines]


PATTERNS = {
    "work": _compiled(WORK),
    "meeting": _compiled(MEETING, MEETING, WORK),
    "study": _compiled(STUDY, STUDY, STUDY, WORK),
    "plan": _compiled(PLANS, PLANS, PLANS, WORK),
}
HEADINGS = _compiled("{a}{v}{m}{t}|{m}{t}{r}|{v}{t}，{g}|{c}，{m}{n}{v}不力|{v}{m}{n}，{v}{t}")


def in_words(text: str) -> Iterable[str]:
    """Cut a text into pieces of two letters and single signs, as if they were words."""
    return re.findall(r"[一-鿿]{1,2}|\d[\d,.]*|.", text)


def _place(rng: random.Random) -> str:
    return rng.choice(WORDS["roots"]) + rng.choice(WORDS["middles"])


def _person(rng: random.Random) -> str:
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    return name + rng.choice(GIVEN) if rng.random() < 0.75 else name


def _amount(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return f"{rng.randint(1, 90000) / 100:g}万元"
    return f"{rng.randint(200, 99000):,}元"


def _date(rng: random.Random) -> str:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    form = rng.random()
    if form < 0.4:
        return f"{rng.randint(2022, 2026)}年{month}月{day}日"
    if form < 0.7:
        return f"{month}月{day}日"
    return f"{month}月{rng.choice(('底', '初', '中旬', '下旬', '上旬'))}"
