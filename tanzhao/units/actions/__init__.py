"""Every change of a unit."""

from tanzhao.units.actions.editing import UnitValues, add_unit, change_unit
from tanzhao.units.actions.exporting import note_units_exported
from tanzhao.units.actions.importing import UnitRow, take_unit_rows
from tanzhao.units.actions.merging import merge_units

__all__ = [
    "UnitRow",
    "UnitValues",
    "add_unit",
    "change_unit",
    "merge_units",
    "note_units_exported",
    "take_unit_rows",
]
