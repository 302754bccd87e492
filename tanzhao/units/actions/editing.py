"""Adding and changing one unit by hand."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.sheets.text import fold
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import Refused, require
from tanzhao.units.models import Unit
from tanzhao.units.rules import may_change_units, may_have_parent


@dataclass(frozen=True)
class UnitValues:
    """What a person fills in about a unit."""

    name: str
    category: str = ""
    form: str = ""
    parent: Unit | None = None
    system: str = ""
    members: int | None = None
    head: str = ""
    phone: str = ""
    priority: str = ""
    retired: bool = False


@transaction.atomic
def add_unit(*, values: UnitValues, actor: User, at: datetime) -> Unit:
    """Add a unit at the end of the list.

    Raises:
        Refused: the actor may not, or a unit of that name is there already.
    """
    require(may_change_units(actor))
    take_turns("units")
    _refuse_name_taken(values.name, None)
    last = Unit.objects.aggregate(last=Max("position"))["last"] or 0
    unit = Unit(position=last + 1)
    _set(unit, values)
    unit.save(force_insert=True)
    record(verb=Verb.UNIT_ADDED, actor=actor, target=unit, at=at)
    return unit


@transaction.atomic
def change_unit(*, unit_id: UUID, values: UnitValues, actor: User, at: datetime) -> Unit:
    """Change what is known of a unit. The trail keeps what it was before.

    Raises:
        Unit.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, the name is taken, or the parent stands below the unit.
    """
    require(may_change_units(actor))
    take_turns("units")
    unit = Unit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=unit_id)
    _refuse_name_taken(values.name, unit)
    require(may_have_parent(unit, values.parent))
    before = _plain(unit)
    _set(unit, values)
    unit.save()
    after = _plain(unit)
    changed = {name: value for name, value in before.items() if after[name] != value}
    if changed:
        record(verb=Verb.UNIT_CHANGED, actor=actor, target=unit, at=at, before=changed)
    return unit


def _refuse_name_taken(name: str, own: Unit | None) -> None:
    others = Unit.objects.exclude(pk=own.pk) if own else Unit.objects.all()
    if fold(name) in {fold(other) for other in others.values_list("name", flat=True)}:
        raise Refused(_("There is a unit of this name already. Change that one instead."))


def _set(unit: Unit, values: UnitValues) -> None:
    for name in asdict(values).keys() - {"parent"}:
        setattr(unit, name, getattr(values, name))
    if not values.retired:
        unit.merged_into = None  # opened again, it stands for itself
    if values.parent != unit.parent:
        unit.parent = values.parent
        unit.parent_name = values.parent.name if values.parent else ""


def _plain(unit: Unit) -> dict[str, Any]:
    names = ["name", "category", "form", "system", "members", "head", "phone", "priority"]
    return {name: getattr(unit, name) for name in names} | {
        "parent": unit.parent_name,
        "retired": unit.retired,
    }
