"""Asking that somebody stays on a team in spite of a fact, and deciding it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.alerts import settle_alerts
from tanzhao.inspections.actions.rounds import locked_round
from tanzhao.inspections.actions.teams import locked_team
from tanzhao.inspections.models import Round, Waiver
from tanzhao.inspections.queries import recusal_pack, standings_of_people
from tanzhao.inspections.queries.alerts import is_alerted
from tanzhao.inspections.rules import may_decide_waiver, may_request_waiver
from tanzhao.inspections.states import WaiverState
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit


@transaction.atomic
def request_waiver(
    *,
    team_id: UUID,
    inspector_id: UUID,
    rule: str,
    reason: str,
    actor: User,
    at: datetime,
    unit_id: UUID | None = None,
    other_id: UUID | None = None,
) -> Waiver:
    """Ask that one fact be overlooked. Nobody is put anywhere by it: once it is granted, the
    person can be added, or the unit given, as if the fact were not there.

    The fact is found again from the records, so only what is true can be waived.

    Args:
        rule: the code of the broken rule.
        unit_id: the unit that the fact is about; it need not be with the team yet.
        other_id: or the other member that it is about.
    Raises:
        Team.DoesNotExist, Inspector.DoesNotExist, Unit.DoesNotExist: none the actor knows of.
        Refused: the fact does not hold, cannot be waived, or was asked for already.
    """
    team = locked_team(team_id, actor)
    inspector = Inspector.objects.visible_to(actor).get(pk=inspector_id)
    units = [Unit.objects.visible_to(actor).get(pk=unit_id)] if unit_id else []
    found = standings_of_people(team, [inspector], with_units=units)[inspector.pk]
    key = (rule, inspector_id, unit_id, other_id)
    standing = next((one for one in found if key in one.conflict.keys), None)
    conflict = standing.conflict if standing else None
    present = standing.waiver if standing else None
    late = is_alerted(team)
    require(may_request_waiver(actor, team.round, conflict, present=present, is_alerted=late))
    waiver = Waiver.objects.create(
        team=team,
        inspector=inspector,
        unit_id=unit_id,
        other_id=other_id,
        rule=rule,
        fact=conflict.fact[:300] if conflict else "",
        reason=reason,
        requested_by=actor,
        requested_at=at,
    )
    _note(Verb.WAIVER_REQUESTED, waiver, actor, at, reason)
    return waiver


@transaction.atomic
def decide_waiver(
    *, waiver_id: UUID, is_granted: bool, reason: str, actor: User, at: datetime
) -> Waiver:
    """Grant or deny a waiver, with the reason.

    Raises: Waiver.DoesNotExist, Refused.
    """
    waivers = Waiver.objects.filter(team__round__in=Round.objects.visible_to(actor))
    round_ = locked_round(waivers.get(pk=waiver_id).team.round_id, actor)
    # Read again: somebody may have decided it while we waited for the round.
    waiver = waivers.select_related("inspector").get(pk=waiver_id)
    require(may_decide_waiver(actor, waiver))
    waiver.state = WaiverState.GRANTED if is_granted else WaiverState.DENIED
    waiver.decided_by, waiver.decided_at, waiver.decision_reason = actor, at, reason
    waiver.save()
    _note(Verb.WAIVER_GRANTED if is_granted else Verb.WAIVER_DENIED, waiver, actor, at, reason)
    settle_alerts(round_=round_, actor=actor, at=at)
    return waiver


def _note(verb: Verb, waiver: Waiver, actor: User, at: datetime, reason: str) -> None:
    pack = recusal_pack()
    record(
        verb=verb,
        actor=actor,
        target=waiver,
        at=at,
        team=str(waiver.team_id),
        rule=waiver.rule,
        fact=waiver.fact,
        reason=reason,
        pack=f"{pack.name} {pack.version}",
    )
