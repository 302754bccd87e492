"""Who may know of which rounds and engagements, and who may take which step."""

from tanzhao.inspections.rules.authorisations import (
    may_approve_authorisation,
    may_draft_authorisation,
    may_return_authorisation,
    may_revoke_authorisation,
)
from tanzhao.inspections.rules.rounds import (
    may_approve_round,
    may_change_round,
    may_enter_field,
    may_mark_staffed,
    may_move,
    may_open_term,
    may_propose_round,
    may_reopen_staffing,
)
from tanzhao.inspections.rules.teams import (
    gaps_of_team,
    may_add_member,
    may_assign_unit,
    may_change_role,
    may_disband_team,
    may_staff,
)
from tanzhao.inspections.rules.visibility import (
    OFFICE,
    engagements_in_force,
    memberships_in_force,
    on_own_team,
    visible_engagements,
    visible_plans,
    visible_rounds,
)
from tanzhao.inspections.rules.waivers import may_decide_waiver, may_request_waiver

__all__ = [
    "OFFICE",
    "engagements_in_force",
    "gaps_of_team",
    "may_add_member",
    "may_approve_authorisation",
    "may_approve_round",
    "may_assign_unit",
    "may_change_role",
    "may_change_round",
    "may_decide_waiver",
    "may_disband_team",
    "may_draft_authorisation",
    "may_enter_field",
    "may_mark_staffed",
    "may_move",
    "may_open_term",
    "may_propose_round",
    "may_reopen_staffing",
    "may_request_waiver",
    "may_return_authorisation",
    "may_revoke_authorisation",
    "may_staff",
    "memberships_in_force",
    "on_own_team",
    "visible_engagements",
    "visible_plans",
    "visible_rounds",
]
