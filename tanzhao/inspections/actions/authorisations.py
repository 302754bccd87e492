"""Drafting, approving, returning and revoking the authorisation of a round."""

import datetime as dt
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.rounds import locked_round, move_to
from tanzhao.inspections.models import Authorisation, Round
from tanzhao.inspections.queries import has_made, is_number_taken, staffing_of
from tanzhao.inspections.queries.paper_values import paper_to_keep
from tanzhao.inspections.rules import (
    may_approve_authorisation,
    may_draft_authorisation,
    may_return_authorisation,
    may_revoke_authorisation,
)
from tanzhao.inspections.states import AuthorisationState, RoundState
from tanzhao.kernel.verdict import require


@transaction.atomic
def draft_authorisation(
    *,
    round_id: UUID,
    number: str,
    basis: str,
    starts: dt.date,
    ends: dt.date,
    actor: User,
    at: datetime,
) -> Authorisation:
    """Draft the authorisation of a round, change its draft, or draft it anew once revoked.

    Whoever drafted it last cannot approve it.
    Raises: Round.DoesNotExist, Refused.
    """
    round_, present = _locked(round_id, actor)
    taken = is_number_taken(number, round_)
    require(may_draft_authorisation(actor, round_, present, number_taken=taken))
    authorisation = present or Authorisation(round=round_)
    authorisation.number, authorisation.basis = number, basis
    authorisation.starts, authorisation.ends = starts, ends
    authorisation.state = AuthorisationState.DRAFTED
    authorisation.drafted_by, authorisation.drafted_at = actor, at
    authorisation.approved_by = authorisation.approved_at = None
    authorisation.approved_paper = {}
    authorisation.returned_reason = authorisation.revoked_reason = ""
    authorisation.save()
    record(
        verb=Verb.AUTHORISATION_DRAFTED,
        actor=actor,
        target=authorisation,
        at=at,
        starts=starts.isoformat(),
        ends=ends.isoformat(),
    )
    return authorisation


@transaction.atomic
def approve_authorisation(*, round_id: UUID, actor: User, at: datetime) -> Authorisation:
    """Approve the draft: the teams have access from its first to its last day.

    Every rule of staffing and recusal is asked again.
    Raises: Round.DoesNotExist, Refused.
    """
    round_, present = _locked(round_id, actor)
    problems = staffing_of(round_).problems
    made = has_made(actor, present)
    require(may_approve_authorisation(actor, round_, present, problems, has_made=made))
    authorisation = Authorisation.objects.select_related("round__term").get(round=round_)
    authorisation.state = AuthorisationState.APPROVED
    authorisation.approved_by, authorisation.approved_at = actor, at
    # From now on names and units may change; what was approved does not.
    authorisation.approved_paper = paper_to_keep(authorisation)
    authorisation.save()
    _note(Verb.AUTHORISATION_APPROVED, authorisation, actor, at)
    if round_.state == RoundState.STAFFED:
        move_to(round_, RoundState.AUTHORISED, actor=actor, at=at)
    return authorisation


@transaction.atomic
def return_authorisation(
    *, round_id: UUID, reason: str, actor: User, at: datetime
) -> Authorisation:
    """Send the draft back to be put right.

    Raises: Round.DoesNotExist, Refused.
    """
    round_, present = _locked(round_id, actor)
    require(may_return_authorisation(actor, present))
    authorisation = Authorisation.objects.get(round=round_)
    authorisation.returned_reason = reason
    authorisation.save(update_fields=["returned_reason"])
    _note(Verb.AUTHORISATION_RETURNED, authorisation, actor, at, reason)
    return authorisation


@transaction.atomic
def revoke_authorisation(
    *, round_id: UUID, reason: str, actor: User, at: datetime
) -> Authorisation:
    """End an approved authorisation at once: the teams lose their access.

    Before the field the round goes back to its staffing; its number is never given again.
    Raises: Round.DoesNotExist, Refused.
    """
    round_, present = _locked(round_id, actor)
    require(may_revoke_authorisation(actor, present))
    authorisation = Authorisation.objects.get(round=round_)
    authorisation.state = AuthorisationState.REVOKED
    authorisation.revoked_reason = reason
    authorisation.former_numbers = [*authorisation.former_numbers, authorisation.number]
    authorisation.save()
    _note(Verb.AUTHORISATION_REVOKED, authorisation, actor, at, reason)
    if round_.state == RoundState.AUTHORISED:
        move_to(round_, RoundState.APPROVED, actor=actor, at=at)
    return authorisation


@transaction.atomic
def note_authorisation_downloaded(
    *, authorisation: Authorisation, actor: User, at: datetime
) -> None:
    """Put a download of the authorisation into the trail."""
    _note(Verb.AUTHORISATION_SEEN, authorisation, actor, at)


def _locked(round_id: UUID, actor: User) -> tuple[Round, Authorisation | None]:
    round_ = locked_round(round_id, actor)
    return round_, Authorisation.objects.filter(round=round_).first()


def _note(
    verb: Verb, authorisation: Authorisation, actor: User, at: datetime, reason: str = ""
) -> None:
    details: dict[str, Any] = {"reason": reason} if reason else {}
    record(verb=verb, actor=actor, target=authorisation, at=at, **details)
