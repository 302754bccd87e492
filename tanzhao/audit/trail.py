"""Adding to the trail, and finding out whether anybody has changed it since."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.chain import START, hash_of, moment, seal_of
from tanzhao.audit.models import Entry, Head
from tanzhao.audit.verbs import Verb


def record(
    *,
    verb: Verb,
    actor: User | None,
    target: models.Model,
    at: dt.datetime,
    scope: UUID | None = None,
    **details: Any,
) -> Entry:
    """Add one entry. Must be called inside the transaction of what it records.

    Writers queue on the head row, so that the chain has one order on either database.

    Args:
        target: the row it is about; its key is a UUID.
        scope: the key of the engagement it belongs to, for the archive's extract.
        details: plain JSON values.
    Raises: RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the action")
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    values = {
        "position": head.position + 1,
        "verb": verb.value,
        "actor_name": str(actor) if actor else "",
        "target_type": target._meta.label_lower,
        "target_id": target.pk,
        "target_name": str(target)[:200],
        "scope_id": scope,
        "details": details,
        "previous_hash": head.hash,
        "at": at,
    }
    entry = Entry(actor=actor, **values)
    entry.hash = hash_of(immutable_fields(entry))
    entry.save(force_insert=True)
    head.position, head.hash = entry.position, entry.hash
    head.seal = seal_of(head.position, head.hash, settings.TRAIL_KEY)
    head.save()
    return entry


def immutable_fields(entry: Entry) -> dict[str, Any]:
    """Give the fields that the entry's hash covers, spelt as in the hash."""
    return {
        "position": entry.position,
        "at": moment(entry.at),
        "verb": str(entry.verb),
        "actor": str(entry.actor_id) if entry.actor_id else None,
        "actor_name": entry.actor_name,
        "target_type": entry.target_type,
        "target_id": str(entry.target_id),
        "target_name": entry.target_name,
        "scope_id": str(entry.scope_id) if entry.scope_id else None,
        "details": entry.details,
        "previous_hash": entry.previous_hash,
    }


@dataclass(frozen=True)
class Break:
    """A place where the trail is not what the program wrote."""

    position: int
    message: str


def verify_trail() -> tuple[int, list[Break]]:
    """Check every entry against the chain, and the end of the chain against its seal.

    Returns: how many entries were read, and the breaks in order; none if all is well.
    """
    breaks: list[Break] = []
    previous, position = START, 0
    for entry in Entry.objects.order_by("position").iterator(chunk_size=2000):
        breaks.extend(_breaks_at(entry, position + 1, previous))
        previous, position = entry.hash, entry.position
    breaks.extend(_breaks_at_end(position, previous))
    return Entry.objects.count(), breaks


def _breaks_at(entry: Entry, expected: int, previous: str) -> Iterator[Break]:
    if entry.position != expected:
        yield Break(
            expected,
            _("Entries %(first)s to %(last)s are missing.")
            % {"first": expected, "last": entry.position - 1},
        )
    elif entry.previous_hash != previous:
        yield Break(entry.position, _("This entry does not follow the one before it."))
    if entry.hash != hash_of(immutable_fields(entry)):
        yield Break(entry.position, _("This entry was changed after it was written."))


def _breaks_at_end(position: int, hash_: str) -> Iterator[Break]:
    head = Head.objects.filter(pk=1).first()
    if head is None:
        if position:
            yield Break(position, _("The record of where the trail ends is missing."))
        return
    if head.seal != seal_of(head.position, head.hash, settings.TRAIL_KEY) and head.position:
        yield Break(head.position, _("The seal at the end of the trail is not ours."))
    if (head.position, head.hash) != (position, hash_):
        yield Break(
            head.position,
            _("The trail ends at entry %(found)s, but was sealed at entry %(sealed)s.")
            % {"found": position, "sealed": head.position},
        )
