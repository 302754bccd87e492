"""Looks at what is masked, and exports of the list, for the trail."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspectors.models import Inspector
from tanzhao.inspectors.rules import may_unmask
from tanzhao.kernel.verdict import require


@transaction.atomic
def unmask_id_number(*, inspector_id: UUID, actor: User, at: datetime) -> str:
    """Give a person's full ID number, and put the look into the trail.

    Raises:
        Inspector.DoesNotExist: there is none, or the actor may not know of them.
        Refused: the actor may not see full ID numbers.
    """
    inspector = Inspector.objects.visible_to(actor).get(pk=inspector_id)
    require(may_unmask(actor))
    record(verb=Verb.ID_NUMBER_UNMASKED, actor=actor, target=inspector, at=at)
    return inspector.id_number


@transaction.atomic
def note_inspectors_exported(*, actor: User, at: datetime, rows: int, filters: str) -> None:
    """Put an export of the talent pool into the trail."""
    record(
        verb=Verb.LIST_EXPORTED,
        actor=actor,
        target=actor,
        at=at,
        list="inspectors",
        rows=rows,
        filters=filters,
    )
