"""The register of findings, on the page and as a workbook."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.findings.actions import note_findings_exported
from tanzhao.findings.forms import RegisterForm
from tanzhao.findings.queries.codes import class_labels
from tanzhao.findings.queries.papers import engagements_in_writing
from tanzhao.findings.queries.register import (
    IMPORTED,
    OURS,
    SOURCES,
    asked_findings,
    figures,
    order_of,
    register_choices,
    register_rows,
)
from tanzhao.findings.states import FindingState
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response

PAGE = "findings/findings.html"
# The heading of each column, and the order that its heading stands for.
COLUMNS = (
    (gettext_lazy("Round"), "round"),
    (gettext_lazy("Unit"), "unit"),
    (gettext_lazy("Kind"), "kind"),
    (gettext_lazy("No."), ""),
    (gettext_lazy("Class"), "class"),
    (gettext_lazy("Finding"), ""),
    (gettext_lazy("State"), "state"),
    (gettext_lazy("Source"), "source"),
)
NUMBERS = (COLUMNS[0][0], COLUMNS[3][0])
# As the page, where class and finding have two lines each.
EXPORTED = (
    gettext_lazy("Round"),
    gettext_lazy("Unit"),
    gettext_lazy("Kind"),
    gettext_lazy("No."),
    gettext_lazy("Class"),
    gettext_lazy("Sub-class"),
    gettext_lazy("Title"),
    gettext_lazy("Fact"),
    gettext_lazy("State"),
    gettext_lazy("Source"),
)


@require_safe
@requires(Action.FINDING_SEE)
def findings(request: SignedInRequest) -> HttpResponse:
    """Show the findings of all rounds that were asked for."""
    form = RegisterForm(request.GET)
    asked, order = form.asked(), form.order_name()
    found = asked_findings(request.user, asked)
    page = page_of(found, order=order_of(order), after=request.GET.get("after", ""))
    counts, labels = figures(request.user, asked), class_labels()
    choices = register_choices(request.user, asked)

    def word(name: str) -> str:
        return labels.get(name, name)

    context = {
        "page": page,
        "total": counts.found,
        "figures": counts,
        "asked": asked,
        "rows": [(row, word(row.category), word(row.subcategory)) for row in page.rows],
        "choices": choices,
        "categories": [(name, word(name)) for name in choices["categories"]],
        "subcategories": [(name, word(name)) for name in choices["subcategories"]],
        "states": FindingState.choices,
        "sources": [(OURS, SOURCES[False]), (IMPORTED, SOURCES[True])],
        "columns": _columns(order),
        "engagements": engagements_in_writing(request.user),
        "may_export": request.user.holds(Action.FINDING_EXPORT),
    }
    return render(request, PAGE, context)


@require_safe
@requires(Action.FINDING_EXPORT)
def export(request: SignedInRequest) -> FileResponse:
    """Give the findings that were asked for, all pages of them, as a workbook."""
    form = RegisterForm(request.GET)
    asked, order = form.asked(), order_of(form.order_name())
    found = asked_findings(request.user, asked).order_by(*order)
    rows = list(register_rows(found, class_labels()))
    note_findings_exported(
        actor=request.user,
        at=timezone.now(),
        rows=len(rows),
        asked=asked.as_details(),
        order=order,
    )
    return workbook_response(_("Findings") + ".xlsx", EXPORTED, rows)


def _columns(order: str) -> list[dict[str, Any]]:
    """Say for each column its heading, and the order that a click on it gives."""
    return [
        {
            "label": label,
            "is_number": label in NUMBERS,
            "sort": name and (f"-{name}" if order == name else name),
            "direction": _direction(order, name),
        }
        for label, name in COLUMNS
    ]


def _direction(order: str, name: str) -> str:
    if not name or order.removeprefix("-") != name:
        return ""
    falls = order_of(order)[0].startswith("-")
    return "descending" if falls else "ascending"
