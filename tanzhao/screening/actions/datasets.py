"""Registering what a department handed over, and having it read."""

import datetime as dt
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import start_run, store_file
from tanzhao.documents.models import Run
from tanzhao.documents.states import FileKind, RunKind
from tanzhao.inspections.models import Round
from tanzhao.kernel.locking import locked
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import Refused, require
from tanzhao.screening import tasks
from tanzhao.screening.models import DataSet, DataSetFile
from tanzhao.screening.queries.datasets import is_used
from tanzhao.screening.rules.datasets import may_load, may_receive

EXTRACTS = frozenset({FileKind.XLSX, FileKind.XLS, FileKind.CSV, FileKind.TEXT})


@transaction.atomic
def receive_data_set(
    *,
    title: str,
    given_by: str,
    received_on: dt.date,
    letter: str,
    purpose: str,
    expires: dt.date,
    files: Sequence[tuple[BinaryIO | bytes, str]],
    actor: User,
    at: datetime,
    round_: Round | None = None,
    key: UUID | None = None,
) -> DataSet:
    """Register the files that came under one letter, all of them or none, and have them read.

    Args:
        files: each with its name.
        key: given by the form, so that a form sent twice registers once.
    Raises: Refused.
    """
    require(may_receive(actor))
    if key is not None:
        made = DataSet.objects.visible_to(actor).filter(pk=key).first()
        if made is not None:
            return made
    if not files:
        raise Refused(_("Choose at least one file."))
    if expires < received_on:
        raise Refused(_("The rows would be deleted before they came. Look at the two days."))
    take_turns("screening.data_sets")
    last = DataSet.objects.aggregate(last=Max("number"))["last"] or 0
    data_set = DataSet(
        number=last + 1,
        title=title.strip(),
        given_by=given_by.strip(),
        received_on=received_on,
        letter=letter.strip(),
        purpose=purpose.strip(),
        round=round_,
        expires=expires,
        registered_by=actor,
        registered_at=at,
    )
    if key is not None:
        data_set.pk = key
    data_set.save(force_insert=True)
    stored = [_store(data_set, file, name, actor, at) for file, name in files]
    record(
        verb=Verb.DATA_SET_RECEIVED,
        actor=actor,
        target=data_set,
        at=at,
        given_by=data_set.given_by,
        letter=data_set.letter,
        expires=expires.isoformat(),
        files=[{"name": one.name, "sha256": one.file.sha256} for one in stored],
    )
    _ask_for_loading(data_set, actor, at)
    return data_set


@transaction.atomic
def load_again(*, data_set_id: UUID, actor: User, at: datetime) -> Run:
    """Have the files of a data set read once more: after a failure, or with other headings known.

    Raises: DataSet.DoesNotExist, Refused.
    """
    data_set = locked(DataSet.objects.visible_to(actor).select_related("run"), data_set_id)
    require(may_load(actor, data_set, is_used=is_used(data_set)))
    return _ask_for_loading(data_set, actor, at)


def _store(
    data_set: DataSet, file: BinaryIO | bytes, name: str, actor: User, at: datetime
) -> DataSetFile:
    stored = store_file(
        file=file,
        name=name,
        actor=actor,
        at=at,
        kinds=EXTRACTS,
        most_bytes=settings.MAX_EXTRACT_BYTES,
    )
    for other in data_set.files.select_related("file"):
        if other.file.sha256 == stored.sha256:
            raise Refused(
                _("“%(one)s” and “%(other)s” are the same file. Leave one out.")
                % {"one": stored.name, "other": other.name}
            )
        if other.name == stored.name:
            raise Refused(
                _("Two files are called “%(name)s”. Rename one of them.") % {"name": stored.name}
            )
    return DataSetFile.objects.create(data_set=data_set, file=stored, name=stored.name)


def _ask_for_loading(data_set: DataSet, actor: User, at: datetime) -> Run:
    run = start_run(
        kind=RunKind.DATA_SET_LOAD,
        actor=actor,
        at=at,
        subject_id=data_set.pk,
        subject_name=data_set.title,
    )
    data_set.run = run
    data_set.save(update_fields=["run"])
    transaction.on_commit(partial(tasks.load_data_set.enqueue, str(run.pk)))
    return run
