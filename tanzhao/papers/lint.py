"""Hints on the wording of a paper, by the rules of a pack. Nothing is refused for its wording."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tanzhao.kernel.packs import packs_of_kind
from tanzhao.taxonomy.models import in_reader_language

_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]?")
_NEVER = r"\b\B"


@dataclass(frozen=True)
class Rule:
    """Words to look for in a sentence, and what in the same sentence makes them all right."""

    code: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    title_zh: str
    title_en: str
    advice_zh: str
    advice_en: str
    skip_with_evidence: bool

    @property
    def title(self) -> str:
        return in_reader_language(self.title_zh, self.title_en)

    @property
    def advice(self) -> str:
        return in_reader_language(self.advice_zh, self.advice_en)


@dataclass(frozen=True)
class Hint:
    """A word that should be looked at again, the place it stands in, and the rule."""

    place: str
    word: str
    sentence: str
    rule: Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Read the rules of every pack of wording."""
    return tuple(
        Rule(
            code=rule["code"],
            pattern=re.compile(rule["pattern"]),
            unless=re.compile(rule.get("unless", _NEVER)),
            title_zh=rule["title_zh"],
            title_en=rule["title_en"],
            advice_zh=rule["advice_zh"],
            advice_en=rule["advice_en"],
            skip_with_evidence=rule.get("skip_with_evidence", False),
        )
        for pack in packs_of_kind("wording")
        for rule in pack.body["rules"]
    )


def hints(
    texts: Mapping[str, str], with_evidence: Iterable[str] = (), limit: int = 30
) -> list[Hint]:
    """Point at wording that should be looked at again.

    Args:
        texts: place to text, in the order to report.
        with_evidence: places that have evidence of their own.
    Returns: at most `limit` hints, one for each rule and sentence.
    """
    backed = frozenset(with_evidence)
    found: list[Hint] = []
    for place, text in texts.items():
        for sentence in _SENTENCE.findall(text):
            for rule in rules():
                if rule.skip_with_evidence and place in backed:
                    continue
                match = rule.pattern.search(sentence)
                if match and not rule.unless.search(sentence):
                    found.append(Hint(place, match[0], sentence.strip(), rule))
    return found[:limit]
