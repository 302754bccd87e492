"""Merging units: one takes others up; their past stays theirs and stays visible."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit
from tanzhao.units.rules import may_merge_units


@transaction.atomic
def merge_units(*, into_id: UUID, gone_ids: Iterable[UUID], actor: User, at: datetime) -> Unit:
    """Let one unit take others up. They are closed and say what took them up; what stood below
    them stands below it. Their inspections, findings and items stay with their own names.

    Drafts of plans follow when they are brought up to date; teams that have one of them say so.
    Raises: Unit.DoesNotExist: none the actor may know of. Refused.
    """
    wanted = set(gone_ids)
    take_turns("units")
    visible = Unit.objects.visible_to(actor)
    # Locked in one order, as by the import.
    rows = visible.filter(pk__in={into_id, *wanted}).order_by("pk")
    known = {unit.pk: unit for unit in rows.select_for_update(of=("self",))}
    if missing := {into_id, *wanted} - known.keys():
        raise Unit.DoesNotExist(missing)
    into = known[into_id]
    gone = [unit for key, unit in known.items() if key in wanted]
    require(may_merge_units(actor, into, gone))
    for unit in gone:
        _take_up(into, unit)
    record(
        verb=Verb.UNITS_MERGED,
        actor=actor,
        target=into,
        at=at,
        gone=[unit.name for unit in gone],
        keys=[str(unit.pk) for unit in gone],
    )
    return into


def _take_up(into: Unit, gone: Unit) -> None:
    if _stands_below(into, gone):
        into.parent, into.parent_name = gone.parent, gone.parent_name
        into.save(update_fields=["parent", "parent_name"])
    gone.retired, gone.merged_into = True, into
    gone.save(update_fields=["retired", "merged_into"])
    below = Unit.objects.filter(parent=gone).exclude(pk=into.pk)
    below.update(parent=into, parent_name=into.name)
    # Whoever was taken up by it before is found at once, not by a walk.
    Unit.objects.filter(merged_into=gone).update(merged_into=into)


def _stands_below(unit: Unit, above: Unit) -> bool:
    parent, seen = unit.parent, set()
    while parent is not None and parent.pk not in seen:
        if parent.pk == above.pk:
            return True
        seen.add(parent.pk)
        parent = parent.parent
    return False
