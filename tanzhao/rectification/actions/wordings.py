"""Templates and allowed wording that the office keeps beside the pack's."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import hash_of_text, keep_typed_text, read_texts_of, store_file
from tanzhao.documents.states import HANDED_IN_KINDS
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.rectification import tasks
from tanzhao.rectification.models import KeptWording, Writing
from tanzhao.rectification.rules.likeness import (
    may_give_text,
    may_keep_wording,
    may_retire_wording,
)
from tanzhao.rectification.states import WordingKind, WritingKind, WritingState


@transaction.atomic
def keep_wording(
    *,
    kind: WordingKind,
    title: str,
    actor: User,
    at: datetime,
    text: str = "",
    file: tuple[BinaryIO | bytes, str] | None = None,
    key: UUID | None = None,
) -> KeptWording:
    """Keep a template or allowed wording, from a text or from a file. It holds for everything
    that is compared from now on.

    Args:
        file: content and name.
        key: given by the form, so that a form sent twice keeps once.
    Raises: Refused.
    """
    require(may_keep_wording(actor))
    if key is not None and (known := KeptWording.objects.filter(pk=key).first()) is not None:
        return known
    require(may_give_text(text=text, has_file=file is not None))
    stored = None
    if file is not None:
        stored = store_file(file=file[0], name=file[1], actor=actor, at=at, kinds=HANDED_IN_KINDS)
    wording = KeptWording(
        kind=kind,
        title=title.strip(),
        text="" if stored else text.strip(),
        file=stored,
        sha256=stored.sha256 if stored else hash_of_text(text.strip()),
        added_by=actor,
        added_at=at,
    )
    if key is not None:
        wording.pk = key
    wording.save(force_insert=True)
    if kind == WordingKind.TEMPLATE:
        Writing.objects.create(
            kind=WritingKind.TEMPLATE,
            kept=wording,
            title=wording.title,
            sha256=wording.sha256,
            handed_in_at=at,
            state=WritingState.COMPARED,
        )
    if stored is None:
        keep_typed_text(text=wording.text, at=at)
    else:
        transaction.on_commit(partial(tasks.read_wording.enqueue, str(wording.pk)))
    record(
        verb=Verb.WORDING_KEPT, actor=actor, target=wording, at=at,
        kind=WordingKind(kind).value, sha256=wording.sha256,
    )  # fmt: skip
    return wording


@transaction.atomic
def retire_wording(*, wording_id: UUID, actor: User, at: datetime) -> KeptWording:
    """Take a template or allowed wording out of use. What was compared under it stays.

    Raises: KeptWording.DoesNotExist, Refused.
    """
    wording = locked(KeptWording.objects.visible_to(actor), wording_id)
    require(may_retire_wording(actor, wording))
    wording.retired_by, wording.retired_at = actor, at
    wording.save(update_fields=["retired_by", "retired_at"])
    record(verb=Verb.WORDING_RETIRED, actor=actor, target=wording, at=at)
    return wording


def read_kept_wording(*, wording_id: UUID, clock: Callable[[], datetime]) -> None:
    """Have the file of a wording read. Doing it twice reads it once."""
    wording = KeptWording.objects.select_related("file").get(pk=wording_id)
    if wording.file is not None:
        read_texts_of(files=[wording.file], clock=clock)
