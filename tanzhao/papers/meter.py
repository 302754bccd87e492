"""The meter: what a paper must have before its handlers can sign it. Values in, values out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tanzhao.papers.states import DistinctionAnswer
from tanzhao.papers.wording import Distinction, Wording

LEAST_HANDLERS = 2


@dataclass(frozen=True)
class Paper:
    """A paper as the meter sees it.

    `evidence` has one entry for each piece that is not set aside: the key of its fact, or "".
    `questions` are the codes of the Three Distinctions.
    """

    wording: Wording
    evidence: tuple[str, ...] = ()
    questions: tuple[str, ...] = ("experience", "exploration", "development")


@dataclass(frozen=True)
class Requirement:
    """One thing a paper must have, whether it has it, and where on the form it is filled in.

    One that is only advised does not stand in the way of signing.
    """

    code: str
    label: str
    done: bool
    anchor: str
    advised: bool = False


def requirements(paper: Paper) -> list[Requirement]:
    """Say what a paper must have and what it has, in the order of the form."""
    wording = paper.wording
    handlers = _("At least two handlers")
    facts = [
        *_texts(wording, "title", "overview"),
        Requirement("handlers", handlers, len(wording.handlers) >= LEAST_HANDLERS, "handlers"),
        Requirement("facts", _("At least one fact"), bool(wording.facts), "facts"),
        Requirement(
            "methods",
            _("The method by which each fact is known"),
            bool(wording.facts) and all(fact.method for fact in wording.facts),
            "facts",
        ),
    ]
    answered = all(_is_answered(code, wording.distinctions) for code in paper.questions)
    return [
        *facts,
        *_texts(wording, "basis", "responsibility", "effect", "principal_said"),
        Requirement("distinctions", _("The Three Distinctions answered"), answered, "distinctions"),
        Requirement("evidence", _("At least one piece of evidence"), bool(paper.evidence), ""),
        Requirement(
            "evidence_of_facts",
            _("Evidence for each fact"),
            bool(wording.facts) and all(fact.id in paper.evidence for fact in wording.facts),
            "",
            advised=True,
        ),
    ]


def missing(paper: Paper) -> list[Requirement]:
    """Give what still stands in the way of signing, in the order of the form."""
    return [one for one in requirements(paper) if not one.done and not one.advised]


def _texts(wording: Wording, *names: str) -> list[Requirement]:
    labels = {
        "title": _("Title"),
        "overview": _("Overview"),
        "basis": _("Basis"),
        "responsibility": _("Responsibility"),
        "effect": _("Effect"),
        "principal_said": _("What the unit's principal said"),
    }
    return [
        Requirement(name, labels[name], bool(getattr(wording, name).strip()), name)
        for name in names
    ]


def _is_answered(code: str, answers: tuple[Distinction, ...]) -> bool:
    found = [answer for answer in answers if answer.code == code]
    if not found or found[0].answer not in DistinctionAnswer.values:
        return False
    needs_reason = found[0].answer == DistinctionAnswer.NOT_APPLICABLE
    return bool(found[0].reason.strip()) or not needs_reason
