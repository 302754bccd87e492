"""Reads about proposed teams: what stands against them now, and what a round lacks for one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tanzhao.inspections.models import Round, Team, TeamMember, TeamProposal, Waiver
from tanzhao.inspections.queries.facts import persons_of, setting_of, targets_of
from tanzhao.inspections.queries.staffing import Standing, standings
from tanzhao.inspections.recusal import Conflict, conflicts_of, conflicts_of_team
from tanzhao.inspections.rules.proposals import missing_for_proposal
from tanzhao.inspections.states import ProposalState, TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit

OPEN = (ProposalState.COMPUTING, ProposalState.READY)


def open_proposal_of(round_: Round) -> TeamProposal | None:
    """Give the proposal of `round_` that is computed or waits for a person, if there is one."""
    found = TeamProposal.objects.filter(round=round_, state__in=OPEN)
    return found.select_related("round__term", "run", "made_by").first()


def missing_for(round_: Round) -> list[str]:
    """Say what `round_` lacks before teams can be proposed; empty if nothing."""
    teams = round_.teams.order_by("number").prefetch_related("engagements")
    people = Inspector.objects.filter(retired=False).count()
    return missing_for_proposal([(str(t), len(t.engagements.all())) for t in teams], people=people)


def missing_for_change(round_: Round) -> list[str]:
    """Say what `round_` lacks before the smallest change of its teams can be looked for."""
    roles = defaultdict(set)
    for number, role in TeamMember.objects.filter(team__round=round_).values_list(
        "team__number", "role"
    ):
        roles[number].add(role)
    return [
        *missing_for(round_),
        *(
            _("%(team)s needs a leader and a deputy first.") % {"team": team}
            for team in round_.teams.order_by("number")
            if not {TeamRole.LEADER, TeamRole.DEPUTY} <= roles[team.number]
        ),
    ]


@dataclass(frozen=True)
class Line:
    """One proposed team with its rows: the people in the order of their roles, and those who are
    on it now and would leave it."""

    number: int
    team: Team | None
    units: tuple[Unit, ...]
    people: tuple[tuple[Inspector, Mapping[str, Any]], ...]
    leaving: tuple[Inspector, ...]
    standings: tuple[Standing, ...]
    stored: Mapping[str, Any]

    def against(self, inspector: Inspector) -> list[Standing]:
        """Give what stands against one member: about them, or about them and another."""
        return [one for one in self.standings if one.conflict.person.id == inspector.pk]


@dataclass(frozen=True)
class Lines:
    """Proposed teams as the records are now. `changed`: what differs from when it was made."""

    proposal: TeamProposal
    teams: tuple[Line, ...]
    changed: tuple[str, ...]

    @property
    def problems(self) -> list[str]:
        """What stands against taking it, a sentence for each; empty when nothing does."""
        open_ones = [s.sentence for team in self.teams for s in team.standings if s.is_open]
        return [*self.changed, *open_ones]


def lines_of(proposal: TeamProposal) -> Lines:
    """Read proposed teams with what the rules of recusal say of them today.

    The number of queries does not depend on how many teams or people there are.
    """
    round_ = proposal.round
    rows = Team.objects.filter(round=round_).prefetch_related("engagements__unit")
    teams = {team.number: team for team in rows}
    before: Mapping[str, Mapping[str, str]] = proposal.basis.get("before", {})
    keys = {UUID(m["inspector"]) for team in proposal.teams for m in team["members"]}
    keys |= {UUID(key) for team in before.values() for key in team}
    known = Inspector.objects.select_related("workplace_unit").in_bulk(keys)
    seated = {UUID(m["inspector"]) for team in proposal.teams for m in team["members"]}
    people = {key: one for key, one in known.items() if key in seated}
    found = _standings(round_, teams, proposal.teams, people)
    lines = tuple(
        Line(
            number=stored["number"],
            team=teams.get(stored["number"]),
            units=_units(teams.get(stored["number"])),
            people=tuple(
                (people[UUID(member["inspector"])], member)
                for member in stored["members"]
                if UUID(member["inspector"]) in people
            ),
            leaving=tuple(_leaving(stored, before.get(str(stored["number"]), {}), known)),
            standings=tuple(found.get(stored["number"], ())),
            stored=stored,
        )
        for stored in proposal.teams
    )
    return Lines(proposal, lines, tuple(_changes(proposal, teams, lines)))


def _leaving(
    stored: Mapping[str, Any], before: Iterable[str], known: Mapping[UUID, Inspector]
) -> list[Inspector]:
    stays = {member["inspector"] for member in stored["members"]}
    found = [known[UUID(key)] for key in before if key not in stays and UUID(key) in known]
    return sorted(found, key=lambda one: (one.name, one.pk))


def against_people(round_: Round, people: Iterable[Inspector]) -> dict[UUID, list[Standing]]:
    """Say what the rules of recusal hold against each of `people` on the teams of `round_`, unit
    by unit; what a proposal heeds. In a constant number of queries."""
    people = list(people)
    setting = setting_of(round_)
    teams = list(Team.objects.filter(round=round_).prefetch_related("engagements__unit"))
    every = {unit.pk: unit for team in teams for unit in _units(team)}
    targets = targets_of(every.values(), round_=round_)
    waivers = list(Waiver.objects.filter(team__in=teams).select_related("inspector", "decided_by"))
    return {
        person.id: standings(
            [
                one
                for one in conflicts_of(person, targets=targets, colleagues=(), setting=setting)
                if one.target is not None
            ],
            waivers,
        )
        for person in persons_of(people, round_=round_, team_id=None)
    }


def against_in_place(
    team: Team, colleagues: Iterable[Inspector], people: Iterable[Inspector]
) -> dict[UUID, list[Standing]]:
    """Say what the rules of recusal hold against each of `people` beside these colleagues on
    `team`, wherever they are now. In a constant number of queries."""
    colleagues, people = list(colleagues), list(people)
    setting = setting_of(team.round)
    every = {one.pk: one for one in [*colleagues, *people]}
    persons = {
        p.id: replace(p, other_teams=())
        for p in persons_of(every.values(), round_=team.round, team_id=None)
    }
    units = [one.unit for one in team.engagements.select_related("unit")]
    targets = targets_of(units, round_=team.round)
    waivers = list(team.waivers.select_related("inspector", "decided_by"))
    beside = [persons[one.pk] for one in colleagues]
    return {
        one.pk: standings(
            conflicts_of(persons[one.pk], targets=targets, colleagues=beside, setting=setting),
            waivers,
        )
        for one in people
    }


def busy_people(round_: Round, people: Iterable[UUID]) -> dict[UUID, TeamMember]:
    """Say which of these are on a team of another round some of whose days are days of it."""
    elsewhere = (
        TeamMember.objects.filter(
            inspector__in=list(people),
            team__round__starts__lte=round_.ends,
            team__round__ends__gte=round_.starts,
        )
        .exclude(team__round=round_)
        .select_related("team__round__term")
        .order_by("team__round__ends")
    )
    return {member.inspector_id: member for member in elsewhere}


def _units(team: Team | None) -> tuple[Unit, ...]:
    return tuple(one.unit for one in team.engagements.all()) if team else ()


def _standings(
    round_: Round,
    teams: Mapping[int, Team],
    proposed: Iterable[Mapping[str, Any]],
    people: Mapping[UUID, Inspector],
) -> dict[int, list[Standing]]:
    setting = setting_of(round_)
    # On which team they are now is no fact about the teams that are proposed.
    persons = {
        p.id: replace(p, other_teams=())
        for p in persons_of(people.values(), round_=round_, team_id=None)
    }
    every = {unit.pk: unit for team in teams.values() for unit in _units(team)}
    targets = {target.id: target for target in targets_of(every.values(), round_=round_)}
    waivers: dict[int, list[Waiver]] = defaultdict(list)
    asked = Waiver.objects.filter(team__in=list(teams.values())).select_related(
        "inspector", "decided_by", "team"
    )
    for waiver in asked:
        waivers[waiver.team.number].append(waiver)
    found = {}
    for one in proposed:
        number = one["number"]
        own = [persons[key] for m in one["members"] if (key := UUID(m["inspector"])) in persons]
        units = [targets[unit.pk] for unit in _units(teams.get(number))]
        conflicts: list[Conflict] = conflicts_of_team(own, targets=units, setting=setting)
        found[number] = standings(conflicts, waivers[number])
    return found


def _changes(
    proposal: TeamProposal, teams: Mapping[int, Team], lines: Iterable[Line]
) -> Iterable[str]:
    """Say what was changed by hand since: a proposal never undoes silently what a person did."""
    before, units = proposal.basis.get("before", {}), proposal.basis.get("units", {})
    now: dict[str, dict[str, str]] = {str(number): {} for number in teams}
    members = TeamMember.objects.filter(team__in=list(teams.values())).select_related("team")
    for member in members:
        now[str(member.team.number)][str(member.inspector_id)] = member.role
    if set(now) != set(before):
        yield _("Teams have been formed or disbanded since. Have teams proposed again.")
    for number, team in sorted(teams.items()):
        names = {"team": str(team)}
        if now[str(number)] != before.get(str(number), {}):
            yield (
                _("The members of %(team)s have been changed since. Have teams proposed again.")
                % names
            )
        if {str(unit.pk) for unit in _units(team)} != set(units.get(str(number), ())):
            yield (
                _("The units of %(team)s have been changed since. Have teams proposed again.")
                % names
            )
    for line in lines:
        for inspector, _stored in line.people:
            if inspector.retired:
                yield (
                    _("%(person)s has left the talent pool. Choose somebody else.")
                    % {"person": inspector.name}
                )
