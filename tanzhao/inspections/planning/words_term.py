"""What the term engine gives as reasons, in sentences for a director."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanzhao.engines.planner.term.codes import Code

SENTENCES: Mapping[str, Promise] = {
    # A plan breaks a rule (checking.broken_rules); also why a visit moved or a round is closed
    Code.PLACED_TWICE: _("%(visits)s visits are placed more than once."),
    Code.UNKNOWN_VISIT: _(
        "The plan places a visit that the term does not have: %(unit)s, %(visit)s."
    ),
    Code.NO_SUCH_TEAM: _("%(round)s has no %(team)s."),
    Code.UNPLACED: _("%(unit)s has no place for its %(visit)s."),
    Code.FORBIDDEN: _("%(unit)s must not be visited in %(round)s."),
    Code.FIXED: _("The %(visit)s of %(unit)s is fixed in %(fixed)s; it cannot be in %(round)s."),
    Code.EFFORT_OVER_SLOT: _(
        "The %(visit)s of %(unit)s needs %(need)s person-days; one team of %(round)s can "
        "spend %(have)s."
    ),
    Code.TOO_SOON: _(
        "%(round)s is too soon for %(unit)s: since its last inspection it may not be visited "
        "before %(earliest)s."
    ),
    Code.TOO_LATE: _(
        "%(round)s is too late for %(unit)s: its first visit is due before %(deadline)s."
    ),
    Code.LOOK_BACK_GAP: _(
        "%(gap)s months lie between the first visit and the look-back of %(unit)s; that is "
        "not within what is allowed."
    ),
    Code.GROUP_SPLIT: _(
        "The units of %(group)s are spread over %(rounds)s rounds; they have to be visited in one."
    ),
    Code.TOO_MANY_UNITS: _("%(round)s would have %(need)s visits; it takes %(have)s at most."),
    Code.SKILL_SHORT: _(
        "%(round)s would have %(need)s visits that need %(skill)s; it can do %(have)s."
    ),
    Code.SLOT_OVERFULL: _(
        "%(team)s of %(round)s would have %(need)s person-days of work; it can spend %(have)s."
    ),
    Code.COVERAGE_SHORT: _(
        "By the end of %(year)s, %(have)s units are covered; %(need)s have to be."
    ),
    # Why a visit has no place or had to move
    Code.NO_ROOM: _(
        "%(round)s has no room: all its visits would need %(need)s person-days, there are %(have)s."
    ),
    Code.NO_SLOTS: _(
        "The visits of %(round)s would need %(need)s of its %(have)s person-days, but they "
        "cannot be divided among its teams."
    ),
    Code.NO_PLACE_YET: _("The %(visit)s of %(unit)s is new and has no round yet."),
    Code.MOVED_FOR_OTHERS: _("The %(visit)s of %(unit)s left %(round)s together with others."),
    Code.NO_ROUND_ALLOWED: _("No round is open to the %(visit)s of %(unit)s."),
    Code.COVERAGE_UNREACHED: _(
        "The %(visit)s of %(unit)s would come too late for what has to be covered by then."
    ),
    Code.FIRST_VISIT_UNPLACED: _(
        "The %(visit)s of %(unit)s waits for the first visit, which has no place."
    ),
    Code.NO_ROOM_FOUND: _(
        "No room was found for the %(visit)s of %(unit)s in any of the %(count)s rounds open to it."
    ),
    # Clashes that counting proves (conflicts_counting, conflicts_windows); the demands follow
    Code.NO_ROUND_LEFT: _("The demands on the %(visit)s of %(unit)s leave it no round."),
    Code.NO_LOOK_BACK: _(
        "The look-back of %(unit)s has to follow its first visit by %(gap_min)s to "
        "%(gap_max)s months; no two rounds open to it are so far apart."
    ),
    Code.GROUP_APART: _("The units of %(group)s have no round in common."),
    Code.GROUP_OVER_CAPACITY: _(
        "The %(units)s units of %(group)s need %(need)s person-days in one round; %(round)s, "
        "the largest open to them, has %(have)s: %(missing)s too few."
    ),
    Code.GROUP_OVER_UNITS: _(
        "%(group)s has %(need)s units for one round; %(round)s takes %(have)s, the most of "
        "those open to them: %(missing)s too few."
    ),
    Code.GROUP_OVER_SKILL: _(
        "%(need)s units of %(group)s need %(skill)s in one round; no round open to them can "
        "do more than %(have)s: %(missing)s too few."
    ),
    Code.GROUP_OVER_SLOTS: _(
        "The %(units)s units of %(group)s cannot be divided among the teams of any round open"
        " to them; even %(round)s, with %(teams)s teams, does not hold them: %(need)s of "
        "%(have)s person-days."
    ),
    Code.PINS_OVER_SLOTS: _(
        "What is fixed in %(round)s cannot be divided among its %(teams)s teams of %(slot)s "
        "person-days: %(need)s of %(have)s person-days, but the visits are too long to share "
        "them."
    ),
    Code.WINDOW_DAYS: _(
        "%(span)s: %(missing)s person-days are missing. The %(visits)s visits that can go "
        "nowhere else (%(pins)s of them fixed) need %(need)s person-days; there are %(have)s."
    ),
    Code.WINDOW_UNITS: _(
        "%(span)s: %(need)s visits can go nowhere else (%(pins)s of them fixed), and %(have)s"
        " at most can be done: %(missing)s too many."
    ),
    Code.WINDOW_SKILL: _(
        "%(span)s: %(need)s visits that need %(skill)s can go nowhere else, and %(have)s can "
        "be done: %(missing)s too many."
    ),
    Code.WINDOW_LONG: _(
        "%(span)s: %(need)s visits longer than %(half)s person-days can go nowhere else. No "
        "team can do two of them, and there are %(have)s teams: %(missing)s too few."
    ),
    Code.COVERAGE_UNITS: _(
        "By the end of %(year)s, %(need)s units have to be covered, but only %(have)s may be "
        "visited by then: %(missing)s too few."
    ),
    Code.COVERAGE_CAPACITY: _(
        "By the end of %(year)s, %(need)s units have to be covered. The %(days)s person-days "
        "until then are enough for %(have)s at most: %(missing)s too few."
    ),
    # Demands named as members of a clash
    Code.DEMAND_FIXED: _("The %(visit)s of %(unit)s is fixed in %(round)s."),
    Code.DEMAND_FORBIDDEN: _("%(unit)s must not be visited in: %(rounds)s."),
    Code.DEMAND_EFFORT: _(
        "The %(visit)s of %(unit)s needs %(need)s person-days; the largest team has %(have)s."
    ),
    Code.DEMAND_NOT_BEFORE: _(
        "%(unit)s may not be visited before %(earliest)s, since its last inspection."
    ),
    Code.DEMAND_DEADLINE: _("The first visit of %(unit)s is due before %(deadline)s."),
    Code.DEMAND_GROUP: _("The %(units)s units of %(group)s are visited in one round."),
    Code.DEMAND_COVERAGE: _("By the end of %(year)s, %(need)s units are covered."),
    Code.DEMAND_SKILL: _("%(units)s units need %(skill)s, which each round has only so much of."),
    Code.DEMAND_MAX_UNITS: _("Each round takes only so many visits."),
    Code.DEMAND_DEADLINES: _("%(units)s units have a deadline for their first visit."),
    Code.DEMAND_NOT_BEFORES: _(
        "%(units)s units may not be visited too soon after their last inspection."
    ),
    Code.DEMAND_FORBIDDENS: _("%(units)s units have rounds in which they must not be visited."),
    Code.DEMAND_LOOK_BACKS: _(
        "%(units)s units have a look-back, which has to follow the first visit within set months."
    ),
    # What is missing, by the elastic model
    Code.LACKS_DAYS: _(
        "%(round)s is short of %(missing)s person-days: %(need)s are needed, there are %(have)s."
    ),
    Code.LACKS_UNITS: _(
        "%(round)s would have to take %(need)s visits; it takes %(have)s: %(missing)s too many."
    ),
    Code.LACKS_SKILL_VISITS: _(
        "%(round)s would have to do %(need)s visits that need %(skill)s; it can do %(have)s: "
        "%(missing)s too many."
    ),
    Code.LACKS_COVERAGE: _(
        "By the end of %(year)s, %(have)s units can be covered; %(need)s have to be: "
        "%(missing)s too few."
    ),
    # Answers to questions about a plan (explaining)
    Code.IS_THERE: _("The %(visit)s of %(unit)s is in %(round)s."),
    Code.IS_DECIDED: _("It is decided: the %(visit)s of %(unit)s is fixed in %(round)s."),
    Code.IS_JOINT: _(
        "%(unit)s belongs to %(group)s and goes together with %(others)s other units."
    ),
    Code.GOES_WITH_GROUP: _(
        "%(unit)s goes with the other units of %(group)s, one of which cannot be there."
    ),
    Code.ROUNDS_OPEN: _(
        "%(have)s of %(need)s rounds are open to the %(visit)s of %(unit)s by its rules."
    ),
    Code.WAITING_COSTS: _(
        "Each month of waiting costs %(weight)s; in %(round)s (%(month)s) that is %(cost)s."
    ),
    Code.TRAVELS_WITH: _(
        "%(others)s other visits of its cluster are in %(round)s; going there once more costs"
        " nothing."
    ),
    Code.TRAVELS_ALONE: _(
        "It is the only visit of its cluster in %(round)s, which costs %(cost)s."
    ),
    Code.ONLY_ROUND: _("No other round is possible as things stand."),
    Code.NO_CHEAPER_ROUND: _(
        "Of %(count)s other rounds that are possible, none is cheaper; the next best is "
        "%(round)s, for %(cost)s more."
    ),
    Code.CHEAPER_ROUND: _(
        "%(round)s would be cheaper by %(saves)s; the plan is not the best in this."
    ),
    Code.NOT_SEARCHED: _(
        "What else would have to move for %(round)s was not found out in the time given."
    ),
    Code.MOVES: _("The %(visit)s of %(unit)s would move from %(round)s to %(to_round)s."),
    Code.ROUND_WOULD_COST: _(
        "In %(round)s the %(visit)s of %(unit)s would cost %(cost)s more; other visits that "
        "would have to move: %(moves)s."
    ),
    Code.ROUND_WOULD_SAVE: _(
        "In %(round)s the %(visit)s of %(unit)s would cost %(cost)s less; other visits that "
        "would have to move: %(moves)s."
    ),
}
