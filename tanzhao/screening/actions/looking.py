"""Looks at hits and at what is masked in them, and exports, for the trail."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.verdict import Refused, require
from tanzhao.screening.models import Hit
from tanzhao.screening.queries.secrets import secrets_of
from tanzhao.screening.rules.hits import may_unmask


@transaction.atomic
def note_hit_seen(*, hit: Hit, actor: User, at: datetime) -> None:
    """Put a look at a hit and its rows into the trail."""
    record(
        verb=Verb.HIT_SEEN, actor=actor, target=hit, at=at, scope=hit.engagement_id, state=hit.state
    )


@transaction.atomic
def unmask_number(
    *, hit_id: UUID, place: str, reason: str, actor: User, at: datetime
) -> tuple[str, str]:
    """Give one number of a hit in full, and put into the trail who looked at which and why.

    Args:
        place: which one, as `secrets_of` names it.
    Returns: the place and the number.
    Raises: Hit.DoesNotExist, Refused.
    """
    hit = Hit.objects.visible_to(actor).get(pk=hit_id)
    require(may_unmask(actor))
    if not reason.strip():
        raise Refused(_("Say for what the full number is needed."))
    secrets = {one.place: one for one in secrets_of(hit)}
    if place not in secrets:
        raise Refused(_("That could not be read. Choose from the list on this page."))
    secret = secrets[place]
    record(
        verb=Verb.HIT_UNMASKED,
        actor=actor,
        target=hit,
        at=at,
        scope=hit.engagement_id,
        number=secret.shown,
        reason=reason.strip()[:300],
    )
    return place, secret.value


@transaction.atomic
def note_hits_exported(
    *, actor: User, at: datetime, rows: int, asked: Mapping[str, str], order: str
) -> None:
    """Put into the trail that the actor took hits out of the program as a workbook."""
    record(
        verb=Verb.LIST_EXPORTED,
        actor=actor,
        target=actor,
        at=at,
        list="hits",
        rows=rows,
        asked=dict(asked),
        order=order,
    )
