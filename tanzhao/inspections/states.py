"""States of plans, rounds, authorisations and waivers, and which follow which."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class RoundState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    STAFFED = "staffed", _("staffed")
    AUTHORISED = "authorised", _("authorised")
    IN_FIELD = "in_field", _("in the field")
    REPORTING = "reporting", _("reporting")
    REPORTED = "reported", _("reported")
    FED_BACK = "fed_back", _("fed back")
    RECTIFYING = "rectifying", _("rectifying")
    ASSESSED = "assessed", _("assessed")
    ARCHIVED = "archived", _("archived")


ROUND_NEXT: dict[RoundState, frozenset[RoundState]] = {
    RoundState.PROPOSED: frozenset({RoundState.APPROVED}),
    RoundState.APPROVED: frozenset({RoundState.STAFFED}),
    # Back to approved when a team must be changed before the authorisation.
    RoundState.STAFFED: frozenset({RoundState.AUTHORISED, RoundState.APPROVED}),
    # Back to approved when the authorisation is revoked before the field.
    RoundState.AUTHORISED: frozenset({RoundState.IN_FIELD, RoundState.APPROVED}),
    RoundState.IN_FIELD: frozenset({RoundState.REPORTING}),
    RoundState.REPORTING: frozenset({RoundState.REPORTED}),
    RoundState.REPORTED: frozenset({RoundState.FED_BACK}),
    RoundState.FED_BACK: frozenset({RoundState.RECTIFYING}),
    RoundState.RECTIFYING: frozenset({RoundState.ASSESSED}),
    RoundState.ASSESSED: frozenset({RoundState.ARCHIVED}),
    RoundState.ARCHIVED: frozenset(),
}
# Teams and units may still be changed.
STAFFING = frozenset({RoundState.PROPOSED, RoundState.APPROVED})
BEFORE_FIELD = STAFFING | {RoundState.STAFFED, RoundState.AUTHORISED}
# The teams are in the units or write their reports.
AT_WORK = frozenset({RoundState.IN_FIELD, RoundState.REPORTING})
# What becomes known later is held against these teams too.
WATCHED = BEFORE_FIELD | AT_WORK


class AuthorisationState(TextChoices):
    """Active and expired are not stored: they follow from the two days."""

    DRAFTED = "drafted", _("drafted")
    APPROVED = "approved", _("approved")
    REVOKED = "revoked", _("revoked")


AUTHORISATION_NEXT: dict[AuthorisationState, frozenset[AuthorisationState]] = {
    AuthorisationState.DRAFTED: frozenset({AuthorisationState.APPROVED}),
    AuthorisationState.APPROVED: frozenset({AuthorisationState.REVOKED}),
    # Drafted anew, under a new number.
    AuthorisationState.REVOKED: frozenset({AuthorisationState.DRAFTED}),
}


class WaiverState(TextChoices):
    REQUESTED = "requested", _("requested")
    GRANTED = "granted", _("granted")
    DENIED = "denied", _("denied")


WAIVER_NEXT: dict[WaiverState, frozenset[WaiverState]] = {
    WaiverState.REQUESTED: frozenset({WaiverState.GRANTED, WaiverState.DENIED}),
    WaiverState.GRANTED: frozenset(),
    WaiverState.DENIED: frozenset(),
}


class TeamRole(TextChoices):
    LEADER = "leader", _("team leader")
    DEPUTY = "deputy", _("deputy leader")
    LIAISON = "liaison", _("liaison")
    MEMBER = "member", _("member")


class PlanState(TextChoices):
    DRAFT = "draft", _("draft plan")
    PROPOSED = "proposed", _("proposed")
    IN_FORCE = "in_force", _("in force")
    SUPERSEDED = "superseded", _("superseded")
    DISCARDED = "discarded", _("discarded")


PLAN_NEXT: dict[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.PROPOSED, PlanState.DISCARDED}),
    # Back to draft when it is returned with a reason.
    PlanState.PROPOSED: frozenset({PlanState.IN_FORCE, PlanState.DRAFT}),
    PlanState.IN_FORCE: frozenset({PlanState.SUPERSEDED}),
    PlanState.SUPERSEDED: frozenset(),
    PlanState.DISCARDED: frozenset(),
}


class VisitKind(IntegerChoices):
    FIRST = 0, _("inspection")
    LOOK_BACK = 1, _("look-back")


class ProposalState(TextChoices):
    COMPUTING = "computing", _("being computed")
    READY = "ready", _("ready")
    TAKEN = "taken", _("taken")
    DISCARDED = "discarded", _("discarded")


PROPOSAL_NEXT: dict[ProposalState, frozenset[ProposalState]] = {
    ProposalState.COMPUTING: frozenset({ProposalState.READY, ProposalState.DISCARDED}),
    ProposalState.READY: frozenset({ProposalState.TAKEN, ProposalState.DISCARDED}),
    ProposalState.TAKEN: frozenset(),
    ProposalState.DISCARDED: frozenset(),
}
