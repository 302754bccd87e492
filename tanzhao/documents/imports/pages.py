"""The pages of an import: choose a file, look at how it was read, take it, see what came of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanzhao.access.http import SignedInRequest
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.imports.steps import (
    Work,
    fault_of,
    kept_of,
    start_reading,
    start_reading_again,
    start_taking,
)
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.kernel.imports import Outcome, labels_of
from tanzhao.kernel.sheets import Fault, Severity
from tanzhao.kernel.tables import workbook_response
from tanzhao.kernel.verdict import Refused

ROWS_ON_A_PAGE = 100
FAULTS_SHOWN = 200
FIRST_SHOWN = 20


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy(".xlsx, .xls or .csv, just as the office keeps it"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        # An empty file is refused by the action, in its own words.
        allow_empty_file=True,
    )


@dataclass
class Cell:
    """One cell as read: its field, its text, what it replaces, and what is wrong with it."""

    label: str
    text: str
    before: str | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Line:
    """One row of the workbook, taken or not. `row` is None where nothing was read of it."""

    number: int
    sheet: str
    outcome: str
    found: list[Fault]
    row: Mapping[str, Any] | None = None
    # Filled only for the lines that are shown: a workbook may have a hundred thousand.
    cells: list[Cell] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)  # of no cell that is shown

    @property
    def word(self) -> Any:
        return Outcome(self.outcome).label


@dataclass(frozen=True)
class LinePage:
    """Rows of one page of the preview, and the token of the next."""

    rows: list[Line]
    after: str


def upload(request: SignedInRequest, kind: WorkbookKind, task: Work) -> HttpResponse:
    """Ask for a workbook, and have it read in the background."""
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = start_reading(
                kind,
                file=file.file,
                name=file.name,
                actor=request.user,
                at=timezone.now(),
                task=task,
            )
        except Refused as refusal:
            form.add_error("file", refusal.reason)
        else:
            return redirect("documents:run", run.pk)
    context = {"kind": kind, "form": form, "labels": labels_of(kind.name).values()}
    template = "documents/import_upload.html"
    return render(request, template, context, status=422 if form.errors else 200)


def preview(request: SignedInRequest, kind: WorkbookKind, run_id: UUID) -> HttpResponse:
    """Show how a workbook was read and what would become of each row, page by page."""
    run = get_object_or_404(_runs(request).filter(kind=kind.reading), pk=run_id)
    if run.state != RunState.DONE:
        return redirect("documents:run", run.pk)
    kept = kept_of(run)
    show = request.GET.get("show", "")
    after = request.GET.get("after", "")
    everything = _lines(kept)
    lines = [line for line in everything if _is_asked_for(line, show)]
    doubtful = [line for line in everything if line.found]
    page = _page(lines, after)
    first = [] if show or after else doubtful[:FIRST_SHOWN]
    for line in (*page.rows, *first):
        _fill(line, kind, kept)
    counts = kept["counts"]
    context = {
        "kind": kind,
        "run": run,
        "counts": counts,
        "doubtful": len(doubtful),
        # Otherwise they could stand on a page that nobody opens.
        "first": first,
        "of_all": sum(counts.values()),
        "to_take": counts["new"] + counts["changed"],
        "headings": _headings(kind, kept),
        "labels": list(labels_of(kind.name).values()),
        "general": _general(kept),
        "page": page,
        "total": len(lines),
        "show": show,
        "sheets": "、" in kept["sheet"],
        "sheet": kept["sheet"],
        **_taking(kind, run),
        "take_address": kind.address("take", run.pk),
        "again_address": kind.address("again", run.pk),
        "faults_address": kind.address("faults", run.pk),
    }
    return render(request, "documents/import_preview.html", context)


def take(request: SignedInRequest, kind: WorkbookKind, run_id: UUID, task: Work) -> HttpResponse:
    """Take what was shown. Asked twice, it is taken once."""
    get_object_or_404(_runs(request).filter(kind=kind.reading), pk=run_id)
    try:
        run = start_taking(kind, run_id=run_id, actor=request.user, at=timezone.now(), task=task)
    except Refused:
        return redirect("documents:run", run_id)
    return redirect("documents:run", run.pk)


def again(request: SignedInRequest, kind: WorkbookKind, run_id: UUID, task: Work) -> HttpResponse:
    """Read the same workbook again, because the register has changed since."""
    get_object_or_404(_runs(request).filter(kind=kind.reading), pk=run_id)
    run = start_reading_again(kind, run_id=run_id, actor=request.user, at=timezone.now(), task=task)
    return redirect("documents:run", run.pk)


def taken(request: SignedInRequest, kind: WorkbookKind, run_id: UUID) -> HttpResponse:
    """Show what an import did, and what is left for a person to look at."""
    run = get_object_or_404(_runs(request).filter(kind=kind.taking), pk=run_id)
    if run.state != RunState.DONE or run.subject_id is None:
        return redirect("documents:run", run.pk)
    read = get_object_or_404(_runs(request), pk=run.subject_id)
    faults = [fault_of(one) for one in kept_of(read)["faults"]]
    context = {
        "kind": kind,
        "run": run,
        "counts": run.result["counts"],
        "faults": faults[:FAULTS_SHOWN],
        "fault_count": len(faults),
        "faults_address": kind.address("faults", read.pk),
    }
    return render(request, "documents/import_taken.html", context)


def faults(request: SignedInRequest, kind: WorkbookKind, run_id: UUID) -> FileResponse:
    """Send the faults of a workbook as a workbook, for whoever must correct it."""
    runs = _runs(request).filter(kind=kind.reading, state=RunState.DONE)
    run = get_object_or_404(runs, pk=run_id)
    words = {
        Severity.REFUSED: _("not taken"),
        Severity.QUERY: _("taken, to be looked at"),
        Severity.NOTE: _("note"),
    }
    found = [fault_of(one) for one in kept_of(run)["faults"]]
    rows = ([f.sheet, f.row, f.column, f.message, words[f.severity]] for f in found)
    headings = [_("Sheet"), _("Row"), _("Column"), _("What is wrong"), _("Row taken?")]
    return workbook_response(_("Faults") + f" {run.subject_name}.xlsx", headings, rows)


def _runs(request: SignedInRequest) -> QuerySet[Run]:
    return Run.objects.visible_to(request.user).select_related("source", "made")


def _taking(kind: WorkbookKind, run: Run) -> dict[str, Run | None]:
    """Give the import that this reading led to, and the last one if it failed."""
    last = Run.objects.filter(kind=kind.taking, subject_id=run.pk).first()
    failed = last is not None and last.state == RunState.FAILED
    return {"taking": None if failed else last, "failed": last if failed else None}


def _headings(kind: WorkbookKind, kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    labels = labels_of(kind.name)
    return [(title, labels[name] if name else "") for title, name in kept["columns"].items()]


def _lines(kept: Mapping[str, Any]) -> list[Line]:
    """Give every row that was read or refused, in the order of the workbook, without its cells."""
    by_place: defaultdict[tuple[str, int], list[Fault]] = defaultdict(list)
    for one in kept["faults"]:
        by_place[one["sheet"], one["row"]].append(fault_of(one))
    lines = [
        Line(r["row"], r["sheet"], r["outcome"], by_place.pop((r["sheet"], r["row"]), []), r)
        for r in kept["rows"]
    ]
    for (sheet, number), found in by_place.items():
        if any(fault.severity is Severity.REFUSED for fault in found):
            lines.append(Line(number, sheet, Outcome.REFUSED.value, found))
    order = {sheet: place for place, sheet in enumerate(dict.fromkeys(one.sheet for one in lines))}
    return sorted(lines, key=lambda line: (order[line.sheet], line.number))


def _fill(line: Line, kind: WorkbookKind, kept: Mapping[str, Any]) -> None:
    """Give a line its cells, each with what is wrong with it."""
    line.faults, line.cells = list(line.found), []
    if line.row is None:
        return
    fields, before = line.row["fields"], line.row["before"]
    for name, label in labels_of(kind.name).items():
        own = [fault for fault in line.faults if kept["columns"].get(fault.column) == name]
        line.faults = [fault for fault in line.faults if fault not in own]
        old = _shown(kind, name, before[name]) or _("nothing") if name in before else None
        line.cells.append(Cell(label, _shown(kind, name, fields[name]), old, own))


def _shown(kind: WorkbookKind, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        yes, no = kind.yes_no.get(name, (_("yes"), _("no")))
        return str(yes if value else no)
    if isinstance(value, list):
        return "、".join(map(str, value))
    text = str(value)
    if name in kind.masked and "*" not in text:
        return text[:6] + "*" * max(len(text) - 7, 0) + text[-1:]
    return text


def _is_asked_for(line: Line, show: str) -> bool:
    if show == "doubtful":
        return bool(line.found)
    return not show or line.outcome == show


def _general(kept: Mapping[str, Any]) -> list[str]:
    """Give what concerns no row: hidden sheets, columns without a heading."""
    rows = {(row["sheet"], row["row"]) for row in kept["rows"]}
    about_none = [
        one["message"]
        for one in kept["faults"]
        if (one["sheet"], one["row"]) not in rows and one["severity"] != Severity.REFUSED
    ]
    return [one["message"] for one in kept["notes"]] + about_none


def _page(lines: list[Line], after: str) -> LinePage:
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    rest = start + ROWS_ON_A_PAGE
    return LinePage(lines[start:rest], str(rest) if rest < len(lines) else "")
