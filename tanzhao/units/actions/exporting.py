"""Noting that the list of units left the program."""

from datetime import datetime

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb


@transaction.atomic
def note_units_exported(*, actor: User, at: datetime, rows: int, filters: str) -> None:
    """Put an export of the list of units into the trail."""
    record(
        verb=Verb.LIST_EXPORTED,
        actor=actor,
        target=actor,
        at=at,
        list="units",
        rows=rows,
        filters=filters,
    )
