"""What the pages of proposed teams show: rows and facts put into words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tanzhao.inspections.models import Team, TeamMember, TeamProposal
from tanzhao.inspections.planning import proposed
from tanzhao.inspections.planning.proposal_words import (
    clash_sentence,
    difference_sentences,
    met_sentence,
    need_sentence,
    unmet_sentence,
)
from tanzhao.inspections.planning.swaps import Swap
from tanzhao.inspections.planning.teams_history import History
from tanzhao.inspections.planning.teams_instance import Instance, keeps_off
from tanzhao.inspections.queries.proposals import Line, Lines
from tanzhao.inspections.queries.staffing import Standing
from tanzhao.inspections.states import TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit


@dataclass(frozen=True)
class Seat:
    """One place of a proposed team, in words. `is_new`: not on this team as it is now."""

    inspector: Inspector
    role: TeamRole
    reasons: tuple[str, ...]
    facts: str
    standings: tuple[Standing, ...]
    kept: bool
    is_new: bool


@dataclass(frozen=True)
class Card:
    """One proposed team, in words."""

    number: int
    team: Team | None
    units: tuple[Unit, ...]
    seats: tuple[Seat, ...]
    unmet: tuple[str, ...]
    leaving: tuple[Inspector, ...]

    @property
    def coming(self) -> list[Inspector]:
        return [seat.inspector for seat in self.seats if seat.is_new]


def cards_of(lines: Lines, history: Mapping[UUID, History]) -> list[Card]:
    """Give the proposed teams as the page shows them."""
    before = lines.proposal.basis.get("before", {})
    return [_card(line, before.get(str(line.number), {}), history) for line in lines.teams]


def _card(line: Line, before: Mapping[str, str], history: Mapping[UUID, History]) -> Card:
    return Card(
        number=line.number,
        team=line.team,
        units=line.units,
        seats=tuple(
            Seat(
                inspector=inspector,
                role=TeamRole(stored["role"]),
                reasons=tuple(_reasons(stored, before.get(str(inspector.pk)))),
                facts=facts_of(history[inspector.pk]),
                standings=tuple(line.against(inspector)),
                kept=stored["kept"],
                is_new=str(inspector.pk) not in before,
            )
            for inspector, stored in line.people
        ),
        unmet=tuple(unmet_sentence(one) for one in line.stored["unmet"]),
        leaving=line.leaving,
    )


def _reasons(stored: Mapping[str, Any], before: str | None) -> Iterable[str]:
    if before is not None and before != stored["role"]:
        yield _("is on the team already, as %(role)s") % {"role": TeamRole(before).label}
    elif stored["kept"]:
        yield _("is on the team already, and stays")
    yield from map(need_sentence, stored["reasons"])


def facts_of(history: History) -> str:
    """Say what somebody has done on teams before the round."""
    return _("Rounds served: %(rounds)s. Days on teams lately: %(days)s.") % {
        "rounds": history.rounds,
        "days": history.days_lately,
    }


@dataclass(frozen=True)
class Excluded:
    """Somebody who is on no proposed team, and why, in words."""

    inspector: Inspector
    busy: str
    standings: tuple[Standing, ...]
    place: str
    is_leaving: bool
    facts: str


def excluded_rows(
    people: Iterable[Inspector],
    stored: Mapping[UUID, Mapping[str, Any]],
    against: Mapping[UUID, Sequence[Standing]],
    busy: Mapping[UUID, TeamMember],
    history: Mapping[UUID, History],
    names: Mapping[str, str],
    out: str = "",
) -> list[Excluded]:
    """Say of each of `people` what keeps them off the teams, as rule, fact or consequence."""
    return [
        Excluded(
            inspector=one,
            busy=busy_sentence(busy[one.pk]) if one.pk in busy else "",
            standings=tuple(
                s for s in against.get(one.pk, ()) if keeps_off(s) or not s.conflict.is_refusal
            ),
            place=place_sentence(stored.get(one.pk), names),
            is_leaving=str(one.pk) == out,
            facts=facts_of(history[one.pk]),
        )
        for one in people
    ]


def busy_sentence(member: TeamMember) -> str:
    """Say on which team of another round somebody is on the same days."""
    return _("Is on %(team)s of %(round)s until %(until)s.") % {
        "team": member.team,
        "round": member.team.round,
        "until": member.team.round.ends.isoformat(),
    }


def place_sentence(stored: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    """Say what would change in the place where somebody would change least."""
    place = stored["place"] if stored else None
    if not place:
        return ""
    values: dict[str, Any] = {
        "team": place["team"],
        "person": names.get(place["out"], "–"),
        "what": " ".join(unmet_sentence(one) for one in place["lost"]),
    }
    if place["lost"]:
        return (
            _("In the place of %(person)s, team %(team)s would no longer have: %(what)s") % values
        )
    if not place["cost"]:
        return _("Could as well be on team %(team)s in the place of %(person)s.") % values
    values["what"] = _("; ").join(difference_sentences(place["difference"]))
    return _("In the place of %(person)s on team %(team)s: %(what)s.") % values


@dataclass(frozen=True)
class CandidateRow:
    """Somebody who could take a place, and what would change at once, in words."""

    inspector: Inspector
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    changes: tuple[str, ...]
    standings: tuple[Standing, ...]
    facts: str

    @property
    def is_free(self) -> bool:
        """No rule of recusal stands in the way."""
        return not any(one.is_open for one in self.standings)

    @property
    def warnings(self) -> int:
        """How many warnings they would bring; the standings say which."""
        return sum(one.is_warning for one in self.standings)


def candidate_rows(
    instance: Instance, swaps: Iterable[Swap], against: Mapping[UUID, Sequence[Standing]]
) -> list[CandidateRow]:
    """Give those who could take a place, in the order of `swaps`."""
    return [_candidate(instance, one, against) for one in swaps]


def _candidate(
    instance: Instance, swap: Swap, against: Mapping[UUID, Sequence[Standing]]
) -> CandidateRow:
    inspector = instance.people[swap.into]
    lost = [proposed.stored_reason(instance, one) for one in swap.lost]
    gained = [proposed.stored_reason(instance, one) for one in swap.gained]
    return CandidateRow(
        inspector=inspector,
        lost=tuple(map(unmet_sentence, lost)),
        gained=tuple(map(met_sentence, gained)),
        changes=tuple(difference_sentences(asdict(swap.difference))),
        standings=tuple(against.get(inspector.pk, ())),
        facts=facts_of(instance.history[inspector.pk]),
    )


def clashes_of(proposal: TeamProposal) -> list[str]:
    """Say the demands that cannot hold together, a sentence for each."""
    names = proposal.basis.get("names", {})
    return [clash_sentence(one, names) for one in proposal.conflict]
