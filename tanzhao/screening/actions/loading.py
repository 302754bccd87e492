"""Reading the files of a data set, outside the transaction that keeps what came of it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import Outcome, carry_out_reading
from tanzhao.documents.models import Run
from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.report import CannotLoad, Progress, Report
from tanzhao.engines.screening.tables import read_datasets
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused
from tanzhao.screening import room
from tanzhao.screening.models import DataSet, Fault
from tanzhao.screening.rulebook import DATASETS
from tanzhao.screening.running import stopped
from tanzhao.screening.states import DataSetState
from tanzhao.screening.watching import Watch
from tanzhao.screening.wording import problem_of, stored_refusals, stored_sources

# Faults are counted without end; so many are kept one by one, for the page.
MOST_FAULTS = 20_000


def carry_out_loading(
    *, run_id: UUID, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> None:
    """Read the files that a run asks for. Doing it twice does it once.

    Args:
        stopwatch: seconds, for telling the page how far it is. clock: the time at the end.
    """
    key = Run.objects.get(pk=run_id).subject_id
    carry_out_reading(
        run_id=run_id,
        read=partial(_read, stopwatch=stopwatch, clock=clock),
        clock=clock,
        go_back=reverse("screening:data_set", args=[key]),
    )


def build_store(
    data_sets: Collection[DataSet], out: Path, *, purpose: str, basis: str, watch: Watch
) -> Report:
    """Build a store of the files of some data sets at `out`.

    Raises: Refused if nothing could be taken.
    """
    from tanzhao.engines.screening.loading.mapping import map_from

    datasets = read_datasets(DATASETS)
    folder = room.workshop(f"{out.name}-files")
    try:
        files = {
            one.number: [(f.name, Path(f.file.content.path)) for f in one.files.all()]
            for one in data_sets
        }
        room.lay_out(folder, files)
        said = map_from(_order(data_sets, purpose, basis), datasets)
        return load(folder, said, datasets, out, replace=True, on_progress=_teller(watch))
    except CannotLoad as problem:
        raise Refused(problem_of(problem.code, problem.values)) from problem
    finally:
        room.clear(folder)


def _teller(watch: Watch) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        watch.note(
            {
                "stage": "loading",
                "name": room.own_name(progress.file),
                "done": progress.files,
                "of": progress.of_files,
                "rows": progress.rows,
            }
        )
        if watch.is_stopped():
            raise Refused(stopped())

    return tell


def _order(data_sets: Collection[DataSet], purpose: str, basis: str) -> dict[str, Any]:
    first = min(data_sets, key=lambda one: one.expires)
    return {
        "order": {
            "purpose": purpose,
            "approver": str(first.registered_by),
            "legal_basis": basis,
            "expires": first.expires,
        },
        "source": [
            {"files": f"{one.number}/*", "given_by": one.given_by, "letter": one.letter}
            for one in data_sets
        ],
    }


def _read(
    run: Run, *, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> Callable[[], Outcome]:
    """Do what takes long: read the files and their faults. Changes no row."""
    from tanzhao.screening.reading import faults_of

    assert run.subject_id is not None  # noqa: S101  _ask_for_loading names the data set
    data_set = DataSet.objects.prefetch_related("files__file").get(pk=run.subject_id)
    workshop = room.workshop(run.pk)
    report = build_store(
        [data_set],
        workshop / "store",
        purpose=data_set.purpose,
        basis=data_set.letter,
        watch=Watch(run.pk, stopwatch),
    )
    faults = faults_of(report.store, MOST_FAULTS) if report.store else []
    values = {
        "sources": stored_sources(report),
        "refused": stored_refusals(report),
        "fault_counts": dict(report.faults),
        "rows_taken": report.taken,
        "rows_doubtful": report.doubtful,
    }
    rows = [
        Fault(data_set=data_set, position=position, **vars(fault))
        for position, fault in enumerate(faults, 1)
    ]
    return partial(_keep, data_set.pk, values, rows, workshop, run.started_by, clock)


def _keep(
    data_set_id: UUID,
    values: Mapping[str, Any],
    faults: list[Fault],
    workshop: Path,
    actor: User,
    clock: Callable[[], datetime],
) -> Outcome:
    data_set = locked(DataSet.objects.all(), data_set_id)
    if data_set.state == DataSetState.EXPIRED:
        room.clear(workshop)
        raise Refused(_("Its rows have been deleted meanwhile."))
    at = clock()
    is_taken = bool(values["sources"])
    for name, value in values.items():
        setattr(data_set, name, value)
    data_set.state = DataSetState.LOADED if is_taken else DataSetState.RECEIVED
    data_set.loaded_at = at if is_taken else None
    data_set.save()
    data_set.faults.all().delete()
    Fault.objects.bulk_create(faults, batch_size=500)
    room.forget(data_set.number)
    if is_taken:
        (workshop / "store").rename(room.store_of([data_set.number]))
    room.clear(workshop)
    record(
        verb=Verb.DATA_SET_LOADED,
        actor=actor,
        target=data_set,
        at=at,
        rows=data_set.rows_taken,
        doubtful=data_set.rows_doubtful,
        refused=len(data_set.refused),
        tables=data_set.tables,
    )
    return Outcome(result={"next": reverse("screening:data_set", args=[data_set_id])})
