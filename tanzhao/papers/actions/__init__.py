"""Every change to working papers and their evidence."""

from tanzhao.papers.actions.evidence import (
    add_evidence,
    add_files,
    change_evidence,
    see_evidence,
    set_aside_evidence,
)
from tanzhao.papers.actions.fieldwork import close_fieldwork
from tanzhao.papers.actions.reviewing import (
    approve_paper,
    check_paper,
    return_paper,
    review_paper,
    sign_paper,
    void_paper,
)
from tanzhao.papers.actions.seeing import (
    note_editing,
    note_papers_exported,
    open_for_writing,
    see_paper,
    take_paper_away,
)
from tanzhao.papers.actions.writing import Outdated, begin_paper, save_paper

__all__ = [
    "Outdated",
    "add_evidence",
    "add_files",
    "approve_paper",
    "begin_paper",
    "change_evidence",
    "check_paper",
    "close_fieldwork",
    "note_editing",
    "note_papers_exported",
    "open_for_writing",
    "return_paper",
    "review_paper",
    "save_paper",
    "see_evidence",
    "see_paper",
    "set_aside_evidence",
    "sign_paper",
    "take_paper_away",
    "void_paper",
]
