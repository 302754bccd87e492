"""Reads about the office's own versions of rules."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from tanzhao.access.models import User
from tanzhao.screening.models import Comparison, OfficeRule
from tanzhao.screening.rulebook import KnownRule, rulebook
from tanzhao.screening.states import ComparisonState, OfficeRuleState

UNDER_WAY = (OfficeRuleState.DRAFT, OfficeRuleState.PROPOSED)
CONTEXT = 3  # lines left standing round a change


@dataclass(frozen=True)
class Line:
    """One line of two files side by side; `change` is "same", "out", "in" or "gap"."""

    change: str
    text: str


def versions_of(user: User, name: str) -> list[OfficeRule]:
    """Give the office's versions of a rule, newest first."""
    rows = OfficeRule.objects.visible_to(user).filter(name=name)
    return list(rows.select_related("made_by", "approved_by").order_by("-changed_at"))


def versions_under_way(user: User) -> list[OfficeRule]:
    """Give the drafts and what waits for approval, newest first."""
    rows = OfficeRule.objects.visible_to(user).filter(state__in=UNDER_WAY)
    return list(rows.select_related("made_by").order_by("-changed_at")[:50])


def comparisons_to_try_on(user: User) -> list[Comparison]:
    """Give the comparisons whose rows are still there, newest first."""
    rows = Comparison.objects.visible_to(user).filter(state=ComparisonState.DONE)
    return list(rows.order_by("-number")[:20])


def version_before(rule: OfficeRule) -> KnownRule | None:
    """Give the rule that is in use under this name, if it is another than `rule`."""
    found = rulebook().get(rule.name)
    return found if found and found.version != rule.version else None


def differences(before: str, after: str) -> list[Line]:
    """Compare two files line by line; long stretches that are the same are left out."""
    return list(_lines(before.splitlines(), after.splitlines()))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    groups = difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes
    for number, group in enumerate(groups(CONTEXT)):
        if number:
            yield Line("gap", "⋯")
        for tag, left, left_end, right, right_end in group:
            if tag == "equal":
                yield from (Line("same", text) for text in before[left:left_end])
                continue
            yield from (Line("out", text) for text in before[left:left_end])
            yield from (Line("in", text) for text in after[right:right_end])
