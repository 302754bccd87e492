"""Terms, their plans, rounds, teams, engagements, authorisations, and waivers of recusal."""

from tanzhao.inspections.models.plans import PlannedRound, PlannedUnit, PlannedVisit, TermPlan
from tanzhao.inspections.models.rounds import (
    Authorisation,
    Engagement,
    Round,
    Team,
    TeamMember,
    Waiver,
)
from tanzhao.inspections.models.staffing import TeamAlert, TeamProposal, TeamsLookedAt
from tanzhao.units.models import Term

__all__ = [
    "Authorisation",
    "Engagement",
    "PlannedRound",
    "PlannedUnit",
    "PlannedVisit",
    "Round",
    "Team",
    "TeamAlert",
    "TeamMember",
    "TeamProposal",
    "TeamsLookedAt",
    "Term",
    "TermPlan",
    "Waiver",
]
