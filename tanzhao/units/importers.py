"""Reading units from an office's workbook."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import RunKind
from tanzhao.kernel.imports import ImportReport, first_of_month, headings_of, other_headings_than
from tanzhao.kernel.sheets import Row, SheetReading, read_workbook
from tanzhao.units.actions import UnitRow, take_unit_rows


def read_units(path: Path) -> SheetReading:
    """Read a workbook of units. Nothing is written.

    Raises:
        Unreadable: the file cannot be read at all; one sentence says why.
    """
    return read_workbook(path, headings_of("units"), others=other_headings_than("units"))


def import_units(
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
        Refused: the actor may not change units.
    """
    rows = [_row(row) for row in reading.rows]
    plans = take_unit_rows(
        rows=rows, actor=actor, at=at, source=source, operator=operator, keep=keep
    )
    return ImportReport(reading, plans)


def _row(row: Row) -> UnitRow:
    fields = row.fields
    texts: dict[str, Any] = {
        name: fields[name] or ""
        for name in ("name", "category", "form", "parent", "system", "head", "phone", "priority")
    }
    return UnitRow(
        **texts,
        members=fields["members"],
        round=fields["round"],
        inspected=first_of_month(fields["inspected"]),
        term=row.extras.get("term"),
    )


UNITS = WorkbookKind(
    name="units",
    reading=RunKind.UNITS_READ,
    taking=RunKind.UNITS_IMPORT,
    action=Action.UNIT_IMPORT,
    read=read_units,
    take=import_units,
    title=_("Import units"),
    register="units:units",
    upload="units:import",
)
