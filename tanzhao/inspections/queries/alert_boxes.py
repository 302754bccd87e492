"""What a page shows of the alerts about teams, to whom, and what each can do about them."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.inspections.models import Round, Team, TeamAlert, TeamMember
from tanzhao.inspections.queries.alerts import Objection, concerned_by, objections_of, open_alerts
from tanzhao.inspections.queries.staffing import Staffing, TeamStaffing
from tanzhao.inspections.rules.alerts import may_take_out, sees_recusal
from tanzhao.inspections.rules.proposals import may_replace_member
from tanzhao.inspections.states import TeamRole
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Verdict


@dataclass(frozen=True)
class AlertLine:
    """One reason, the member it is about, and whether the reader may replace or take them out."""

    objection: Objection
    member: TeamMember | None = None
    replacing: Verdict | None = None
    taking_out: Verdict | None = None


@dataclass(frozen=True)
class AlertBox:
    """An open alert. Without `sees_facts`, `ask` names who of the office helps the reader, and
    `is_own` says that it is about themselves."""

    alert: TeamAlert
    team: Team
    lines: list[AlertLine] = field(default_factory=list)
    sees_facts: bool = True
    is_own: bool = False
    ask: str = ""


def alert_boxes(user: User, staffing: Staffing) -> list[AlertBox]:
    """Give the open alerts about these teams of a round, as far as `user` may know of them.

    One query if there is none. The office and those who decide see the facts as they are now; the
    leader of the team and whom it is about see that there is one; the other members nothing.
    """
    alerts = {alert.team_id: alert for alert in open_alerts(_only(staffing.round))}
    teams = [own for own in staffing.teams if own.team.pk in alerts]
    if sees_recusal(user):
        return [_open_box(user, own, alerts[own.team.pk]) for own in teams]
    boxes = [_closed_box(user, own, alerts[own.team.pk]) for own in teams]
    return [box for box in boxes if box is not None]


def teams_alerted(user: User, round_: Round) -> list[TeamAlert]:
    """Give the open alerts about the teams of a round, for those who may know the facts."""
    return list(open_alerts(_only(round_))) if sees_recusal(user) else []


def _only(round_: Round) -> QuerySet[Round]:
    return Round.objects.filter(pk=round_.pk)


def _open_box(user: User, own: TeamStaffing, alert: TeamAlert) -> AlertBox:
    members = {member.inspector_id: member for member in own.members}
    lines = []
    for objection in objections_of(own):
        keys = [key for key in objection.inspectors if key in members]
        member = members[keys[0]] if keys else None
        concerned = {"is_concerned": True}
        lines.append(
            AlertLine(
                objection,
                member,
                may_replace_member(user, own.team, is_alerted=True, **concerned),
                may_take_out(user, own.team.round, **concerned),
            )
            if member
            else AlertLine(objection)
        )
    return AlertBox(alert, own.team, lines)


def _closed_box(user: User, own: TeamStaffing, alert: TeamAlert) -> AlertBox | None:
    if user.role != Role.INSPECTOR or not user.inspector_id:
        return None
    about = {key for one in alert.standings for key in one["people"]}
    is_own = str(user.inspector_id) in about
    leads = any(
        m.inspector_id == user.inspector_id and m.role == TeamRole.LEADER for m in own.members
    )
    if not (is_own or leads):
        return None
    ask = concerned_by(own, [], today()).ask
    return AlertBox(alert, own.team, sees_facts=False, is_own=is_own, ask=ask)
