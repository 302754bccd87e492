"""The steps of an import through the pages: read in the background, look, take."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.tasks import Task
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.documents.actions import Outcome, carry_out_reading, start_run, store_file
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.models import Run, StoredFile
from tanzhao.documents.states import ANY_KIND, FileKind, RunKind, RunState
from tanzhao.kernel.imports import ImportReport, is_as_seen
from tanzhao.kernel.sheets import Fault, Row, Severity, SheetReading, Unreadable
from tanzhao.kernel.verdict import Refused, no, require

type Work = Task[[str], None]


@transaction.atomic
def start_reading(
    kind: WorkbookKind, *, file: BinaryIO, name: str, actor: User, at: datetime, task: Work
) -> Run:
    """Store a workbook and have it read in the background. Nothing is written to the register.

    Raises:
        Refused: the actor may not import, or the file is empty or too large.
    """
    _require_grant(kind, actor)
    source = store_file(
        file=file,
        name=name,
        actor=actor,
        at=at,
        kinds=ANY_KIND,
        most_bytes=settings.MAX_WORKBOOK_BYTES,
    )
    return _start(kind.reading, source, actor, at, task)


@transaction.atomic
def start_reading_again(
    kind: WorkbookKind, *, run_id: UUID, actor: User, at: datetime, task: Work
) -> Run:
    """Have the workbook of an earlier run read again: the register has changed since.

    Raises:
        Run.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not import.
    """
    _require_grant(kind, actor)
    run = Run.objects.visible_to(actor).get(pk=run_id, kind=kind.reading)
    assert run.source is not None  # noqa: S101  a run of this kind has one
    return _start(kind.reading, run.source, actor, at, task)


def _start(what: RunKind, source: StoredFile, actor: User, at: datetime, task: Work) -> Run:
    run = start_run(kind=what, actor=actor, at=at, subject_name=source.name, source=source)
    transaction.on_commit(partial(task.enqueue, str(run.pk)))
    return run


@transaction.atomic
def start_taking(kind: WorkbookKind, *, run_id: UUID, actor: User, at: datetime, task: Work) -> Run:
    """Have the rows of a workbook taken that was read and looked at. Asked twice, it is one run.

    Raises:
        Run.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not import, or the workbook has not been read.
    """
    _require_grant(kind, actor)
    reads = Run.objects.visible_to(actor).select_for_update(of=("self",))
    read = reads.get(pk=run_id, kind=kind.reading)
    begun = Run.objects.filter(kind=kind.taking, subject_id=read.pk)
    earlier = begun.exclude(state=RunState.FAILED).first()
    if earlier is not None:
        return earlier
    if read.state != RunState.DONE or read.source is None:
        require(no(_("The workbook has not been read yet. Wait until it has.")))
    run = start_run(
        kind=kind.taking,
        actor=actor,
        at=at,
        subject_id=read.pk,
        subject_name=read.subject_name,
        source=read.source,
    )
    transaction.on_commit(partial(task.enqueue, str(run.pk)))
    return run


def read_in_background(kind: WorkbookKind, *, run_id: UUID, clock: Callable[[], datetime]) -> None:
    """Read the workbook of a run and keep what was read, for the page that shows it."""

    def read(run: Run) -> Callable[[], Outcome]:
        source = _source(run)
        try:
            reading = kind.read(Path(source.content.path))
        except Unreadable as refusal:
            raise Refused(refusal.message) from refusal
        return partial(_keep, run, reading)

    def _keep(run: Run, reading: SheetReading) -> Outcome:
        report = kind.take(
            reading, actor=run.started_by, at=clock(), source=_source(run), keep=False
        )
        kept = store_file(
            file=json.dumps(as_kept(report), ensure_ascii=False).encode(),
            name=f"{run.pk}.txt",
            actor=run.started_by,
            at=clock(),
            kinds=frozenset({FileKind.OTHER}),
            most_bytes=1 << 30,
        )
        address = kind.address("preview", run.pk)
        return Outcome(made=kept, result={"next": address, "counts": report.counts})

    again = reverse(kind.upload)
    carry_out_reading(run_id=run_id, read=read, clock=clock, go_back=again)


def take_in_background(kind: WorkbookKind, *, run_id: UUID, clock: Callable[[], datetime]) -> None:
    """Take the rows that were shown, all or none, if the register is still as it was then."""
    read = Run.objects.get(pk__in=Run.objects.filter(pk=run_id).values("subject_id"))

    def prepare(run: Run) -> Callable[[], Outcome]:
        return partial(take, run, kept_of(read))

    def take(run: Run, kept: dict[str, Any]) -> Outcome:
        report = kind.take(reading_of(kept), actor=run.started_by, at=clock(), source=_source(run))
        if not is_as_seen(report.plans, [(row["outcome"], row["before"]) for row in kept["rows"]]):
            raise Refused(_stale(report.counts))
        address = kind.address("taken", run.pk)
        return Outcome(result={"next": address, "counts": report.counts})

    look = kind.address("preview", read.pk)
    carry_out_reading(run_id=run_id, read=prepare, clock=clock, go_back=look)


def _stale(counts: dict[str, int]) -> str:
    sentence = _(
        "Since the preview was made, the register has changed: it would now be %(new)s new, "
        "%(changed)s changed and %(unchanged)s unchanged rows. Nothing was imported. "
        "Read the file again and look at the new preview."
    )
    return sentence % counts


def _require_grant(kind: WorkbookKind, actor: User) -> None:
    if not actor.holds(kind.action):
        require(no(_("Your role does not import this. Ask the inspection office.")))


def _source(run: Run) -> StoredFile:
    assert run.source is not None  # noqa: S101  start_reading and start_taking set it
    return run.source


def as_kept(report: ImportReport) -> dict[str, Any]:
    """Give everything the preview shows and the import takes, as plain JSON values."""
    reading = report.reading
    return {
        "sheet": reading.sheet,
        "columns": reading.columns,
        "rows": [
            {
                "row": row.number,
                "sheet": row.sheet,
                "fields": row.fields,
                "extras": row.extras,
                "outcome": plan.outcome.value,
                "before": plan.before,
            }
            for row, plan in zip(reading.rows, report.plans, strict=True)
        ],
        "faults": [asdict(fault) for fault in report.faults],
        "read_faults": [asdict(fault) for fault in reading.faults],
        "notes": [asdict(note) for note in reading.notes],
        "passed_over": reading.passed_over,
        "counts": report.counts,
    }


def kept_of(run: Run) -> dict[str, Any]:
    """Read back what a reading run kept."""
    assert run.made is not None  # noqa: S101  a reading run that is done has kept one
    with run.made.content.open("rb") as file:
        kept: dict[str, Any] = json.load(file)
    return kept


def reading_of(kept: dict[str, Any]) -> SheetReading:
    """Make the reading again from what was kept of it."""
    return SheetReading(
        sheet=kept["sheet"],
        columns=kept["columns"],
        rows=[Row(one["row"], one["fields"], one["extras"], one["sheet"]) for one in kept["rows"]],
        faults=[fault_of(one) for one in kept["read_faults"]],
        notes=[fault_of(one) for one in kept["notes"]],
        passed_over=[(sheet, row, why) for sheet, row, why in kept["passed_over"]],
    )


def fault_of(one: dict[str, Any]) -> Fault:
    """Make a fault again from what was kept of it."""
    return Fault(**(one | {"severity": Severity(one["severity"])}))
