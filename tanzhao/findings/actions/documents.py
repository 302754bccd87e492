"""The official papers of an engagement, set as Word files from the records as they are now."""

from dataclasses import dataclass

from django.utils import timezone

from tanzhao.documents.official import OfficialPaper, render
from tanzhao.findings.models import Feedback, Report
from tanzhao.findings.queries.report import (
    composed,
    composed_feedback,
    engagement_text,
    finding_texts,
)
from tanzhao.findings.report_papers import (
    letter_paper,
    list_paper,
    report_paper,
    unit_list_paper,
)


@dataclass(frozen=True)
class Document:
    """A file made from the records: its name, which ends in .docx, and its bytes."""

    name: str
    content: bytes


def report_documents(report: Report) -> tuple[Document, Document]:
    """Make the report and the findings list. The same records give the same bytes."""
    engagement = engagement_text(report.engagement)
    dated = timezone.localdate(report.approved_at) if report.approved_at else None
    findings = finding_texts(report.engagement)
    return (
        _document(report_paper(composed(report), engagement, dated)),
        _document(list_paper(findings, engagement)),
    )


def feedback_documents(feedback: Feedback) -> tuple[Document, Document]:
    """Make the feedback letter and the list that goes with it."""
    engagement = engagement_text(feedback.engagement)
    letter = letter_paper(
        composed_feedback(feedback),
        engagement,
        number=feedback.number,
        dated=feedback.issued_date,
    )
    findings = finding_texts(feedback.engagement)
    return _document(letter), _document(unit_list_paper(findings, engagement))


def _document(paper: OfficialPaper) -> Document:
    return Document(f"{paper.name[:100]}.docx", render(paper))
