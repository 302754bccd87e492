"""The audit universe as a table and as a tree, and its export."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.clock import today
from tanzhao.kernel.imports import as_month
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.units.actions import note_units_exported
from tanzhao.units.forms import RegisterForm
from tanzhao.units.models import Unit
from tanzhao.units.queries import Units, Visits, branch, coverage, matching, tops, visits_today

TREE = "units/tree.html"


@require_safe
@requires(Action.UNIT_SEE)
def units(request: SignedInRequest) -> HttpResponse:
    """List units: what the reader asked for, page by page, and how much has been inspected."""
    visible = Unit.objects.visible_to(request.user)
    form = RegisterForm(request.GET, visible=visible)
    asked = form.asked()
    visits = visits_today()
    found = matching(visible, asked, visits)
    whole, shares = coverage(visible, visits)
    rows = found.select_related("parent").prefetch_related(Prefetch("visits", visits))
    context = {
        "form": form,
        "asked": {name for name in asked if name != "sort"},
        "page": page_of(rows, order=form.order(), after=request.GET.get("after", "")),
        "total": found.count(),
        "whole": whole,
        "shares": shares,
        "day": today(),
        "may_change": request.user.holds(Action.UNIT_IMPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "units/units.html", context)


@require_safe
@requires(Action.UNIT_SEE)
def export(request: SignedInRequest) -> FileResponse:
    """Send the list as a workbook: the rows the page would show, all pages of it."""
    visible = Unit.objects.visible_to(request.user)
    form = RegisterForm(request.GET, visible=visible)
    visits = visits_today()
    found = matching(visible, form.asked(), visits).order_by(*form.order())
    note_units_exported(
        actor=request.user, at=timezone.now(), rows=found.count(), filters=request.GET.urlencode()
    )
    # Headings that the import reads again.
    headings = [
        _("Unit"), _("Kind"), _("Form of organisation"), _("Organisation above"), _("System"),
        _("Party members"), _("Principal"), _("Phone"), _("Priority"), _("Last round"),
        _("Inspected in"),
    ]  # fmt: skip
    name = _("Units") + f" {today().isoformat()}.xlsx"
    return workbook_response(name, headings, _rows(found, visits))


def _rows(found: Units, visits: Visits) -> Iterator[list[Any]]:
    for unit in found.prefetch_related(Prefetch("visits", visits)).iterator(chunk_size=500):
        visit = next(iter(unit.visits.all()), None)
        yield [
            unit.name, unit.category, unit.form, unit.parent_name, unit.system, unit.members,
            unit.head, unit.phone, unit.priority, visit.round_number if visit else None,
            as_month(visit.month) if visit else "",
        ]  # fmt: skip


@require_safe
@requires(Action.UNIT_SEE)
def tree(request: SignedInRequest) -> HttpResponse:
    """Show the units by kind and by what stands above them; branches open one by one."""
    visible = Unit.objects.visible_to(request.user)
    visits = visits_today()
    whole, _shares = coverage(visible, visits)
    context = {
        "kinds": tops(visible, visits),
        "whole": whole,
        "day": today(),
        "may_change": request.user.holds(Action.UNIT_IMPORT),
    }
    return render(request, TREE, context)


@require_safe
@requires(Action.UNIT_SEE)
def children(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    """Send the branch below one unit."""
    visible = Unit.objects.visible_to(request.user)
    above = get_object_or_404(visible, pk=unit_id)
    return _branch(request, branch(visible.filter(parent=above), visits_today()))


@require_safe
@requires(Action.UNIT_SEE)
def kind(request: SignedInRequest) -> HttpResponse:
    """Send the units of one kind that stand below no other unit."""
    # PostgreSQL holds no NUL in a text and would take it for a fault of the program.
    category = request.GET.get("category", "").replace("\x00", "")
    wanted = Q(parent=None, category=category)
    found = branch(Unit.objects.visible_to(request.user).filter(wanted), visits_today())
    if not found:
        raise Http404
    return _branch(request, found)


def _branch(request: SignedInRequest, found: Units) -> HttpResponse:
    return render(request, f"{TREE}#branch", {"rows": found})
