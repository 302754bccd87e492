"""Every change to leads: captured, assigned, verified by two, ended by two, reopened."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.queries import team_role_of
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require
from tanzhao.leads.models import Lead, LeadCheck, LeadReturn
from tanzhao.leads.queries import candidates_for, method_codes
from tanzhao.leads.rules import (
    may_assign,
    may_be_lead_handlers,
    may_capture,
    may_confirm,
    may_propose_outcome,
    may_reopen,
    may_verify,
)
from tanzhao.leads.states import LeadSource, LeadState, Outcome
from tanzhao.screening.actions import note_lead, take_up_hit
from tanzhao.units.models import Unit


@transaction.atomic
def capture_lead(
    *,
    lead_id: UUID,
    actor: User,
    at: datetime,
    title: str,
    facts: str,
    source: LeadSource,
    source_id: UUID | None = None,
    source_note: str = "",
    unit_id: UUID | None = None,
    engagement_id: UUID | None = None,
) -> Lead:
    """Write down a lead. The same key, or the same source, sent twice gives the same lead.

    Args:
        lead_id: a new key.
        source_id: the row of another feature that it comes from.
        unit_id: may be left out if the engagement says it.
    Raises:
        Engagement.DoesNotExist, Unit.DoesNotExist: the actor may not know of it.
        Refused: the actor may not write one on it.
    """
    engagement = unit = None
    if engagement_id is not None:
        engagement = Engagement.objects.visible_to(actor).get(pk=engagement_id)
        unit_id = engagement.unit_id
    if unit_id is not None:
        unit = Unit.objects.visible_to(actor).get(pk=unit_id)
    role = team_role_of(actor, engagement) if engagement else None
    require(may_capture(actor, engagement, role))
    twin = _twin(lead_id, source, source_id)
    if twin is not None:
        return _same(twin, actor)
    lead = Lead.objects.create(
        pk=lead_id,
        title=title,
        facts=facts,
        unit=unit,
        engagement=engagement,
        source=source,
        source_id=source_id,
        source_note=source_note,
        captured_by=actor,
        captured_at=at,
        changed_at=at,
    )
    _record(Verb.LEAD_CAPTURED, lead, actor, at, source=source)
    return lead


@transaction.atomic
def make_lead_from_hit(*, hit_id: UUID, actor: User, at: datetime) -> Lead:
    """Write down a lead on a hit of screening that two people found true. Asked twice, it gives
    the same lead.

    Raises: Hit.DoesNotExist, Refused.
    """
    hit = take_up_hit(hit_id=hit_id, actor=actor)
    lead = capture_lead(
        lead_id=uuid4(),
        title=hit.title,
        facts=hit.facts,
        source=LeadSource.SCREENING,
        source_id=hit_id,
        source_note=hit.note,
        unit_id=hit.unit_id,
        engagement_id=hit.engagement_id,
        actor=actor,
        at=at,
    )
    note_lead(hit_id=hit_id, lead_id=lead.pk)
    return lead


@transaction.atomic
def assign_lead(
    *,
    lead_id: UUID,
    actor: User,
    at: datetime,
    engagement_id: UUID | None,
    handlers: tuple[UUID, UUID],
) -> Lead:
    """Give a lead to two people to verify: of a team, or of the office if it has no team.

    An outcome that waited for confirmation lapses.

    Raises:
        Lead.DoesNotExist, Engagement.DoesNotExist: the actor may not know of it.
        Refused: the actor may not assign it, or these people may not verify it.
    """
    lead = _locked(lead_id, actor)
    engagement = None
    if engagement_id is not None:
        engagement = (
            Engagement.objects.visible_to(actor)
            .select_related("unit", "team")
            .get(pk=engagement_id)
        )
    if engagement and lead.unit_id and engagement.unit_id != lead.unit_id:
        raise Refused(_("The lead is about another unit than this team inspects."))
    place = engagement or lead.engagement
    require(may_assign(actor, lead, team_role_of(actor, place) if place else None))
    candidates = set(candidates_for(engagement).values_list("pk", flat=True))
    require(may_be_lead_handlers(handlers, candidates))
    if engagement:
        lead.engagement, lead.unit = engagement, engagement.unit
    lead.handler_id, lead.second_id = handlers
    lead.assigned_by, lead.assigned_at = actor, at
    _clear_outcome(lead)
    _move(lead, LeadState.ASSIGNED, at)
    _record(Verb.LEAD_ASSIGNED, lead, actor, at, handlers=[str(key) for key in handlers])
    return lead


@transaction.atomic
def add_lead_check(
    *, lead_id: UUID, check_id: UUID, actor: User, at: datetime, what: str, found: str, method: str
) -> LeadCheck:
    """Write down one step of the verification. The same key sent twice writes one.

    Raises: Lead.DoesNotExist, Refused.
    """
    lead = _locked(lead_id, actor)
    twin = lead.checks.filter(pk=check_id, by=actor).first()
    if twin is not None:
        return twin
    require(may_verify(actor, lead))
    codes = {code.code: code for code in method_codes()}
    if method not in codes:
        raise Refused(_("Choose one of the thirteen methods."))
    check = LeadCheck.objects.create(
        pk=check_id, lead=lead, what=what, found=found, method=codes[method], by=actor, at=at
    )
    # What was found after an outcome was proposed may change it.
    if lead.state == LeadState.PROPOSED:
        _clear_outcome(lead)
    _move(lead, LeadState.VERIFYING, at)
    _record(Verb.LEAD_CHECKED, lead, actor, at)
    return check


@transaction.atomic
def propose_lead_outcome(
    *, lead_id: UUID, actor: User, at: datetime, outcome: Outcome, reason: str
) -> Lead:
    """Propose how a lead ends, as one of its handlers.

    Raises: Lead.DoesNotExist, Refused.
    """
    lead = _locked(lead_id, actor)
    require(may_propose_outcome(actor, lead, outcome, lead.checks.count()))
    lead.outcome, lead.outcome_reason = outcome, reason
    lead.outcome_by, lead.outcome_at = actor, at
    _move(lead, LeadState.PROPOSED, at)
    _record(Verb.LEAD_OUTCOME_PROPOSED, lead, actor, at, outcome=outcome)
    return lead


@transaction.atomic
def confirm_lead_outcome(*, lead_id: UUID, actor: User, at: datetime) -> Lead:
    """End a lead as its other handler proposed.

    Raises: Lead.DoesNotExist, Refused.
    """
    lead = _locked(lead_id, actor)
    require(may_confirm(actor, lead))
    lead.confirmed_by, lead.confirmed_at = actor, at
    ended = LeadState.PAPER if lead.outcome == Outcome.PAPER else LeadState.DROPPED
    _move(lead, ended, at)
    _record(Verb.LEAD_ENDED, lead, actor, at, outcome=lead.outcome)
    return lead


@transaction.atomic
def return_lead(*, lead_id: UUID, actor: User, at: datetime, reason: str) -> Lead:
    """Send a lead back to be verified further: the other handler does not agree.

    Raises: Lead.DoesNotExist, Refused.
    """
    lead = _locked(lead_id, actor)
    require(may_confirm(actor, lead))
    _keep_return(lead, actor, at, reason)
    _move(lead, LeadState.VERIFYING, at)
    _record(Verb.LEAD_RETURNED, lead, actor, at, reason=reason)
    return lead


@transaction.atomic
def reopen_lead(*, lead_id: UUID, actor: User, at: datetime, reason: str) -> Lead:
    """Take up again a lead that has ended. It stays with its two handlers.

    Raises: Lead.DoesNotExist, Refused.
    """
    lead = _locked(lead_id, actor)
    require(may_reopen(actor, lead))
    _keep_return(lead, actor, at, reason)
    _move(lead, LeadState.ASSIGNED, at)
    _record(Verb.LEAD_REOPENED, lead, actor, at, reason=reason)
    return lead


@transaction.atomic
def note_leads_exported(*, actor: User, at: datetime, count: int) -> None:
    """Put into the trail that somebody took the list of leads out."""
    record(verb=Verb.LIST_EXPORTED, actor=actor, target=actor, at=at, list="leads", count=count)


def _locked(lead_id: UUID, actor: User) -> Lead:
    leads = Lead.objects.visible_to(actor)
    return locked(leads.select_related("engagement__team", "engagement__unit"), lead_id)


def _twin(lead_id: UUID, source: LeadSource, source_id: UUID | None) -> Lead | None:
    twin = Lead.objects.filter(pk=lead_id).first()
    if twin is None and source_id is not None:
        twin = Lead.objects.filter(source=source, source_id=source_id).first()
    return twin


def _same(twin: Lead, actor: User) -> Lead:
    if Lead.objects.visible_to(actor).filter(pk=twin.pk).exists():
        return twin
    raise Refused(_("This form has been used already. Open it again."))


def _keep_return(lead: Lead, actor: User, at: datetime, reason: str) -> None:
    """Keep what was proposed, and take it off the lead."""
    if lead.outcome_by_id is None:
        raise Refused(_("No outcome is proposed yet."))
    LeadReturn.objects.create(
        lead=lead,
        outcome=lead.outcome,
        outcome_reason=lead.outcome_reason,
        outcome_by_id=lead.outcome_by_id,
        reason=reason,
        by=actor,
        at=at,
    )
    _clear_outcome(lead)


def _clear_outcome(lead: Lead) -> None:
    lead.outcome, lead.outcome_reason = "", ""
    lead.outcome_by = lead.outcome_at = None
    lead.confirmed_by = lead.confirmed_at = None


def _move(lead: Lead, state: LeadState, at: datetime) -> None:
    lead.state, lead.changed_at = state, at
    lead.save()


def _record(verb: Verb, lead: Lead, actor: User, at: datetime, **details: object) -> None:
    record(verb=verb, actor=actor, target=lead, at=at, scope=lead.engagement_id, **details)
