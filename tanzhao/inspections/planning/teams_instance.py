"""The teams problem of a round, made from its teams, their units and the talent pool.

The office's own rules of recusal decide who is kept off a team, waivers counted in; the planner
is told the outcome only, and what is shown of it are the office's rules and facts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from tanzhao.engines.planner.teams import problem as planner
from tanzhao.inspections.models import Round, Team, TeamMember, Waiver
from tanzhao.inspections.planning.teams_history import History, history_of
from tanzhao.inspections.planning.teams_setting import TeamsSetting, teams_setting
from tanzhao.inspections.queries.facts import persons_of, setting_of, targets_of
from tanzhao.inspections.queries.staffing import Standing, standings
from tanzhao.inspections.recusal import Person, Target, conflicts_of, plain_name
from tanzhao.inspections.states import TeamRole
from tanzhao.inspectors.models import Inspector, Sex
from tanzhao.units.models import Unit

LENT_TOGETHER = "two_from_one_unit"


@dataclass(frozen=True)
class Instance:
    """A round as the planner sees it, and what its numbers stand for.

    Attributes:
        people: by the planner's number. teams, units: likewise; a team goes by its own number.
        bars: what keeps a person off a team, by their numbers; open refusals, and having been on
            the team that inspected a unit of it last. warned: pairs with a mere warning.
        busy: who is on a team of another round on the same days, with that team.
        members: who is on which team now, and in which role.
    """

    round: Round
    setting: TeamsSetting
    problem: planner.TeamsProblem
    people: Mapping[int, Inspector]
    teams: Mapping[int, Team]
    units: Mapping[int, Unit]
    homes: Mapping[int, str]
    bars: Mapping[tuple[int, int], tuple[Standing, ...]]
    warned: frozenset[tuple[int, int]]
    busy: Mapping[int, TeamMember]
    members: Mapping[int, tuple[int, TeamRole]]
    history: Mapping[UUID, History]
    number_of: Mapping[UUID, int] = field(default_factory=dict)

    @cached_property
    def seats(self) -> dict[int, dict[int, TeamRole]]:
        """The teams as they are now."""
        found: dict[int, dict[int, TeamRole]] = {number: {} for number in self.teams}
        order = list(TeamRole)
        for person, (team, role) in sorted(
            self.members.items(), key=lambda pair: (order.index(pair[1][1]), pair[0])
        ):
            found[team][person] = role
        return found

    @cached_property
    def keepable(self) -> dict[int, tuple[int, TeamRole]]:
        """Who is on a team now and may stay there: to be had, and not kept off it."""
        return {
            person: (team, role)
            for person, (team, role) in self.members.items()
            if person in self.problem.available and (person, team) not in self.bars
        }


def instance_of(round_: Round, *, without: Collection[UUID] = ()) -> Instance:
    """Make the problem of `round_` from the records, in a constant number of queries.

    Args:
        without: people who are not to be had, say because they have fallen ill.
    """
    setting = teams_setting()
    teams = list(round_.teams.order_by("number").prefetch_related("engagements__unit"))
    on_teams = {
        m.inspector_id: m
        for m in TeamMember.objects.filter(team__round=round_).select_related("team")
    }
    pool = Inspector.objects.order_by("name", "pk")
    inspectors = [i for i in pool if not i.retired or i.pk in on_teams]
    people = dict(enumerate(inspectors))
    number_of = {inspector.pk: number for number, inspector in people.items()}
    own_units = {team.number: [e.unit for e in team.engagements.all()] for team in teams}
    units = dict(enumerate({u.pk: u for own in own_units.values() for u in own}.values()))
    history = history_of(round_, inspectors, months=setting.load_months)
    busy = {number_of[key]: m for key, m in _busy(round_).items() if key in number_of}
    rules = setting_of(round_)
    homes, home_of = _homes(inspectors, first=len(units), county=rules.county)
    away = set(busy) | {number_of[key] for key in without if key in number_of}
    away |= {number for number, one in people.items() if one.retired}
    found = _about_units(round_, teams, own_units, people)
    against = {pair: tuple(filter(keeps_off, standings)) for pair, standings in found.items()}
    bars = {pair: standings for pair, standings in against.items() if standings}
    lent_together = rules.rules.get(LENT_TOGETHER)
    refuses = lent_together is not None and lent_together.severity == "refuse"
    unit_numbers = {unit.pk: number for number, unit in units.items()}
    problem = planner.TeamsProblem(
        teams=tuple(_team(team, own_units[team.number], unit_numbers, setting) for team in teams),
        people=tuple(
            _person(number, one, history[one.pk], setting, home_of.get(number))
            for number, one in people.items()
        ),
        available=frozenset(people.keys() - away),
        lend=dict.fromkeys(homes, setting.most_from_one_workplace),
        places={
            number: planner.Place(number, kind=unit.category, area=0, county=0, system=unit.system)
            for number, unit in units.items()
        },
        recuse_years=0,
        weights=setting.weights_of(refuses_one_workplace=refuses),
        barred=frozenset((team, person) for person, team in bars),
    )
    members = {
        number_of[key]: (m.team.number, TeamRole(m.role))
        for key, m in on_teams.items()
        if key in number_of
    }
    return Instance(
        round=round_,
        setting=setting,
        problem=problem,
        people=people,
        teams={team.number: team for team in teams},
        units=units,
        homes=homes,
        bars=bars,
        warned=frozenset(
            pair
            for pair, standings in found.items()
            if pair not in bars and not all(one.conflict.is_refusal for one in standings)
        ),
        busy=busy,
        members=members,
        history=history,
        number_of=number_of,
    )


def keeping(
    instance: Instance, kept: Mapping[int, tuple[int, TeamRole]], *, heeds_warnings: bool = False
) -> planner.TeamsProblem:
    """Give the problem in which these people stay on their teams, in the roles they have.

    A leader or deputy the office has chosen leads whatever their grade; a team that already has
    more members than the pack says keeps them. Warnings keep nobody off, unless `heeds_warnings`.
    """
    problem = instance.problem
    pins = tuple(sorted(_pins(kept)))
    least = {pin.person: _LEAST_RANKS[pin.role] for pin in pins}
    own = Counter(pin.team for pin in pins)
    barred = problem.barred
    if heeds_warnings:
        barred |= {(team, person) for person, team in instance.warned if person not in kept}
    return replace(
        problem,
        barred=barred,
        teams=tuple(replace(team, size=max(team.size, own[team.id])) for team in problem.teams),
        people=tuple(
            replace(person, rank=max(person.rank, least.get(person.id, 0)))
            for person in problem.people
        ),
        pinned=pins,
    )


_LEAST_RANKS = {
    planner.Role.LEADER: planner.LEADER_RANK,
    planner.Role.DEPUTY: planner.DEPUTY_RANK,
    planner.Role.MEMBER: 0,
}


def _pins(kept: Mapping[int, tuple[int, TeamRole]]) -> Iterator[planner.Pin]:
    """Pin a leader and one deputy to their roles, everybody else to their team."""
    given: set[tuple[int, planner.Role]] = set()
    for person, (team, role) in sorted(kept.items()):
        wanted = planner.Role.MEMBER
        if role in {TeamRole.LEADER, TeamRole.DEPUTY} and (team, role.value) not in given:
            wanted = planner.Role(role.value)
        given.add((team, wanted))
        yield planner.Pin(team, person, wanted)


def _busy(round_: Round) -> dict[UUID, TeamMember]:
    """Who is on a team of another round some of whose days are days of this one."""
    elsewhere = (
        TeamMember.objects.filter(
            team__round__starts__lte=round_.ends, team__round__ends__gte=round_.starts
        )
        .exclude(team__round=round_)
        .select_related("team__round__term")
        .order_by("team__round__ends")
    )
    return {member.inspector_id: member for member in elsewhere}


def _homes(
    inspectors: Sequence[Inspector], *, first: int, county: str
) -> tuple[dict[int, str], dict[int, int]]:
    """Number the workplaces that lend people, from `first` on, and say who comes from which.

    Two people come from one where their workplace is one unit or bears one name, as the rules of
    recusal have it. The office's own full-time people are lent by nobody.
    """
    names: dict[int, str] = {}
    number_by_key: dict[object, int] = {}
    home_of: dict[int, int] = {}
    for number, one in enumerate(inspectors):
        name = plain_name(one.workplace, county)
        keys = [key for key in (one.workplace_unit_id, name) if key]
        if one.full_time or not keys:
            continue
        known = [number_by_key[key] for key in keys if key in number_by_key]
        home = known[0] if known else first + len(names)
        names.setdefault(home, one.workplace)
        number_by_key.update(dict.fromkeys(keys, home))
        home_of[number] = home
    return names, home_of


def _about_units(
    round_: Round,
    teams: Sequence[Team],
    own_units: Mapping[int, Sequence[Unit]],
    people: Mapping[int, Inspector],
) -> dict[tuple[int, int], tuple[Standing, ...]]:
    """Ask the rules of recusal about everybody and the units of every team. What is said, by
    (person, team); a pair about which nothing is said has no key."""
    setting = setting_of(round_)
    persons = persons_of(people.values(), round_=round_, team_id=None)
    every = {unit.pk: unit for own in own_units.values() for unit in own}
    targets = {target.id: target for target in targets_of(every.values(), round_=round_)}
    waivers: dict[UUID, list[Waiver]] = defaultdict(list)
    for waiver in Waiver.objects.filter(team__in=teams).select_related("inspector"):
        waivers[waiver.team_id].append(waiver)
    found = {}
    for team in teams:
        own = [targets[unit.pk] for unit in own_units[team.number]]
        for number, person in zip(people, persons, strict=True):
            conflicts = conflicts_of(person, targets=own, colleagues=(), setting=setting)
            about_units = [one for one in conflicts if one.target is not None]
            if asked := standings(about_units, waivers[team.pk]):
                found[number, team.number] = tuple(asked)
    return found


def keeps_off(standing: Standing) -> bool:
    """Say whether a proposal heeds `standing`: a refusal nobody has waived, and that somebody was
    on the team that inspected the unit last, which an office may but a proposal never does."""
    return standing.is_open or _served_there(standing.conflict.person, standing.conflict.target)


def _served_there(person: Person, target: Target | None) -> bool:
    return target is not None and person.id in (target.last_inspectors or ())


def _team(
    team: Team, units: Sequence[Unit], unit_numbers: Mapping[UUID, int], setting: TeamsSetting
) -> planner.Team:
    return planner.Team(
        id=team.number,
        units=tuple(sorted(unit_numbers[unit.pk] for unit in units)),
        size=setting.size,
        need=setting.need_of(unit.category for unit in units),
        min_full=setting.min_full,
        min_women=setting.min_women,
        min_men=setting.min_men,
        min_exp=setting.min_experienced,
    )


def _person(
    number: int,
    inspector: Inspector,
    history: History,
    setting: TeamsSetting,
    home: int | None,
) -> planner.Person:
    return planner.Person(
        id=number,
        full=inspector.full_time,
        home=home,
        female=inspector.sex == Sex.FEMALE,
        rank=setting.ranks.get(inspector.grade, 1),
        skills=frozenset(inspector.skills),
        exp=history.rounds,
        rounds_year=history.rounds_lately,
        days_year=history.days_lately,
        prev_team=history.last_team,
        prev_kind=history.led_kind or None,
    )
