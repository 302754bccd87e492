"""Looking at teams again when something becomes known: alerts raised, and settled."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.rounds import move_to
from tanzhao.inspections.models import Round, TeamAlert, TeamsLookedAt
from tanzhao.inspections.queries.alerts import (
    Change,
    Objection,
    cause_among,
    changes_to_follow,
    concerned_by,
    objections_of,
    watched_rounds,
)
from tanzhao.inspections.queries.staffing import TeamStaffing, staffing_of
from tanzhao.inspections.states import AT_WORK, WATCHED, RoundState
from tanzhao.kernel.locking import locked
from tanzhao.notices.actions import tell
from tanzhao.notices.models import Notice
from tanzhao.notices.states import NoticeKind


def hold_rounds_of(inspector_id: UUID) -> list[Round]:
    """Lock the rounds on whose teams a person is, as long as their teams are looked at again.

    Call it before anything is recorded: whoever approves has the round first and the trail after,
    and in another order the two would wait for each other.
    """
    rounds = watched_rounds().filter(teams__members__inspector=inspector_id).distinct()
    return [_held(key) for key in rounds.values_list("pk", flat=True)]


def recheck_teams(
    *, rounds: Sequence[Round], changes: Sequence[Change], at: datetime
) -> list[TeamAlert]:
    """Ask every rule of recusal again for the teams of rounds that are held.

    What newly stands against a team raises an alert, tells those concerned, and takes a round
    whose teams were complete back to its staffing. What stands no longer is settled. Asked twice,
    it changes nothing the second time.

    Args:
        changes: what was done since the teams were looked at last, and by whom; not empty. What
            follows from one of them is put down to who did it.
    Returns: the alerts that were raised, or have become more.
    """
    raised = []
    for round_ in rounds:
        if round_.state in WATCHED:
            raised += _recheck(round_, changes, at)
    return raised


def settle_alerts(*, round_: Round, actor: User | None, at: datetime) -> None:
    """Settle every alert of a held round whose reasons are gone. One query if none is open.

    Called by whatever takes a reason away: a member taken out or replaced, a unit taken back, a
    waiver granted.
    """
    alerts = _open_alerts(round_)
    if not alerts:
        return
    for own in staffing_of(round_).teams:
        alert = alerts.get(own.team.pk)
        if alert is None:
            continue
        objections = objections_of(own)
        if objections:
            _lessen(alert, objections)
        else:
            _settle(alert, own, actor, at)


def follow_changes(*, at: datetime) -> int:
    """Look at all teams again if anything was done since the last look that they depend on.

    The pages of units and of the talent pool, the imports and the command line know nothing of
    teams; the trail knows of each of them. The worker calls this every few seconds. Each round is
    looked at in a transaction of its own, and how far the trail was read is written down last: if
    it ends half-way it is done again.

    Returns: how many alerts were raised.
    """
    changes = changes_to_follow()
    if changes is None:
        return 0
    raised = 0
    for key in list(watched_rounds().values_list("pk", flat=True)):
        with transaction.atomic():
            found = recheck_teams(
                rounds=[_held(key)],
                changes=changes.found,
                at=at,
            )
        raised += len(found)
    with transaction.atomic():
        TeamsLookedAt.objects.get_or_create(pk=1)
        last = TeamsLookedAt.objects.select_for_update().get(pk=1)
        last.position = max(last.position, changes.position)
        last.rules = changes.rules
        last.save()
    return raised


def _held(round_id: UUID) -> Round:
    """Lock a round on behalf of nobody in particular: who declares may not know of it."""
    return locked(Round.objects.select_related("term"), round_id)


def _open_alerts(round_: Round) -> dict[UUID, TeamAlert]:
    found = TeamAlert.objects.open().filter(team__round=round_)
    return {alert.team_id: alert for alert in found}


def _recheck(round_: Round, changes: Sequence[Change], at: datetime) -> list[TeamAlert]:
    alerts = _open_alerts(round_)
    teams = [(own, objections_of(own)) for own in staffing_of(round_).teams]
    raised = []
    for own, objections in teams:
        alert = alerts.get(own.team.pk)
        known = {one["key"] for one in alert.standings} if alert else set()
        if alert and not objections:
            _settle(alert, own, cause_among(changes, alert.standings).actor, at)
        elif any(one.key not in known for one in objections):
            raised.append(_raise(alert, own, objections, changes, at))
        elif alert:
            _lessen(alert, objections)
    if raised and round_.state == RoundState.STAFFED:
        cause = cause_among(changes, raised[0].standings)
        move_to(round_, RoundState.APPROVED, actor=cause.actor, at=at)
    return raised


def _raise(
    alert: TeamAlert | None,
    own: TeamStaffing,
    objections: Sequence[Objection],
    changes: Sequence[Change],
    at: datetime,
) -> TeamAlert:
    """Raise an alert, or let one that is open say more, and tell those concerned."""
    alert = alert or TeamAlert(team=own.team, raised_at=at)
    known = {one["key"] for one in alert.standings}
    new = [one for one in objections if one.key not in known]
    cause = cause_among(changes, [one.plain for one in new])
    alert.cause, alert.about = cause.verb.value, cause.about
    alert.standings = [one.plain for one in objections]
    alert.save()
    entry = record(
        verb=Verb.TEAM_ALERTED,
        actor=cause.actor,
        target=own.team,
        at=at,
        round=str(own.team.round_id),
        state=own.team.round.state,
        cause=cause.verb.value,
        standings=[one.key for one in new],
    )
    # An alert that becomes more is told again, to whoever is concerned by then.
    _tell_of(own, objections, at, key=f"alert:{alert.pk}:{entry.position}")
    return alert


def _tell_of(own: TeamStaffing, objections: Sequence[Objection], at: datetime, *, key: str) -> None:
    round_ = own.team.round
    concerned = concerned_by(own, objections, timezone.localdate(at))
    say = partial(
        tell,
        kind=_kind_of(round_),
        address=reverse("inspections:round", args=[round_.pk]),
        key=key,
        at=at,
    )
    facts = [one.told for one in objections]
    say(to=concerned.office, values={**_place(own), "standings": facts})
    for is_own in (True, False):
        people = [user for user, is_about in concerned.others if is_about is is_own]
        say(to=people, values={**_place(own), "is_own": is_own, "ask": concerned.ask})


def _settle(alert: TeamAlert, own: TeamStaffing, actor: User | None, at: datetime) -> None:
    """Close an alert, and tell whoever was told of it."""
    alert.settled_at, alert.settled_by = at, actor
    alert.save()
    record(
        verb=Verb.TEAM_SETTLED,
        actor=actor,
        target=own.team,
        at=at,
        round=str(own.team.round_id),
        standings=[one["key"] for one in alert.standings],
    )
    told = Notice.objects.filter(key__startswith=f"alert:{alert.pk}:").values("to")
    tell(
        to=User.objects.filter(pk__in=told),
        kind=NoticeKind.TEAM_SETTLED,
        values=_place(own),
        address=reverse("inspections:round", args=[own.team.round_id]),
        key=f"alert:{alert.pk}:settled",
        at=at,
    )


def _lessen(alert: TeamAlert, objections: Sequence[Objection]) -> None:
    """Keep of an open alert what still stands; what was seen to go may come back as new."""
    standings = [one.plain for one in objections]
    if standings != alert.standings:
        alert.standings = standings
        alert.save(update_fields=["standings"])


def _place(own: TeamStaffing) -> dict[str, int]:
    round_ = own.team.round
    return {"term": round_.term.number, "round": round_.number, "team": own.team.number}


def _kind_of(round_: Round) -> NoticeKind:
    if round_.state == RoundState.STAFFED:
        return NoticeKind.TEAM_REOPENED
    if round_.state == RoundState.AUTHORISED:
        return NoticeKind.TEAM_HELD
    return NoticeKind.TEAM_DOUBTED if round_.state in AT_WORK else NoticeKind.TEAM_OBJECTED
