"""The steps of a background run."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import Run, StoredFile
from tanzhao.documents.rules import may_end
from tanzhao.documents.states import ENDED, RunKind, RunState
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require

log = logging.getLogger(__name__)


@transaction.atomic
def start_run(
    *,
    kind: RunKind,
    actor: User,
    at: datetime,
    subject_id: UUID | None = None,
    subject_name: str = "",
    source: StoredFile | None = None,
) -> Run:
    """Note that background work was asked for. The caller enqueues its task on commit."""
    run = Run.objects.create(
        kind=kind,
        started_by=actor,
        started_at=at,
        subject_id=subject_id,
        subject_name=subject_name[:200],
        source=source,
    )
    details: dict[str, Any] = {"source": source.name, "sha256": source.sha256} if source else {}
    record(verb=Verb.RUN_STARTED, actor=actor, target=run, at=at, subject=subject_name, **details)
    return run


@transaction.atomic
def begin_run(*, run_id: UUID) -> Run | None:
    """Say that a worker has begun. None if the run has ended: then there is nothing to do.

    A run that is running already is begun again: its worker was killed.
    """
    run = locked(Run.objects.all(), run_id)
    if RunState(run.state) in ENDED:
        return None
    run.state = RunState.RUNNING
    run.save(update_fields=["state"])
    return run


@transaction.atomic
def finish_run(
    *,
    run_id: UUID,
    at: datetime,
    made: StoredFile | None = None,
    result: dict[str, Any] | None = None,
) -> Run:
    """Say that the work is done. Call it inside the transaction of the work itself.

    Args:
        made: the file that the work made, if any.
        result: plain JSON; "next" is the address where the result is seen.
    Raises:
        Refused: the run has ended. The work was done twice at once, and this one is undone.
    """
    run = locked(Run.objects.all(), run_id)
    require(may_end(run))
    run.state, run.finished_at, run.made, run.result = RunState.DONE, at, made, result or {}
    run.save(update_fields=["state", "finished_at", "made", "result"])
    record(verb=Verb.RUN_FINISHED, actor=run.started_by, target=run, at=at)
    return run


@transaction.atomic
def fail_run(*, run_id: UUID, at: datetime, problem: str, next_address: str = "") -> Run:
    """Say that the work failed, and why, in one sentence. A run that has ended is left alone."""
    run = locked(Run.objects.all(), run_id)
    if RunState(run.state) in ENDED:
        return run
    run.state, run.finished_at, run.problem = RunState.FAILED, at, problem[:500]
    run.result = {"next": next_address} if next_address else {}
    run.save(update_fields=["state", "finished_at", "problem", "result"])
    record(verb=Verb.RUN_FAILED, actor=run.started_by, target=run, at=at, problem=run.problem)
    return run


@transaction.atomic
def cancel_run(*, run_id: UUID, actor: User, at: datetime, note: str) -> Run:
    """End a run at once, for an action that has asked its own rule who may: its worker is told to
    stop, and what it has found by then is refused. One that has ended is left alone.

    Args:
        note: who cancelled it and what that leaves, in one sentence.
    """
    run = locked(Run.objects.all(), run_id)
    if RunState(run.state) in ENDED:
        return run
    run.state, run.finished_at, run.problem = RunState.CANCELLED, at, note[:500]
    run.stop_asked_at = run.stop_asked_at or at
    run.save(update_fields=["state", "finished_at", "problem", "stop_asked_at"])
    record(verb=Verb.RUN_CANCELLED, actor=actor, target=run, at=at)
    return run


@transaction.atomic
def stop_run(*, run_id: UUID, actor: User, at: datetime) -> Run:
    """Ask a run to end with the best it has, for an action that has asked its own rule who may.
    Asking twice is asking once; one that has ended is left alone."""
    run = locked(Run.objects.all(), run_id)
    if RunState(run.state) in ENDED:
        return run
    if run.stop_asked_at is None:
        run.stop_asked_at = at
        run.save(update_fields=["stop_asked_at"])
        record(verb=Verb.RUN_STOPPED, actor=actor, target=run, at=at)
    return run


def note_progress(*, run_id: UUID, progress: dict[str, Any]) -> bool:
    """Write down how far a run has come, outside its transaction, so that its page can show it.

    Returns: whether somebody has asked it to stop.
    """
    Run.objects.filter(pk=run_id, state=RunState.RUNNING).update(progress=progress)
    return Run.objects.filter(pk=run_id, stop_asked_at__isnull=False).exists()


@dataclass(frozen=True)
class Outcome:
    """What a piece of background work gives back."""

    made: StoredFile | None = None
    result: dict[str, Any] = field(default_factory=dict)


def carry_out(
    *, run_id: UUID, work: Callable[[Run], Outcome], clock: Callable[[], datetime]
) -> None:
    """Do the work of a run, all of it or nothing, once, however often it is called.

    The work happens in one transaction together with the note that it is done, in the language
    of the person who waits. A refusal or a mistake leaves the run failed, with its sentence.

    Args:
        work: does everything, and names the file made and the address of the result.
        clock: gives the time; called when the work ends.
    """
    carry_out_reading(run_id=run_id, read=lambda run: partial(work, run), clock=clock)


def carry_out_reading(
    *,
    run_id: UUID,
    read: Callable[[Run], Callable[[], Outcome]],
    clock: Callable[[], datetime],
    go_back: str = "",
) -> None:
    """Do the work of a run as carry_out does, its long part outside the transaction.

    Args:
        read: does what takes long and changes nothing, and gives the step that changes
            something. Only that step is in the transaction, so that others can write meanwhile.
        go_back: the address where a person puts right what was refused.
    """
    run = begin_run(run_id=run_id)
    if run is None:
        return
    with translation.override(run.started_by.language):
        try:
            work = read(run)
            with transaction.atomic():
                outcome = work()
                finish_run(run_id=run_id, at=clock(), made=outcome.made, result=outcome.result)
        except Refused as refusal:
            fail_run(run_id=run_id, at=clock(), problem=refusal.reason, next_address=go_back)
        except Exception:
            log.exception("run %s failed", run_id)
            sentence = _("The program made a mistake. Nothing was saved. Tell the administrator.")
            fail_run(run_id=run_id, at=clock(), problem=sentence, next_address=go_back)
