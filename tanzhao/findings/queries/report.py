"""What the records say of an engagement, as the values that reports are composed of."""

from django.db.models import QuerySet

from tanzhao.documents.phrases import phrases
from tanzhao.findings.models import Feedback, Finding, Report
from tanzhao.findings.report_text import (
    EngagementText,
    FindingText,
    ReportText,
    compose_feedback,
    compose_report,
    propose_opinions,
    propose_situation,
)
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.queries.paper_values import round_title, team_title
from tanzhao.papers.models import Fact, WorkingPaper
from tanzhao.papers.states import USABLE
from tanzhao.taxonomy.models import Code

REPORT, FEEDBACK = "report", "feedback"  # the packs of their standing words


def composed(report: Report) -> ReportText:
    """Compose a report from the records as they are now."""
    return compose_report(
        engagement=engagement_text(report.engagement),
        situation=report.situation,
        findings=finding_texts(report.engagement),
        opinions=report.opinions,
        phrases=phrases(REPORT),
    )


def composed_feedback(feedback: Feedback) -> ReportText:
    """Compose a feedback letter from the records as they are now."""
    return compose_feedback(
        engagement=engagement_text(feedback.engagement),
        findings=finding_texts(feedback.engagement),
        opinions=feedback.engagement.report.opinions,
        plan_due=feedback.plan_due_date,
        rectify_by=feedback.rectify_by_date,
        phrases=phrases(FEEDBACK),
    )


def prefilled_texts(engagement: Engagement) -> dict[str, str]:
    """Propose the situation and the opinions of a report that nobody has begun."""
    papers: QuerySet[WorkingPaper] = engagement.papers.filter(state__in=USABLE)
    methods = Code.objects.filter(
        pk__in=Fact.objects.filter(paper__in=papers).order_by().values("method")
    ).order_by("position")
    findings = finding_texts(engagement)
    situation = propose_situation(
        engagement_text(engagement),
        methods=list(methods.values_list("label_zh", flat=True)),
        papers=papers.count(),
        findings=len(findings),
        phrases=phrases(REPORT),
    )
    return {"situation": situation, "opinions": propose_opinions(findings)}


def engagement_text(engagement: Engagement) -> EngagementText:
    """Give the words of official papers for an engagement."""
    round_ = engagement.round
    term = round_.term
    return EngagementText(
        unit=engagement.unit.name,
        team=team_title(engagement.team),
        office=term.office,
        leading_group=term.leading_group,
        round_name=round_title(round_),
        kind=round_.kind.label_zh,
        first_day=round_.starts,
        last_day=round_.ends,
    )


def finding_texts(engagement: Engagement) -> list[FindingText]:
    """Give the findings of an engagement by class in the order of the round's frame, then as
    numbered. Three queries."""
    findings = list(engagement.findings.order_by("serial").prefetch_related("codes"))
    classes = Code.objects.filter(frame=engagement.round.frame_id, parent__isnull=True)
    places = {code.pk: (code.position, code.label_zh) for code in classes}

    def place(finding: Finding) -> tuple[int, str]:
        main = (c for c in finding.codes.all() if c.frame_id == engagement.round.frame_id)
        known = (places[c.parent_id] for c in main if c.parent_id in places)
        return next(known, (len(places) + 1_000_000, finding.category))

    return [
        FindingText(
            id=finding.pk,
            serial=finding.serial,
            title=finding.title,
            fact=finding.fact,
            nature=finding.nature,
            responsibility=finding.responsibility,
            cause=finding.cause,
            recommendation=finding.recommendation,
            class_label=place(finding)[1],
            subclass_label=finding.subcategory,
        )
        for finding in sorted(findings, key=lambda finding: (place(finding), finding.serial))
    ]
