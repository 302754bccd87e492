"""Every change of terms, rounds, teams, waivers and authorisations."""

from tanzhao.inspections.actions.alerts import follow_changes, recheck_teams, settle_alerts
from tanzhao.inspections.actions.authorisations import (
    approve_authorisation,
    draft_authorisation,
    note_authorisation_downloaded,
    return_authorisation,
    revoke_authorisation,
)
from tanzhao.inspections.actions.declarations import (
    declare_recusal_and_recheck,
    withdraw_recusal_and_recheck,
)
from tanzhao.inspections.actions.plans import (
    approve_plan,
    begin_plan,
    discard_plan,
    propose_plan,
    rename_plan,
    return_plan,
)
from tanzhao.inspections.actions.plans_computing import (
    cancel_computing,
    carry_out_computing,
    compute_plan,
    stop_computing,
)
from tanzhao.inspections.actions.plans_editing import (
    add_planned_round,
    change_planned_round,
    change_planned_unit,
    note_gone_pins,
    pin_visit,
    remove_planned_round,
    unpin_visit,
)
from tanzhao.inspections.actions.plans_explaining import ask_what_moves, carry_out_explaining
from tanzhao.inspections.actions.plans_opening import (
    export_plan,
    note_visits_exported,
    open_planned_round,
)
from tanzhao.inspections.actions.plans_refreshing import (
    Refreshed,
    refresh_plan,
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
    "Refreshed",
    "add_member",
    "add_planned_round",
    "approve_authorisation",
    "approve_plan",
    "approve_round",
    "ask_what_moves",
    "assign_unit",
    "begin_plan",
    "cancel_computing",
    "carry_out_computing",
    "carry_out_explaining",
    "change_planned_round",
    "change_planned_unit",
    "change_role",
    "change_round",
    "compute_plan",
    "decide_waiver",
    "declare_recusal_and_recheck",
    "disband_team",
    "discard_plan",
    "draft_authorisation",
    "enter_field",
    "export_plan",
    "follow_changes",
    "form_team",
    "mark_staffed",
    "move_round",
    "note_authorisation_downloaded",
    "note_gone_pins",
    "note_rounds_exported",
    "note_visits_exported",
    "open_planned_round",
    "open_term",
    "pin_visit",
    "propose_plan",
    "propose_round",
    "recheck_teams",
    "refresh_plan",
    "remove_member",
    "remove_planned_round",
    "rename_plan",
    "reopen_staffing",
    "request_waiver",
    "return_authorisation",
    "return_plan",
    "revoke_authorisation",
    "settle_alerts",
    "stop_computing",
    "unpin_visit",
    "withdraw_recusal_and_recheck",
    "withdraw_unit",
]
