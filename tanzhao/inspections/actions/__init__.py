"""Every change of terms, rounds, teams, waivers and authorisations."""

from tanzhao.inspections.actions.authorisations import (
    approve_authorisation,
    draft_authorisation,
    note_authorisation_downloaded,
    return_authorisation,
    revoke_authorisation,
)
from tanzhao.inspections.actions.rounds import (
    approve_round,
    change_round,
    enter_field,
    mark_staffed,
    move_round,
    note_rounds_exported,
    open_term,
    propose_round,
    reopen_staffing,
)
from tanzhao.inspections.actions.teams import (
    add_member,
    assign_unit,
    change_role,
    disband_team,
    form_team,
    remove_member,
    withdraw_unit,
)
from tanzhao.inspections.actions.waivers import decide_waiver, request_waiver

__all__ = [
    "add_member",
    "approve_authorisation",
    "approve_round",
    "assign_unit",
    "change_role",
    "change_round",
    "decide_waiver",
    "disband_team",
    "draft_authorisation",
    "enter_field",
    "form_team",
    "mark_staffed",
    "move_round",
    "note_authorisation_downloaded",
    "note_rounds_exported",
    "open_term",
    "propose_round",
    "remove_member",
    "reopen_staffing",
    "request_waiver",
    "return_authorisation",
    "revoke_authorisation",
    "withdraw_unit",
]
