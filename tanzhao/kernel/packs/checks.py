"""Checks on packs of the planner that no schema of single keys can make."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

Rows = list[dict[str, str]]


def repeated[Word: Hashable](words: list[Word]) -> list[Word]:
    """Give the words that stand more than once."""
    return [word for word, times in Counter(words).items() if times > 1]


def plan_numbers_fit(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    """Check a pack of kind planning."""
    if sorted(set(body["months"])) != body["months"]:
        yield "months must be in the order of the year, each once"
    if sorted(body["coverage"]) != body["coverage"] or body["coverage"][-1] != 100:
        yield "coverage must never fall from year to year, and end with 100"
    if body["look_back_after"] > body["look_back_before"]:
        yield "look_back_after must not be more than look_back_before"
    names = ("kinds", "category"), ("skills", "name"), ("priorities", "word")
    for key, name in names:
        for word in repeated([entry[name] for entry in body[key]]):
            yield f"{key}: {word} stands twice"


def teams_can_be_made(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    """Check a pack of kind teams."""
    kinds = [entry["category"] for entry in body["kinds"]]
    lists = [
        ("skills", body["skills"]),
        *zip(kinds, (k["skills"] for k in body["kinds"]), strict=True),
    ]
    for name, skills in lists:
        for word in repeated([entry["skill"] for entry in skills]):
            yield f"{name}: {word} stands twice"
    for word in repeated(kinds):
        yield f"kinds: {word} stands twice"
    for word in repeated([entry["grade"] for entry in body["grades"]]):
        yield f"grades: {word} stands twice"
    if max(entry["rank"] for entry in body["grades"]) < 4:
        yield "grades: nobody may lead, since none has rank 4 or more"
    if (
        max(body["min_women"] + body["min_men"], body["min_full"], body["min_experienced"])
        > body["size"]
    ):
        yield "size is less than what a team needs at least"
