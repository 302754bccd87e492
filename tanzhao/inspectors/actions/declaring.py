"""Declaring a unit to stay away from, and withdrawing such a declaration.

The teams are not looked at here: `inspections.actions.declarations` calls these and does it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspectors.models import DeclaredRecusal, Inspector
from tanzhao.inspectors.rules import may_declare_recusal, may_withdraw_recusal
from tanzhao.kernel.sheets.text import fold
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit


@transaction.atomic
def declare_recusal(
    *, inspector_id: UUID, unit_name: str, actor: User, at: datetime
) -> tuple[DeclaredRecusal, bool]:
    """Note that a person must stay away from a unit. The reason is asked of nobody.

    Args:
        unit_name: as written; the unit of that name is linked if there is one.
    Returns: the declaration, and whether it is new: declaring twice changes nothing.
    Raises: Inspector.DoesNotExist, Refused.
    """
    inspector = Inspector.objects.visible_to(actor).get(pk=inspector_id)
    require(may_declare_recusal(actor, inspector))
    take_turns("inspectors")
    known = {fold(one.unit_name): one for one in inspector.declared_recusals.all()}
    if fold(unit_name) in known:
        return known[fold(unit_name)], False
    units = {fold(unit.name): unit for unit in Unit.objects.all()}
    unit = units.get(fold(unit_name))
    recusal = DeclaredRecusal.objects.create(
        inspector=inspector,
        unit_name=unit.name if unit else unit_name,
        unit=unit,
        declared_by=actor,
        declared_at=at,
    )
    record(
        verb=Verb.RECUSAL_DECLARED,
        actor=actor,
        target=inspector,
        at=at,
        unit=recusal.unit_name,
        unit_key=str(unit.pk) if unit else "",
    )
    return recusal, True


@transaction.atomic
def withdraw_recusal(
    *, recusal_id: UUID, reason: str, actor: User, at: datetime
) -> DeclaredRecusal:
    """Strike a declaration out. The trail keeps it, and the reason.

    Returns: what it was.
    Raises: DeclaredRecusal.DoesNotExist, Refused.
    """
    take_turns("inspectors")
    known = DeclaredRecusal.objects.filter(inspector__in=Inspector.objects.visible_to(actor))
    recusal = known.select_related("inspector").get(pk=recusal_id)
    require(may_withdraw_recusal(actor, recusal))
    record(
        verb=Verb.RECUSAL_WITHDRAWN,
        actor=actor,
        target=recusal.inspector,
        at=at,
        unit=recusal.unit_name,
        reason=reason,
    )
    DeclaredRecusal.objects.filter(pk=recusal_id).delete()
    return recusal
