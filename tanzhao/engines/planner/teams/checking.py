"""The judge of teams: recusal, every rule broken, and what the teams cost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams.problem import (
    DEPUTY_RANK,
    EXPERIENCED,
    LEADER_RANK,
    Composed,
    Person,
    Role,
    Team,
    TeamsProblem,
)

_RURAL = frozenset({"town", "village"})


def conflict_of(problem: TeamsProblem, person: Person, team: Team) -> Reason | None:
    """Say which rule of recusal keeps `person` off `team`, with the fact; None if none does."""
    here = frozenset(team.units)
    at = {"person": person.id, "team": team.id}
    if person.home in here:
        return reason("works_there", **at, unit=int(person.home or 0))
    for unit, years in person.past:
        if unit in here and years < problem.recuse_years:
            return reason("worked_there", **at, unit=unit, years=years)
    for unit in sorted(here & person.relatives):
        return reason("kin_works_there", **at, unit=unit)
    for unit in sorted(here & person.prev_units):
        return reason("inspected_it_last", **at, unit=unit)
    for unit in team.units:
        place = problem.places[unit]
        if place.kind in _RURAL and place.area == person.native:
            return reason("native_township", **at, unit=unit)
    for unit in team.units:
        if team.cross and problem.places[unit].county == person.county:
            return reason("own_county", **at, unit=unit)
    return None


def broken_rules(problem: TeamsProblem, teams: Iterable[Composed]) -> list[Reason]:
    """Say every rule that `teams` break; none for a good plan."""
    made = {team.id: team for team in teams}
    found: list[Reason] = []
    seats, lent = Counter[int](), Counter[int]()
    for team in problem.teams:
        if team.id not in made:
            found.append(reason("team_missing", team=team.id))
            continue
        unknown = [p for p in made[team.id].members if p not in problem.person]
        found += [reason("unknown_person", person=p, team=team.id) for p in unknown]
        people = [problem.person[p] for p in made[team.id].members if p in problem.person]
        found += broken_in_team(problem, team, made[team.id])
        seats.update(person.id for person in people)
        lent.update(person.home for person in people if person.home is not None)
    for person, times in sorted(seats.items()):
        if times > 1:
            found.append(reason("in_two_teams", person=person, need=times))
        if person not in problem.available:
            found.append(reason("not_available", person=person))
    for home, people_lent in sorted(lent.items()):
        if people_lent > (most := problem.lend.get(home, people_lent)):
            found.append(reason("lends_too_many", unit=home, have=most, need=people_lent))
    found += broken_decisions(problem, made)
    return found


def broken_decisions(problem: TeamsProblem, made: Mapping[int, Composed]) -> Iterator[Reason]:
    """Say which decisions, pinned or barred, the teams in `made` break."""
    for pin in problem.pinned:
        if (team := made.get(pin.team)) is None:
            continue
        seat = {Role.LEADER: team.leader, Role.DEPUTY: team.deputy}.get(pin.role, pin.person)
        if pin.person not in team.members or seat != pin.person:
            yield reason("pin_missed", team=pin.team, person=pin.person, role=pin.role.value)
    for team_id, person in sorted(problem.barred):
        if team_id in made and person in made[team_id].members:
            yield reason("barred_from_team", team=team_id, person=person)


def experience_target(problem: TeamsProblem) -> int:
    """Rounds served that a team should have; see TeamsProblem."""
    return problem.experience_target


def distance(problem: TeamsProblem, person: Person, team: Team) -> int:
    """How far `person` travels to `team`, 0 to 10; 0 for a cross team."""
    counties = {problem.places[unit].county for unit in team.units}
    if team.cross or not counties:
        return 0
    return min(10, *(abs(person.county - county) for county in counties))


def cost_of(problem: TeamsProblem, teams: Iterable[Composed]) -> int:
    """Count what the teams cost."""
    made = {team.id: team for team in teams}
    return sum(
        cost_of_team(problem, team, made[team.id]) for team in problem.teams if team.id in made
    )


def cost_of_team(problem: TeamsProblem, team: Team, composed: Composed) -> int:
    """Count what one team costs."""
    weights = problem.weights
    people = [problem.person[person] for person in composed.members if person in problem.person]
    total = sum(
        weights.days * person.days_year + weights.dist * distance(problem, person, team)
        for person in people
    )
    leader = problem.person.get(composed.leader)
    if leader and leader.prev_kind in {problem.places[unit].kind for unit in team.units}:
        total += weights.kind
    total += weights.overlap * _repeats(person.prev_team for person in people)
    total += weights.samehome * _repeats(person.home for person in people)
    off_target = abs(sum(person.exp for person in people) - problem.experience_target)
    total += weights.exp * max(0, off_target - 2)
    return total + weights.women * max(0, 3 - sum(person.female for person in people))


def _repeats(keys: Iterable[int | None]) -> int:
    counted = Counter(key for key in keys if key is not None)
    return sum(times - 1 for times in counted.values())


def broken_in_team(problem: TeamsProblem, team: Team, composed: Composed) -> Iterator[Reason]:
    """Say the rules that one team breaks by itself: what it demands, and recusal."""
    people = [problem.person[p] for p in composed.members if p in problem.person]
    members = set(composed.members)
    if len(composed.members) != team.size or len(members) != len(composed.members):
        yield reason("wrong_size", team=team.id, have=len(members), need=team.size)
    leader = problem.person.get(composed.leader)
    if composed.leader not in members or leader is None or leader.rank < LEADER_RANK:
        yield reason("no_leader", team=team.id)
    deputy = problem.person.get(composed.deputy)
    is_other = composed.deputy in members and composed.deputy != composed.leader
    if not is_other or deputy is None or deputy.rank < DEPUTY_RANK:
        yield reason("no_deputy", team=team.id)
    for skill, need in sorted(team.need.items()):
        if (have := sum(skill in person.skills for person in people)) < need:
            yield reason("lacks_skill", team=team.id, skill=skill, have=have, need=need)
    women = sum(person.female for person in people)
    counted = (
        ("few_full_time", sum(person.full for person in people), team.min_full),
        ("few_women", women, team.min_women),
        ("few_men", len(people) - women, team.min_men),
        ("few_experienced", sum(p.exp >= EXPERIENCED for p in people), team.min_exp),
    )
    for code, have, need in counted:
        if have < need:
            yield reason(code, team=team.id, have=have, need=need)
    for person in people:
        if conflict := conflict_of(problem, person, team):
            yield conflict
