"""What an authorisation says, as values; and what official papers call rounds and teams."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from tanzhao.documents.official.words import number_chinese
from tanzhao.documents.phrases import phrases
from tanzhao.inspections.authorisation_paper import AuthorisationPaper, TeamLine
from tanzhao.inspections.models import Authorisation, Round, Team, TeamMember
from tanzhao.inspections.states import AuthorisationState, TeamRole


def paper_to_keep(authorisation: Authorisation) -> dict[str, Any]:
    """Give all that the decision says at this moment, its standing words too, as plain JSON."""
    texts = dict(phrases("authorisation").texts)
    return {"values": authorisation_values(authorisation).to_json(), "texts": texts}


def has_moved_on(authorisation: Authorisation) -> bool:
    """Say whether the records say anything else now than the decision that was approved."""
    kept = authorisation.approved_paper
    return bool(kept) and kept["values"] != paper_to_keep(authorisation)["values"]


def authorisation_values(authorisation: Authorisation) -> AuthorisationPaper:
    """Give what the decision says by the records as they are now."""
    round_ = authorisation.round
    approved_at = authorisation.approved_at
    is_approved = authorisation.state != AuthorisationState.DRAFTED and approved_at
    return AuthorisationPaper(
        leading_group=round_.term.leading_group,
        round=round_title(round_),
        number=authorisation.number,
        basis=authorisation.basis,
        starts=authorisation.starts,
        ends=authorisation.ends,
        teams=_team_lines(round_),
        decided_on=timezone.localdate(approved_at) if is_approved else None,
    )


def round_title(round_: Round) -> str:
    """Say what papers call a round: 十五届县委第六轮巡察."""
    numbers = {"term": round_.term.number, "round": round_.number}
    return phrases("names").say("round", **{key: number_chinese(n) for key, n in numbers.items()})


def team_title(team: Team) -> str:
    """Say what papers call a team: 县委第一巡察组."""
    return phrases("names").say("team", team=number_chinese(team.number))


def _team_lines(round_: Round) -> tuple[TeamLine, ...]:
    teams = round_.teams.order_by("number").prefetch_related(
        "members__inspector", "engagements__unit"
    )
    return tuple(_team_line(team) for team in teams)


def _team_line(team: Team) -> TeamLine:
    members = list(team.members.all())
    return TeamLine(
        name=team_title(team),
        leader="、".join(_names(members, TeamRole.LEADER)),
        deputies=_names(members, TeamRole.DEPUTY),
        liaison=_names(members, TeamRole.LIAISON),
        members=_names(members, TeamRole.MEMBER),
        units=tuple(engagement.unit.name for engagement in team.engagements.all()),
    )


def _names(members: Iterable[TeamMember], role: TeamRole) -> tuple[str, ...]:
    return tuple(member.inspector.name for member in members if member.role == role)
