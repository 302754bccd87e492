"""Every reason of the planner has a sentence, in both languages, that tells all it has to."""

import re
from pathlib import Path

import polib
import pytest
from django.utils import translation

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams.codes import Code as TeamsCode
from tanzhao.engines.planner.term.codes import VALUES
from tanzhao.engines.planner.term.codes import Code as TermCode
from tanzhao.inspections.planning.words import SENTENCES, ByNumber, sentence
from tanzhao.inspections.planning.words_teams import RULES

CATALOGUE = Path("tanzhao/locale/zh_Hans/LC_MESSAGES/django.po")
TEXTS = {"skill": "law", "role": "leader", "rule": "no_leader", "teams": "0, 3", "units": "1, 2"}
COUNTS = {"demand_group", "demand_skill", "demand_max_units", "demand_deadlines"}
COUNTS |= {"demand_not_befores", "demand_forbiddens", "demand_look_backs"}
COUNTS |= {"group_over_capacity", "group_over_units", "group_over_skill", "group_over_slots"}

# Written out a second time from the docstring of teams/codes.py.
TEAMS_VALUES = """
team_missing no_leader no_deputy seat_vacant: team
unknown_person barred_from_team is_deputy leads fills_seat no_replacement: person team
on_this_team makes_room: person team
wrong_size few_full_time few_women few_men few_experienced: team have need
lacks_skill: team skill have need
in_two_teams: person need
not_available: person
lends_too_many: unit have need
pin_missed pinned_to_team: team person role
works_there kin_works_there inspected_it_last native_township own_county: person team unit
worked_there: person team unit years
members_wanted leaders_wanted deputies_wanted full_time_wanted: teams need have recused
women_wanted men_wanted experienced_wanted: teams need have recused
skill_wanted: teams skill need have recused
seats_at_most: teams have
lends_at_most: units have need
gives_skill: person team skill have need
gives_full_time gives_woman gives_man gives_experience rank_missing: person team have need
costs_days: person team cost days
costs_distance: person team cost distance
costs_kind: person team cost
costs_overlap: person team cost with
costs_samehome: person team unit cost with
best_replacement: person team other cost
best_exchange: person team other other_team cost
on_other_team moved_to_team: person team other_team
lend_limit_reached: person unit have need
would_cost: person team other cost
would_save: person team other saves
would_break: person team other rule
"""


def _made() -> dict[str, Reason]:
    rows = (line.split(": ") for line in TEAMS_VALUES.strip().splitlines())
    wanted = {code: names.split() for codes, names in rows for code in codes.split()}
    wanted |= {str(code): list(names) for code, names in VALUES.items()}
    return {code: reason(code, **_sample(code, names)) for code, names in wanted.items()}


def _sample(code, names):
    values = {name: TEXTS.get(name, 40 + index) for index, name in enumerate(names)}
    if "visit" in values:
        values["visit"] = 1
    if code in COUNTS:
        values["units"] = 7
    if code == "demand_forbidden":
        values["rounds"] = "2, 3"
    return values


MADE = _made()


def test_every_code_of_both_engines_has_one_sentence_and_no_other_has():
    assert set(SENTENCES) == {*TermCode, *TeamsCode} == set(MADE)
    assert len(TermCode) + len(TeamsCode) == len(SENTENCES)


@pytest.mark.parametrize("code", sorted(MADE))
def test_a_sentence_is_whole_and_tells_its_numbers(code):
    with translation.override("en"):
        said = sentence(MADE[code])

    assert "%" not in said
    assert said[0] == said[0].upper()
    assert said.endswith(".")
    told = set(re.findall(r"%\((\w+)\)s", str(SENTENCES[code])))
    for number in told & {"need", "have", "missing", "cost", "saves", "days", "gap"}:
        assert str(MADE[code][number]) in said


def test_a_chinese_sentence_tells_what_the_english_one_does():
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    with translation.override("en"):
        english = {code: str(said) for code, said in SENTENCES.items()}

    wrong = {
        code
        for code, said in english.items()
        if not re.search("[一-鿿]", catalogue.get(said, ""))
        or _places(said) != _places(catalogue[said])
    }

    assert wrong == set()


def _places(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


def test_names_are_those_of_whoever_asks():
    class OfTheOffice(ByNumber):
        def unit(self, unit):
            return {34: "县财政局"}[unit]

        def round(self, round_id):
            return f"第{round_id + 1}轮"

    window = {"first": 2, "last": 2, "visits": 9, "pins": 3, "need": 2040, "have": 1920}
    one = reason("window_days", **window, missing=120)
    wide = reason("window_days", **{**window, "last": 4}, missing=120)
    with translation.override("en"):
        assert sentence(reason("unplaced", unit=34, visit=1), OfTheOffice()) == (
            "县财政局 has no place for its look-back."
        )
        assert sentence(one).startswith("Round 2: 120 person-days are missing.")
        assert sentence(wide).startswith("Round 2 to round 4: 120 person-days are missing.")
        assert sentence(reason("demand_forbidden", unit=34, rounds="2, 3"), OfTheOffice()) == (
            "县财政局 must not be visited in: 第3轮, 第4轮."
        )


def test_a_rule_that_a_change_would_break_is_named():
    broken = [*RULES]

    assert {"no_leader", "lacks_skill", "works_there", "lends_too_many"} <= set(broken)
    with translation.override("en"):
        said = sentence(reason("would_break", person=7, team=0, other=3, rule="no_leader"))
    assert said == "With person 7 in place of person 3, team 0 would break a rule: its leader."
