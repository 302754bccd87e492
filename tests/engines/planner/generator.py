"""Made-up terms of which a plan is known: the plan is planted first, its demands derived from it.

They look like packs/samples/planner/term-*.json: kinds, efforts, clusters, counties, joint groups
and shares of demands are drawn as there. The same arguments give the same instance.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
Visits = list[dict[str, int]]

TEAM_CAP, GAP_LAST, GAP_MIN, GAP_MAX, MONTHS = 320, 24, 12, 36, 60
# Share of the units, least and most person-days of a first visit at prefecture size.
KINDS = {
    "dept": (0.30, 115, 235),
    "village": (0.30, 50, 105),
    "town": (0.15, 185, 275),
    "inst": (0.13, 95, 215),
    "firm": (0.12, 125, 265),
}
COUNTY_SHARES = {"dept": 0.40, "village": 0.27, "town": 0.13, "inst": 0.10, "firm": 0.10}
SKILL_OF_SYSTEM = {
    "party": None, "development": None, "agri": None, "culture": None, "environment": None,
    "education": None, "finance": "audit", "health": "audit", "construction": "engineering",
    "transport": "engineering", "water": "engineering", "justice": "law",
}  # fmt: skip
BASIC_SKILLS = ["discipline", "organisation", "finance"]
SCARCE = ("engineering", "law")
COVERAGE_SHARES = (0.18, 0.40, 0.62, 0.84, 1.0)


@dataclass
class _Round:
    id: int
    year: int
    month: int
    teams: int
    room: float  # person-days of the planted load not yet taken
    skills_left: dict[str, int]
    visits: list[tuple[int, int]] = field(default_factory=list)


def term_instance(
    seed: int,
    *,
    units: int = 110,
    rounds: int = 15,
    utilisation: float = 0.88,
    look_backs: float = 0.13,
    joint: int | None = None,
    evenness: float = 0.5,
) -> tuple[Document, Visits]:
    """Make a term and one plan of it that breaks no rule.

    Args:
        units: 40 to some thousands. utilisation: person-days of all visits by the capacity.
        look_backs: share of units with a second visit.
        joint: how many joint groups; by size if None.
        evenness: 0 leaves the slots of the planted plan as full as they come, so that many are
            full to the brim at high utilisation; 1 fills all slots alike.
    Returns: the document of the instance, and the `visits` of the planted plan.
    """
    dice = random.Random(f"term {seed} {units} {rounds} {utilisation}")
    universe = _units(dice, units)
    team_rounds = _rounds(dice, universe, rounds, utilisation, look_backs)
    groups = _plant(dice, universe, team_rounds, look_backs, joint)
    visits = _pack(universe, team_rounds, utilisation, evenness)
    _derive(dice, universe, visits, team_rounds)
    document = {
        "kind": "A",
        "level": "county" if units < 200 else "prefecture" if units < 3000 else "province",
        "seed": seed,
        "units": universe,
        "rounds": _round_documents(universe, visits, team_rounds),
        "groups": groups,
        "gap_last": GAP_LAST,
        "gap_min": GAP_MIN,
        "gap_max": GAP_MAX,
        "coverage": _coverage(len(universe), visits, team_rounds),
        "w_cluster": 400,
        "w_balance": 8,
        "band": 0.05,
    }
    return document, visits


# --- the universe -----------------------------------------------------------------------------


def _units(dice: random.Random, many: int) -> list[Document]:
    shares = COUNTY_SHARES if many < 200 else {kind: row[0] for kind, row in KINDS.items()}
    scale = 1.36 if many < 200 else 1.0
    counties = max(1, round(many / 100))
    areas = 4 * counties + (counties == 1)
    kinds = [kind for kind, share in shares.items() for _ in range(round(share * many))]
    kinds = (kinds + ["dept"] * many)[:many]
    made = []
    for number, kind in enumerate(sorted(kinds, key=list(shares).index)):
        area = dice.randrange(areas)
        county = min(counties - 1, area // 4)
        rural = kind in ("town", "village")
        system = "township" if rural else dice.choice(list(SKILL_OF_SYSTEM))
        least, most = KINDS[kind][1:]
        effort = min(TEAM_CAP, 5 * round(dice.uniform(least, most) * scale / 5))
        made.append(
            {
                "id": number,
                "kind": kind,
                "county": county,
                "area": area,
                "system": system,
                "cluster": f"a{area}" if rural else f"s{county}-{system}",
                "effort": effort,
                "risk": max(1, min(100, round(dice.gauss(37, 18)))),
                "visits": 1,
                "fixed": {},
                "forbidden": [],
                "skills": _skills(dice, kind, system),
            }
        )
    return made


def _skills(dice: random.Random, kind: str, system: str) -> list[str]:
    extra = [SKILL_OF_SYSTEM[system]] if SKILL_OF_SYSTEM.get(system) else []
    if kind == "firm" and "audit" not in extra:
        extra.insert(0, "audit")
    return BASIC_SKILLS + extra


def _rounds(
    dice: random.Random, units: list[Document], many: int, utilisation: float, look_backs: float
) -> list[_Round]:
    effort = sum(unit["effort"] for unit in units) * (1 + 0.45 * look_backs)
    slots = max(many, round(effort / (utilisation * TEAM_CAP)))
    usual = max(1, -(-slots // many) if slots / many < 3 else round(slots / (many - 0.5)))
    teams = [usual] * many
    teams[0] = max(1, usual - usual // 5)
    # The last round, or as many of the last as it takes, is smaller, as in the samples.
    surplus = sum(teams) - slots
    for late in reversed(range(many)):
        cut = min(max(0, surplus), teams[late] - max(1, usual // 2))
        teams[late] -= cut
        surplus -= cut
    rounds = []
    for number in range(many):
        month = 1 + number * MONTHS // many
        left = {
            skill: -(-13 * sum(skill in unit["skills"] for unit in units) // (10 * many))
            for skill in SCARCE
        }
        room = utilisation * teams[number] * TEAM_CAP * dice.uniform(0.97, 1.03)
        rounds.append(_Round(number, month // 12, month, teams[number], room, left))
    return rounds


# --- the planted plan -------------------------------------------------------------------------


def _plant(
    dice: random.Random,
    units: list[Document],
    rounds: list[_Round],
    look_backs: float,
    joint: int | None,
) -> list[Document]:
    """Put every visit into a round, clusters together and risk first, and say the groups."""
    groups = _plant_groups(dice, units, rounds, joint)
    by_cluster: defaultdict[str, list[Document]] = defaultdict(list)
    for unit in units:
        if "joint" not in unit:
            by_cluster[unit["cluster"]].append(unit)
    chunks = []
    for _name, members in sorted(by_cluster.items()):
        dice.shuffle(members)
        members.sort(key=lambda unit: -unit["risk"] + dice.gauss(0, 12))
        size = dice.randint(2, 6)
        chunks += [members[i : i + size] for i in range(0, len(members), size)]
    chunks.sort(key=lambda chunk: dice.gauss(0, 15) - sum(u["risk"] for u in chunk) / len(chunk))
    at: dict[int, _Round] = {u: r for r in rounds for u, _visit in r.visits}
    for chunk in chunks:
        for unit in chunk:
            at[unit["id"]] = _put(unit, 0, rounds, near=chunk, at=at)
    _plant_look_backs(dice, units, rounds, at, look_backs)
    return groups


def _plant_groups(
    dice: random.Random, units: list[Document], rounds: list[_Round], joint: int | None
) -> list[Document]:
    many = joint if joint is not None else 2 if len(units) < 200 else 7
    systems = list(SKILL_OF_SYSTEM)
    dice.shuffle(systems)
    free = dice.sample(rounds[:-2], min(many, len(rounds) - 2))
    groups: list[Document] = []
    for system, round_ in zip(systems, free, strict=False):
        of_system = [unit for unit in units if unit["system"] == system]
        members, load = [], 0
        for unit in dice.sample(of_system, max(min(3, len(of_system)), len(of_system) * 55 // 100)):
            # A group that filled more than half a round would leave no choice to the others.
            if load + unit["effort"] <= 0.5 * round_.room:
                members.append(unit)
                load += unit["effort"]
        if len(members) < 2:
            continue
        for unit in members:
            unit["joint"] = len(groups)
            _take(unit, 0, round_)
        ids = [unit["id"] for unit in members]
        groups.append({"id": len(groups), "system": system, "units": ids})
    return groups


def _put(
    unit: Document, visit: int, rounds: list[_Round], *, near: list[Document], at: dict[int, _Round]
) -> _Round:
    """Put a visit where its chunk is, else into the first round with room."""
    effort = unit["effort"]
    beside = {at[other["id"]].id for other in near if other["id"] in at}
    scarce = [skill for skill in SCARCE if skill in unit["skills"]]

    def unfit(round_: _Round) -> tuple[bool, bool, bool, float]:
        late = round_.id if round_.room >= effort else -round_.room
        short = any(round_.skills_left[skill] <= 0 for skill in scarce)
        return (round_.room < effort, short, round_.id not in beside, late)

    best = min(rounds, key=unfit)
    _take(unit, visit, best)
    return best


def _take(unit: Document, visit: int, round_: _Round) -> None:
    round_.room -= unit["effort"] if visit == 0 else unit["effort2"]
    round_.visits.append((unit["id"], visit))
    for skill in SCARCE:
        round_.skills_left[skill] -= skill in unit["skills"]


def _plant_look_backs(
    dice: random.Random,
    units: list[Document],
    rounds: list[_Round],
    at: dict[int, _Round],
    share: float,
) -> None:
    wanted = round(share * len(units))
    for unit in dice.sample(units, len(units)):
        gap = {r.id: r.month - at[unit["id"]].month for r in rounds}
        fit = [r for r in rounds if GAP_MIN <= gap[r.id] <= GAP_MAX]
        if wanted and fit:
            wanted -= 1
            unit |= {"visits": 2, "effort2": max(5, 5 * round(unit["effort"] / 10))}
            _take(unit, 1, max(dice.sample(fit, min(3, len(fit))), key=lambda r: (r.room, r.id)))


def _pack(
    units: list[Document], rounds: list[_Round], utilisation: float, evenness: float
) -> Visits:
    """Share the visits of each round among its slots, and fit their efforts to the slots."""
    visits: Visits = []
    for round_ in rounds:
        slots: list[list[tuple[int, int]]] = [[] for _ in range(round_.teams)]
        load = [0] * round_.teams
        for key in sorted(round_.visits, key=lambda key: (-_effort(units, key), key)):
            team = min(range(round_.teams), key=lambda team: (load[team], team))
            slots[team].append(key)
            load[team] += _effort(units, key)
        wanted = _slot_loads(load, utilisation * TEAM_CAP * round_.teams, evenness)
        rest = 0.0
        for team, (keys, load_wanted) in enumerate(zip(slots, wanted, strict=True)):
            # What rounding to 5 takes from one slot, the next may give back.
            whole = min(TEAM_CAP, 5 * int((load_wanted + rest) / 5 + 1e-9)) if keys else 0
            rest += load_wanted - whole
            _fit(units, keys, whole)
            visits += [
                {"unit": unit, "visit": visit, "round": round_.id, "team": team}
                for unit, visit in keys
            ]
    return sorted(visits, key=lambda v: (v["unit"], v["visit"]))


def _slot_loads(load: list[int], whole: float, evenness: float) -> list[float]:
    """Scale the loads of the slots in use so that they sum to `whole`, none above a slot."""
    mean = sum(load) / max(1, sum(1 for x in load if x))
    loads = [min(TEAM_CAP, x + evenness * (mean - x)) if x else 0.0 for x in load]
    for _pass in range(30):
        open_ = sum(x for x in loads if 0 < x < TEAM_CAP)
        short = whole - sum(loads)
        if abs(short) < 1 or not open_:
            break
        factor = max(0.2, 1 + short / open_)
        loads = [min(float(TEAM_CAP), x * factor) if 0 < x < TEAM_CAP else x for x in loads]
    return loads


def _fit(units: list[Document], keys: list[tuple[int, int]], whole: int) -> None:
    """Give the visits of one slot efforts, multiples of 5, that sum to `whole`."""
    now = sum(_effort(units, key) for key in keys)
    left = whole
    for place, (unit, visit) in enumerate(keys):
        rest = 5 * (len(keys) - place - 1)  # every later visit takes at least 5
        share = 5 * round(_effort(units, (unit, visit)) * whole / (5 * now))
        is_last = place == len(keys) - 1
        effort = max(5, left if is_last else min(share, left - rest))
        units[unit]["effort" if visit == 0 else "effort2"] = effort
        left -= effort


def _effort(units: list[Document], key: tuple[int, int]) -> int:
    effort: int = units[key[0]]["effort" if key[1] == 0 else "effort2"]
    return effort


# --- the demands it keeps ---------------------------------------------------------------------


def _derive(
    dice: random.Random, units: list[Document], visits: Visits, rounds: list[_Round]
) -> None:
    at = {(visit["unit"], visit["visit"]): visit["round"] for visit in visits}
    for unit in units:
        here = {at[unit["id"], visit] for visit in range(unit["visits"])}
        month = rounds[at[unit["id"], 0]].month
        if dice.random() < 0.85:
            unit["last_month"] = dice.randint(-60, max(-60, min(-1, month - GAP_LAST)))
        if month < 48 and dice.random() < 0.42:
            unit["deadline_month"] = 36 if month < 36 and dice.random() < 0.25 else 48
        if dice.random() < 0.03:
            visit = dice.randrange(unit["visits"])
            unit["fixed"][str(visit)] = at[unit["id"], visit]
        if dice.random() < 0.03:
            start = dice.randrange(len(rounds))
            run = range(start, min(len(rounds), start + 4))
            unit["forbidden"] = [r for r in run if r not in here]


def _round_documents(units: list[Document], visits: Visits, rounds: list[_Round]) -> list[Document]:
    count = Counter(visit["round"] for visit in visits)
    skills = Counter((v["round"], s) for v in visits for s in units[v["unit"]]["skills"])
    slots = sum(round_.teams for round_ in rounds)
    documents = []
    for round_ in rounds:
        cap = {
            skill: max(
                skills[round_.id, skill],
                -(
                    -13
                    * sum(n for (_r, s), n in skills.items() if s == skill)
                    // (10 * len(rounds))
                ),
            )
            for skill in SCARCE
        }
        most = -(-5 * len(visits) * round_.teams // (4 * slots))
        documents.append(
            {
                "id": round_.id,
                "year": round_.year,
                "month": round_.month,
                "teams": round_.teams,
                "team_cap": TEAM_CAP,
                "days": 40,
                "people": 8,
                "skill_cap": cap,
                "max_units": max(most, count[round_.id]),
            }
        )
    return documents


def _coverage(units: int, visits: Visits, rounds: list[_Round]) -> list[int]:
    year = {round_.id: round_.year for round_ in rounds}
    years = Counter(year[visit["round"]] for visit in visits if visit["visit"] == 0)
    return [
        min(int(share * units), sum(many for y, many in years.items() if y <= number))
        for number, share in enumerate(COVERAGE_SHARES)
    ]
