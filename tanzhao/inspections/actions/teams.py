"""Every change of a team: its members, their roles, its units."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.alerts import settle_alerts
from tanzhao.inspections.actions.rounds import locked_round
from tanzhao.inspections.models import Engagement, Round, Team, TeamMember
from tanzhao.inspections.queries import standings_of_people, standings_of_units
from tanzhao.inspections.queries.alerts import is_concerned
from tanzhao.inspections.queries.staffing import Standing
from tanzhao.inspections.rules import (
    may_add_member,
    may_assign_unit,
    may_change_role,
    may_disband_team,
    may_staff,
)
from tanzhao.inspections.rules.alerts import may_take_out
from tanzhao.inspections.states import TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit


def locked_team(team_id: UUID, actor: User) -> Team:
    """Take a team of a round that `actor` may know of, with its round locked.

    The whole round is locked, because being in two of its teams is one of the rules.
    Raises: Team.DoesNotExist.
    """
    teams = Team.objects.filter(round__in=Round.objects.visible_to(actor))
    team = teams.get(pk=team_id)
    team.round = locked_round(team.round_id, actor)
    return team


@transaction.atomic
def form_team(*, round_id: UUID, actor: User, at: datetime) -> Team:
    """Add a team to a round, under the next number.

    Raises: Round.DoesNotExist, Refused.
    """
    round_ = locked_round(round_id, actor)
    require(may_staff(actor, round_))
    highest = round_.teams.aggregate(highest=Max("number"))["highest"] or 0
    team = Team.objects.create(round=round_, number=highest + 1)
    record(verb=Verb.TEAM_FORMED, actor=actor, target=team, at=at, round=str(round_.pk))
    return team


@transaction.atomic
def disband_team(*, team_id: UUID, actor: User, at: datetime) -> None:
    """Take an empty team out of its round.

    Raises: Team.DoesNotExist, Refused.
    """
    team = locked_team(team_id, actor)
    is_empty = not (team.members.exists() or team.engagements.exists())
    require(may_disband_team(actor, team, is_empty=is_empty))
    record(verb=Verb.TEAM_DISBANDED, actor=actor, target=team, at=at, number=team.number)
    team.delete()


@transaction.atomic
def add_member(
    *, team_id: UUID, inspector_id: UUID, role: TeamRole, actor: User, at: datetime
) -> TeamMember:
    """Put somebody on a team, unless a rule of recusal stands against it and is not waived.

    Raises:
        Team.DoesNotExist, Inspector.DoesNotExist: there is none that the actor may know of.
        Refused: with each rule, fact and person.
    """
    team = locked_team(team_id, actor)
    inspector = Inspector.objects.visible_to(actor).get(pk=inspector_id)
    found = standings_of_people(team, [inspector])[inspector.pk]
    require(
        may_add_member(
            actor,
            team,
            inspector,
            role=role,
            present=team.members.values_list("inspector_id", "role"),
            conflicts=_sentences(found),
        )
    )
    return put_on_team(team, inspector, role, actor=actor, at=at)


@transaction.atomic
def change_role(*, member_id: UUID, role: TeamRole, actor: User, at: datetime) -> TeamMember:
    """Give a member another role on the same team.

    Raises: TeamMember.DoesNotExist, Refused.
    """
    member, team = locked_member(member_id, actor)
    others = team.members.exclude(pk=member_id).values_list("role", flat=True)
    require(may_change_role(actor, team, role=role, other_roles=set(others)))
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    record(
        verb=Verb.MEMBER_CHANGED,
        actor=actor,
        target=member,
        at=at,
        team=str(team.pk),
        before=before,
        after=role.value,
    )
    return member


@transaction.atomic
def remove_member(*, member_id: UUID, actor: User, at: datetime) -> None:
    """Take somebody out of a team. Their access ends at once.

    Raises: TeamMember.DoesNotExist, Refused.
    """
    member, team = locked_member(member_id, actor)
    require(may_take_out(actor, team.round, is_concerned=is_concerned(member)))
    take_off_team(member, team, actor=actor, at=at)
    settle_alerts(round_=team.round, actor=actor, at=at)


@transaction.atomic
def assign_unit(*, team_id: UUID, unit_id: UUID, actor: User, at: datetime) -> Engagement:
    """Give a unit to a team, unless a rule of recusal stands against it and is not waived.

    Raises:
        Team.DoesNotExist, Unit.DoesNotExist: there is none that the actor may know of.
        Refused: with each rule, fact and person.
    """
    team = locked_team(team_id, actor)
    unit = Unit.objects.visible_to(actor).get(pk=unit_id)
    holder = Team.objects.filter(round=team.round, engagements__unit=unit).first()
    conflicts = _sentences(standings_of_units(team, [unit])[unit.pk])
    require(may_assign_unit(actor, team, unit, holder=holder, conflicts=conflicts))
    engagement = Engagement.objects.create(team=team, round=team.round, unit=unit)
    record(
        verb=Verb.UNIT_ASSIGNED,
        actor=actor,
        target=engagement,
        at=at,
        scope=engagement.pk,
        team=str(team.pk),
        unit=str(unit.pk),
    )
    return engagement


@transaction.atomic
def withdraw_unit(*, engagement_id: UUID, actor: User, at: datetime) -> None:
    """Take a unit from its team.

    Raises: Engagement.DoesNotExist, Refused.
    """
    engagements = Engagement.objects.visible_to(actor)
    team = locked_team(engagements.get(pk=engagement_id).team_id, actor)
    # Read again: somebody may have taken it out while we waited for the round.
    engagement = engagements.get(pk=engagement_id)
    require(may_staff(actor, team.round))
    record(
        verb=Verb.UNIT_WITHDRAWN,
        actor=actor,
        target=engagement,
        at=at,
        scope=engagement.pk,
        team=str(team.pk),
        unit=str(engagement.unit_id),
    )
    engagement.delete()
    settle_alerts(round_=team.round, actor=actor, at=at)


def locked_member(member_id: UUID, actor: User) -> tuple[TeamMember, Team]:
    """Take a member of a team that `actor` may know of, with their team and its round locked.

    Raises: TeamMember.DoesNotExist.
    """
    rounds = Round.objects.visible_to(actor)
    members = TeamMember.objects.filter(team__round__in=rounds)
    team = locked_team(members.get(pk=member_id).team_id, actor)
    # Read again: somebody may have taken them out while we waited for the round.
    return members.get(pk=member_id), team


def put_on_team(
    team: Team, inspector: Inspector, role: TeamRole, *, actor: User, at: datetime
) -> TeamMember:
    """Write a member of a locked team, whose rule has been asked, and put it into the trail."""
    member = TeamMember.objects.create(team=team, inspector=inspector, role=role)
    record(
        verb=Verb.MEMBER_ADDED,
        actor=actor,
        target=member,
        at=at,
        team=str(team.pk),
        inspector=str(inspector.pk),
        role=role.value,
    )
    return member


def take_off_team(member: TeamMember, team: Team, *, actor: User, at: datetime) -> None:
    """Delete a member of a locked team, whose rule has been asked, and put it into the trail."""
    record(
        verb=Verb.MEMBER_REMOVED,
        actor=actor,
        target=member,
        at=at,
        team=str(team.pk),
        inspector=str(member.inspector_id),
        role=member.role,
    )
    member.delete()


def _sentences(found: Sequence[Standing]) -> list[str]:
    return [standing.sentence for standing in found if standing.is_open]
