"""The text of a report and of a feedback letter, sentence by sentence, each with its finding.

Pure: plain values in, plain values out. Standing words come from packs; official papers are in
Chinese, whoever reads the page.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from tanzhao.documents.official.words import date_chinese, level_number, period_chinese
from tanzhao.documents.phrases import Phrases

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_CLOSED = tuple("。！？；：")


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding as its report says it. Findings of one class stand together, in this order."""

    id: UUID
    serial: int
    title: str
    fact: str
    nature: str
    responsibility: str
    cause: str
    recommendation: str
    class_label: str
    subclass_label: str


@dataclass(frozen=True, slots=True)
class EngagementText:
    """What official papers call the engagement, its unit and its people."""

    unit: str
    team: str
    office: str
    leading_group: str
    round_name: str
    kind: str
    first_day: dt.date
    last_day: dt.date

    def places(self) -> dict[str, str]:
        """Give what fills the places of the same names in the packs."""
        return {
            "unit": self.unit,
            "team": self.team,
            "office": self.office,
            "leading_group": self.leading_group,
            "round": self.round_name,
            "kind": self.kind,
            "period": period_chinese(self.first_day, self.last_day),
        }


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `finding_id` is the finding that it is said of, None if of none."""

    text: str
    finding_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading of level 1 to 3 with its number, or a paragraph, which has level 0."""

    sentences: tuple[Sentence, ...]
    level: int = 0
    number: str = ""
    finding_id: UUID | None = None

    @property
    def is_heading(self) -> bool:
        return self.level > 0

    @property
    def text(self) -> str:
        """The sentences in one piece."""
        return "".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class ReportText:
    """A paper's text. Where its title is too long for a line it is broken between the parts."""

    title_parts: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The title in one piece."""
        return "".join(self.title_parts)


def compose_report(
    *,
    engagement: EngagementText,
    situation: str,
    findings: Sequence[FindingText],
    opinions: str,
    phrases: Phrases,
) -> ReportText:
    """Compose the report: situation, findings by class in three steps, opinions.

    Every sentence that says something of a finding carries its key.
    """
    blocks = [
        _heading(1, 1, phrases.say("situation")),
        *_paragraphs(situation),
        _heading(1, 2, phrases.say("problems")),
        *_finding_blocks(findings, phrases, with_responsibility=True),
        _heading(1, 3, phrases.say("opinions")),
        *_paragraphs(opinions),
    ]
    return ReportText(title_parts("title", engagement, phrases), tuple(blocks))


def compose_feedback(
    *,
    engagement: EngagementText,
    findings: Sequence[FindingText],
    opinions: str,
    plan_due: dt.date,
    rectify_by: dt.date,
    phrases: Phrases,
) -> ReportText:
    """Compose the feedback letter: what was inspected, the findings, opinions, the due dates.

    Who is responsible is said in the report and not repeated to the whole unit.
    """
    opening = phrases.say("opening", **engagement.places())
    demands = phrases.say(
        "demands_text",
        plan_due=date_chinese(plan_due),
        rectify_by=date_chinese(rectify_by),
        **engagement.places(),
    )
    blocks: list[Block] = [
        *_paragraphs(opening),
        _heading(1, 1, phrases.say("problems")),
        *_finding_blocks(findings, phrases, with_responsibility=False),
        _heading(1, 2, phrases.say("opinions")),
        *_paragraphs(opinions),
    ]
    if findings:
        blocks += [_heading(1, 3, phrases.say("demands")), *_paragraphs(demands)]
    return ReportText(title_parts("title", engagement, phrases), tuple(blocks))


def title_parts(key: str, engagement: EngagementText, phrases: Phrases) -> tuple[str, ...]:
    """Give a title of the pack in the parts that it may be broken between."""
    return tuple(phrases.say(key, **engagement.places()).split("|"))


def propose_situation(
    engagement: EngagementText,
    *,
    methods: Sequence[str],
    papers: int,
    findings: int,
    phrases: Phrases,
) -> str:
    """Say as much of the situation as the records know; the evaluation is left to the team."""
    ways = phrases.say("proposed_methods", methods="、".join(methods)) if methods else ""
    return phrases.say(
        "proposed_situation",
        methods=ways,
        papers=str(papers),
        findings=str(findings),
        **engagement.places(),
    )


def propose_opinions(findings: Sequence[FindingText]) -> str:
    """Gather the recommendations of the findings, the same one once, a line to each."""
    said = (finding.recommendation.strip() for finding in findings)
    return "\n".join(_closed(text) for text in dict.fromkeys(said) if text)


def _finding_blocks(
    findings: Sequence[FindingText], phrases: Phrases, *, with_responsibility: bool
) -> Iterator[Block]:
    if not findings:
        yield from _paragraphs(phrases.say("no_problems"))
    groups = groupby(findings, key=lambda finding: finding.class_label)
    for number, (label, members) in enumerate(groups, 1):
        if label:
            yield _heading(2, number, phrases.say("class", **{"class": label}))
        for place, finding in enumerate(members, 1):
            title = Sentence(_closed(finding.title or finding.subclass_label), finding.id)
            yield Block((title,), 3, level_number(3, place), finding.id)
            steps = [finding.fact, finding.nature]
            if with_responsibility:
                steps.append(finding.responsibility)
            said = [s for step in steps for s in _sentences(step, finding.id)]
            yield Block(tuple(said), finding_id=finding.id)


def _heading(level: int, number: int, text: str) -> Block:
    return Block((Sentence(text),), level, level_number(level, number))


def _paragraphs(text: str) -> Iterator[Block]:
    for line in text.splitlines():
        if line.strip():
            yield Block(tuple(_sentences(line)))


def _sentences(text: str, finding_id: UUID | None = None) -> list[Sentence]:
    """Split a text after its closing marks; the last sentence gets one if it has none."""
    parts = [part.strip() for part in _SENTENCE.findall(text)]
    parts = [part for part in parts if part]
    if parts:
        parts[-1] = _closed(parts[-1])
    return [Sentence(part, finding_id) for part in parts]


def _closed(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith(_CLOSED) else f"{text}。"
