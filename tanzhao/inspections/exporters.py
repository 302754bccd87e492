"""Authorisations as Word files and on the screen."""

from tanzhao.documents.official import Heading, OfficialPaper, Paragraph
from tanzhao.documents.official.file import Document, document_of
from tanzhao.documents.official.words import number_chinese
from tanzhao.documents.phrases import Phrases, phrases
from tanzhao.inspections.authorisation_paper import (
    AuthorisationPaper,
    authorisation_paper,
)
from tanzhao.inspections.models import Authorisation
from tanzhao.inspections.queries.paper_values import authorisation_values


def authorisation_document(authorisation: Authorisation) -> Document:
    """Make the decision as a Word file, marked as a draft until approved."""
    return document_of(authorisation_as_paper(authorisation))


def authorisation_as_paper(authorisation: Authorisation) -> OfficialPaper:
    """Say what the decision says: what was approved; of a draft, the records as they are now."""
    if authorisation.approved_paper:
        kept = authorisation.approved_paper
        values = AuthorisationPaper.from_json(kept["values"])
        return authorisation_paper(values, Phrases("authorisation", kept["texts"]))
    return authorisation_paper(authorisation_values(authorisation), phrases("authorisation"))


def lines_on_screen(paper: OfficialPaper) -> list[tuple[str, str]]:
    """Give the body of a paper for the screen: each line with the name of its kind, its headings
    of the first two levels numbered as the Word file numbers them."""
    lines: list[tuple[str, str]] = []
    counts = {1: 0, 2: 0}
    for block in paper.body:
        if isinstance(block, Paragraph):
            lines += [("paragraph", line) for line in block.text.splitlines()]
        elif isinstance(block, Heading):
            counts[block.level] += 1
            if block.level == 1:
                counts[2] = 0
            number = number_chinese(counts[block.level])
            mark = f"{number}、" if block.level == 1 else f"（{number}）"
            lines.append((f"heading-{block.level}", f"{mark}{block.text}"))
    return lines
