"""What the teams engine gives as reasons, in sentences for a director."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanzhao.engines.planner.teams.codes import Code

SENTENCES: Mapping[str, Promise] = {
    # Broken rules
    Code.TEAM_MISSING: _("%(team)s is missing."),
    Code.UNKNOWN_PERSON: _("%(team)s has somebody who is not in the talent pool: %(person)s."),
    Code.WRONG_SIZE: _("%(team)s has %(have)s members; it should have %(need)s."),
    Code.NO_LEADER: _("%(team)s has no leader of the grade that leads."),
    Code.NO_DEPUTY: _("%(team)s has no deputy leader of the grade for it."),
    Code.LACKS_SKILL: _("%(team)s has %(have)s people with %(skill)s; it needs %(need)s."),
    Code.FEW_FULL_TIME: _("%(team)s has %(have)s full-time inspectors; it needs %(need)s."),
    Code.FEW_WOMEN: _("%(team)s has %(have)s women; it needs %(need)s."),
    Code.FEW_MEN: _("%(team)s has %(have)s men; it needs %(need)s."),
    Code.FEW_EXPERIENCED: _(
        "%(team)s has %(have)s people who have served in two rounds; it needs %(need)s."
    ),
    Code.IN_TWO_TEAMS: _("%(person)s is on %(need)s teams at once."),
    Code.NOT_AVAILABLE: _("%(person)s is not available in this round."),
    Code.LENDS_TOO_MANY: _("%(unit)s would lend %(need)s people at once; %(have)s are allowed."),
    Code.PIN_MISSED: _("%(person)s was decided to be on %(team)s (%(role)s) and is not."),
    Code.BARRED_FROM_TEAM: _("It was decided that %(person)s is not on %(team)s."),
    # Recusal
    Code.WORKS_THERE: _("%(person)s works at %(unit)s, which %(team)s inspects."),
    Code.WORKED_THERE: _(
        "%(person)s worked at %(unit)s, which %(team)s inspects, until %(years)s years ago."
    ),
    Code.KIN_WORKS_THERE: _("Kin of %(person)s work at %(unit)s, which %(team)s inspects."),
    Code.INSPECTED_IT_LAST: _(
        "%(person)s inspected %(unit)s in the last round; now %(team)s does."
    ),
    Code.NATIVE_TOWNSHIP: _(
        "%(unit)s, which %(team)s inspects, is in the native township of %(person)s."
    ),
    Code.OWN_COUNTY: _(
        "%(unit)s, which %(team)s inspects across counties, is in the county of %(person)s."
    ),
    # Demands that cannot hold together
    Code.MEMBERS_WANTED: _(
        "%(teams)s together want %(need)s members; %(have)s people could be on them (recused "
        "from all of them: %(recused)s)."
    ),
    Code.LEADERS_WANTED: _(
        "%(teams)s together want %(need)s leaders; %(have)s people could lead them (recused "
        "from all of them: %(recused)s)."
    ),
    Code.DEPUTIES_WANTED: _(
        "%(teams)s together want %(need)s leaders and deputy leaders; %(have)s people could "
        "be that (recused from all of them: %(recused)s)."
    ),
    Code.SKILL_WANTED: _(
        "%(teams)s together want %(need)s people with %(skill)s; there are %(have)s (recused "
        "from all of them: %(recused)s)."
    ),
    Code.FULL_TIME_WANTED: _(
        "%(teams)s together want %(need)s full-time inspectors; there are %(have)s (recused "
        "from all of them: %(recused)s)."
    ),
    Code.WOMEN_WANTED: _(
        "%(teams)s together want %(need)s women; there are %(have)s (recused from all of "
        "them: %(recused)s)."
    ),
    Code.MEN_WANTED: _(
        "%(teams)s together want %(need)s men; there are %(have)s (recused from all of them: "
        "%(recused)s)."
    ),
    Code.EXPERIENCED_WANTED: _(
        "%(teams)s together want %(need)s people who have served in two rounds; there are "
        "%(have)s (recused from all of them: %(recused)s)."
    ),
    Code.SEATS_AT_MOST: _("%(teams)s have %(have)s seats, all together."),
    Code.LENDS_AT_MOST: _(
        "%(units)s lend %(have)s people at most, all together; %(need)s of theirs are available."
    ),
    Code.PINNED_TO_TEAM: _("It was decided that %(person)s is on %(team)s (%(role)s)."),
    # Why somebody is on a team
    Code.LEADS: _("%(person)s leads %(team)s."),
    Code.IS_DEPUTY: _("%(person)s is deputy leader of %(team)s."),
    Code.GIVES_SKILL: _(
        "%(person)s has %(skill)s: %(team)s needs %(need)s such people and has %(have)s."
    ),
    Code.GIVES_FULL_TIME: _(
        "%(person)s is full-time: %(team)s needs %(need)s such people and has %(have)s."
    ),
    Code.GIVES_WOMAN: _(
        "%(person)s is one of the women: %(team)s needs %(need)s and has %(have)s."
    ),
    Code.GIVES_MAN: _("%(person)s is one of the men: %(team)s needs %(need)s and has %(have)s."),
    Code.GIVES_EXPERIENCE: _(
        "%(person)s has served in two rounds: %(team)s needs %(need)s such people and has %(have)s."
    ),
    Code.FILLS_SEAT: _(
        "No demand of %(team)s hangs on %(person)s, who fills a seat and was taken for the "
        "cost alone."
    ),
    Code.COSTS_DAYS: _(
        "%(person)s has been on teams for %(days)s days this year: that counts %(cost)s."
    ),
    Code.COSTS_DISTANCE: _(
        "The way of %(person)s to %(team)s is %(distance)s of 10: that counts %(cost)s."
    ),
    Code.COSTS_KIND: _(
        "%(person)s led units of the same kind in the last round: that counts %(cost)s."
    ),
    Code.COSTS_OVERLAP: _(
        "%(person)s was on one team in the last round with %(with)s other members of "
        "%(team)s: that counts %(cost)s."
    ),
    Code.COSTS_SAMEHOME: _(
        "%(with)s other members of %(team)s are lent by %(unit)s too, like %(person)s: that "
        "counts %(cost)s."
    ),
    Code.BEST_REPLACEMENT: _(
        "The best replacement for %(person)s on %(team)s would be %(other)s; the cost would "
        "change by %(cost)s."
    ),
    Code.BEST_EXCHANGE: _(
        "The best exchange for %(person)s on %(team)s would be %(other)s of %(other_team)s; "
        "the cost would change by %(cost)s."
    ),
    Code.NO_REPLACEMENT: _(
        "Nobody could take the seat of %(person)s on %(team)s, nor by exchange."
    ),
    # Why somebody is not on a team
    Code.ON_THIS_TEAM: _("%(person)s is on %(team)s."),
    Code.ON_OTHER_TEAM: _("%(person)s is on %(other_team)s."),
    Code.LEND_LIMIT_REACHED: _(
        "With %(person)s, %(unit)s would lend %(need)s people at once; %(have)s are allowed."
    ),
    Code.RANK_MISSING: _(
        "The seat of %(team)s needs grade %(need)s; %(person)s has grade %(have)s."
    ),
    Code.WOULD_COST: _("With %(person)s in place of %(other)s, %(team)s would cost %(cost)s more."),
    Code.WOULD_SAVE: _(
        "With %(person)s in place of %(other)s, %(team)s would cost %(saves)s less."
    ),
    Code.WOULD_BREAK: _(
        "With %(person)s in place of %(other)s, %(team)s would break a rule: %(rule)s."
    ),
    # Why a seat changes
    Code.SEAT_VACANT: _("%(team)s had a vacant seat."),
    Code.MAKES_ROOM: _("%(person)s leaves %(team)s for somebody whom it needs."),
    Code.MOVED_TO_TEAM: _("%(person)s is needed on %(other_team)s."),
}

# What a rule is about, where a sentence only points at it.
RULES: Mapping[str, Promise] = {
    Code.WRONG_SIZE: _("its number of members"),
    Code.NO_LEADER: _("its leader"),
    Code.NO_DEPUTY: _("its deputy leader"),
    Code.LACKS_SKILL: _("a skill it needs"),
    Code.FEW_FULL_TIME: _("full-time inspectors"),
    Code.FEW_WOMEN: _("women"),
    Code.FEW_MEN: _("men"),
    Code.FEW_EXPERIENCED: _("people who have served in two rounds"),
    Code.IN_TWO_TEAMS: _("nobody on two teams"),
    Code.NOT_AVAILABLE: _("who is available"),
    Code.LENDS_TOO_MANY: _("how many a unit lends"),
    Code.PIN_MISSED: _("what was decided"),
    Code.BARRED_FROM_TEAM: _("what was decided"),
    Code.TEAM_MISSING: _("all teams are there"),
    Code.UNKNOWN_PERSON: _("people of the talent pool"),
    Code.WORKS_THERE: _("rules of recusal"),
    Code.WORKED_THERE: _("rules of recusal"),
    Code.KIN_WORKS_THERE: _("rules of recusal"),
    Code.INSPECTED_IT_LAST: _("rules of recusal"),
    Code.NATIVE_TOWNSHIP: _("rules of recusal"),
    Code.OWN_COUNTY: _("rules of recusal"),
}
