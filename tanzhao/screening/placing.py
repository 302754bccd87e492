"""Where a hit happened, as its rows name it: the village first, else the township or the office."""

from collections.abc import Iterable, Mapping
from typing import Any

from tanzhao.screening.rulebook import column_of

OFFICES = ("office", "employer", "owner_unit")


def place_of(hit: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> str:
    """Give the place of a hit; "" if neither its facts nor its rows name one.

    A village is named with its township, as units are: 石桥镇下堡村.

    Args:
        hit: with `facts` by the name of the column.
        evidence: each with `table` and `cells` by their headings.
    """
    said = _said(hit["facts"], evidence)
    village, township = said.get("village", ""), said.get("township", "")
    if village:
        return (village if village.startswith(township) else township + village)[:120]
    offices = (said[name] for name in OFFICES if name in said)
    return (township or next(offices, ""))[:120]


def names_of(place: str) -> list[str]:
    """Give the names by which a unit may be known here: the village, else its township."""
    cuts = [at + 1 for at, letter in enumerate(place) if letter in "镇乡" and at + 1 < len(place)]
    return [place, *(place[:at] for at in cuts)]


def _said(facts: Mapping[str, Any], evidence: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Give what facts and rows say first of each kind of place."""
    found = {name: str(value).strip() for name, value in facts.items() if value}
    found = {name: found[name] for name in ("village", "township", *OFFICES) if name in found}
    for row in evidence:
        for heading, text in row["cells"].items():
            column = column_of(row["table"], heading)
            if column and column.name in {"village", "township", *OFFICES} and (text or "").strip():
                found.setdefault(column.name, text.strip())
    return found
