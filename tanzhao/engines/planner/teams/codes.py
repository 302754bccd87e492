"""Every reason the teams engine gives: its code, and the values that come with it.

A `team`, `person` or `unit` is an id of the problem; `teams` is a text of ids, as "0,3,11"; `have`
and `need` count people; `cost` and `saves` are in the cost of planning-format.md.

Broken rules (`checking.broken_rules`, `TeamsPlan.breaks`, `Candidate.breaks`)
    team_missing             team
    unknown_person           person, team
    wrong_size               team, have, need
    no_leader, no_deputy     team
    lacks_skill              team, skill, have, need
    few_full_time, few_women, few_men, few_experienced     team, have, need
    in_two_teams             person, need (how many teams)
    not_available            person
    lends_too_many           unit, have (allowed), need (lent)
    pin_missed               team, person, role ("member", "leader" or "deputy")
    barred_from_team         team, person
Recusal (`checking.conflict_of`; also among broken rules), each with person, team, unit
    works_there, kin_works_there, inspected_it_last, native_township, own_county
    worked_there             and years (ago)
Demands that cannot hold together (`TeamsPlan.conflict`), with teams, need (people wanted by them
together), have (people available who could do it in at least one of them, within the lending
limits named beside), recused (people
available who have what is wanted, but are recused from all of them)
    members_wanted, leaders_wanted, full_time_wanted, women_wanted, men_wanted, experienced_wanted
    deputies_wanted          leaders and deputies together: two for each team
    skill_wanted             and skill
and, among the same demands
    seats_at_most            teams, have (seats that these teams have, all together)
    lends_at_most            units (a text of ids), have (what they lend at most, all together),
                             need (of their people, available for these teams)
    pinned_to_team           team, person, role; the fact against it follows, where there is one
                             (recusal, barred_from_team, not_available, rank_missing)
    barred_from_team         team, person: who would meet what is wanted there
Why somebody is on a team (`explaining.why_person`)
    leads, is_deputy         person, team
    pinned_to_team           team, person, role
    gives_skill              person, team, skill, have (on the team), need
    gives_full_time, gives_woman, gives_man, gives_experience      person, team, have, need
    fills_seat               person, team: no demand hangs on this person; chosen by cost alone
    costs_days               person, team, cost, days (of this year so far)
    costs_distance           person, team, cost, distance (0 to 10)
    costs_kind               person, team, cost: led the same kind of unit in the last round
    costs_overlap            person, team, cost, with (members of the same former team)
    costs_samehome           person, team, unit, cost, with (members lent by the same unit)
    best_replacement         person, team, other, cost (more than now; 0 or less if no worse)
    best_exchange            person, team, other, other_team, cost
    no_replacement           person, team: nobody free could take the seat, nor anybody by exchange
Why somebody is not on a team (`explaining.why_not_person`), besides recusal, not_available,
barred_from_team and unknown_person
    on_this_team             person, team
    on_other_team            person, team, other_team
    lend_limit_reached       person, unit, have (allowed), need (lent, this person included)
    rank_missing             person, team, need (rank that a leader or deputy has), have
    would_cost               person, team, other (who would leave), cost (more than now)
    would_save               person, team, other (who would leave), saves
    would_break              person, team, other (who would leave), rule (code of the rule broken)
Why a seat changes (`SeatChange.reasons`), besides recusal, not_available, barred_from_team,
pinned_to_team, lends_too_many and what is said of the team above as a broken rule
    seat_vacant              team: the seat had nobody
    makes_room               team, person: leaves for somebody this team needs
    moved_to_team            person, team, other_team: is needed on the other team
"""

from enum import StrEnum


class Code(StrEnum):
    """The name of a reason; the docstring of this module says what values each has."""

    TEAM_MISSING = "team_missing"
    UNKNOWN_PERSON = "unknown_person"
    WRONG_SIZE = "wrong_size"
    NO_LEADER = "no_leader"
    NO_DEPUTY = "no_deputy"
    LACKS_SKILL = "lacks_skill"
    FEW_FULL_TIME = "few_full_time"
    FEW_WOMEN = "few_women"
    FEW_MEN = "few_men"
    FEW_EXPERIENCED = "few_experienced"
    IN_TWO_TEAMS = "in_two_teams"
    NOT_AVAILABLE = "not_available"
    LENDS_TOO_MANY = "lends_too_many"
    PIN_MISSED = "pin_missed"
    BARRED_FROM_TEAM = "barred_from_team"

    WORKS_THERE = "works_there"
    WORKED_THERE = "worked_there"
    KIN_WORKS_THERE = "kin_works_there"
    INSPECTED_IT_LAST = "inspected_it_last"
    NATIVE_TOWNSHIP = "native_township"
    OWN_COUNTY = "own_county"

    MEMBERS_WANTED = "members_wanted"
    LEADERS_WANTED = "leaders_wanted"
    DEPUTIES_WANTED = "deputies_wanted"
    SKILL_WANTED = "skill_wanted"
    FULL_TIME_WANTED = "full_time_wanted"
    WOMEN_WANTED = "women_wanted"
    MEN_WANTED = "men_wanted"
    EXPERIENCED_WANTED = "experienced_wanted"
    SEATS_AT_MOST = "seats_at_most"
    LENDS_AT_MOST = "lends_at_most"
    PINNED_TO_TEAM = "pinned_to_team"

    LEADS = "leads"
    IS_DEPUTY = "is_deputy"
    GIVES_SKILL = "gives_skill"
    GIVES_FULL_TIME = "gives_full_time"
    GIVES_WOMAN = "gives_woman"
    GIVES_MAN = "gives_man"
    GIVES_EXPERIENCE = "gives_experience"
    FILLS_SEAT = "fills_seat"
    COSTS_DAYS = "costs_days"
    COSTS_DISTANCE = "costs_distance"
    COSTS_KIND = "costs_kind"
    COSTS_OVERLAP = "costs_overlap"
    COSTS_SAMEHOME = "costs_samehome"
    BEST_REPLACEMENT = "best_replacement"
    BEST_EXCHANGE = "best_exchange"
    NO_REPLACEMENT = "no_replacement"

    ON_THIS_TEAM = "on_this_team"
    ON_OTHER_TEAM = "on_other_team"
    LEND_LIMIT_REACHED = "lend_limit_reached"
    RANK_MISSING = "rank_missing"
    WOULD_COST = "would_cost"
    WOULD_SAVE = "would_save"
    WOULD_BREAK = "would_break"

    SEAT_VACANT = "seat_vacant"
    MAKES_ROOM = "makes_room"
    MOVED_TO_TEAM = "moved_to_team"
