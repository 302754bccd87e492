"""Who may know of which findings, reports and feedback, and who may take which step."""

from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.findings.states import FindingState, ReportState
from tanzhao.inspections.rules import engagements_in_force, on_own_team

NOBODY = Q(pk__in=[])


def visible_findings(user: User) -> Q:
    """Say which findings `user` may know exist.

    The office: all. The leading group: those in a report. A supervisor of rectification: those
    fed back. An inspector: those of their own team while it is authorised, and those fed back
    earlier to the units it inspects. Nobody else any.
    """
    if not user.holds(Action.FINDING_SEE):
        return NOBODY
    match user.role:
        case Role.LEADING_GROUP:
            return ~Q(state=FindingState.MADE)
        case Role.SUPERVISOR:
            return Q(state=FindingState.FED_BACK)
        case Role.INSPECTOR:
            earlier = Q(unit__in=engagements_in_force(user).values("unit"))
            return on_own_team(user, "engagement__team") | (
                earlier & Q(state=FindingState.FED_BACK)
            )
    return Q()


def visible_reports(user: User) -> Q:
    """Say which reports `user` may know exist: the office all, the leading group those a team
    has agreed, an inspector their own team's while it is authorised, nobody else any."""
    if not user.holds(Action.REPORT_SEE):
        return NOBODY
    match user.role:
        case Role.LEADING_GROUP:
            return ~Q(state=ReportState.DRAFTED)
        case Role.INSPECTOR:
            return on_own_team(user, "engagement__team")
    return Q()


def visible_feedback(user: User) -> Q:
    """Say which feedback letters `user` may know exist: a unit's contact their own unit's, an
    inspector their own team's, the office, leading group and supervisors all."""
    if not user.holds(Action.FEEDBACK_SEE):
        return NOBODY
    match user.role:
        case Role.CONTACT:
            return Q(engagement__unit=user.unit_id)
        case Role.INSPECTOR:
            return on_own_team(user, "engagement__team")
    return Q()
