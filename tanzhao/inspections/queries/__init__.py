"""Reads about rounds, teams and engagements."""

from tanzhao.inspections.queries.candidates import (
    UNIT_ORDER,
    Candidate,
    inspectors_for,
    people_as_candidates,
    pool_of,
    unit_words,
    units_as_candidates,
    units_for,
)
from tanzhao.inspections.queries.facts import recusal_pack, rule_titles
from tanzhao.inspections.queries.roles import has_made, team_role_of
from tanzhao.inspections.queries.rounds import (
    engagements_of,
    imported_rounds,
    is_number_taken,
    last_basis,
    next_authorisation_number,
    next_round_number,
    rounds_with_counts,
    teams_visible_to,
)
from tanzhao.inspections.queries.staffing import (
    Staffing,
    Standing,
    TeamStaffing,
    staffing_of,
    standings_of_people,
    standings_of_units,
)

__all__ = [
    "UNIT_ORDER",
    "Candidate",
    "Staffing",
    "Standing",
    "TeamStaffing",
    "engagements_of",
    "has_made",
    "imported_rounds",
    "inspectors_for",
    "is_number_taken",
    "last_basis",
    "next_authorisation_number",
    "next_round_number",
    "people_as_candidates",
    "pool_of",
    "recusal_pack",
    "rounds_with_counts",
    "rule_titles",
    "staffing_of",
    "standings_of_people",
    "standings_of_units",
    "team_role_of",
    "teams_visible_to",
    "unit_words",
    "units_as_candidates",
    "units_for",
]
