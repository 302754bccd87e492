"""What one kind of workbook needs to be imported: how it is read, and how its rows are taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import RunKind
from tanzhao.kernel.imports import ImportReport
from tanzhao.kernel.sheets import SheetReading


class Taker(Protocol):
    """Takes the rows of a workbook, all or none; with keep=False it only says what it would do."""

    def __call__(
        self,
        reading: SheetReading,
        *,
        actor: User | None,
        at: datetime,
        source: StoredFile,
        operator: str = "",
        keep: bool = True,
    ) -> ImportReport: ...


@dataclass(frozen=True)
class WorkbookKind:
    """A kind of workbook: units, inspectors or an old ledger."""

    name: str  # of its pack of headings
    reading: RunKind
    taking: RunKind
    action: Action
    read: Callable[[Path], SheetReading]
    take: Taker
    title: Any  # of its pages, translated
    register: str  # name of the address where the rows are seen afterwards
    upload: str  # name of the address where it begins
    masked: frozenset[str] = frozenset()  # fields that are never shown in full

    # Fields that are yes or no, and the words for yes and for no.
    yes_no: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def address(self, step: str, run_id: UUID) -> str:
        """Give the address of a step: preview, take, again, faults or taken."""
        return reverse(f"{self.upload.partition(':')[0]}:import_{step}", args=[run_id])
