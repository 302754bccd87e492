"""Reading an office's old rectification ledger."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import RunKind
from tanzhao.findings.models import Finding
from tanzhao.kernel.imports import (
    ImportReport,
    RowPlan,
    first_of_month,
    headings_of,
    other_headings_than,
)
from tanzhao.kernel.sheets import Row, SheetReading, read_workbook
from tanzhao.kernel.sheets.text import fold
from tanzhao.rectification.actions import LedgerRow, take_ledger_rows
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import ImportedState
from tanzhao.units.models import Unit


def read_ledger(path: Path) -> SheetReading:
    """Read an old ledger; units that are not known are named. Nothing is written.

    Raises:
        Unreadable: the file cannot be read at all; one sentence says why.
    """
    known = set(Unit.objects.values_list("name", flat=True))
    others = other_headings_than("ledger")
    return read_workbook(path, headings_of("ledger"), known=known, others=others)


def import_ledger(
    reading: SheetReading,
    *,
    actor: User | None,
    at: datetime,
    source: StoredFile,
    operator: str = "",
    keep: bool = True,
) -> ImportReport:
    """Take the rows of a ledger, all or none, and say what became of each.

    A row of a unit that is not known, or without a round or a due month, is refused.

    Raises:
        Refused: the actor may not import a ledger.
    """
    units = {fold(name): key for key, name in Unit.objects.values_list("pk", "name")}
    plans = [RowPlan() for _row in reading.rows]
    rows = [_row(row, units, plan) for row, plan in zip(reading.rows, plans, strict=True)]
    taken = take_ledger_rows(
        rows=[row for row in rows if row is not None],
        actor=actor,
        at=at,
        source=source,
        operator=operator,
        refused=rows.count(None),
        keep=keep,
    )
    answers = iter(taken)
    for row, plan in zip(rows, plans, strict=True):
        if row is not None:
            answer = next(answers)
            plan.outcome, plan.before = answer.outcome, answer.before
            plan.remarks.extend(answer.remarks)
    return ImportReport(reading, plans)


def _row(row: Row, units: dict[str, UUID], plan: RowPlan) -> LedgerRow | None:
    fields: dict[str, Any] = row.fields
    unit_id = units.get(fold(fields["unit"]))
    if unit_id is None:
        plan.refuse("unknown_unit", "unit", value=fields["unit"])
    for name in ("round", "due"):
        if not fields[name]:
            plan.refuse("needed", name)
    due = first_of_month(fields["due"])
    if unit_id is None or not fields["round"] or due is None:
        return None
    columns = {
        "category": (Finding, "category"),
        "subcategory": (Finding, "subcategory"),
        "owner": (RectificationItem, "owner_name"),
    }
    texts = {
        name: plan.fitting(name, model, fields[name] or "", column=column)
        for name, (model, column) in columns.items()
    }
    return LedgerRow(
        unit_id=unit_id,
        round_number=fields["round"],
        text=fields["text"],
        due=due,
        state=ImportedState(fields["state"]) if fields["state"] else None,
        measure=fields["measure"] or "",
        term=row.extras.get("term"),
        **texts,
    )


LEDGER = WorkbookKind(
    name="ledger",
    reading=RunKind.LEDGER_READ,
    taking=RunKind.LEDGER_IMPORT,
    action=Action.LEDGER_IMPORT,
    read=read_ledger,
    take=import_ledger,
    title=_("Import an old ledger"),
    register="rectification:items",
    upload="rectification:import_ledger",
)
