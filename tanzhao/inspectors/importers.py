"""Reading inspectors from an office's workbook."""

import datetime as dt
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import RunKind
from tanzhao.inspectors.actions import InspectorRow, take_inspector_rows
from tanzhao.kernel.imports import ImportReport, first_of_month, headings_of, other_headings_than
from tanzhao.kernel.sheets import Row, SheetReading, read_workbook
from tanzhao.units.models import Unit

_TEXTS = ("name", "sex", "native_place", "id_number", "workplace", "title", "grade", "phone")
_LISTS = ("skills", "past_workplaces", "recusal_units", "rounds")


def read_inspectors(path: Path) -> SheetReading:
    """Read a workbook of inspectors; workplaces that no unit matches are named. Nothing is written.

    Raises:
        Unreadable: the file cannot be read at all; one sentence says why.
    """
    known = set(Unit.objects.values_list("name", flat=True))
    others = other_headings_than("inspectors")
    return read_workbook(path, headings_of("inspectors"), known=known, others=others)


def import_inspectors(
    reading: SheetReading,
    *,
    actor: User | None,
    at: datetime,
    source: StoredFile,
    operator: str = "",
    keep: bool = True,
) -> ImportReport:
    """Take the rows of a workbook, all or none, and say what became of each.

    Raises:
        Refused: the actor may not change the talent pool.
    """
    rows = [_row(row) for row in reading.rows]
    plans = take_inspector_rows(
        rows=rows, actor=actor, at=at, source=source, operator=operator, keep=keep
    )
    return ImportReport(reading, plans)


def _row(row: Row) -> InspectorRow:
    texts: dict[str, Any] = {name: row.fields[name] or "" for name in _TEXTS}
    lists: dict[str, Any] = {name: tuple(row.fields[name] or ()) for name in _LISTS}
    return InspectorRow(
        **texts,
        **lists,
        born=first_of_month(row.fields["born"]),
        full_time=row.fields["full_time"],
        terms=tuple((term, number) for term, number in row.extras.get("terms", ())),
        until={
            one["unit"]: day
            for one in row.extras.get("service", ())
            if (day := _last_month(one["until"]))
        },
    )


def _last_month(text: str) -> dt.date | None:
    """Give the first day of the last month at a workplace; of a year alone, its December."""
    if not text:
        return None
    return first_of_month(text if "-" in text else f"{text}-12")


INSPECTORS = WorkbookKind(
    name="inspectors",
    reading=RunKind.INSPECTORS_READ,
    taking=RunKind.INSPECTORS_IMPORT,
    action=Action.INSPECTOR_IMPORT,
    read=read_inspectors,
    take=import_inspectors,
    title=_("Import inspectors"),
    register="inspectors:inspectors",
    upload="inspectors:import",
    masked=frozenset({"id_number"}),
    yes_no={"full_time": (_("full-time"), _("lent"))},
)
