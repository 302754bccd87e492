"""The papers behind findings: which can be used, and the wording that follows from their facts."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.findings.models import Finding
from tanzhao.findings.rules import WRITING
from tanzhao.inspections.models import Engagement
from tanzhao.papers.models import Evidence, Fact, WorkingPaper
from tanzhao.papers.states import PaperState


def engagements_in_writing(user: User) -> list[Engagement]:
    """Give the engagements whose findings `user` can make today, in one query.

    Each carries `waiting`, its checked papers that no finding uses, and `made`, its findings.
    """
    if not user.holds(Action.FINDING_MAKE):
        return []
    checked = Q(papers__state=PaperState.CHECKED)
    found = Engagement.objects.visible_to(user).filter(round__state__in=WRITING)
    return list(
        found.select_related("unit", "round", "report")
        .annotate(
            waiting=Count("papers", filter=checked, distinct=True),
            made=Count("findings", distinct=True),
        )
        .order_by("unit__position", "unit__name")
    )


def with_facts(papers: QuerySet[WorkingPaper]) -> QuerySet[WorkingPaper]:
    """Read the facts and the evidence along, evidence set aside left out, in two queries."""
    facts = Fact.objects.select_related("method").order_by("position")
    evidence = Evidence.objects.filter(set_aside_reason="").select_related("kind", "file")
    return papers.prefetch_related(
        Prefetch("facts", facts), Prefetch("evidence", evidence.order_by("number"))
    ).order_by("serial")


def usable_papers(user: User, engagement_id: UUID) -> QuerySet[WorkingPaper]:
    """Give the papers on an engagement that the office has checked and no finding uses yet."""
    papers = WorkingPaper.objects.visible_to(user)
    return with_facts(papers.filter(engagement=engagement_id, state=PaperState.CHECKED))


def papers_behind(user: User, finding: Finding) -> list[WorkingPaper]:
    """Give the papers behind a finding that `user` may see, with facts and evidence."""
    return list(with_facts(WorkingPaper.objects.visible_to(user).filter(findings=finding)))


def wording_from(papers: Iterable[WorkingPaper]) -> dict[str, str]:
    """Give the texts of a finding as far as its papers say them, so that nothing is typed twice.

    Returns: title, fact, nature and responsibility; empty where the papers say nothing.
    """
    papers = list(papers)
    facts = [_statement(fact) for paper in papers for fact in paper.facts.all()]
    return {
        "title": papers[0].title if papers else "",
        "fact": "".join(facts) or _joined(paper.overview for paper in papers),
        "nature": _joined(paper.basis for paper in papers),
        "responsibility": _joined(paper.responsibility for paper in papers),
    }


def _statement(fact: Fact) -> str:
    """Say one fact as one sentence; what its wording says already is not said again."""
    around = [part.strip() for part in (fact.when, fact.where) if part and part not in fact.what]
    what = fact.what.strip().rstrip("。；，")
    much = fact.how_much.strip()
    parts = [*around, what, *([much] if much and much not in what else [])]
    return "，".join(parts) + "。"


def _joined(texts: Iterable[str]) -> str:
    """Join texts of several papers, the same one once."""
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))
