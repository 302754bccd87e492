"""Reads about rounds that several features need."""

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from tanzhao.access.models import User
from tanzhao.audit.models import Entry
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.models import Authorisation, Engagement, Round
from tanzhao.inspections.rules import memberships_in_force
from tanzhao.inspections.states import TeamRole


def team_role_of(user: User, engagement: Engagement) -> TeamRole | None:
    """Say which role `user` has today on the team of `engagement`; None if they have none."""
    memberships = memberships_in_force(user).filter(team=engagement.team_id)
    role = memberships.values_list("role", flat=True).first()
    return TeamRole(role) if role else None


_MADE_BY = (Verb.ROUND_PROPOSED, Verb.ROUND_CHANGED, Verb.AUTHORISATION_DRAFTED)


def has_made(user: User, row: Round | Authorisation | None) -> bool:
    """Say whether `user` wrote any version of a round, or of an authorisation since it was last
    revoked. The row keeps its last writer only; the trail knows them all."""
    if row is None:
        return False
    entries = Entry.objects.filter(target_id=row.pk)
    revoked = entries.filter(verb=Verb.AUTHORISATION_REVOKED).order_by("-position")
    since = Coalesce(Subquery(revoked.values("position")[:1]), 0)
    return entries.filter(actor=user, verb__in=_MADE_BY, position__gt=since).exists()
