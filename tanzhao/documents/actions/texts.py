"""The text of stored files, read once, in the background."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from tanzhao.documents.models import FileText, StoredFile
from tanzhao.documents.reading import storable, texts_in
from tanzhao.documents.states import TextState
from tanzhao.engines.likeness.extract import Unreadable
from tanzhao.engines.likeness.texts import Extracted

# A disk that was away or a file that was erased this moment says nothing about the file.
PASSING = frozenset({"missing", "no_permission"})


def read_texts_of(
    *,
    files: Iterable[StoredFile],
    clock: Callable[[], datetime],
    is_stopped: Callable[[], bool] = lambda: False,
    again: bool = False,
) -> None:
    """Have the text of each file read that has none yet; the same bytes are read once.

    Takes seconds for a file: child processes read them. Call it from a task, outside a
    transaction. What was read before it is stopped or killed is kept.

    Args:
        is_stopped: asked after each file.
        again: whether what could not be read is tried once more, since the program may have
            learnt to read it.
    """
    wanted = {one.sha256: one for one in files if one.content}
    known = FileText.objects.filter(sha256__in=wanted)
    if again:
        known = known.filter(state=TextState.READ)
    there = set(known.values_list("sha256", flat=True))
    unread = [one for sha256, one in wanted.items() if sha256 not in there]
    if not unread:
        return
    for stored, read in texts_in(unread):
        if not (isinstance(read, Unreadable) and read.code in PASSING):
            _keep_unless_erased(stored.sha256, _values_of(read), clock())
        if is_stopped():
            return


@transaction.atomic
def keep_typed_text(*, text: str, at: datetime) -> FileText:
    """Keep a text that was typed in a form as one that was read. The same text is kept once."""
    values = {"state": TextState.READ, "text": storable(text), "kind": "typed"}
    kept, _made = FileText.objects.get_or_create(
        sha256=hash_of_text(text), defaults=values | {"parts": [[0, 0, 1]], "read_at": at}
    )
    return kept


@transaction.atomic
def keep_prints(*, text: FileText, prints: bytes, made_with: str) -> None:
    """Keep what a text is compared by, and the fingerprint of the settings it was made with."""
    FileText.objects.filter(pk=text.pk).update(prints=prints, prints_made_with=made_with)
    text.prints, text.prints_made_with = prints, made_with


def hash_of_text(text: str) -> str:
    """Give the SHA-256 under which a typed text is kept: of its bytes in UTF-8."""
    return hashlib.sha256(storable(text).encode()).hexdigest()


def _values_of(read: Extracted | Unreadable) -> dict[str, Any]:
    if isinstance(read, Unreadable):
        return {
            "state": TextState.REFUSED,
            "reason": read.code,
            "reason_values": read.values,
            "text": "",
            "parts": [],
            "kind": "",
            "how": "",
            "left_out": {},
        }
    return {
        "state": TextState.READ,
        "reason": "",
        "reason_values": {},
        "text": storable(read.text),
        "parts": [list(part) for part in read.parts],
        "kind": read.kind,
        "how": read.how,
        "left_out": dict(read.left_out),
    }


@transaction.atomic
def _keep_unless_erased(sha256: str, values: dict[str, Any], at: datetime) -> None:
    # Two workers may have read it at once, and a third may be erasing it: who locks first.
    holders = list(StoredFile.objects.select_for_update().filter(sha256=sha256))
    if any(one.content for one in holders):
        FileText.objects.update_or_create(
            sha256=sha256, defaults=values | {"read_at": at, "prints": None, "prints_made_with": ""}
        )
