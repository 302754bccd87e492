"""One's own notices."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.paging import page_of
from tanzhao.notices.actions import mark_all_read, mark_read
from tanzhao.notices.models import Notice
from tanzhao.notices.queries import ORDER, notices_of, unread_notices
from tanzhao.notices.wording import sentence_of

ROWS_ON_A_PAGE = 50


@require_safe
@requires(Action.NOTICE_SEE)
def notices(request: SignedInRequest) -> HttpResponse:
    """List the reader's notices, the unread ones first."""
    found = notices_of(request.user)
    after = request.GET.get("after", "")
    page = page_of(found, order=ORDER, after=after, size=ROWS_ON_A_PAGE)
    context = {
        "page": page,
        "lines": [(notice, sentence_of(notice.kind, notice.values)) for notice in page.rows],
        "total": found.count(),
        "unread_count": unread_notices(request.user).count(),
        "now": timezone.now().isoformat(),
    }
    return render(request, "notices/notices.html", context)


@require_POST
@requires(Action.NOTICE_SEE)
def read(request: SignedInRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice as read, and go to what it is about if that was asked for."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=notice_id)
    mark_read(notice_id=notice_id, actor=request.user, at=timezone.now())
    if "open" in request.POST and notice.address:
        return redirect(notice.address)
    return redirect("notices:notices")


@require_POST
@requires(Action.NOTICE_SEE)
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark as read what stood on the reader's page."""
    mark_all_read(actor=request.user, at=timezone.now(), until=_moment(request.POST.get("until")))
    return redirect("notices:notices")


def _moment(text: str | None) -> datetime:
    """Give the moment that a page was made; one that cannot be read is now."""
    try:
        found = parse_datetime(text or "")
    except ValueError:
        found = None
    return found if found and timezone.is_aware(found) else timezone.now()
