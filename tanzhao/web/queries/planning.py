"""Plans, rounds and teams that wait for a person."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.models import Authorisation, Round, TermPlan, Waiver
from tanzhao.inspections.queries.alerts import open_alerts
from tanzhao.inspections.rules.alerts import sees_recusal
from tanzhao.inspections.states import (
    STAFFING,
    AuthorisationState,
    PlanState,
    RoundState,
    WaiverState,
)
from tanzhao.web.queries.group import Task, Waiting, day_of, group


def plans_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Plans of a term that wait for approval, or to be put right."""
    plans = TermPlan.objects.visible_to(user).select_related("term", "proposed_by")
    if user.holds(Action.PLAN_APPROVE):
        found = plans.filter(state=PlanState.PROPOSED)
        yield group(
            _("Plans of a term to approve"),
            found.exclude(proposed_by=user).exclude(made_by=user),
            lambda p: Task(f"{p.term} {p}", str(p.proposed_by), day_of(p.proposed_at), _to_plan(p)),
        )
    if user.holds(Action.PLAN_MAKE):
        found = plans.filter(state=PlanState.DRAFT).exclude(returned_reason="")
        yield group(
            _("Plans of a term to put right"),
            found,
            lambda p: Task(f"{p.term} {p}", p.returned_reason, None, _to_plan(p)),
        )


def approvals_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """What somebody else has made and a second person decides."""
    if user.holds(Action.ROUND_APPROVE):
        rounds = Round.objects.visible_to(user).filter(state=RoundState.PROPOSED)
        yield group(
            _("Rounds to approve"),
            rounds.exclude(proposed_by=user).select_related("term", "proposed_by"),
            lambda r: Task(str(r), str(r.proposed_by), day_of(r.proposed_at), _to_round(r)),
        )
    if user.holds(Action.WAIVER_DECIDE):
        waivers = Waiver.objects.filter(
            team__round__in=Round.objects.visible_to(user), state=WaiverState.REQUESTED
        ).exclude(requested_by=user)
        if user.inspector_id:
            waivers = waivers.exclude(inspector=user.inspector_id)
        yield group(
            _("Waivers of recusal to decide"),
            waivers.select_related("inspector", "team__round"),
            lambda w: Task(
                str(w.inspector), w.fact, day_of(w.requested_at), _to_round(w.team.round)
            ),
        )
    if user.holds(Action.AUTHORISATION_APPROVE):
        drafts = Authorisation.objects.filter(
            round__in=Round.objects.visible_to(user).exclude(state__in=STAFFING),
            state=AuthorisationState.DRAFTED,
            returned_reason="",
        ).exclude(drafted_by=user)
        yield group(
            _("Authorisations to approve"),
            drafts.select_related("round__term"),
            lambda a: Task(
                str(a.round),
                a.number,
                day_of(a.drafted_at),
                reverse("inspections:authorisation", args=[a.round_id]),
            ),
        )


def alerts_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Teams against which something became known after they were put together."""
    if not sees_recusal(user):
        return
    alerts = open_alerts(Round.objects.visible_to(user))
    yield group(
        _("Teams that must be looked at again"),
        alerts,
        lambda a: Task(
            f"{a.team.round} {a.team}",
            a.cause_in_words,
            day_of(a.raised_at),
            f"{_to_round(a.team.round)}#alert-{a.team.number}",
        ),
    )


def rounds_waiting(user: User, today: dt.date) -> Iterator[Waiting]:
    """Rounds whose next step is the office's own."""
    if not user.holds(Action.ROUND_PLAN):
        return
    rounds = Round.objects.visible_to(user).select_related("term")
    # One returned is to be put right, and one revoked to be drafted anew while teams are at work.
    standing = Authorisation.objects.filter(round=OuterRef("pk"), returned_reason="")
    standing = standing.exclude(state=AuthorisationState.REVOKED)
    at_work = (RoundState.IN_FIELD, RoundState.REPORTING, RoundState.REPORTED)
    kinds = (
        (_("Rounds to staff"), rounds.filter(state=RoundState.APPROVED)),
        (
            _("Authorisations to draft"),
            rounds.filter(~Exists(standing), state__in=[RoundState.STAFFED, *at_work]),
        ),
        (
            _("Rounds that may enter the field"),
            rounds.filter(state=RoundState.AUTHORISED, authorisation__starts__lte=today),
        ),
    )
    for title, found in kinds:
        yield group(title, found, lambda r: Task(str(r), "", r.starts, _to_round(r)))


def _to_plan(plan: TermPlan) -> str:
    return reverse("inspections:plan", args=[plan.pk])


def _to_round(round_: Round) -> str:
    return reverse("inspections:round", args=[round_.pk])
