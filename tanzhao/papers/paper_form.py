"""The working paper 问题底稿 as a form to be printed and signed. Pure: no records, no clock."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tanzhao.documents.official import Cell, Form, Line, OfficialPaper
from tanzhao.documents.official.words import date_chinese, name_chinese, period_chinese
from tanzhao.documents.phrases import Phrases

# Millimetres. The head of the form takes them as 1, 2, 1, 2 columns, the evidence as 1, 1, 1, 2, 1.
WIDTHS = (24, 52, 22, 22, 18, 18)
ALL = len(WIDTHS)
ANSWERS = {"yes": "former", "no": "not_former", "not_applicable": "not_applicable"}
SIGNED_HEIGHT = 19  # millimetres, room for a signature by hand
TEXT_HEIGHT = 12


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact and the way it is known; `evidence` are the numbers of the pieces."""

    what: str
    method: str
    when: str = ""
    where: str = ""
    how_much: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    number: str
    name: str
    kind: str
    source: str = ""
    page: str = ""
    is_original: bool = False
    is_set_aside: bool = False


@dataclass(frozen=True, slots=True)
class DistinctionLine:
    """One of the Three Distinctions; `answer` is yes, no, not_applicable, or "" if not given."""

    question: str
    answer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A step of review: handler, deputy, leader or office. Without signers it is still open."""

    step: str
    signers: tuple[tuple[str, dt.date], ...] = ()
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """All that a working paper says."""

    number: str
    drawn_up_on: dt.date
    round: str
    team: str
    first_day: dt.date
    last_day: dt.date
    unit: str
    title: str
    handlers: tuple[str, ...]
    overview: str = ""
    facts: tuple[FactLine, ...] = ()
    basis: str = ""
    responsibility: str = ""
    effect: str = ""
    principal_said: str = ""
    distinctions: tuple[DistinctionLine, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    signatures: tuple[SignatureLine, ...] = ()
    is_void: bool = False


def paper_form(values: PaperForm, phrases: Phrases) -> OfficialPaper:
    """Set a working paper as a form: head, matter, evidence, signatures."""
    say = phrases.say
    head = Line(
        say("number") + (values.number or say("unnumbered")),
        say("drawn_up") + date_chinese(values.drawn_up_on),
    )
    rows = (
        *_head(values, phrases),
        *_matter(values, phrases),
        *_evidence(values.evidence, phrases),
        *(_signature(line, phrases) for line in values.signatures),
    )
    title = say("title") + (say("void") if values.is_void else "")
    return OfficialPaper(title=title, body=(head, Form(WIDTHS, rows)))


def _head(values: PaperForm, phrases: Phrases) -> Iterator[tuple[Cell, ...]]:
    period = period_chinese(values.first_day, values.last_day)
    handlers = "、".join(map(name_chinese, values.handlers))
    yield (
        *_pair("round", values.round, phrases, span=2),
        *_pair("team", values.team, phrases, span=2),
    )
    yield (
        *_pair("unit", values.unit, phrases, span=2),
        *_pair("handlers", handlers, phrases, span=2),
    )
    yield _pair("period", period, phrases)
    yield _pair("name", values.title, phrases)


def _matter(values: PaperForm, phrases: Phrases) -> Iterator[tuple[Cell, ...]]:
    texts = {
        "overview": values.overview,
        "facts": "\n".join(_facts(values.facts, phrases)),
        "basis": values.basis,
        "responsibility": values.responsibility,
        "effect": values.effect,
        "principal_said": values.principal_said,
        "distinctions": "\n".join(_distinctions(values.distinctions, phrases)),
    }
    for key, text in texts.items():
        yield _pair(key, text, phrases, least_height=TEXT_HEIGHT)


def _pair(
    key: str, text: str, phrases: Phrases, *, span: int = ALL - 1, least_height: float = 9
) -> tuple[Cell, ...]:
    label = Cell(phrases.say(key), is_label=True)
    return label, Cell(text, span=span, least_height=least_height)


def _facts(facts: Sequence[FactLine], phrases: Phrases) -> Iterator[str]:
    for number, fact in enumerate(facts, start=1):
        known = {
            "method": fact.method,
            "when": fact.when,
            "where": fact.where,
            "how_much": fact.how_much,
            "evidence": "、".join(fact.evidence),
        }
        about = "；".join(f"{phrases.say(key)}：{said}" for key, said in known.items() if said)
        yield f"{number}.{fact.what.strip()}"
        yield f"〔{about}〕"


def _distinctions(lines: Sequence[DistinctionLine], phrases: Phrases) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        answer = phrases.say(ANSWERS.get(line.answer, "unanswered"))
        reason = f"。{line.reason.strip().rstrip('。')}" if line.reason.strip() else ""
        yield f"{number}.{line.question}：{answer}{reason}。"


def _evidence(lines: Sequence[EvidenceLine], phrases: Phrases) -> Iterator[tuple[Cell, ...]]:
    say = phrases.say
    yield (Cell(say("evidence_list"), span=ALL, is_label=True),)
    spans = {"number": 1, "name": 1, "kind": 1, "source": 2, "original": 1}
    yield tuple(Cell(say(f"column_{key}"), span, is_label=True) for key, span in spans.items())
    for line in lines:
        mark = say("set_aside") if line.is_set_aside else ""
        source = "\n".join(part for part in (line.source, line.page) if part)
        yield (
            Cell(line.number, align="center"),
            Cell(line.name + mark),
            Cell(line.kind, align="center"),
            Cell(source, span=2),
            Cell(say("original" if line.is_original else "copy"), align="center"),
        )
    if not lines:
        yield (Cell(say("no_evidence"), span=ALL, align="center"),)


def _signature(line: SignatureLine, phrases: Phrases) -> tuple[Cell, ...]:
    label = Cell(phrases.say(f"sign_{line.step}"), is_label=True)
    closing = "\n".join(
        phrases.say("signed", signer=name_chinese(name), day=date_chinese(day))
        for name, day in line.signers
    )
    opinion = (line.opinion or phrases.say("agreed")) if line.signers else ""
    answer = Cell(
        "" if line.step == "handler" else opinion,
        span=ALL - 1,
        least_height=SIGNED_HEIGHT,
        closing=closing or phrases.say("unsigned"),
    )
    return label, answer
