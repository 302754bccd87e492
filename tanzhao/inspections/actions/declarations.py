"""Declaring and withdrawing a recusal, with what follows for the teams."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.alerts import hold_rounds_of, recheck_teams
from tanzhao.inspections.queries.alerts import Change
from tanzhao.inspectors.actions import declare_recusal, withdraw_recusal
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.notices.actions import tell
from tanzhao.notices.states import NoticeKind


@transaction.atomic
def declare_recusal_and_recheck(
    *, inspector_id: UUID, unit_name: str, actor: User, at: datetime
) -> DeclaredRecusal:
    """Note that a person stays away from a unit, and look at their teams again at once.

    The office is told of what a person declared for themselves, and a person of what the office
    entered for them. Declaring the same again does nothing.
    Raises: Inspector.DoesNotExist, Refused.
    """
    rounds = hold_rounds_of(inspector_id)
    recusal, is_new = declare_recusal(
        inspector_id=inspector_id, unit_name=unit_name, actor=actor, at=at
    )
    if not is_new:
        return recusal
    change = Change(Verb.RECUSAL_DECLARED, str(recusal.inspector), inspector_id, actor)
    recheck_teams(rounds=rounds, changes=[change], at=at)
    if actor.inspector_id == inspector_id:
        tell(
            to=User.objects.filter(role__in=[Role.DIRECTOR, Role.STAFF]).exclude(pk=actor.pk),
            kind=NoticeKind.RECUSAL_DECLARED,
            values={"person": str(recusal.inspector), "unit": recusal.unit_name},
            address=reverse("inspectors:inspector", args=[inspector_id]),
            key=f"recusal:{recusal.pk}",
            at=at,
        )
    else:
        tell(
            to=User.objects.filter(inspector_id=inspector_id),
            kind=NoticeKind.RECUSAL_ENTERED,
            values={"by": str(actor), "unit": recusal.unit_name},
            address=reverse("inspections:own_recusals"),
            key=f"recusal:{recusal.pk}",
            at=at,
        )
    return recusal


@transaction.atomic
def withdraw_recusal_and_recheck(
    *, recusal_id: UUID, reason: str, actor: User, at: datetime
) -> None:
    """Strike a declaration out, settle what hung on it, and tell whom it was about.

    Raises: DeclaredRecusal.DoesNotExist, Refused.
    """
    inspector_id = DeclaredRecusal.objects.get(pk=recusal_id).inspector_id
    rounds = hold_rounds_of(inspector_id)
    recusal = withdraw_recusal(recusal_id=recusal_id, reason=reason, actor=actor, at=at)
    change = Change(Verb.RECUSAL_WITHDRAWN, str(recusal.inspector), inspector_id, actor)
    recheck_teams(rounds=rounds, changes=[change], at=at)
    tell(
        to=User.objects.filter(inspector_id=inspector_id),
        kind=NoticeKind.RECUSAL_WITHDRAWN,
        values={"unit": recusal.unit_name, "reason": reason},
        address=reverse("inspections:own_recusals"),
        key=f"recusal:{recusal_id}:withdrawn",
        at=at,
    )
