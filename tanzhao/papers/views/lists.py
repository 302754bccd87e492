"""The list of papers, on the page and as a workbook."""

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.queries import team_role_of
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.papers.actions import note_papers_exported
from tanzhao.papers.forms import PaperFilter
from tanzhao.papers.listing import list_headings, list_rows
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.queries import ORDERS, papers_like, with_row_facts
from tanzhao.papers.rules import may_begin


@require_safe
@requires(Action.PAPER_SEE)
def papers(request: SignedInRequest) -> HttpResponse:
    """List the papers this person may see."""
    narrowing = PaperFilter(request.GET)
    wanted = narrowing.values()
    found = papers_like(request.user, wanted)
    order = ORDERS[wanted["sort"] or ""]
    page = page_of(with_row_facts(found), order=order, after=request.GET.get("after", ""))
    engagements = Engagement.objects.visible_to(request.user).select_related("unit", "round")
    engagement = engagements.filter(pk=wanted["engagement"]).first()
    narrowing.offer(
        _choices(engagements, request.user), is_inspector=request.user.inspector_id is not None
    )
    context = {
        "page": page,
        "total": found.count(),
        "all": WorkingPaper.objects.visible_to(request.user).count(),
        "filter": narrowing,
        "engagement": engagement,
        "beginning": engagement
        and may_begin(request.user, engagement, team_role_of(request.user, engagement)),
    }
    return render(request, "papers/papers.html", context)


@require_safe
@requires(Action.PAPER_SEE)
def export(request: SignedInRequest) -> HttpResponseBase:
    """Send the papers that the list shows, all pages of it, as a workbook."""
    wanted = PaperFilter(request.GET).values()
    found = papers_like(request.user, wanted)
    note_papers_exported(actor=request.user, at=timezone.now(), count=found.count())
    rows = with_row_facts(found).order_by(*ORDERS[wanted["sort"] or ""])
    name = _("Working papers %(day)s") % {"day": timezone.localdate().isoformat()}
    return workbook_response(f"{name}.xlsx", list_headings(), list_rows(rows))


def _choices(engagements: QuerySet[Engagement], user: User) -> list[tuple[str, str]]:
    """Give a team its own engagements, and the office those that have papers, by team."""
    rows = engagements.select_related("unit", "team", "round")
    if user.role != Role.INSPECTOR:
        rows = rows.filter(pk__in=WorkingPaper.objects.values("engagement"))
    return [
        (str(row.pk), f"{row.round.number}-{row.team.number} {row.unit}")
        for row in rows.order_by("-round__number", "team__number", "unit__position")[:300]
    ]
