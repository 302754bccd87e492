"""Official papers by GB/T 9704-2012: plain values in, a Word file out."""

from tanzhao.documents.official.paper import (
    Annex,
    Block,
    Cell,
    Column,
    Form,
    Heading,
    Line,
    OfficialPaper,
    Paragraph,
    Table,
)
from tanzhao.documents.official.rendering import render

__all__ = [
    "Annex",
    "Block",
    "Cell",
    "Column",
    "Form",
    "Heading",
    "Line",
    "OfficialPaper",
    "Paragraph",
    "Table",
    "render",
]
