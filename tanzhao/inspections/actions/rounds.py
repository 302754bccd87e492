"""Every change of a term and of a round."""

import datetime as dt
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.plans_refreshing import mark_in_force
from tanzhao.inspections.models import Authorisation, Round, Term
from tanzhao.inspections.queries import has_made, staffing_of
from tanzhao.inspections.rules import (
    may_approve_round,
    may_change_round,
    may_enter_field,
    may_mark_staffed,
    may_move,
    may_open_term,
    may_propose_round,
    may_reopen_staffing,
)
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.units.models import Visit
from tanzhao.units.queries import visits_of


def locked_round(round_id: UUID, actor: User) -> Round:
    """Take the round that `actor` may know of, so that nobody else changes it meanwhile.

    Raises: Round.DoesNotExist.
    """
    return locked(Round.objects.visible_to(actor).select_related("term"), round_id)


@transaction.atomic
def open_term(
    *,
    number: int,
    starts: dt.date,
    ends: dt.date,
    committee: str,
    leading_group: str,
    office: str,
    document_prefix: str,
    actor: User,
    at: datetime,
) -> Term:
    """Open the term of a committee, with the names its papers are issued under.

    Raises: Refused.
    """
    require(may_open_term(actor, is_taken=Term.objects.filter(number=number).exists()))
    term = Term.objects.create(
        number=number,
        starts=starts,
        ends=ends,
        committee=committee,
        leading_group=leading_group,
        office=office,
        document_prefix=document_prefix,
    )
    record(verb=Verb.TERM_OPENED, actor=actor, target=term, at=at, number=number)
    return term


@transaction.atomic
def propose_round(
    *,
    term: Term,
    number: int,
    kind: Code,
    frame: Frame,
    starts: dt.date,
    ends: dt.date,
    actor: User,
    at: datetime,
    focus: str = "",
) -> Round:
    """Propose a round. Somebody else approves it.

    Raises: Refused.
    """
    # Locked so that two people cannot both take the number.
    Term.objects.select_for_update().get(pk=term.pk)
    is_taken = term.rounds.filter(number=number).exists()
    require(may_propose_round(actor, is_taken=is_taken))
    round_ = Round.objects.create(
        term=term,
        number=number,
        kind=kind,
        frame=frame,
        starts=starts,
        ends=ends,
        focus=focus,
        proposed_by=actor,
        proposed_at=at,
    )
    record(verb=Verb.ROUND_PROPOSED, actor=actor, target=round_, at=at, kind=kind.code)
    return round_


@transaction.atomic
def change_round(
    *,
    round_id: UUID,
    number: int,
    kind: Code,
    frame: Frame,
    starts: dt.date,
    ends: dt.date,
    focus: str,
    actor: User,
    at: datetime,
) -> Round:
    """Change what is proposed; whoever changes it becomes its proposer, and cannot approve it.

    Raises: Round.DoesNotExist, Refused.
    """
    round_ = locked_round(round_id, actor)
    is_taken = round_.term.rounds.filter(number=number).exclude(pk=round_id).exists()
    require(may_change_round(actor, round_, is_taken=is_taken))
    round_.number, round_.kind, round_.frame = number, kind, frame
    round_.starts, round_.ends, round_.focus = starts, ends, focus
    round_.proposed_by, round_.proposed_at = actor, at
    round_.save()
    record(verb=Verb.ROUND_CHANGED, actor=actor, target=round_, at=at, kind=kind.code)
    return round_


@transaction.atomic
def approve_round(*, round_id: UUID, actor: User, at: datetime) -> Round:
    """Approve a proposed round, so that its teams can be completed.

    Raises: Round.DoesNotExist, Refused.
    """
    round_ = locked_round(round_id, actor)
    require(may_approve_round(actor, round_, has_made=has_made(actor, round_)))
    round_.approved_by, round_.approved_at = actor, at
    move_to(round_, RoundState.APPROVED, actor=actor, at=at)
    return round_


@transaction.atomic
def mark_staffed(*, round_id: UUID, actor: User, at: datetime) -> Round:
    """Declare the teams of a round complete. Every rule is asked again.

    Raises: Round.DoesNotExist, Refused with everything that is missing.
    """
    round_ = locked_round(round_id, actor)
    require(may_mark_staffed(actor, round_, staffing_of(round_).problems))
    move_to(round_, RoundState.STAFFED, actor=actor, at=at)
    return round_


@transaction.atomic
def reopen_staffing(*, round_id: UUID, actor: User, at: datetime) -> Round:
    """Let the teams be changed again before they are authorised.

    Raises: Round.DoesNotExist, Refused.
    """
    round_ = locked_round(round_id, actor)
    require(may_reopen_staffing(actor, round_))
    move_to(round_, RoundState.APPROVED, actor=actor, at=at)
    return round_


@transaction.atomic
def enter_field(*, round_id: UUID, actor: User, at: datetime) -> Round:
    """Send the authorised teams into the field. Each unit has from now on been visited.

    Every rule of staffing and recusal is asked again.

    Raises: Round.DoesNotExist, Refused.
    """
    round_ = locked_round(round_id, actor)
    authorisation = Authorisation.objects.filter(round=round_).first()
    on_day = timezone.localdate(at)
    problems = staffing_of(round_).problems
    require(may_enter_field(actor, round_, authorisation, on_day=on_day, problems=problems))
    of_term = Visit.objects.filter(visits_of(round_.term), round_number=round_.number)
    for engagement in round_.engagements.all():
        # What a workbook said of this round is known better now.
        of_term.filter(unit=engagement.unit_id).delete()
        Visit.objects.create(
            unit_id=engagement.unit_id,
            term_number=round_.term.number,
            round_number=round_.number,
            month=on_day.replace(day=1),
            imported=False,
        )
    mark_in_force(round_.term)
    move_to(round_, RoundState.IN_FIELD, actor=actor, at=at)
    return round_


@transaction.atomic
def move_round(*, round_id: UUID, to: RoundState, actor: User, at: datetime) -> Round:
    """Move a round on for a higher feature, which has asked its own rule first.

    Raises: Round.DoesNotExist, Refused if that is not the next step.
    """
    round_ = locked_round(round_id, actor)
    require(may_move(round_, to))
    move_to(round_, to, actor=actor, at=at)
    return round_


@transaction.atomic
def note_rounds_exported(*, actor: User, at: datetime, rows: int) -> None:
    """Put an export of the list of rounds into the trail."""
    record(verb=Verb.LIST_EXPORTED, actor=actor, target=actor, at=at, list="rounds", rows=rows)


def move_to(round_: Round, to: RoundState, *, actor: User | None, at: datetime) -> None:
    """Write the step of a locked round, and put it into the trail. None: the machine's console."""
    before, round_.state = round_.state, to
    round_.save()
    record(verb=Verb.ROUND_MOVED, actor=actor, target=round_, at=at, before=before, after=to.value)
