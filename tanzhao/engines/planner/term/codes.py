"""Every reason the term engine gives: its code, and the values that come with it.

`unit`, `round`, `group`, `team` and the like are ids of the problem. `visit`: 0 or 1. `year`: from
0. `earliest`, `deadline`, `month`: months of the term. `need`, `have`, `missing`: person-days,
visits or units, as the sentence says. `first` and `last`: ids of the rounds that begin and end a
window. `rounds` of demand_forbidden: a text of ids, as "2, 3". `pins`: visits that are fixed.
"""

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """The name of a reason; VALUES says what comes with it."""

    # A plan breaks a rule (checking.broken_rules); also why a visit moved or a round is closed
    PLACED_TWICE = "placed_twice"
    UNKNOWN_VISIT = "unknown_visit"
    NO_SUCH_TEAM = "no_such_team"
    UNPLACED = "unplaced"
    FORBIDDEN = "forbidden"
    FIXED = "fixed"
    EFFORT_OVER_SLOT = "effort_over_slot"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    LOOK_BACK_GAP = "look_back_gap"
    GROUP_SPLIT = "group_split"
    TOO_MANY_UNITS = "too_many_units"
    SKILL_SHORT = "skill_short"
    SLOT_OVERFULL = "slot_overfull"
    COVERAGE_SHORT = "coverage_short"

    # Why a visit has no place or had to move
    NO_ROOM = "no_room"
    NO_SLOTS = "no_slots"
    NO_PLACE_YET = "no_place_yet"
    MOVED_FOR_OTHERS = "moved_for_others"
    NO_ROUND_ALLOWED = "no_round_allowed"
    COVERAGE_UNREACHED = "coverage_unreached"
    FIRST_VISIT_UNPLACED = "first_visit_unplaced"
    NO_ROOM_FOUND = "no_room_found"

    # Clashes that counting proves (conflicts_counting, conflicts_windows); the demands follow
    NO_ROUND_LEFT = "no_round_left"
    NO_LOOK_BACK = "no_look_back"
    GROUP_APART = "group_apart"
    GROUP_OVER_CAPACITY = "group_over_capacity"
    GROUP_OVER_UNITS = "group_over_units"
    GROUP_OVER_SKILL = "group_over_skill"
    GROUP_OVER_SLOTS = "group_over_slots"
    PINS_OVER_SLOTS = "pins_over_slots"
    WINDOW_DAYS = "window_days"
    WINDOW_UNITS = "window_units"
    WINDOW_SKILL = "window_skill"
    WINDOW_LONG = "window_long"
    COVERAGE_UNITS = "coverage_units"
    COVERAGE_CAPACITY = "coverage_capacity"

    # Demands named as members of a clash
    DEMAND_FIXED = "demand_fixed"
    DEMAND_FORBIDDEN = "demand_forbidden"
    DEMAND_EFFORT = "demand_effort"
    DEMAND_NOT_BEFORE = "demand_not_before"
    DEMAND_DEADLINE = "demand_deadline"
    DEMAND_GROUP = "demand_group"
    DEMAND_COVERAGE = "demand_coverage"
    DEMAND_SKILL = "demand_skill"
    DEMAND_MAX_UNITS = "demand_max_units"
    DEMAND_DEADLINES = "demand_deadlines"
    DEMAND_NOT_BEFORES = "demand_not_befores"
    DEMAND_FORBIDDENS = "demand_forbiddens"
    DEMAND_LOOK_BACKS = "demand_look_backs"

    # What is missing, by the elastic model
    LACKS_DAYS = "lacks_days"
    LACKS_UNITS = "lacks_units"
    LACKS_SKILL_VISITS = "lacks_skill_visits"
    LACKS_COVERAGE = "lacks_coverage"

    # Answers to questions about a plan (explaining)
    IS_THERE = "is_there"
    IS_DECIDED = "is_decided"
    IS_JOINT = "is_joint"
    GOES_WITH_GROUP = "goes_with_group"
    ROUNDS_OPEN = "rounds_open"
    WAITING_COSTS = "waiting_costs"
    TRAVELS_WITH = "travels_with"
    TRAVELS_ALONE = "travels_alone"
    ONLY_ROUND = "only_round"
    NO_CHEAPER_ROUND = "no_cheaper_round"
    CHEAPER_ROUND = "cheaper_round"
    NOT_SEARCHED = "not_searched"
    MOVES = "moves"
    ROUND_WOULD_COST = "round_would_cost"
    ROUND_WOULD_SAVE = "round_would_save"


VALUES: Mapping[Code, tuple[str, ...]] = {
    Code.PLACED_TWICE: ("visits",),
    Code.UNKNOWN_VISIT: ("unit", "visit"),
    Code.NO_SUCH_TEAM: ("round", "team"),
    Code.UNPLACED: ("unit", "visit"),
    Code.FORBIDDEN: ("unit", "visit", "round"),
    Code.FIXED: ("unit", "visit", "round", "fixed"),
    Code.EFFORT_OVER_SLOT: ("unit", "visit", "round", "need", "have"),
    Code.TOO_SOON: ("unit", "visit", "round", "earliest"),
    Code.TOO_LATE: ("unit", "visit", "round", "deadline"),
    Code.LOOK_BACK_GAP: ("unit", "gap"),
    Code.GROUP_SPLIT: ("group", "rounds"),
    Code.TOO_MANY_UNITS: ("round", "have", "need"),
    Code.SKILL_SHORT: ("round", "skill", "have", "need"),
    Code.SLOT_OVERFULL: ("round", "team", "have", "need"),
    Code.COVERAGE_SHORT: ("year", "have", "need"),
    Code.NO_ROOM: ("round", "need", "have"),
    Code.NO_SLOTS: ("round", "need", "have"),
    Code.NO_PLACE_YET: ("unit", "visit"),
    Code.MOVED_FOR_OTHERS: ("unit", "visit", "round"),
    Code.NO_ROUND_ALLOWED: ("unit", "visit"),
    Code.COVERAGE_UNREACHED: ("unit", "visit"),
    Code.FIRST_VISIT_UNPLACED: ("unit", "visit"),
    Code.NO_ROOM_FOUND: ("unit", "visit", "rounds"),
    Code.NO_ROUND_LEFT: ("unit", "visit"),
    Code.NO_LOOK_BACK: ("unit", "gap_min", "gap_max"),
    Code.GROUP_APART: ("group",),
    Code.GROUP_OVER_CAPACITY: ("group", "units", "need", "have", "missing", "round"),
    Code.GROUP_OVER_UNITS: ("group", "units", "need", "have", "missing", "round"),
    Code.GROUP_OVER_SKILL: ("group", "units", "skill", "need", "have", "missing"),
    Code.GROUP_OVER_SLOTS: ("group", "units", "need", "have", "teams", "round"),
    Code.PINS_OVER_SLOTS: ("round", "need", "have", "teams", "slot"),
    Code.WINDOW_DAYS: ("first", "last", "visits", "pins", "need", "have", "missing"),
    Code.WINDOW_UNITS: ("first", "last", "visits", "pins", "need", "have", "missing"),
    Code.WINDOW_SKILL: ("first", "last", "visits", "pins", "skill", "need", "have", "missing"),
    Code.WINDOW_LONG: ("first", "last", "visits", "pins", "half", "need", "have", "missing"),
    Code.COVERAGE_UNITS: ("year", "need", "have", "missing"),
    Code.COVERAGE_CAPACITY: ("year", "need", "have", "missing", "days"),
    Code.DEMAND_FIXED: ("unit", "visit", "round"),
    Code.DEMAND_FORBIDDEN: ("unit", "rounds"),
    Code.DEMAND_EFFORT: ("unit", "visit", "need", "have"),
    Code.DEMAND_NOT_BEFORE: ("unit", "earliest"),
    Code.DEMAND_DEADLINE: ("unit", "deadline"),
    Code.DEMAND_GROUP: ("group", "units"),
    Code.DEMAND_COVERAGE: ("year", "need"),
    Code.DEMAND_SKILL: ("skill", "units"),
    Code.DEMAND_MAX_UNITS: ("units",),
    Code.DEMAND_DEADLINES: ("units",),
    Code.DEMAND_NOT_BEFORES: ("units",),
    Code.DEMAND_FORBIDDENS: ("units",),
    Code.DEMAND_LOOK_BACKS: ("units",),
    Code.LACKS_DAYS: ("round", "need", "have", "missing"),
    Code.LACKS_UNITS: ("round", "need", "have", "missing"),
    Code.LACKS_SKILL_VISITS: ("round", "skill", "need", "have", "missing"),
    Code.LACKS_COVERAGE: ("year", "need", "have", "missing"),
    Code.IS_THERE: ("unit", "visit", "round"),
    Code.IS_DECIDED: ("unit", "visit", "round"),
    Code.IS_JOINT: ("unit", "group", "others"),
    Code.GOES_WITH_GROUP: ("unit", "group"),
    Code.ROUNDS_OPEN: ("unit", "visit", "have", "need"),
    Code.WAITING_COSTS: ("unit", "visit", "round", "weight", "month", "cost"),
    Code.TRAVELS_WITH: ("unit", "visit", "round", "others", "cost"),
    Code.TRAVELS_ALONE: ("unit", "visit", "round", "others", "cost"),
    Code.ONLY_ROUND: (),
    Code.NO_CHEAPER_ROUND: ("round", "cost", "rounds"),
    Code.CHEAPER_ROUND: ("round", "saves"),
    Code.NOT_SEARCHED: ("round",),
    Code.MOVES: ("unit", "visit", "round", "to_round"),
    Code.ROUND_WOULD_COST: ("unit", "visit", "round", "cost", "moves"),
    Code.ROUND_WOULD_SAVE: ("unit", "visit", "round", "cost", "moves"),
}
