"""A link explained: what was compared, at which level it agreed, and what that weighed."""

from collections.abc import Iterator
from dataclasses import dataclass

from tanzhao.engines.screening.linking.model import Model

BEGINNING, RARITY = "beginning", "rarity_"


@dataclass(frozen=True)
class Line:
    """One line of an explanation; the weights of all lines add up to the weight of the link.

    `code` is of a comparison, or `beginning`, or `rarity_` and a comparison's code; `level` is ""
    for the latter two. Words are the pack's; those of the latter two are for the edge to find.
    """

    code: str
    level: str
    label_zh: str
    label_en: str
    level_zh: str
    level_en: str
    weight: int  # in hundredths of a bit


def explain(model: Model, levels: str, parts: str) -> tuple[Line, ...]:
    """Explain a link by its `levels` and `parts` of links.parquet."""
    return tuple(_lines(model, levels, parts))


def _lines(model: Model, levels: str, parts: str) -> Iterator[Line]:
    reached = dict(pair.split("=") for pair in levels.split())
    comparisons = {comparison.code: comparison for comparison in model.comparisons}
    for pair in parts.split():
        code, weight = pair.split("=")
        about = comparisons.get(code.removeprefix(RARITY))
        if about is None or code != about.code:
            words = (about.label_zh, about.label_en) if about else ("", "")
            yield Line(code, "", *words, "", "", int(weight))
        else:
            level = about.level(reached[code])
            yield Line(
                code,
                level.code,
                about.label_zh,
                about.label_en,
                level.label_zh,
                level.label_en,
                int(weight),
            )
