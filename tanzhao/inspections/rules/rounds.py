"""Who may take which step with a round."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.states import ROUND_NEXT, AuthorisationState, RoundState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Authorisation, Round

# The steps that other features ask for; those before have actions of their own here.
MOVED_FROM_ABOVE = frozenset(
    {
        RoundState.REPORTING,
        RoundState.REPORTED,
        RoundState.FED_BACK,
        RoundState.RECTIFYING,
        RoundState.ASSESSED,
        RoundState.ARCHIVED,
    }
)


def may_open_term(user: User, *, is_taken: bool = False) -> Verdict:
    """Decide whether `user` may open a term; `is_taken` says that its number is in use."""
    if not user.holds(Action.ROUND_PLAN):
        return no(_("Your role does not plan rounds. Ask the inspection office."))
    if is_taken:
        return no(_("This term is open already. Choose it for the round."))
    return YES


def may_propose_round(user: User, *, is_taken: bool = False) -> Verdict:
    """Decide whether `user` may propose a round; `is_taken` says that its number is in use."""
    if not user.holds(Action.ROUND_PLAN):
        return no(_("Your role does not plan rounds. Ask the inspection office."))
    if is_taken:
        return no(_("The term already has a round of this number. Give it the next one."))
    return YES


def may_change_round(user: User, round_: "Round", *, is_taken: bool = False) -> Verdict:
    """Decide whether `user` may change what is proposed."""
    verdict = may_propose_round(user, is_taken=is_taken)
    if not verdict:
        return verdict
    if round_.state != RoundState.PROPOSED:
        return no(_("The round is approved and can no longer be changed."))
    return YES


def may_approve_round(user: User, round_: "Round", *, has_made: bool) -> Verdict:
    """Decide whether `user` may approve `round_`. Whoever proposed it never may, nor who changed
    what was proposed, be it before another did: that is `has_made`."""
    if not user.holds(Action.ROUND_APPROVE):
        return no(
            _("A round is approved by the leading group or the office director. Ask one of them.")
        )
    if round_.state != RoundState.PROPOSED:
        return no(_("The round is approved already."))
    if has_made or user.pk == round_.proposed_by_id:
        return no(_("You proposed this round. Somebody else must approve it."))
    return YES


def may_mark_staffed(user: User, round_: "Round", problems: Sequence[str]) -> Verdict:
    """Decide whether the teams of `round_` are complete. `problems`: what still stands against
    it, as whole sentences."""
    if not user.holds(Action.TEAM_COMPOSE):
        return no(_("Your role does not put teams together. Ask the inspection office."))
    if round_.state == RoundState.PROPOSED:
        return no(_("The round must be approved before its teams are complete."))
    if round_.state != RoundState.APPROVED:
        return no(_("The teams are complete already."))
    if problems:
        return no(" ".join([_("The teams are not complete yet."), *problems]))
    return YES


def may_reopen_staffing(user: User, round_: "Round") -> Verdict:
    """Decide whether the teams of `round_` may be changed again."""
    if not user.holds(Action.TEAM_COMPOSE):
        return no(_("Your role does not put teams together. Ask the inspection office."))
    if round_.state in {RoundState.PROPOSED, RoundState.APPROVED}:
        return no(_("The teams can be changed now; there is nothing to reopen."))
    if round_.state != RoundState.STAFFED:
        return no(_("The teams are authorised. Revoke the authorisation before they are changed."))
    return YES


def may_enter_field(
    user: User,
    round_: "Round",
    authorisation: "Authorisation | None",
    *,
    on_day: dt.date,
    problems: Sequence[str],
) -> Verdict:
    """Decide whether the teams of `round_` may go into the field on `on_day`.

    Args:
        problems: what now stands against the teams, as whole sentences: facts may have changed
            since they were authorised.
    """
    if not user.holds(Action.ROUND_ADVANCE):
        return no(_("Your role does not move a round on. Ask the inspection office."))
    approved = authorisation and authorisation.state == AuthorisationState.APPROVED
    if round_.state not in {RoundState.AUTHORISED, *_FIELD_AND_AFTER}:
        return no(_("The teams are not authorised yet. The authorisation must be approved first."))
    if round_.state != RoundState.AUTHORISED:
        return no(_("The teams have entered the field already."))
    if not authorisation or not approved:
        return no(_("The teams are not authorised yet. The authorisation must be approved first."))
    if not authorisation.starts <= on_day <= authorisation.ends:
        return no(
            _("The authorisation holds from %(starts)s to %(ends)s. Enter the field within it.")
            % {"starts": authorisation.starts.isoformat(), "ends": authorisation.ends.isoformat()}
        )
    if problems:
        return no(" ".join([_("The teams cannot enter the field as they are."), *problems]))
    return YES


def may_move(round_: "Round", to: RoundState) -> Verdict:
    """Decide whether `round_` may be moved to `to` by the feature whose step it is.

    That feature has asked who may do it, and whether its own work is done.
    """
    if to not in MOVED_FROM_ABOVE:
        return no(_("This step of a round is taken on the page of the round."))
    if to not in ROUND_NEXT[RoundState(round_.state)]:
        return no(
            _("A round that is “%(state)s” cannot become “%(to)s”.")
            % {"state": round_.get_state_display(), "to": to.label}
        )
    return YES


_FIELD_AND_AFTER = MOVED_FROM_ABOVE | {RoundState.IN_FIELD}
