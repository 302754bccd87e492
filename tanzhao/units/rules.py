"""Who may know of which units, and who may change them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.units.models import Unit


def visible_units(user: User) -> Q:
    """Say which units `user` may know exist.

    Holders of UNIT_SEE know the whole audit universe: it is no secret among them.
    A unit's contact knows their own unit. Nobody else knows any.
    """
    if user.holds(Action.UNIT_SEE):
        return Q()
    if user.role == Role.CONTACT and user.is_active:
        return Q(pk=user.unit_id)
    return Q(pk__in=[])


def may_change_units(user: User | None) -> Verdict:
    """Decide whether `user` may import, add and change units. None is the operator's console."""
    if user is not None and not user.holds(Action.UNIT_IMPORT):
        return no(_("Your role does not change the list of units. Ask the inspection office."))
    return YES


def may_have_parent(unit: "Unit", parent: "Unit | None") -> Verdict:
    """Decide whether `parent` may stand above `unit`: not itself, nor anything below it."""
    above, seen = parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == unit.pk:
            sentence = _("“%(parent)s” is itself below “%(unit)s”. Choose another parent.")
            return no(sentence % {"parent": parent, "unit": unit})
        seen.add(above.pk)
        above = above.parent
    return YES


def may_merge_units(user: User, into: "Unit", gone: Sequence["Unit"]) -> Verdict:
    """Decide whether `user` may let `into` take the units `gone` up."""
    verdict = may_change_units(user)
    if not verdict:
        return verdict
    if not gone:
        return no(_("Choose the unit that is merged."))
    if into in gone:
        return no(_("A unit cannot be merged into itself. Choose another one."))
    for unit in (into, *gone):
        if unit.retired:
            return no(_("%(unit)s is closed or merged already.") % {"unit": unit.name})
    return YES
