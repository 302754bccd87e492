"""The list of papers as the rows of a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tanzhao.papers.models import WorkingPaper


def list_headings() -> list[str]:
    """Give the headings of the list, in the language of the page."""
    return [
        _("Paper number"),
        _("Title"),
        _("Unit"),
        _("Round"),
        _("Team"),
        _("State"),
        _("Handlers"),
        _("Pieces of evidence"),
        _("Changed at"),
    ]


def list_rows(papers: QuerySet[WorkingPaper]) -> Iterator[list[Any]]:
    """Give a row for each paper, in the order of list_headings. Wants with_row_facts."""
    for paper in papers.iterator(chunk_size=500):
        yield [
            paper.official_number or "",
            paper.title,
            str(paper.engagement.unit),
            paper.engagement.round.number,
            paper.engagement.team.number,
            paper.get_state_display(),
            [str(row.inspector) for row in paper.handlers.all()],
            paper.evidence_count,  # type: ignore[attr-defined]  # added by with_row_facts
            paper.changed_at,
        ]
