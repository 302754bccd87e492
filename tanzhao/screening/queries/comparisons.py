"""Reads of comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tanzhao.access.models import User
from tanzhao.screening.models import Comparison
from tanzhao.screening.queries.hits import Asked, RuleFigures, figures_by_rule
from tanzhao.screening.rulebook import KnownRule, rulebook, title_of

ORDER = ("-number", "pk")


def comparisons_of(user: User) -> QuerySet[Comparison]:
    """Give the comparisons `user` may know of, with what a list shows of them."""
    visible = Comparison.objects.visible_to(user)
    return visible.select_related("requested_by", "decided_by", "run").prefetch_related("data_sets")


@dataclass(frozen=True)
class RuleLine:
    """One rule of a comparison: as it was asked for, what it gave, and what became of that."""

    name: str
    title: str
    version: str
    rule: KnownRule | None
    thresholds: tuple[tuple[str, str, str, bool], ...]  # label, value, unit, whether changed
    result: Mapping[str, Any]
    figures: RuleFigures
    profile: Mapping[str, Any]


def rule_lines(user: User, comparison: Comparison) -> list[RuleLine]:
    """Give the rules of a comparison in the order of the rule book, in one query."""
    known = rulebook()
    counts = figures_by_rule(user, Asked(comparison=comparison.pk))
    return [
        RuleLine(
            name=asked["name"],
            title=title_of(asked["name"]),
            version=asked["version"],
            rule=known.get(asked["name"]),
            thresholds=_thresholds(known.get(asked["name"]), asked["thresholds"]),
            result=comparison.results.get(asked["name"], {}),
            figures=counts.get(asked["name"], RuleFigures()),
            profile=comparison.profiles.get(asked["name"], {}),
        )
        for asked in comparison.rules
    ]


def _thresholds(
    rule: KnownRule | None, values: Mapping[str, int]
) -> tuple[tuple[str, str, str, bool], ...]:
    known = {threshold.name: threshold for threshold in rule.thresholds} if rule else {}
    return tuple(
        (
            known[name].label,
            known[name].shown(value),
            known[name].unit,
            value != known[name].default,
        )
        for name, value in values.items()
        if name in known
    )
