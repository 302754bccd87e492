"""Made-up rounds of which good teams are known: the teams are planted first.

They look like packs/samples/planner/teams-*.json. The same arguments give the same instance.
"""

import random
from collections import Counter
from typing import Any

Document = dict[str, Any]

SIZE, RECUSE_YEARS = 8, 5
SKILLS = ("discipline", "organisation", "finance", "audit", "engineering", "law", "it")
KINDS = ("dept", "dept", "village", "town", "inst", "firm")
WEIGHTS = {"days": 1, "overlap": 40, "exp": 15, "women": 20, "samehome": 60, "kind": 80, "dist": 6}


def teams_instance(
    seed: int, *, teams: int = 6, people: int | None = None, cross: float = 0.3
) -> tuple[Document, list[Document]]:
    """Make a round and teams for it that break no rule.

    Args:
        people: in the pool; 11 for each team if None, at least 9.
        cross: share of cross teams, where there is more than one county.
    Returns: the document of the instance, and the `teams` of the planted plan.
    """
    dice = random.Random(f"teams {seed} {teams} {people}")
    counties = max(1, teams // 4)
    units = _units(dice, 2 * teams, counties)
    pool = _people(dice, people or 11 * teams, list(units), counties, teams)
    wanted = _teams(dice, teams, units, counties, cross)
    planted = _plant(dice, wanted, pool, units, counties)
    _derive(dice, wanted, planted, pool)
    taken = {person for team in planted for person in team["members"]}
    free = [person["id"] for person in pool if person["id"] not in taken]
    away = set(dice.sample(free, len(free) // 3))
    return {
        "kind": "B",
        "level": "county" if counties == 1 else "prefecture",
        "seed": seed,
        "teams": wanted,
        "people": pool,
        "available": [person["id"] for person in pool if person["id"] not in away],
        "lend": _lend(dice, pool, taken),
        "units": {str(key): unit for key, unit in units.items()},
        "recuse_years": RECUSE_YEARS,
        "w": dict(WEIGHTS),
    }, planted


def _units(dice: random.Random, many: int, counties: int) -> dict[int, Document]:
    units = {}
    for number in range(many):
        area = dice.randrange(4 * counties)
        kind = dice.choice(KINDS)
        system = "township" if kind in ("town", "village") else "finance"
        units[number] = {"kind": kind, "area": area, "county": area // 4, "system": system}
    return units


def _people(
    dice: random.Random, many: int, units: list[int], counties: int, teams: int
) -> list[Document]:
    made = []
    for number in range(many):
        full = dice.random() < 0.4
        area = dice.randrange(4 * counties)
        prev_team = dice.randrange(teams) if dice.random() < 0.5 else None
        exp = dice.choice((0, 0, 1, 2, 2, 2, 3, 4, 5, 6))
        made.append(
            {
                "id": number,
                "full": full,
                # Homes beyond the units of this round: a body that lends and is not inspected.
                "home": None if full else dice.randrange(3 * len(units)),
                "county": area // 4,
                "female": dice.random() < 0.4,
                "rank": dice.choice((1, 1, 1, 2, 2, 3, 3, 4)),
                "skills": sorted(dice.sample(SKILLS, dice.choice((1, 2, 2, 3)))),
                "exp": exp,
                "past": [
                    [dice.choice(units), dice.randint(1, 8)] for _ in range(dice.choice((0, 1, 2)))
                ],
                "relatives": sorted(dice.sample(units, dice.choice((0, 0, 1)))),
                "native": area,
                "rounds_year": dice.randint(0, 2),
                "days_year": dice.randint(0, 120),
                "prev_team": prev_team,
                "prev_units": [] if prev_team is None else dice.sample(units, 1),
                "prev_kind": dice.choice(KINDS) if dice.random() < 0.2 else None,
            }
        )
    return made


def _teams(
    dice: random.Random, many: int, units: dict[int, Document], counties: int, cross: float
) -> list[Document]:
    teams = []
    for number in range(many):
        first = number * 2
        here = [first, first + 1] if dice.random() < 0.5 else [first]
        teams.append(
            {
                "id": number,
                "units": here,
                "size": SIZE,
                "need": {},
                "county": units[first]["county"],
                "cross": counties > 1 and dice.random() < cross,
            }
        )
    return teams


def _plant(
    dice: random.Random,
    teams: list[Document],
    pool: list[Document],
    units: dict[int, Document],
    counties: int,
) -> list[Document]:
    left = dice.sample(pool, len(pool))
    planted = []
    for team in teams:
        # The posts first: people of rank are the scarce ones.
        posts = [_fetch(left, rank, team, units, counties) for rank in (4, 3)]
        planted.append({"id": team["id"], "leader": posts[0]["id"], "deputy": posts[1]["id"]})
        planted[-1]["members"] = [person["id"] for person in posts]
    for team, made in zip(teams, planted, strict=True):
        rest = [_fetch(left, 0, team, units, counties)["id"] for _ in range(team["size"] - 2)]
        made["members"] = sorted(made["members"] + rest)
    return planted


def _fetch(
    left: list[Document], rank: int, team: Document, units: dict[int, Document], counties: int
) -> Document:
    """Take the next person who may go on `team`; there must be some, so facts are mended."""
    fit = (p for p in left if p["rank"] >= rank and not _clashes(p, team, units))
    person = next(fit, None) or left[0]
    left.remove(person)
    person["rank"] = max(rank, person["rank"])
    if _clashes(person, team, units):
        counties_here = {units[unit]["county"] for unit in team["units"]}
        elsewhere = sorted(set(range(counties)) - counties_here)
        person |= {"home": None, "full": True, "past": [], "relatives": [], "prev_units": []}
        person |= {"native": -1, "county": elsewhere[0] if elsewhere else person["county"]}
    return person


def _clashes(person: Document, team: Document, units: dict[int, Document]) -> bool:
    here = set(team["units"])
    known = {unit for unit, years in person["past"] if years < RECUSE_YEARS}
    known |= {person["home"], *person["relatives"], *person["prev_units"]}
    rural = {units[u]["area"] for u in here if units[u]["kind"] in ("town", "village")}
    own = {units[u]["county"] for u in here} if team["cross"] else set()
    return bool(known & here) or person["native"] in rural or person["county"] in own


def _derive(
    dice: random.Random, teams: list[Document], planted: list[Document], pool: list[Document]
) -> None:
    for team, made in zip(teams, planted, strict=True):
        people = [pool[person] for person in made["members"]]
        skills = Counter(skill for person in people for skill in person["skills"])
        wanted = ["discipline", "organisation", "finance", *dice.sample(SKILLS[3:], 1)]
        most = dice.choice((1, 1, 2))
        team["need"] = {skill: min(most, skills[skill]) for skill in wanted if skills[skill]}
        women = sum(person["female"] for person in people)
        # Mostly as in the samples; now and then as much as the planted team has, so that it bites.
        most = 8 if dice.random() < 0.2 else 2
        team["min_full"] = min(most, sum(person["full"] for person in people))
        team["min_women"] = min(2, women)
        team["min_men"] = min(most // 2, len(people) - women)
        team["min_exp"] = min(most, sum(person["exp"] >= 2 for person in people))


def _lend(dice: random.Random, pool: list[Document], taken: set[int]) -> dict[str, int]:
    homes = Counter(person["home"] for person in pool if person["home"] is not None)
    used = Counter(person["home"] for person in pool if person["id"] in taken)
    return {
        str(home): max(used[home], dice.randint(1, homes[home]))
        for home in sorted(homes)
        if dice.random() < 0.8
    }
