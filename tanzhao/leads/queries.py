"""Reads about leads that more than one caller needs."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.states import AT_WORK, RoundState
from tanzhao.leads.models import Lead, LeadCheck, LeadReturn
from tanzhao.leads.states import IN_HAND, LeadState
from tanzhao.taxonomy.models import Code
from tanzhao.taxonomy.queries import codes_of

METHODS = "methods"
ORDERS = {
    "": ("-changed_at", "pk"),
    "captured": ("captured_at", "pk"),
    "title": ("title", "pk"),
    "state": ("state", "-changed_at", "pk"),
}


def leads_like(user: User, wanted: dict[str, Any]) -> QuerySet[Lead]:
    """Give the leads that `user` may see and that fit what the list asks for.

    Args:
        wanted: as forms.LeadFilter gives it; what is None asks for nothing.
    """
    found = Lead.objects.visible_to(user)
    if wanted.get("q"):
        words = wanted["q"]
        found = found.filter(
            Q(title__icontains=words) | Q(facts__icontains=words) | Q(unit__name__icontains=words)
        )
    for name in ("state", "source", "engagement"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    if wanted.get("whose") == "mine":
        found = found.filter(Q(handler=user) | Q(second=user))
    return found


def with_row_facts(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Add what a row of the list shows."""
    return leads.select_related(
        "unit", "engagement__round", "engagement__team", "handler", "second"
    )


def whole_leads(user: User) -> QuerySet[Lead]:
    """Give the leads `user` may see with all that a page shows of them."""
    checks = LeadCheck.objects.select_related("by", "method")
    returns = LeadReturn.objects.select_related("by", "outcome_by")
    return (
        with_row_facts(Lead.objects.visible_to(user))
        .select_related(
            "engagement__unit",
            "engagement__round__term",
            "captured_by",
            "assigned_by",
            "outcome_by",
            "confirmed_by",
        )
        .prefetch_related(Prefetch("checks", checks), Prefetch("returns", returns))
    )


def leads_waiting_for(user: User) -> QuerySet[Lead]:
    """Give the leads whose next step is `user`'s: to verify, to confirm, or for the office to
    assign."""
    waiting = (Q(handler=user) | Q(second=user)) & Q(
        state__in=[LeadState.ASSIGNED, LeadState.VERIFYING]
    )
    confirming = (Q(handler=user) | Q(second=user)) & Q(state=LeadState.PROPOSED)
    wanted = waiting | (confirming & ~Q(outcome_by=user))
    if user.holds(Action.LEAD_ASSIGN) and user.role != Role.INSPECTOR:
        wanted |= Q(state=LeadState.NEW)
    return Lead.objects.visible_to(user).filter(wanted)


def candidates_for(engagement: Engagement | None) -> QuerySet[User]:
    """Give the accounts that may verify a lead: the team's people, or the office's if there is
    no team."""
    accounts = User.objects.filter(is_active=True).order_by("full_name", "username")
    if engagement is None:
        return accounts.filter(role__in=[Role.DIRECTOR, Role.STAFF])
    members = engagement.team.members.values("inspector")
    return accounts.filter(role=Role.INSPECTOR, inspector_id__in=members)


def engagements_for(user: User, unit_id: UUID | None) -> QuerySet[Engagement]:
    """Give the engagements a lead may be given to: in the field now; of its unit first."""
    found = Engagement.objects.visible_to(user).filter(
        round__state__in=AT_WORK | {RoundState.AUTHORISED}
    )
    if unit_id is not None:
        found = found.filter(unit=unit_id)
    return found.select_related("unit", "team", "round").order_by(
        "-round__number", "team__number", "unit__position"
    )


def method_codes() -> list[Code]:
    """Give the thirteen methods."""
    return list(codes_of(METHODS))


def counts_by_state(user: User) -> dict[str, int]:
    """Give how many visible leads there are in each state."""
    rows = Lead.objects.visible_to(user).order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}


def days_in_hand(lead: Lead) -> int | None:
    """Give for how many days a lead has been in hand; None if it is not."""
    if lead.state not in IN_HAND or lead.assigned_at is None:
        return None
    return (timezone.localdate() - timezone.localdate(lead.assigned_at)).days
