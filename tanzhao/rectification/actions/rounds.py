"""The steps of a round that follow from its items: rectifying, and assessed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.inspections.actions import move_round
from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.rectification.queries import assessment_facts, is_rectifying
from tanzhao.rectification.rules import may_assess


@transaction.atomic
def begin_rectifying(*, round_id: UUID, actor: User, at: datetime) -> None:
    """Move a round on once all its units are fed back and a plan has been accepted.

    Nothing happens before that, or later: safe to call after every such step.
    """
    # Locked, so that two first plans accepted at once do not both move it.
    round_ = locked(Round.objects.all(), round_id)
    if round_.state == RoundState.FED_BACK and is_rectifying(round_id):
        move_round(round_id=round_id, to=RoundState.RECTIFYING, actor=actor, at=at)


@transaction.atomic
def assess_round(*, round_id: UUID, actor: User, at: datetime, assessment: str) -> Round:
    """Write the assessment of a round's rectification, and move the round on.

    Raises:
        Round.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not assess it, or something of the round still waits.
    """
    round_ = locked(Round.objects.visible_to(actor), round_id)
    require(may_assess(actor, round_, **assessment_facts(round_)))

    round_.assessment = assessment.strip()
    round_.save(update_fields=["assessment"])
    move_round(round_id=round_.pk, to=RoundState.ASSESSED, actor=actor, at=at)
    round_.refresh_from_db()
    return round_
