"""Every change of the talent pool, and every look at a full ID number."""

from tanzhao.inspectors.actions.declaring import declare_recusal, withdraw_recusal
from tanzhao.inspectors.actions.editing import InspectorValues, add_inspector, change_inspector
from tanzhao.inspectors.actions.importing import InspectorRow, take_inspector_rows
from tanzhao.inspectors.actions.looking import note_inspectors_exported, unmask_id_number

__all__ = [
    "InspectorRow",
    "InspectorValues",
    "add_inspector",
    "change_inspector",
    "declare_recusal",
    "note_inspectors_exported",
    "take_inspector_rows",
    "unmask_id_number",
    "withdraw_recusal",
]
