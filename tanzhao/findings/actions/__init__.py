"""Every change of findings, reports and feedback: one function for each verb."""

from tanzhao.findings.actions.feedback import (
    issue_feedback,
    note_feedback_downloaded,
    note_feedback_seen,
)
from tanzhao.findings.actions.findings import (
    Wording,
    change_finding,
    make_finding,
    note_findings_exported,
)
from tanzhao.findings.actions.reports import (
    agree_report,
    approve_report,
    draft_report,
    make_files_again,
    make_report_files,
    note_report_downloaded,
    note_report_seen,
    return_report,
)

__all__ = [
    "Wording",
    "agree_report",
    "approve_report",
    "change_finding",
    "draft_report",
    "issue_feedback",
    "make_files_again",
    "make_finding",
    "make_report_files",
    "note_feedback_downloaded",
    "note_feedback_seen",
    "note_findings_exported",
    "note_report_downloaded",
    "note_report_seen",
    "return_report",
]
