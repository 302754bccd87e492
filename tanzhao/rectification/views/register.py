"""The register of rectification items, and its export."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.kernel.calendar import Colour
from tanzhao.kernel.clock import today
from tanzhao.kernel.paging import Page, page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.rectification.actions import note_register_exported
from tanzhao.rectification.forms import RegisterForm
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import (
    Items,
    MarkedItem,
    figures,
    items_waiting_for,
    mark,
    marked,
    matching,
)
from tanzhao.rectification.views.tabs import tabs

PAGE = "rectification/items.html"
ANY_STATE = {"state": "all", "colour": ""}


@require_safe
@requires(Action.ITEM_SEE)
def items(request: SignedInRequest) -> HttpResponse:
    """Show the register: what the reader asked for, page by page, and how much there is."""
    form = RegisterForm(request.GET, reader=request.user)
    day = today()
    asked = form.asked()
    found = _found(request.user, asked, day)
    page = page_of(found, order=form.order(), after=request.GET.get("after", ""))
    context = {
        "filter": form,
        "all_address": f"{reverse('rectification:items')}?state=all",
        "asked": asked,
        "page": Page(marked(page.rows, day), page.after),  # type: ignore[type-var]  # rows to show
        "total": found.count(),
        # Each figure leads to the rows it counts, so the state and colour shown do not narrow it.
        "figures": figures(matching(_visible(request.user), asked | ANY_STATE, day), day),
        "of_all": _visible(request.user).order_by().count(),
        "may_plan": request.user.holds(Action.ITEM_PLAN),
        "may_export": request.user.holds(Action.ITEM_EXPORT),
        "query": request.GET.urlencode(),
        "tabs": tabs(request.user, "items"),
    }
    return render(request, PAGE, context)


@require_safe
@requires(Action.ITEM_EXPORT)
def export(request: SignedInRequest) -> FileResponse:
    """Send the register as a workbook: the rows the page would show, all pages of it."""
    form = RegisterForm(request.GET, reader=request.user)
    day = today()
    found = _found(request.user, form.asked(), day).order_by(*form.order())
    note_register_exported(
        actor=request.user, at=timezone.now(), rows=found.count(), filters=request.GET.urlencode()
    )
    headings = [
        _("Round"), _("Unit"), _("No."), _("Class"), _("Sub-class"), _("Finding"), _("Measure"),
        _("Person responsible"), _("Due"), _("Days left"), _("Colour"), _("State"),
        _("Old ledger said"), _("Times returned"), _("Times reopened"),
    ]  # fmt: skip
    name = _("Rectification register") + f" {day.isoformat()}.xlsx"
    return workbook_response(name, headings, _rows(found, day))


def _visible(user: User) -> Items:
    return RectificationItem.objects.visible_to(user).select_related("finding", "unit")


def _found(user: User, asked: dict[str, Any], day: dt.date) -> Items:
    if asked.get("state") == "mine":
        return matching(items_waiting_for(user), {**asked, "state": "all"}, day)
    return matching(_visible(user), asked, day)


def _rows(found: Items, day: dt.date) -> Iterator[list[Any]]:
    for item in found.iterator(chunk_size=500):
        yield _cells(mark(item, day))


def _cells(row: MarkedItem) -> list[Any]:
    item, finding = row.item, row.item.finding
    closed = item.state == "closed"
    return [
        item.round_number, item.unit.name, finding.serial, finding.category, finding.subcategory,
        finding.fact, item.measure, item.owner_name, item.due_date,
        None if closed else row.days_left, colour_word(row.colour), item.get_state_display(),
        item.get_imported_state_display() if item.imported_state else "",
        item.times_returned, item.times_reopened,
    ]  # fmt: skip


def colour_word(colour: Colour) -> str:
    """Give the reader's word for a colour, "" for none."""
    words = {
        Colour.RED: _("red: overdue"),
        Colour.YELLOW: _("yellow: soon due"),
        Colour.GREEN: _("green: coming up"),
    }
    return words.get(colour, "")
