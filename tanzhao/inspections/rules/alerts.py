"""What may be done about a team against which something became known."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.rules.teams import may_staff
from tanzhao.inspections.states import AT_WORK
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Round


def sees_recusal(user: User) -> bool:
    """Say whether `user` may know facts of recusal, which are personal: those who put teams
    together or decide waivers."""
    return user.holds(Action.TEAM_COMPOSE) or user.holds(Action.WAIVER_DECIDE)


def may_take_out(user: User, round_: "Round", *, is_concerned: bool) -> Verdict:
    """Decide whether `user` may take a member out of a team of `round_`.

    Args:
        is_concerned: an alert is open that is about this member. Then it may be done while the
            team is at work, by those who decide on authorisations, and ends the access at once.
    """
    if is_concerned and round_.state in AT_WORK:
        return may_decide_at_work(user)
    return may_staff(user, round_)


def may_decide_at_work(user: User) -> Verdict:
    """Decide whether `user` may change who is on a team that is at work."""
    if not (user.holds(Action.AUTHORISATION_APPROVE) and user.holds(Action.TEAM_COMPOSE)):
        return no(_("The team is at work. The office director decides who leaves and who comes."))
    return YES
