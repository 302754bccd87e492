"""An official paper as a file to be sent or kept."""

from dataclasses import dataclass

from tanzhao.documents.official.paper import OfficialPaper
from tanzhao.documents.official.rendering import render

LONGEST = 100  # characters of a file's name


@dataclass(frozen=True)
class Document:
    """A Word file: its name, which ends in .docx, and its bytes."""

    name: str
    content: bytes


def document_of(paper: OfficialPaper) -> Document:
    """Make the file of a paper, named after its title. The same paper gives the same bytes."""
    return Document(f"{paper.name[:LONGEST]}.docx", render(paper))
