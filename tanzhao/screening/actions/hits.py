"""Answering hits: assigned, verified by one person, confirmed by another, reopened."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import GRANTS, Action, Role
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import store_file
from tanzhao.documents.states import EVIDENCE_KINDS
from tanzhao.inspections.models import Engagement
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require
from tanzhao.notices.actions import tell
from tanzhao.notices.states import NoticeKind
from tanzhao.screening.models import Hit, Verification
from tanzhao.screening.queries.hits import current_verification
from tanzhao.screening.rules.hits import (
    may_assign,
    may_confirm,
    may_propose,
    may_reopen,
    may_state,
)
from tanzhao.screening.states import HitState, Outcome, VerificationState


@dataclass(frozen=True)
class Answer:
    """What somebody found who verified a hit. Amounts in cents."""

    outcome: Outcome
    note: str
    verifier: str
    verified_on: dt.date
    to_recover: int = 0
    recovered: int = 0
    stopped: int = 0
    evidence_kind: str = ""
    evidence: str = ""


@transaction.atomic
def propose_outcome(
    *,
    hit_id: UUID,
    answer: Answer,
    actor: User,
    at: datetime,
    file: tuple[BinaryIO | bytes, str] | None = None,
) -> Verification:
    """Propose the outcome of a hit. It counts for nothing until somebody else confirms it.

    Args:
        file: a file that shows the evidence of another kind, with its name.
    Raises: Hit.DoesNotExist, Refused.
    """
    hit = _locked(hit_id, actor)
    require(may_propose(actor, hit))
    require(
        may_state(
            answer.outcome,
            evidence_kind=answer.evidence_kind,
            evidence=answer.evidence,
            to_recover=answer.to_recover,
            recovered=answer.recovered,
        )
    )
    if not answer.note.strip():
        raise Refused(_("Say what was found."))
    stored = None
    if file is not None:
        stored = store_file(file=file[0], name=file[1], actor=actor, at=at, kinds=EVIDENCE_KINDS)
    verification = Verification.objects.create(
        hit=hit,
        outcome=answer.outcome,
        note=answer.note.strip(),
        verifier=answer.verifier.strip(),
        verified_on=answer.verified_on,
        to_recover_cents=answer.to_recover,
        recovered_cents=answer.recovered,
        stopped_cents=answer.stopped,
        evidence_kind=answer.evidence_kind,
        evidence=answer.evidence.strip(),
        evidence_file=stored,
        proposed_by=actor,
        proposed_at=at,
    )
    _set(hit, HitState.PROPOSED, answer.outcome)
    record(
        verb=Verb.HIT_OUTCOME_PROPOSED,
        actor=actor,
        target=hit,
        at=at,
        scope=hit.engagement_id,
        outcome=answer.outcome,
        verifier=verification.verifier,
        evidence_kind=answer.evidence_kind,
        evidence_sha256=stored.sha256 if stored else "",
        to_recover=answer.to_recover,
        recovered=answer.recovered,
        stopped=answer.stopped,
    )
    office = User.objects.filter(role__in=GRANTS[Action.HIT_CONFIRM], is_active=True)
    tell(
        to=office.exclude(pk=actor.pk),
        kind=NoticeKind.HIT_PROPOSED,
        values={},
        # One notice a day, however many hits are verified: the workbench names each of them.
        address=f"{reverse('screening:hits')}?state={HitState.PROPOSED}",
        key=f"hit-proposed-{timezone.localdate(at)}",
        at=at,
    )
    return verification


@transaction.atomic
def confirm_outcome(*, hit_id: UUID, actor: User, at: datetime) -> Hit:
    """Confirm the outcome that somebody else proposed.

    Raises: Hit.DoesNotExist, Refused.
    """
    hit = _locked(hit_id, actor)
    verification = current_verification(hit)
    require(may_confirm(actor, verification))
    assert verification is not None  # noqa: S101  may_confirm refuses without one
    _decide(verification, VerificationState.CONFIRMED, actor, at)
    _set(hit, HitState.DECIDED, verification.outcome)
    record(
        verb=Verb.HIT_OUTCOME_CONFIRMED,
        actor=actor,
        target=hit,
        at=at,
        scope=hit.engagement_id,
        outcome=verification.outcome,
        proposed_by=str(verification.proposed_by),
    )
    return hit


@transaction.atomic
def send_outcome_back(*, hit_id: UUID, reason: str, actor: User, at: datetime) -> Hit:
    """Send a proposed outcome back: the hit is open once more.

    Raises: Hit.DoesNotExist, Refused.
    """
    hit = _locked(hit_id, actor)
    verification = current_verification(hit)
    require(may_confirm(actor, verification))
    assert verification is not None  # noqa: S101  may_confirm refuses without one
    if not reason.strip():
        raise Refused(_("Say what is missing."))
    verification.reason = reason.strip()
    _decide(verification, VerificationState.RETURNED, actor, at)
    _set(hit, HitState.OPEN, "")
    record(
        verb=Verb.HIT_OUTCOME_RETURNED,
        actor=actor,
        target=hit,
        at=at,
        scope=hit.engagement_id,
        reason=verification.reason,
    )
    tell(
        to=[verification.proposed_by],
        kind=NoticeKind.HIT_RETURNED,
        values={"person": str(actor), "reason": verification.reason},
        address=reverse("screening:hit", args=[hit.pk]),
        key=f"hit-returned-{verification.pk}",
        at=at,
    )
    return hit


@transaction.atomic
def reopen_hit(*, hit_id: UUID, reason: str, actor: User, at: datetime) -> Hit:
    """Ask the question of a verified hit once more. What was answered stays on record.

    Raises: Hit.DoesNotExist, Refused.
    """
    hit = _locked(hit_id, actor)
    require(may_reopen(actor, hit))
    if not reason.strip():
        raise Refused(_("Say why it is reopened."))
    verification = current_verification(hit)
    assert verification is not None  # noqa: S101  a decided hit has one
    verification.reason = reason.strip()
    verification.reopened_by, verification.reopened_at = actor, at
    verification.state = VerificationState.REOPENED
    verification.save()
    outcome = hit.outcome
    _set(hit, HitState.OPEN, "")
    record(
        verb=Verb.HIT_REOPENED,
        actor=actor,
        target=hit,
        at=at,
        scope=hit.engagement_id,
        outcome=outcome,
        reason=verification.reason,
    )
    return hit


@transaction.atomic
def assign_hits(
    *, hit_ids: Collection[UUID], engagement_id: UUID, actor: User, at: datetime
) -> int:
    """Give hits to the team that inspects a unit: all of them, or none if one may not be given.

    From now on the members of the team may know of them, while their authorisation lasts.

    Returns: how many changed hands.
    Raises: Engagement.DoesNotExist, Refused.
    """
    visible = Engagement.objects.visible_to(actor).select_related("unit", "team__round")
    engagement = visible.get(pk=engagement_id)
    rows = Hit.objects.visible_to(actor)
    known = sorted(rows.filter(pk__in=list(hit_ids)).values_list("pk", flat=True))
    if not known:
        raise Refused(_("Choose at least one hit."))
    hits = [locked(rows, key) for key in known]
    moved = []
    for hit in hits:
        require(may_assign(actor, hit))
        if hit.engagement_id != engagement.pk:
            hit.engagement, hit.assigned_by, hit.assigned_at = engagement, actor, at
            hit.save(update_fields=["engagement", "assigned_by", "assigned_at"])
            moved.append(hit)
    if not moved:
        return 0
    record(
        verb=Verb.HIT_ASSIGNED,
        actor=actor,
        target=engagement,
        at=at,
        scope=engagement.pk,
        hits=[hit.hit_id for hit in moved],
    )
    inspectors = engagement.team.members.values("inspector")
    tell(
        to=User.objects.filter(role=Role.INSPECTOR, inspector_id__in=inspectors),
        kind=NoticeKind.HITS_ASSIGNED,
        values={"count": len(moved), "unit": str(engagement.unit)},
        address=reverse("screening:hits"),
        key=f"hits-assigned-{engagement.pk}-{at.isoformat()}",
        at=at,
    )
    return len(moved)


def _locked(hit_id: UUID, actor: User) -> Hit:
    return locked(Hit.objects.visible_to(actor), hit_id)


def _set(hit: Hit, state: HitState, outcome: str) -> None:
    hit.state, hit.outcome = state, outcome
    hit.save(update_fields=["state", "outcome"])


def _decide(
    verification: Verification, state: VerificationState, actor: User, at: datetime
) -> None:
    verification.state = state
    verification.decided_by, verification.decided_at = actor, at
    verification.save()
