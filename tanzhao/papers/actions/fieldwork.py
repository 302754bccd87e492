"""The end of a round's fieldwork, which waits for its papers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.inspections.actions import move_round
from tanzhao.inspections.models import Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import require
from tanzhao.papers.queries import unfinished_papers
from tanzhao.papers.rules import may_close_fieldwork


@transaction.atomic
def close_fieldwork(*, round_id: UUID, actor: User, at: datetime) -> Round:
    """Move a round from the field to reporting. No paper can be begun in it after that.

    Raises:
        Round.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, it is not in the field, or papers of it are under way.
    """
    round_ = locked(Round.objects.visible_to(actor), round_id)
    require(may_close_fieldwork(actor, round_, list(unfinished_papers(round_id))))
    return move_round(round_id=round_id, to=RoundState.REPORTING, actor=actor, at=at)
