"""Telling people something, and what they have read.

What is told is told by another action, whose own entry in the trail says why. That somebody has
read a notice is nobody's business and leaves no entry.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.notices.models import Notice
from tanzhao.notices.rules import may_read
from tanzhao.notices.states import NoticeKind


@transaction.atomic
def tell(
    *,
    to: Iterable[User],
    kind: NoticeKind,
    values: Mapping[str, Any],
    address: str,
    key: str,
    at: datetime,
) -> None:
    """Write each of these people a notice. Telling the same again writes nothing.

    Args:
        to: stopped accounts are passed over.
        values: plain JSON, what `wording.sentence_of` needs for the kind. Nothing that one of
            these people may not know.
        address: the page of ours where they see it, "" if there is none.
        key: names the event; a person is told of it once.
    """
    people = {user.pk: user for user in to if user.is_active}
    Notice.objects.bulk_create(
        [
            Notice(to=user, kind=kind, values=dict(values), address=address, key=key, at=at)
            for user in people.values()
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def mark_read(*, notice_id: UUID, actor: User, at: datetime) -> Notice:
    """Say that the actor has read a notice. Saying it twice keeps the first time.

    Raises: Notice.DoesNotExist, Refused.
    """
    notice = locked(Notice.objects.visible_to(actor), notice_id)
    require(may_read(actor, notice))
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, actor: User, at: datetime, until: datetime) -> int:
    """Say that the actor has read everything that was told up to `until`.

    Args:
        until: when their page was made; what came since has not been seen.
    Returns: how many notices that were.
    """
    unread = Notice.objects.visible_to(actor).filter(read_at__isnull=True, at__lte=until)
    return unread.update(read_at=at)
