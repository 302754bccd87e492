"""Every look at a file of evidence, and every export, stands in the trail."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.rectification.actions.stepping import note_in_trail
from tanzhao.rectification.models import RectificationItem, StepFile


@transaction.atomic
def note_file_seen(*, file_id: UUID, actor: User, at: datetime) -> StepFile:
    """Note that the actor looks at a file of evidence, and give it.

    Raises:
        StepFile.DoesNotExist: there is none, or the actor may not know of its item.
    """
    visible = RectificationItem.objects.visible_to(actor)
    files = StepFile.objects.filter(step__item__in=visible)
    found = files.select_related("file", "step__item__finding").get(pk=file_id)
    note_in_trail(
        Verb.EVIDENCE_SEEN, found.step.item, actor=actor, at=at,
        name=found.name, sha256=found.file.sha256,
    )  # fmt: skip
    return found


@transaction.atomic
def note_register_exported(*, actor: User, at: datetime, rows: int, filters: str) -> None:
    """Note that the actor took the register away as a file."""
    record(
        verb=Verb.LIST_EXPORTED, actor=actor, target=actor, at=at,
        list="rectification", rows=rows, filters=filters,
    )  # fmt: skip
