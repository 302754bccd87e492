"""The decision 授权任职及任务分工的决定 as an official paper. Pure: no records, no clock."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import batched
from typing import Any, Self

from tanzhao.documents.official import (
    Annex,
    Block,
    Column,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
)
from tanzhao.documents.official.words import date_chinese, name_chinese
from tanzhao.documents.phrases import Phrases

WIDTHS = {"team": 34, "leader": 18, "deputies": 20, "members": 40, "units": 44}  # millimetres
LISTS = {"members", "units"}
DAYS = ("starts", "ends", "decided_on")


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team as the decision names it."""

    name: str
    leader: str
    deputies: tuple[str, ...] = ()
    liaison: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        values = asdict(self).items()
        return {key: list(one) if isinstance(one, tuple) else one for key, one in values}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what to_json wrote."""
        lists = {key: tuple(content[key]) for key in ("deputies", "liaison", "members", "units")}
        return cls(name=content["name"], leader=content["leader"], **lists)


@dataclass(frozen=True, slots=True)
class AuthorisationPaper:
    """All that the decision says. Without `decided_on` it is a draft for approval."""

    leading_group: str
    round: str
    number: str
    basis: str
    starts: dt.date
    ends: dt.date
    teams: tuple[TeamLine, ...]
    decided_on: dt.date | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON, so that it can be kept as it was approved."""
        days = {key: day.isoformat() if (day := getattr(self, key)) else None for key in DAYS}
        return {**asdict(self), **days, "teams": [team.to_json() for team in self.teams]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what to_json wrote."""
        days = {key: dt.date.fromisoformat(content[key]) if content[key] else None for key in DAYS}
        teams = tuple(map(TeamLine.from_json, content["teams"]))
        return cls(**{**content, **days, "teams": teams})


def authorisation_paper(values: AuthorisationPaper, phrases: Phrases) -> OfficialPaper:
    """Set the decision: who is authorised, to do what, with which powers, until when."""
    say = partial(
        phrases.say,
        leading_group=values.leading_group,
        round=values.round,
        basis=values.basis.strip().removeprefix("根据").rstrip("，。"),
        begins=date_chinese(values.starts),
        ends=date_chinese(values.ends),
    )
    title = tuple(say("title").split("|"))
    body = (
        Paragraph(say("opening")),
        Heading(1, say("appointments")),
        Paragraph(say("appointments_opening")),
        *_teams(values.teams, phrases),
        Heading(1, say("duties")),
        Paragraph(say("duties_text")),
        Heading(1, say("powers")),
        Paragraph(say("powers_text")),
        Heading(1, say("validity")),
        Paragraph(say("validity_text")),
    )
    return OfficialPaper(
        issuer=say("issuer"),
        number=values.number,
        title=title if values.decided_on else (*title, say("unapproved")),
        body=body,
        annexes=(Annex(say("annex"), (_division(values.teams, phrases),)),),
        signature=values.leading_group,
        dated=values.decided_on,
    )


def _teams(teams: Sequence[TeamLine], phrases: Phrases) -> list[Block]:
    blocks: list[Block] = []
    for team in teams:
        blocks.append(Heading(2, team.name))
        people = {
            "leader": (team.leader,) if team.leader else (),
            "deputies": team.deputies,
            "liaison": team.liaison,
            "members": team.members,
        }
        lines = [f"{phrases.say(role)}：{_names(who)}" for role, who in people.items() if who]
        blocks.append(Paragraph("\n".join(lines)))
    return blocks


def _division(teams: Sequence[TeamLine], phrases: Phrases) -> Table:
    columns = tuple(
        Column(phrases.say(f"column_{key}"), width, "left" if key in LISTS else "center")
        for key, width in WIDTHS.items()
    )
    rows = tuple(
        (
            team.name,
            name_chinese(team.leader),
            "\n".join(map(name_chinese, team.deputies)),
            "\n".join(_names(pair) for pair in batched((*team.liaison, *team.members), 2)),
            "\n".join(team.units),
        )
        for team in teams
    )
    return Table(columns, rows)


def _names(names: Iterable[str]) -> str:
    return "、".join(map(name_chinese, names))
