"""How far an engagement has come. Never stored: it follows from the records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tanzhao.inspections.states import RoundState


class Stage(TextChoices):
    PREPARING = "preparing", _("preparing")
    FIELD = "field", _("in the field")
    REPORTING = "reporting", _("writing the report")
    REPORTED = "reported", _("report approved")
    FED_BACK = "fed_back", _("fed back")
    RECTIFYING = "rectifying", _("rectifying")
    PUT_RIGHT = "put_right", _("all items closed")
    SEALED = "sealed", _("sealed")


BEFORE_FIELD = frozenset(
    {RoundState.PROPOSED, RoundState.APPROVED, RoundState.STAFFED, RoundState.AUTHORISED}
)


def stage_of(
    round_state: RoundState,
    *,
    report_approved: bool,
    fed_back: bool,
    items: int,
    closed: int,
    at_work: bool,
    sealed: bool,
) -> Stage:
    """Say how far an engagement has come, from what has been done for it.

    Args:
        items, closed: how many rectification items it has, and how many of them are closed.
        at_work: the plan of one of them has been accepted.
    """
    if sealed:
        return Stage.SEALED
    if fed_back and items == closed:
        return Stage.PUT_RIGHT
    if at_work:
        return Stage.RECTIFYING
    if fed_back:
        return Stage.FED_BACK
    if report_approved:
        return Stage.REPORTED
    if round_state in BEFORE_FIELD:
        return Stage.PREPARING
    return Stage.FIELD if round_state == RoundState.IN_FIELD else Stage.REPORTING
