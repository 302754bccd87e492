"""Each rule on plain values: one refusal and one pass that differ in a single fact."""

import datetime as dt
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.utils import translation

from tanzhao.inspections.queries.facts import county_of, recusal_pack
from tanzhao.inspections.recusal import (
    PAIR_CHECKS,
    PERSON_CHECKS,
    UNIT_CHECKS,
    FormerPlace,
    Person,
    Place,
    Rule,
    Setting,
    Target,
    conflicts_of,
    conflicts_of_team,
    is_same_place,
    plain_name,
    town_stem,
)

CODES = [*UNIT_CHECKS, *PAIR_CHECKS, *PERSON_CHECKS]
SETTING = Setting(
    rules={code: Rule(code, code, "refuse", waivable=True) for code in CODES},
    look_back_years=3,
    starts=dt.date(2026, 3, 1),
    county="岚水县",
)
TOWN, BUREAU = uuid4(), uuid4()
VILLAGE = Target(uuid4(), "马营镇东洼村", above=(Place("马营镇", TOWN),))
FINANCE = Target(BUREAU, "县财政局")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def person(**facts):
    return Person(**{"id": uuid4(), "name": "王芳", **facts})


def broken(someone, target=FINANCE, colleagues=(), setting=SETTING):
    found = conflicts_of(someone, targets=[target], colleagues=colleagues, setting=setting)
    return [(conflict.rule.code, conflict.fact) for conflict in found]


def test_a_person_may_not_inspect_their_own_workplace():
    assert broken(person(workplace=Place("县财政局", BUREAU))) == [
        ("own_workplace", "王芳 works in 县财政局.")
    ]
    assert broken(person(workplace=Place("县审计局", uuid4()))) == []


def test_who_works_in_a_township_may_not_inspect_its_villages():
    assert broken(person(workplace=Place("马营镇", TOWN)), VILLAGE) == [
        ("own_workplace", "王芳 works in 马营镇 (above 马营镇东洼村).")
    ]
    assert broken(person(workplace=Place("双河镇", uuid4())), VILLAGE) == []


def test_who_works_in_a_village_may_inspect_its_township():
    town = Target(TOWN, "马营镇")

    assert broken(person(workplace=Place(VILLAGE.name, VILLAGE.id)), town) == []
    assert broken(person(workplace=Place(VILLAGE.name, VILLAGE.id)), VILLAGE) != []


def test_who_works_in_what_merged_into_a_unit_may_not_inspect_it():
    gone = Place("县盐业局", uuid4())
    grown = replace(FINANCE, taken_up=(gone,))

    for fact in ({"workplace": gone}, {"declared": (gone,)}):
        ((_code, said),) = broken(person(**fact), grown)
        assert "县盐业局 (merged, now in 县财政局)" in said
        assert broken(person(**fact)) == []


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (dt.date(2023, 3, 1), "王芳 worked in 县财政局 until 2023-03-01."),
        (dt.date(2023, 2, 28), None),
        (None, "王芳 once worked in 县财政局; until when is not known."),
    ],
)
def test_a_former_workplace_counts_within_the_look_back_years_or_if_its_end_is_unknown(
    until, expected
):
    found = broken(person(former=(FormerPlace(Place("县财政局"), until),)))

    elsewhere = broken(person(former=(FormerPlace(Place("县审计局"), until),)))

    assert found == ([("former_workplace", expected)] if expected else [])
    assert elsewhere == []


def test_a_look_back_from_29_february_reaches_28_february():
    leap = replace(SETTING, starts=dt.date(2024, 2, 29))

    for day, is_broken in ((28, True), (27, False)):
        former = FormerPlace(Place("县财政局"), dt.date(2021, 2, day))
        assert bool(broken(person(former=(former,)), setting=leap)) is is_broken


def test_a_declared_unit_and_what_is_beneath_it_is_off_limits():
    declared = person(declared=(Place("马营镇", TOWN),))

    assert [code for code, _fact in broken(declared, VILLAGE)] == ["declared_unit"]
    assert broken(declared, FINANCE) == []


@pytest.mark.parametrize(
    "native",
    ["马营镇", "马营乡", "马营", "岚水县马营镇", "岚水马营", "甘肃省岚水县马营镇东洼村"],
)
def test_nobody_inspects_their_native_township_however_it_is_written(native):
    assert broken(person(native_place=native), VILLAGE) == [
        ("native_township", f"The native place of 王芳 is {native}, where 马营镇东洼村 is.")
    ]


def test_the_fact_says_whether_the_unit_is_the_township_or_lies_in_it():
    home = person(native_place="马营镇")

    assert broken(home, Target(TOWN, "马营镇人民政府")) == [
        ("native_township", "The native place of 王芳 is 马营镇, the inspected unit.")
    ]
    assert broken(home, Target(uuid4(), "马营镇卫生院")) == [
        ("native_township", "The native place of 王芳 is 马营镇, where 马营镇卫生院 is.")
    ]


@pytest.mark.parametrize(
    "native", ["", "岚水县", "甘肃岚水", "双河镇", "渭源县马营镇", "西马营镇", "县财政局"]
)
def test_another_native_place_is_no_conflict(native):
    assert broken(person(native_place=native), VILLAGE) == []


def test_a_native_township_in_an_unknown_county_is_looked_at_without_its_county():
    anywhere = replace(SETTING, county="")

    assert broken(person(native_place="渭源县马营镇"), VILLAGE, setting=anywhere) != []
    assert broken(person(native_place="渭源县双河镇"), VILLAGE, setting=anywhere) == []


def test_whoever_inspected_the_unit_last_time_is_named():
    before = uuid4()
    known = replace(FINANCE, last_round=5, last_inspectors=frozenset({before}))

    assert broken(person(id=before), known) == [
        ("same_unit_last_round", "王芳 served on the team that inspected 县财政局 last time.")
    ]
    assert broken(person(past_rounds=frozenset({5})), known) == []


def test_serving_in_the_round_that_inspected_the_unit_is_told_with_its_doubt():
    imported = replace(FINANCE, last_round=5)

    assert [code for code, _ in broken(person(past_rounds=frozenset({5})), imported)] == [
        "same_unit_last_round"
    ]
    assert broken(person(past_rounds=frozenset({4})), imported) == []
    assert broken(person(past_rounds=frozenset({5})), FINANCE) == []


@pytest.mark.parametrize(
    ("facts", "is_broken"),
    [
        ({"workplace": Place("岚水县审计局")}, True),
        ({"workplace": Place("县统计局")}, False),
        ({"workplace": Place("县审计局"), "is_lent": False}, False),
    ],
    ids=["same unit", "another unit", "own staff is not lent"],
)
def test_one_unit_lends_one_member_to_a_team(facts, is_broken):
    first = person(name="李强", workplace=Place("县审计局"))

    found = broken(person(**facts), colleagues=[first])

    assert [code for code, _fact in found] == (["two_from_one_unit"] if is_broken else [])


def test_a_person_without_a_workplace_shares_it_with_nobody():
    assert broken(person(), colleagues=[person(name="李强")]) == []


def test_nobody_is_in_two_teams_and_nobody_can_waive_that():
    conflicts = conflicts_of(
        person(other_teams=(2,)), targets=[FINANCE], colleagues=[], setting=SETTING
    )

    assert [(c.rule.code, c.is_waivable) for c in conflicts] == [("one_inspector_two_teams", False)]
    assert broken(person(other_teams=())) == []


def test_a_conflict_between_two_members_of_a_team_is_named_once():
    pair = [person(workplace=Place("县审计局")), person(workplace=Place("县审计局"))]

    found = conflicts_of_team(pair, targets=[], setting=SETTING)

    assert [c.rule.code for c in found] == ["two_from_one_unit"]
    assert {key[1] for key in found[0].keys} == {one.id for one in pair}


def test_a_rule_struck_out_of_the_pack_is_not_asked():
    without = replace(SETTING, rules={"declared_unit": SETTING.rules["declared_unit"]})

    assert broken(person(workplace=Place("县财政局")), setting=without) == []
    assert broken(person(declared=(Place("县财政局"),)), setting=without) != []


def test_a_warning_is_never_waived_and_a_refusal_only_if_the_pack_says_so():
    def asked(severity, *, waivable):
        rule = Rule("own_workplace", "", severity, waivable=waivable)
        setting = replace(SETTING, rules={"own_workplace": rule})
        someone = person(workplace=Place("县财政局"))
        (found,) = conflicts_of(someone, targets=[FINANCE], colleagues=[], setting=setting)
        return found.is_refusal, found.is_waivable

    assert asked("refuse", waivable=True) == (True, True)
    assert asked("refuse", waivable=False) == (True, False)
    assert asked("warn", waivable=True) == (False, False)


def test_every_rule_of_the_pack_has_a_check_and_every_check_a_rule():
    assert sorted(rule["code"] for rule in recusal_pack().body["rules"]) == sorted(CODES)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("县财政局", "岚水县财政局", True),
        ("马营镇", "岚水县马营镇人民政府", True),
        ("中共马营镇委员会", "马营镇", True),
        ("县财政局 ", "县财政局", True),
        ("县财政局", "县审计局", False),
        ("", "", False),
    ],
)
def test_one_organisation_is_known_under_each_of_its_names(one, other, is_same):
    assert is_same_place(Place(one), Place(other), "岚水县") is is_same


def test_two_units_of_the_same_name_are_told_apart_by_their_keys():
    assert is_same_place(Place("一中", UUID(int=1)), Place("一中", UUID(int=1)))
    assert not is_same_place(Place("一中", UUID(int=1)), Place("一中", UUID(int=2)))


def test_names_are_made_plain():
    assert plain_name("中共岚水县委员会", "岚水县") == "委员会"
    assert town_stem("城关街道办事处") == "城关"
    assert town_stem("唐镇") == "唐镇"
    assert town_stem("白石民族乡") == "白石"


@pytest.mark.parametrize(
    ("committee", "county"),
    [("中共岚水县委", "岚水县"), ("中共岚水县委员会", "岚水县"), ("某集团党委", "")],
)
def test_the_county_is_read_from_the_committees_name(committee, county):
    assert county_of(committee) == county
