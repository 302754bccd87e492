"""Every pack that is shipped obeys the schema of its kind, and says what the code relies on."""

import json
import tomllib
from collections import Counter

import pytest

from tanzhao.engines.screening.tables import NUMBERS, Kind
from tanzhao.kernel.packs import SHIPPED, packs_of_kind, read_pack
from tanzhao.kernel.packs.schemas import SCHEMAS, SEPARATOR
from tanzhao.kernel.packs.screening import KINDS
from tanzhao.kernel.sheets.pack import heading_pack

FILES = sorted(SHIPPED.rglob("pack.toml"))
FRAMES = {pack.name: pack for pack in packs_of_kind("frame")}
VOCABULARIES = {pack.name: pack for pack in packs_of_kind("vocabulary")}

# Written out a second time, by hand: codes that old records may carry. Add to it, never take away.
CODES = {
    "five-buildings": """
        politics politics.duty politics.collective politics.deployment politics.key_tasks
        politics.rules politics.rectification
        ideology ideology.responsibility ideology.study ideology.first_topic ideology.application
        ideology.venues
        organisation organisation.cadres organisation.selection organisation.admission
        organisation.branch_life organisation.centralism organisation.unity organisation.dues
        organisation.weak_branch organisation.village_decisions
        style style.service style.formalism style.eight_rules style.reception style.vehicles
        discipline discipline.main_responsibility discipline.supervision
        discipline.petty_corruption discipline.allowances discipline.finance discipline.projects
        discipline.procurement discipline.aid_funds discipline.assets discipline.drink_driving
        """,
    "three-focuses": """
        policy policy.study policy.deployment policy.duty policy.key_tasks policy.welfare
        policy.ideology masses masses.petty_corruption masses.funds masses.projects masses.style
        masses.responsibility base base.leadership base.cadres base.members
        """,
    "four-implementations": """
        policy policy.theory policy.duty policy.deployment policy.key_tasks policy.ideology
        governance governance.main governance.supervision governance.integrity governance.finance
        governance.style governance.petty_corruption
        organisation organisation.centralism organisation.selection organisation.base
        rectification rectification.closing rectification.mechanism
        """,
    "methods": """
        briefing interview complaint_intake asset_declaration_check witness_inquiry
        document_request focus_group meeting_observation survey field_visit special_check
        assistance_request other_approved
        """,
    "evidence-kinds": """
        minutes voucher contract interview_record photo rule account_book data other
        """,
    "three-distinctions": "experience exploration development",
    "unit-kinds": """
        department township subdistrict village school hospital enterprise institution zone other
        """,
    "round-kinds": """
        routine thematic rapid_response targeted upgraded cross joint extension village_direct
        follow_up audit_linked
        """,
}


def _truth():
    file = SHIPPED / "samples" / "lanshui" / "truth.json"
    return json.loads(file.read_text(encoding="utf-8"))


def _by_word(pack):
    """Map each label and synonym of a pack to the code and the label of what is above it."""
    rows = pack.table("terms.csv")
    labels = {row["code"]: row["label_zh"] for row in rows}
    return {
        word: (row["code"], labels.get(row["parent"], ""))
        for row in rows
        for word in (row["label_zh"], *row["synonyms"].split(SEPARATOR))
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.parent.relative_to(SHIPPED)))
def test_a_shipped_pack_obeys_the_schema_of_its_kind(file):
    kind = tomllib.loads(file.read_text(encoding="utf-8"))["kind"]

    assert read_pack(file.parent, kind).kind == kind


def test_every_kind_with_a_schema_is_shipped_and_the_other_way_round():
    kinds = {tomllib.loads(file.read_text(encoding="utf-8"))["kind"] for file in FILES}

    assert kinds == set(SCHEMAS)


def test_every_folder_with_a_table_is_a_pack():
    # The example of a screening rule is a folder of tables inside its pack; samples are no packs.
    tables = {
        file.parent.parent if file.parent.name == "example" else file.parent
        for file in SHIPPED.rglob("*.csv")
        if SHIPPED / "samples" not in file.parents
    }

    assert tables
    assert {folder for folder in tables if not (folder / "pack.toml").is_file()} == set()


@pytest.mark.parametrize("name", CODES)
def test_codes_are_for_ever(name):
    terms = (FRAMES | VOCABULARIES)[name].table("terms.csv")

    assert {row["code"] for row in terms} == set(CODES[name].split())


def test_every_frame_and_vocabulary_has_its_codes_written_down():
    assert set(CODES) == FRAMES.keys() | VOCABULARIES.keys()


def test_a_code_in_a_frame_stands_under_the_code_it_begins_with():
    for pack in FRAMES.values():
        for row in pack.table("terms.csv"):
            assert row["parent"] == row["code"].rpartition(".")[0], f"{pack.name}: {row['code']}"


def test_a_cross_walk_leads_from_every_class_to_classes_that_are_there():
    pack = FRAMES["five-buildings"]
    leaves = {row["code"] for row in pack.table("terms.csv") if row["parent"]}
    rows = pack.table("crosswalk.csv")
    targets = {
        name: {row["code"] for row in other.table("terms.csv") if row["parent"]}
        for name, other in FRAMES.items()
    }

    assert all(row["other_code"] in targets[row["other_frame"]] for row in rows)
    pairs = Counter((row["code"], row["other_frame"]) for row in rows)
    assert set(pairs.values()) == {1}
    # None of the three focuses asks whether earlier findings were put right.
    assert {code for code, frame in pairs if frame == "three-focuses"} == leaves - {
        "politics.rectification"
    }
    assert {code for code, frame in pairs if frame == "four-implementations"} == leaves


def test_every_class_of_the_sample_ledger_stands_under_its_building():
    words = _by_word(FRAMES["five-buildings"])
    labels = {row["label_zh"] for row in FRAMES["five-buildings"].table("terms.csv")}
    pairs = {(row["category"], row["subcategory"]) for row in _truth()["ledger"]}

    assert len(pairs) == 16
    assert {sub for _building, sub in pairs} <= labels
    assert {(words[sub][1], sub) for _building, sub in pairs} == pairs


def test_every_kind_of_unit_of_the_sample_county_is_known():
    labels = {row["label_zh"] for row in VOCABULARIES["unit-kinds"].table("terms.csv")}

    assert {unit["category"] for unit in _truth()["units"]} <= labels


def test_there_are_thirteen_methods_three_questions_and_fourteen_aspects():
    aspects = [row for row in FRAMES["three-focuses"].table("terms.csv") if row["parent"]]
    questions = VOCABULARIES["three-distinctions"].table("terms.csv")

    assert len(VOCABULARIES["methods"].table("terms.csv")) == 13
    assert len(aspects) == 14
    assert [row["about_zh"][-1] for row in questions] == ["？", "？", "？"]
    assert [row["about_en"][-1] for row in questions] == ["?", "?", "?"]


def test_the_rules_of_recusal_are_as_strict_as_written_here():
    (pack,) = packs_of_kind("recusal")

    rules = {rule["code"]: (rule["severity"], rule["waivable"]) for rule in pack.body["rules"]}
    assert rules == {
        "own_workplace": ("refuse", True),
        "former_workplace": ("refuse", True),
        "declared_unit": ("refuse", True),
        "native_township": ("refuse", True),
        "same_unit_last_round": ("warn", True),
        "two_from_one_unit": ("refuse", True),
        "one_inspector_two_teams": ("refuse", False),
    }
    assert pack.body["look_back_years"] == 3


def test_the_clock_and_the_calendar_are_as_the_trade_has_them():
    (clock,) = packs_of_kind("clock")
    (calendar,) = packs_of_kind("calendar")

    assert {span["code"]: (span["count"], span["unit"]) for span in clock.body["spans"]} == {
        "plan": (15, "working_day"),
        "meeting": (1, "month"),
        "concentrated": (6, "month"),
        "progress_report": (6, "month"),
        "assessment": (1, "month"),
    }
    colours = clock.body["colours"]
    assert [colours[key] for key in ("green_from", "yellow_from", "red_below")] == [20, 10, 0]
    assert {year["year"]: year["document"] for year in calendar.body["years"]} == {
        2021: "国办发明电〔2020〕27号",
        2022: "国办发明电〔2021〕11号",
        2023: "国办发明电〔2022〕16号",
        2024: "国办发明电〔2023〕7号",
        2025: "国办发明电〔2024〕12号",
        2026: "国办发明电〔2025〕7号",
        2027: "《全国年节及纪念日放假办法》第二条、第六条推算",
    }


def test_the_reader_of_workbooks_understands_every_pack_of_headings():
    packs = packs_of_kind("headings")

    assert {pack.name for pack in packs} == {"units", "inspectors", "ledger"}
    for pack in packs:
        assert heading_pack(pack.name, pack.body).fields.keys() == pack.body["fields"].keys()


def test_the_schema_of_canonical_tables_knows_the_kinds_that_the_engine_stores():
    assert set(KINDS) == {kind.value for kind in Kind}


def test_every_rule_of_screening_reads_tables_that_a_pack_describes():
    (datasets,) = packs_of_kind("datasets")
    known = {row["table"] for row in datasets.table("tables.csv")} | NUMBERS.keys()

    rules = packs_of_kind("screening")

    assert len(rules) >= 20
    for rule in rules:
        assert set(rule.body["tables"]) <= known
        examples = {file.stem for file in (rule.folder / "example").glob("*.csv")}
        assert examples == (set(rule.body["tables"]) - NUMBERS.keys()) | {"hits"}
