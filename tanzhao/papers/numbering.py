"""The official number of a paper, by the pattern of a pack."""

from functools import cache

from tanzhao.kernel.packs import packs_of_kind
from tanzhao.papers.models import WorkingPaper


def official_number(paper: WorkingPaper, *, year: int, serial: int) -> str:
    """Give the number that a paper bears from the leader's approval on.

    Args:
        serial: place of the paper among the team's approved ones, from 1.
    """
    round_ = paper.engagement.round
    return _pattern().format(
        prefix=round_.term.document_prefix,
        year=year,
        round=round_.number,
        team=paper.engagement.team.number,
        serial=serial,
    )


@cache
def _pattern() -> str:
    return str(packs_of_kind("numbering")[0].body["paper"])
