"""Putting somebody else into a member's place, in one step."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.inspections.actions.alerts import settle_alerts
from tanzhao.inspections.actions.teams import locked_member, put_on_team, take_off_team
from tanzhao.inspections.models import TeamMember
from tanzhao.inspections.queries import standings_of_people
from tanzhao.inspections.queries.alerts import is_alerted, is_concerned
from tanzhao.inspections.rules.proposals import may_replace_member
from tanzhao.inspections.rules.teams import may_join
from tanzhao.inspections.states import TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.verdict import require


@transaction.atomic
def replace_member(*, member_id: UUID, inspector_id: UUID, actor: User, at: datetime) -> TeamMember:
    """Take a member out and put somebody else into the same role, both or neither.

    Raises:
        TeamMember.DoesNotExist, Inspector.DoesNotExist: there is none that the actor may know of.
        Refused: with each rule, fact and person.
    """
    member, team = locked_member(member_id, actor)
    inspector = Inspector.objects.visible_to(actor).get(pk=inspector_id)
    require(
        may_replace_member(
            actor, team, is_alerted=is_alerted(team), is_concerned=is_concerned(member)
        )
    )
    role = TeamRole(member.role)
    # Out first: what speaks against the newcomer beside the one who leaves no longer counts.
    take_off_team(member, team, actor=actor, at=at)
    found = standings_of_people(team, [inspector])[inspector.pk]
    present = team.members.values_list("inspector_id", "role")
    against = [standing.sentence for standing in found if standing.is_open]
    require(may_join(inspector, role=role, present=present, conflicts=against))
    newcomer = put_on_team(team, inspector, role, actor=actor, at=at)
    settle_alerts(round_=team.round, actor=actor, at=at)
    return newcomer
