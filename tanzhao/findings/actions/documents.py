"""The official papers of an engagement, set as Word files from the records as they are now."""

from django.utils import timezone

from tanzhao.documents.official.file import Document, document_of
from tanzhao.documents.phrases import phrases
from tanzhao.findings.models import Feedback, Report
from tanzhao.findings.queries.report import (
    FEEDBACK,
    REPORT,
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


def report_documents(report: Report) -> tuple[Document, Document]:
    """Make the report and the findings list. The same records give the same bytes."""
    words, engagement = phrases(REPORT), engagement_text(report.engagement)
    dated = timezone.localdate(report.approved_at) if report.approved_at else None
    findings = finding_texts(report.engagement)
    return (
        document_of(report_paper(composed(report), engagement, dated, words)),
        document_of(list_paper(findings, engagement, words)),
    )


def feedback_documents(feedback: Feedback) -> tuple[Document, Document]:
    """Make the feedback letter and the list that goes with it."""
    words, engagement = phrases(FEEDBACK), engagement_text(feedback.engagement)
    letter = letter_paper(
        composed_feedback(feedback),
        engagement,
        number=feedback.number,
        dated=feedback.issued_date,
        phrases=words,
    )
    findings = finding_texts(feedback.engagement)
    return document_of(letter), document_of(unit_list_paper(findings, engagement, words))
