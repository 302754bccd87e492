"""Papers as files: the list as a workbook's rows, one paper as a Word file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from tanzhao.documents.content import CONTENT_TYPES
from tanzhao.documents.states import FileKind
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.sheets import official_paper

DOCX = CONTENT_TYPES[FileKind.DOCX]


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


def paper_response(paper: WorkingPaper) -> HttpResponse:
    """Answer with the whole of a paper as a Word file."""
    # python-docx is slow to load, and only this answer needs it.
    from tanzhao.documents.official import render

    name = f"{paper.official_number or ''} {paper.title}".strip()
    response = HttpResponse(render(official_paper(paper)), content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{name}.docx"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
