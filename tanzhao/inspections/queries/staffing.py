"""How far the teams of a round are: members, units, conflicts, waivers, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from tanzhao.inspections.models import Engagement, Round, Team, TeamMember, Waiver
from tanzhao.inspections.queries.facts import persons_of, setting_of, targets_of
from tanzhao.inspections.recusal import Conflict, Person, conflicts_of, conflicts_of_team
from tanzhao.inspections.rules import gaps_of_team, people_lost, units_lost
from tanzhao.inspections.states import BEFORE_FIELD, TeamRole, WaiverState
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit

RANK = {role.value: rank for rank, role in enumerate(TeamRole)}


@dataclass(frozen=True)
class Standing:
    """A conflict together with the latest waiver asked for it."""

    conflict: Conflict
    waiver: Waiver | None = None

    @property
    def is_open(self) -> bool:
        """It stands in the way: a refusal that nobody has waived."""
        waived = self.waiver is not None and self.waiver.state == WaiverState.GRANTED
        return self.conflict.is_refusal and not waived

    @property
    def is_warning(self) -> bool:
        """It asks for attention and stands in nobody's way."""
        return not self.conflict.is_refusal

    @property
    def can_be_asked(self) -> bool:
        """Somebody may ask to waive it: open, waivable, and not waiting for a decision."""
        waits = self.waiver is not None and self.waiver.state == WaiverState.REQUESTED
        return self.is_open and self.conflict.is_waivable and not waits

    @property
    def sentence(self) -> str:
        """The rule, the fact, and what can be done about it."""
        return " ".join(filter(None, [self.rule_and_fact, self._way_out]))

    @property
    def rule_and_fact(self) -> str:
        rule = self.conflict.rule.title
        return _("[%(rule)s] %(fact)s") % {"rule": rule, "fact": self.conflict.fact}

    @property
    def _way_out(self) -> str:
        if not self.is_open:
            return ""
        if not self.conflict.is_waivable:
            return _("This cannot be waived.")
        if self.can_be_asked:
            return _("A waiver can be asked for.")
        return _("A waiver waits for its decision.")


@dataclass
class TeamStaffing:
    team: Team
    members: list[TeamMember] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    # Who or what may no longer be on the team, each with the sentence that says so.
    people_lost: list[tuple[Inspector, str]] = field(default_factory=list)
    units_lost: list[tuple[Unit, str]] = field(default_factory=list)

    @property
    def open(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.is_open]

    @property
    def undecided(self) -> list[Waiver]:
        return [waiver for waiver in self.waivers if waiver.state == WaiverState.REQUESTED]

    @property
    def is_empty(self) -> bool:
        return not self.members and not self.engagements


@dataclass(frozen=True)
class Staffing:
    round: Round
    teams: list[TeamStaffing]

    @property
    def problems(self) -> list[str]:
        """What stands against the teams, a sentence for each; empty when all is well."""
        if not self.teams:
            return [_("The round needs at least one team.")]
        found = [gap for team in self.teams for gap in team.gaps]
        found += [sentence for team in self.teams for _one, sentence in team.people_lost]
        found += [sentence for team in self.teams for _one, sentence in team.units_lost]
        found += [standing.sentence for team in self.teams for standing in team.open]
        undecided = [waiver for team in self.teams for waiver in team.undecided]
        if undecided:
            names = _(", ").join(str(waiver.inspector) for waiver in undecided)
            found.append(_("Waivers that wait for their decision: %(names)s.") % {"names": names})
        return found

    @property
    def waivers(self) -> list[Waiver]:
        return [waiver for team in self.teams for waiver in team.waivers]


def staffing_of(round_: Round, only: Sequence[Team] | None = None) -> Staffing:
    """Gather the teams of `round_` with everything that speaks for or against them.

    The number of queries does not depend on the number of teams.

    Args:
        only: the teams to look at, in their order; all of the round if not given.
    """
    wanted = round_.teams.order_by("number") if only is None else only
    teams = {team.pk: TeamStaffing(team) for team in wanted}
    for one in teams.values():
        one.team.round = round_
    for member in TeamMember.objects.filter(team__in=teams).select_related(
        "inspector__workplace_unit"
    ):
        teams[member.team_id].members.append(member)
    for one in teams.values():
        one.members.sort(key=lambda member: RANK[member.role])
    for engagement in Engagement.objects.filter(team__in=teams).select_related("unit"):
        teams[engagement.team_id].engagements.append(engagement)
    waivers = Waiver.objects.filter(team__in=teams).select_related(
        "inspector", "unit", "other", "requested_by", "decided_by"
    )
    for waiver in waivers:
        teams[waiver.team_id].waivers.append(waiver)
    _find_conflicts(round_, list(teams.values()))
    for one in teams.values():
        roles = [member.role for member in one.members]
        one.gaps = gaps_of_team(one.team, roles, units=len(one.engagements))
        one.people_lost = people_lost([member.inspector for member in one.members])
        # A unit that closes while the team is in it is inspected to the end.
        if round_.state in BEFORE_FIELD:
            one.units_lost = units_lost([engagement.unit for engagement in one.engagements])
    return Staffing(round_, list(teams.values()))


def _find_conflicts(round_: Round, teams: list[TeamStaffing]) -> None:
    setting = setting_of(round_)
    inspectors = {m.inspector_id: m.inspector for team in teams for m in team.members}
    units = {e.unit_id: e.unit for team in teams for e in team.engagements}
    persons = {p.id: p for p in persons_of(inspectors.values(), round_=round_, team_id=None)}
    targets = {t.id: t for t in targets_of(units.values(), round_=round_)}
    for one in teams:
        own = [_seen_from(persons[m.inspector_id], one.team) for m in one.members]
        found = conflicts_of_team(
            own, targets=[targets[e.unit_id] for e in one.engagements], setting=setting
        )
        one.standings = standings(found, one.waivers)


def _seen_from(person: Person, team: Team) -> Person:
    others = tuple(number for number in person.other_teams if number != team.number)
    return Person(**{**person.__dict__, "other_teams": others})


def standings(conflicts: Iterable[Conflict], waivers: Iterable[Waiver]) -> list[Standing]:
    """Put each conflict together with the waiver that names it, the latest asked for first."""
    by_key: dict[tuple[str, UUID, UUID | None, UUID | None], Waiver] = {}
    for waiver in waivers:  # in the order in which they were asked for
        by_key[(waiver.rule, waiver.inspector_id, waiver.unit_id, waiver.other_id)] = waiver
    return [
        Standing(one, next((by_key[key] for key in one.keys if key in by_key), None))
        for one in conflicts
    ]


def standings_of_people(
    team: Team, inspectors: Sequence[Inspector], *, with_units: Sequence[Unit] = ()
) -> dict[UUID, list[Standing]]:
    """Say what speaks against each of `inspectors` on `team`, by their keys.

    The number of queries does not depend on how many they are.
    """
    setting = setting_of(team.round)
    members = [m.inspector for m in team.members.select_related("inspector")]
    everybody = {i.pk: i for i in [*members, *inspectors]}
    persons = {p.id: p for p in persons_of(everybody.values(), round_=team.round, team_id=team.pk)}
    units = [e.unit for e in team.engagements.select_related("unit")]
    targets = targets_of({u.pk: u for u in [*units, *with_units]}.values(), round_=team.round)
    waivers = list(team.waivers.all())
    colleagues = [persons[member.pk] for member in members]
    return {
        inspector.pk: standings(
            conflicts_of(
                persons[inspector.pk], targets=targets, colleagues=colleagues, setting=setting
            ),
            waivers,
        )
        for inspector in inspectors
    }


def standings_of_units(team: Team, units: Sequence[Unit]) -> dict[UUID, list[Standing]]:
    """Say what speaks against giving each of `units` to `team`, by their keys.

    The number of queries does not depend on how many they are.
    """
    setting = setting_of(team.round)
    members = [m.inspector for m in team.members.select_related("inspector")]
    persons = persons_of(members, round_=team.round, team_id=team.pk)
    waivers = list(team.waivers.all())
    found = {}
    for target in targets_of(units, round_=team.round):
        conflicts = [
            conflict
            for person in persons
            for conflict in conflicts_of(person, targets=[target], colleagues=[], setting=setting)
            if conflict.target is not None
        ]
        found[target.id] = standings(conflicts, waivers)
    return found
