"""The register of data sets: registered, read in the background, read again, gone on its day."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.actions import stop_run
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import RunState
from tanzhao.kernel.verdict import Refused
from tanzhao.screening import room
from tanzhao.screening.actions import (
    approve_comparison,
    carry_out_loading,
    delete_expired_rows,
    load_again,
)
from tanzhao.screening.models import DataSet, Fault
from tanzhao.screening.states import DataSetState
from tanzhao.web.management.commands import worker
from tests.factories import NOON, UserFactory, days
from tests.screening.factories import ComparisonFactory, DataSetFactory
from tests.screening.makers import (
    BAD,
    deaths,
    director,
    payments,
    registered,
    requested,
    staff,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_room")]


def test_files_of_a_letter_are_kept_by_their_hash_and_read_in_the_background(at_once):
    actor = staff()

    data_set = at_once(registered, actor)

    assert data_set.state == DataSetState.LOADED
    assert (data_set.rows_taken, data_set.rows_doubtful) == (5, 1)
    assert data_set.tables == ["deaths", "payments"]
    assert data_set.run.state == RunState.DONE
    assert room.is_there(room.store_of([data_set.number]))
    stored = {one.name: one.file.sha256 for one in data_set.files.all()}
    entry = Entry.objects.get(verb="dataset.received")
    assert {one["name"]: one["sha256"] for one in entry.details["files"]} == stored
    assert Entry.objects.filter(verb="dataset.loaded", target_id=data_set.pk).count() == 1


def test_a_doubtful_cell_is_named_by_its_row_and_never_kept_in_full(at_once):
    data_set = at_once(registered, staff())

    fault = data_set.faults.get()

    assert (fault.file, fault.row_number, fault.heading) == ("一卡通.xlsx", 5, "身份证号")
    assert fault.fault == "id_check"
    assert fault.text == "110101********1230"
    assert not Fault.objects.filter(text__contains=BAD).exists()


def test_a_file_that_is_no_table_is_refused_with_its_reason_and_the_others_are_taken(at_once):
    letter = workbook([["关于提供数据的函"], ["请查收"]]), "来函.xlsx"

    data_set = at_once(registered, staff(), files=[payments(), letter])

    assert data_set.state == DataSetState.LOADED
    (refused,) = [one for one in data_set.refused if not one.get("note")]
    assert refused["file"] == "来函.xlsx"


def test_a_data_set_of_which_nothing_could_be_read_stays_received(at_once):
    data_set = at_once(registered, staff(), files=[(workbook([["函"], ["请"]]), "来函.xlsx")])

    assert data_set.state == DataSetState.RECEIVED
    assert not room.is_there(room.store_of([data_set.number]))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([deaths(), (deaths()[0], "死亡（副本）.csv")], "same file"),
        ([payments(), (workbook([["x"], ["y"]]), "一卡通.xlsx")], "called"),
        ([(b"%PDF-1.7\n", "函.pdf")], "kinds"),
        ([(b"", "空.csv")], "empty"),
    ],
)
def test_files_that_cannot_be_kept_are_refused_and_nothing_is_registered(files, reason):
    with pytest.raises(Refused, match=reason), transaction.atomic():
        registered(staff(), files=[(file, name) for file, name in files])

    assert not DataSet.objects.exists()


def test_only_the_office_registers_and_a_double_click_registers_once(at_once):
    key = DataSetFactory.build().pk
    actor = staff()

    first = at_once(registered, actor, key=key)
    second = registered(actor, key=key)

    assert first.pk == second.pk
    assert DataSet.objects.count() == 1
    for role in set(Role) - {Role.STAFF, Role.DIRECTOR}:
        values = {"unit_id": first.pk} if role == Role.CONTACT else {}
        with pytest.raises(Refused):
            registered(UserFactory(role=role, **values))


def test_loading_done_twice_by_two_workers_loads_once_and_a_killed_one_is_done_again(at_once):
    data_set = at_once(registered, staff())
    run = data_set.run
    before = list(data_set.faults.values_list("pk", flat=True))

    carry_out_loading(run_id=run.pk, stopwatch=float, clock=lambda: NOON)
    assert list(data_set.faults.values_list("pk", flat=True)) == before

    # A worker was killed in the middle: the run is running, and half a store lies about.
    type(run).objects.filter(pk=run.pk).update(state=RunState.RUNNING, finished_at=None)
    (room.room() / f"{room.BUILDING}{run.pk}").mkdir()
    carry_out_loading(run_id=run.pk, stopwatch=float, clock=lambda: NOON)
    data_set.refresh_from_db()
    assert (data_set.state, data_set.rows_taken) == (DataSetState.LOADED, 5)
    assert data_set.faults.count() == 1
    assert not [one for one in room.room().iterdir() if one.name.startswith(room.BUILDING)]


def test_reading_that_somebody_stopped_keeps_nothing_and_can_be_asked_for_again(at_once):
    actor = staff()
    data_set = registered(actor)  # no worker has come yet
    stop_run(run_id=data_set.run.pk, actor=actor, at=NOON)

    carry_out_loading(run_id=data_set.run.pk, stopwatch=float, clock=lambda: NOON)
    data_set.refresh_from_db()
    assert data_set.run.state == RunState.FAILED
    assert "stopped" in data_set.run.problem
    assert data_set.state == DataSetState.RECEIVED

    at_once(load_again, data_set_id=data_set.pk, actor=actor, at=NOON)
    data_set.refresh_from_db()
    assert data_set.state == DataSetState.LOADED


def test_a_data_set_that_a_comparison_counts_on_is_not_read_again(at_once):
    actor = staff()
    data_set = at_once(registered, actor)
    requested(actor, [data_set])

    with pytest.raises(Refused, match="counts on it"):
        load_again(data_set_id=data_set.pk, actor=actor, at=NOON)


def _moment(day):
    return dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC)


def test_rows_go_after_their_last_day_and_what_they_were_is_kept(at_once):
    data_set = at_once(registered, staff(), expires=days(10))
    places = [one.file.content.path for one in data_set.files.select_related("file")]
    hashes = sorted(one.file.sha256 for one in data_set.files.select_related("file"))

    assert delete_expired_rows(at=_moment(days(10))) == 0
    assert at_once_expired(at_once, _moment(days(11))) == 1
    assert delete_expired_rows(at=_moment(days(12))) == 0

    data_set.refresh_from_db()
    assert data_set.state == DataSetState.EXPIRED
    assert (data_set.rows_taken, data_set.fault_counts["id_check"]) == (5, 1)
    assert not data_set.faults.exists()
    assert not room.stores_with(data_set.number)
    assert not any(Path(place).exists() for place in places)
    files = StoredFile.objects.filter(sha256__in=hashes)
    assert [file.content.name for file in files] == ["", ""]
    entry = Entry.objects.get(verb="dataset.expired")
    assert sorted(one["sha256"] for one in entry.details["files"]) == hashes


def at_once_expired(at_once, at):
    """Delete what is over, the bytes too, which go when the transaction holds."""

    class Counted(int):
        def refresh_from_db(self):
            return None

    return at_once(lambda: Counted(delete_expired_rows(at=at)))


def test_rows_that_are_being_worked_with_wait(at_once):
    data_set = at_once(registered, staff(), expires=days(70))
    comparison = requested(staff(), [data_set])

    assert delete_expired_rows(at=_moment(days(80))) == 0

    type(comparison).objects.filter(pk=comparison.pk).update(
        state="refused", decided_by=director(), decision_reason="no"
    )
    assert delete_expired_rows(at=_moment(days(80))) == 1


def test_a_store_of_several_data_sets_goes_with_the_first_of_them(at_once):
    actor = staff()
    one = at_once(registered, actor, files=[payments()], expires=days(10))
    other = at_once(registered, actor, files=[deaths()])
    comparison = requested(actor, [one, other], expires=days(9))
    at_once(approve_comparison, comparison_id=comparison.pk, actor=director(), at=NOON)
    assert room.is_there(room.store_of([one.number, other.number]))

    delete_expired_rows(at=_moment(days(11)))

    assert [store.name for store in room.stores_with(other.number)] == [str(other.number)]


def test_the_database_refuses_a_data_set_that_expires_before_it_came():
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSetFactory(received_on=days(0), expires=days(-1))
    with pytest.raises(IntegrityError), transaction.atomic():
        DataSetFactory(state=DataSetState.EXPIRED)
    ComparisonFactory().data_sets.add(DataSetFactory())


def test_the_worker_sweeps_once_a_day_and_again_if_it_failed(at_once, monkeypatch):
    data_set = at_once(registered, staff(), expires=days(0))
    tomorrow = SimpleNamespace(now=lambda: _moment(days(1)), localdate=lambda: days(1))
    monkeypatch.setattr(worker, "timezone", tomorrow)

    with monkeypatch.context() as broken:
        broken.setattr(worker, "delete_expired_rows", lambda *, at: 1 / 0)
        assert worker._sweep(None) is None
    assert worker._sweep(None) == days(1)
    data_set.refresh_from_db()
    assert data_set.state == DataSetState.EXPIRED
    with monkeypatch.context() as broken:
        broken.setattr(worker, "delete_expired_rows", lambda *, at: 1 / 0)
        assert worker._sweep(days(1)) == days(1)
