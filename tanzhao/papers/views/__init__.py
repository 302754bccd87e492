"""The pages of working papers."""

from tanzhao.papers.views.evidence import add_evidence, change_evidence, evidence, set_aside
from tanzhao.papers.views.fieldwork import close_fieldwork
from tanzhao.papers.views.lists import export, papers
from tanzhao.papers.views.reading import download, paper
from tanzhao.papers.views.reviewing import approve, check, review, send_back, sign, void
from tanzhao.papers.views.writing import begin, edit, editing

__all__ = [
    "add_evidence",
    "approve",
    "begin",
    "change_evidence",
    "check",
    "close_fieldwork",
    "download",
    "edit",
    "editing",
    "evidence",
    "export",
    "paper",
    "papers",
    "review",
    "send_back",
    "set_aside",
    "sign",
    "void",
]
