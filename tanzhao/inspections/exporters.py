"""Authorisations as Word files, and what official papers call rounds and teams."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from tanzhao.documents.official import Heading, OfficialPaper, Paragraph
from tanzhao.documents.official.file import Document, document_of
from tanzhao.documents.official.words import number_chinese
from tanzhao.documents.phrases import Phrases, phrases
from tanzhao.inspections.authorisation_paper import (
    AuthorisationPaper,
    TeamLine,
    authorisation_paper,
)
from tanzhao.inspections.models import Authorisation, Round, Team, TeamMember
from tanzhao.inspections.states import AuthorisationState, TeamRole


def authorisation_document(authorisation: Authorisation) -> Document:
    """Make the decision as a Word file, marked as a draft until approved."""
    return document_of(authorisation_as_paper(authorisation))


def authorisation_as_paper(authorisation: Authorisation) -> OfficialPaper:
    """Say what the decision says: what was approved; of a draft, the records as they are now."""
    if authorisation.approved_paper:
        kept = authorisation.approved_paper
        values = AuthorisationPaper.from_json(kept["values"])
        return authorisation_paper(values, Phrases("authorisation", kept["texts"]))
    return authorisation_paper(_values(authorisation), phrases("authorisation"))


def paper_to_keep(authorisation: Authorisation) -> dict[str, Any]:
    """Give all that the decision says at this moment, its standing words too, as plain JSON."""
    texts = dict(phrases("authorisation").texts)
    return {"values": _values(authorisation).to_json(), "texts": texts}


def has_moved_on(authorisation: Authorisation) -> bool:
    """Say whether the records say anything else now than the decision that was approved."""
    kept = authorisation.approved_paper
    return bool(kept) and kept["values"] != paper_to_keep(authorisation)["values"]


def _values(authorisation: Authorisation) -> AuthorisationPaper:
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


def lines_on_screen(paper: OfficialPaper) -> list[tuple[str, str]]:
    """Give the body of a paper for the screen: each line with the name of its kind, its headings
    of the first two levels numbered as the Word file numbers them."""
    lines: list[tuple[str, str]] = []
    counts = {1: 0, 2: 0}
    for block in paper.body:
        if isinstance(block, Paragraph):
            lines += [("paragraph", line) for line in block.text.splitlines()]
        elif isinstance(block, Heading):
            counts[block.level] += 1
            if block.level == 1:
                counts[2] = 0
            number = number_chinese(counts[block.level])
            mark = f"{number}、" if block.level == 1 else f"（{number}）"
            lines.append((f"heading-{block.level}", f"{mark}{block.text}"))
    return lines


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
