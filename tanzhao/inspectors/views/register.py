"""The talent pool as a list, and its export."""

from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspectors.actions import note_inspectors_exported
from tanzhao.inspectors.forms import PoolForm
from tanzhao.inspectors.models import Inspector
from tanzhao.inspectors.queries import Inspectors, matching
from tanzhao.kernel.clock import today
from tanzhao.kernel.imports import as_month
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response

LISTS = ("services", "declared_recusals", "past_rounds")


@require_safe
@requires(Action.INSPECTOR_SEE)
def inspectors(request: SignedInRequest) -> HttpResponse:
    """List the persons the reader asked for, page by page."""
    visible = Inspector.objects.visible_to(request.user)
    form = PoolForm(request.GET, visible=visible)
    asked = form.asked()
    found = matching(visible, asked)
    rows = found.prefetch_related(*LISTS)
    context = {
        "form": form,
        "asked": {name for name in asked if name != "sort"},
        "page": page_of(rows, order=form.order(), after=request.GET.get("after", "")),
        "total": found.count(),
        "of_all": visible.filter(retired=False).count(),
        "full_time": visible.filter(retired=False, full_time=True).count(),
        "may_change": request.user.holds(Action.INSPECTOR_IMPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "inspectors/inspectors.html", context)


@require_safe
@requires(Action.INSPECTOR_SEE)
def export(request: SignedInRequest) -> FileResponse:
    """Send the list as a workbook, without ID numbers: the rows the page would show, all pages."""
    visible = Inspector.objects.visible_to(request.user)
    form = PoolForm(request.GET, visible=visible)
    found = matching(visible, form.asked()).order_by(*form.order())
    note_inspectors_exported(
        actor=request.user, at=timezone.now(), rows=found.count(), filters=request.GET.urlencode()
    )
    headings = [
        _("Full name"), _("Sex"), _("Born"), _("Native place"), _("Workplace"), _("Post"),
        _("Grade"), _("Full-time"), _("Skills"), _("Former workplaces"),
        _("Declared recusal units"), _("Rounds served in"), _("Phone"),
    ]  # fmt: skip
    name = _("Talent pool") + f" {today().isoformat()}.xlsx"
    return workbook_response(name, headings, _rows(found))


def _rows(found: Inspectors) -> Iterator[list[Any]]:
    for one in found.prefetch_related(*LISTS).iterator(chunk_size=500):
        yield [
            one.name, one.sex, as_month(one.born), one.native_place, one.workplace, one.title,
            one.grade, _("full-time") if one.full_time else _("lent"), one.skills,
            list(one.services.all()), list(one.declared_recusals.all()),
            list(one.past_rounds.all()), one.phone,
        ]  # fmt: skip
