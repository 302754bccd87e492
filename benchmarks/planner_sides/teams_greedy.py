"""Team after team, post after post: whoever fits and costs least next."""

from tanzhao.engines.planner.teams.checking import conflict_of, distance


def compose(problem):
    """Fill the teams as well as it goes; posts that nobody may take stay empty (-1)."""
    left = {problem.person[person] for person in problem.available}
    lent = {}
    made = []
    for team in problem.teams:
        may = sorted(
            (p for p in left if conflict_of(problem, p, team) is None),
            key=lambda p: (_cost(problem, p, team), p.id),
        )
        members = []

        def take(fits, members=members, may=may):
            for person in may:
                full_house = lent.get(person.home, 0) >= problem.lend.get(person.home, 99)
                if person in members or not fits(person) or (person.home and full_house):
                    continue
                members.append(person)
                lent[person.home] = lent.get(person.home, 0) + 1
                return person.id
            return -1

        leader = take(lambda p: p.rank >= 4)
        deputy = take(lambda p: p.rank >= 3)
        wants = [
            *(
                (lambda p, s=skill: s in p.skills, need)
                for skill, need in sorted(team.need.items())
            ),
            (lambda p: p.full, team.min_full),
            (lambda p: p.female, team.min_women),
            (lambda p: not p.female, team.min_men),
            (lambda p: p.exp >= 2, team.min_exp),
        ]
        for fits, need in wants:
            while sum(map(fits, members)) < need and len(members) < team.size:
                if take(fits) == -1:
                    break
        while len(members) < team.size and take(lambda _p: True) != -1:
            pass
        left -= set(members)
        made.append([team.id, leader, deputy, sorted(p.id for p in members)])
    return made


def _cost(problem, person, team):
    weights = problem.weights
    return weights.days * person.days_year + weights.dist * distance(problem, person, team)


def run(problem, teller):
    teller.tell(plan=compose(problem))
