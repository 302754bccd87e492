"""Made-up rounds of which good teams are known, as documents of the exchange format."""

from dataclasses import asdict
from typing import Any

from tanzhao.engines.planner.teams.exchange import teams_problem_document
from tests.engines.planner.generator_teams import Shape, planted

Document = dict[str, Any]


def teams_instance(seed: int, *, teams: int = 6) -> tuple[Document, list[Document]]:
    """Make a round and teams for it that break no rule.

    Returns: the document of the instance, and the `teams` of the planted plan.
    """
    counties = max(1, teams // 4)
    # A team inspects units of two counties at most; a cross team needs people of a third.
    shape = Shape(teams=teams, counties=counties, cross=0.3 if counties > 2 else 0.0)
    made = planted(shape, seed)
    documents = [asdict(team) | {"members": list(team.members)} for team in made.teams]
    return teams_problem_document(made.problem), documents
