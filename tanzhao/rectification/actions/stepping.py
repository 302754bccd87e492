"""What every step with an item has in common: the lock before it and the note after it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import store_file
from tanzhao.documents.states import HANDED_IN_KINDS
from tanzhao.kernel.locking import locked
from tanzhao.rectification.models import RectificationItem, Step, StepFile
from tanzhao.rectification.states import Answer, StepKind


class Evidence(NamedTuple):
    """A file handed in with a step, and what the person called it."""

    file: BinaryIO | bytes
    name: str


def locked_item(item_id: UUID, actor: User) -> RectificationItem:
    """Give an item the actor may know of, locked so that two people cannot both decide.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
    """
    return locked(RectificationItem.objects.visible_to(actor).select_related("finding"), item_id)


def note_step(
    item: RectificationItem,
    kind: StepKind,
    *,
    by: User,
    at: datetime,
    text: str = "",
    answer: Answer | None = None,
    due_date: date | None = None,
    owner_name: str = "",
    late_reason: str = "",
) -> Step:
    """Add a step to the timeline of an item."""
    return Step.objects.create(
        item=item,
        kind=kind,
        by=by,
        at=at,
        text=text.strip(),
        answer=answer or "",
        due_date=due_date,
        owner_name=owner_name,
        late_reason=late_reason,
    )


def attach(step: Step, evidence: Sequence[Evidence], *, actor: User, at: datetime) -> list[str]:
    """Store the files of a step and give their SHA-256, in the order they came.

    Raises:
        Refused: a file is empty, too large, or of a kind that is not taken as evidence.
    """
    digests = []
    for piece in evidence:
        stored = store_file(
            file=piece.file, name=piece.name, actor=actor, at=at, kinds=HANDED_IN_KINDS
        )
        StepFile.objects.create(step=step, file=stored, name=stored.name)
        digests.append(stored.sha256)
    return digests


def note_in_trail(
    verb: Verb, item: RectificationItem, *, actor: User | None, at: datetime, **details: Any
) -> None:
    """Record a step in the trail, under the engagement the item comes from, if any."""
    scope = item.finding.engagement_id
    record(verb=verb, actor=actor, target=item, at=at, scope=scope, **details)
