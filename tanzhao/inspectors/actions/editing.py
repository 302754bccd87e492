"""Adding and changing one person of the talent pool by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspectors.models import DeclaredRecusal, Inspector, Service
from tanzhao.inspectors.rules import may_change_inspectors
from tanzhao.kernel.imports import as_month
from tanzhao.kernel.sheets.text import fold
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import Refused, require
from tanzhao.units.models import Unit


@dataclass(frozen=True)
class InspectorValues:
    """What a person fills in about an inspector."""

    name: str
    sex: str = ""
    born: dt.date | None = None
    native_place: str = ""
    id_number: str | None = None  # None leaves it as it is: the form does not show it
    workplace: str = ""
    title: str = ""
    grade: str = ""
    full_time: bool = False
    skills: Sequence[str] = ()
    phone: str = ""
    retired: bool = False
    past_workplaces: Sequence[str] = ()
    recusal_units: Sequence[str] = ()


@transaction.atomic
def add_inspector(*, values: InspectorValues, actor: User, at: datetime) -> Inspector:
    """Add a person to the talent pool.

    Raises:
        Refused: the actor may not, or the ID number is another person's.
    """
    require(may_change_inspectors(actor))
    take_turns("inspectors")
    _refuse_id_taken(values, None)
    inspector = Inspector()
    _set(inspector, values)
    inspector.save(force_insert=True)
    _set_facts(inspector, values)
    record(verb=Verb.INSPECTOR_ADDED, actor=actor, target=inspector, at=at)
    return inspector


@transaction.atomic
def change_inspector(
    *, inspector_id: UUID, values: InspectorValues, actor: User, at: datetime
) -> Inspector:
    """Change what is known of a person. The trail keeps what it was before, ID numbers masked.

    Raises:
        Inspector.DoesNotExist: there is none, or the actor may not know of them.
        Refused: the actor may not, or the ID number is another person's.
    """
    require(may_change_inspectors(actor))
    take_turns("inspectors")
    found = Inspector.objects.visible_to(actor).select_for_update(of=("self",))
    inspector = found.get(pk=inspector_id)
    _refuse_id_taken(values, inspector)
    before = _plain(inspector)
    _set(inspector, values)
    inspector.save()
    _set_facts(inspector, values)
    after = _plain(inspector)
    changed = {name: value for name, value in before.items() if after[name] != value}
    if changed:
        record(verb=Verb.INSPECTOR_CHANGED, actor=actor, target=inspector, at=at, before=changed)
    return inspector


def _refuse_id_taken(values: InspectorValues, own: Inspector | None) -> None:
    others = Inspector.objects.filter(id_number=values.id_number or "-")
    other = others.exclude(pk=own.pk).first() if own else others.first()
    if other is not None:
        sentence = _("This ID number is %(other)s's. Change that entry, or correct the number.")
        raise Refused(sentence % {"other": other.name})


def _units() -> dict[str, Unit]:
    return {fold(unit.name): unit for unit in Unit.objects.all()}


def _set(inspector: Inspector, values: InspectorValues) -> None:
    texts = ["name", "sex", "born", "native_place", "title", "grade", "full_time", "phone"]
    for name in [*texts, "workplace", "retired"]:
        setattr(inspector, name, getattr(values, name))
    inspector.skills = list(values.skills)
    inspector.workplace_unit = _units().get(fold(values.workplace)) if values.workplace else None
    if values.id_number is not None:
        inspector.id_number = values.id_number


def _set_facts(inspector: Inspector, values: InspectorValues) -> None:
    units = _units()
    inspector.services.exclude(workplace__in=values.past_workplaces).delete()
    for name in values.past_workplaces:
        Service.objects.update_or_create(
            inspector=inspector, workplace=name, defaults={"unit": units.get(fold(name))}
        )
    # What was declared here is withdrawn with a reason, and does not go by being left out.
    kept = Q(unit_name__in=values.recusal_units) | Q(declared_at__isnull=False)
    inspector.declared_recusals.exclude(kept).delete()
    for name in values.recusal_units:
        DeclaredRecusal.objects.update_or_create(
            inspector=inspector, unit_name=name, defaults={"unit": units.get(fold(name))}
        )


def _plain(inspector: Inspector) -> dict[str, Any]:
    names = ["name", "sex", "native_place", "workplace", "title", "grade", "full_time", "phone"]
    return {name: getattr(inspector, name) for name in names} | {
        "born": as_month(inspector.born),
        "id_number": inspector.masked_id_number,
        "retired": inspector.retired,
        "skills": list(inspector.skills),
        "past_workplaces": sorted(inspector.services.values_list("workplace", flat=True)),
        "recusal_units": sorted(inspector.declared_recusals.values_list("unit_name", flat=True)),
    }
