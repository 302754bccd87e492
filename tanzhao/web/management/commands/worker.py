"""The worker for background tasks: a task whose worker was killed is done again.

Each worker holds a lock on a file of its own for as long as it lives; the system frees the
lock when the process ends in any way. Every worker looks every two seconds for tasks that
are said to be running by a worker whose lock is free. Works on one host.

It also follows the trail: when people or units have changed, it has the teams looked at again.
And it sweeps: once a day the rows of screening whose last day is over are deleted.
"""

import datetime as dt
import fcntl
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from tanzhao.audit.models import Head
from tanzhao.inspections.actions import follow_changes
from tanzhao.screening.actions import delete_expired_rows

MOST_ATTEMPTS = 3
SECONDS_BETWEEN_LOOKS = 2
log = logging.getLogger(__name__)


class Command(DatabaseWorker):
    help = "Run background tasks until stopped. For example: ./run worker"

    def handle(self, *, worker_id: str, **options: Any) -> None:
        held = _lock(worker_id)
        with held:
            _requeue_tasks_of_the_dead(worker_id)
            threading.Thread(target=_watch, args=(worker_id,), daemon=True).start()
            super().handle(worker_id=worker_id, **options)
        _path(worker_id).unlink(missing_ok=True)


def _path(worker_id: str) -> Path:
    return Path(settings.WORKER_LOCKS) / f"{worker_id}.lock"


def _lock(worker_id: str) -> BinaryIO:
    path = _path(worker_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("wb")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    file.write(str(os.getpid()).encode())
    file.flush()
    return file


def _is_alive(worker_id: str) -> bool:
    try:
        with _path(worker_id).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _watch(worker_id: str) -> None:
    followed = -1  # looked at once in any case: something may have changed while no worker ran
    swept: dt.date | None = None
    while True:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        close_old_connections()
        _requeue_tasks_of_the_dead(worker_id)
        followed = _follow_the_trail(followed)
        swept = _sweep(swept)


def _follow_the_trail(followed: int) -> int:
    """Have the teams looked at again if the trail has grown since `followed`.

    Returns: up to where it has been followed; the same as before if that failed.
    """
    position = Head.objects.values_list("position", flat=True).first() or 0
    if position == followed:
        return followed
    try:
        follow_changes(at=timezone.now())
    except Exception:
        # Nothing is lost: it is tried again at the next look.
        log.exception("the teams could not be looked at again")
        return followed
    return position


def _sweep(swept: dt.date | None) -> dt.date | None:
    """Delete the rows whose last day is over, once a day and at the start.

    What is still worked with is left, and looked at again at the next sweep.

    Returns: the day for which that has been done; the same as before if it failed.
    """
    day = timezone.localdate()
    if swept == day:
        return swept
    try:
        delete_expired_rows(at=timezone.now())
    except Exception:
        log.exception("rows whose last day is over could not be deleted")
        return swept
    return day


def _requeue_tasks_of_the_dead(own_id: str) -> None:
    for task in DBTaskResult.objects.running():
        last = task.worker_ids[-1] if task.worker_ids else ""
        if last == own_id or _is_alive(last):
            continue
        with transaction.atomic():
            # The list of workers is compared, so that two lookers do not both requeue it.
            row = DBTaskResult.objects.select_for_update().filter(
                pk=task.pk, status="RUNNING", worker_ids=task.worker_ids
            )
            if len(task.worker_ids) >= MOST_ATTEMPTS:
                row.update(
                    status="FAILED",
                    finished_at=timezone.now(),
                    exception_class_path="builtins.RuntimeError",
                    traceback=f"given up: {MOST_ATTEMPTS} workers died of it",
                )
            else:
                row.update(status="READY", started_at=None)
