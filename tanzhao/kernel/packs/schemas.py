"""What each kind of pack must contain. A new kind of pack is a new entry of SCHEMAS.

A schema speaks of kinds and never of one pack: what only one pack must obey
belongs into tests/architecture/test_packs.py.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from tanzhao.kernel.packs.checks import Rows, plan_numbers_fit, repeated, teams_can_be_made
from tanzhao.kernel.packs.fields import (
    Chinese,
    Choice,
    Columns,
    Day,
    English,
    Flag,
    ListOf,
    MapOf,
    Table,
    Text,
    Whole,
)
from tanzhao.kernel.packs.likeness import LIKENESS
from tanzhao.kernel.packs.linking import LINKING, SOUNDS
from tanzhao.kernel.packs.parts import (
    ABOUT,
    BLANK_OR_YES,
    CODE,
    HEADER,
    LABELS,
    SEPARATOR,
    Check,
    Schema,
)
from tanzhao.kernel.packs.screening import DATASETS, SCREENING

__all__ = ["HEADER", "SCHEMAS", "SEPARATOR", "Schema"]


def _terms_hang_together(_body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    seen: set[str] = set()
    for number, row in enumerate(tables["terms.csv"], 2):
        code, parent = row["code"], row.get("parent", "")
        if code in seen:
            yield f"terms.csv row {number}: code {code} stands twice"
        if parent and parent not in seen:
            yield f"terms.csv row {number}: parent {parent} does not stand above"
        seen.add(code)


def _words_mean_one_term(_body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    words: list[str] = []
    for row in tables["terms.csv"]:
        synonyms = [word for word in row.get("synonyms", "").split(SEPARATOR) if word]
        words += {row["label_zh"], *synonyms}
    for word in repeated(words):
        yield f"terms.csv: {word} stands for more than one term"


def _crosswalk_starts_here(_body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    codes = {row["code"] for row in tables["terms.csv"]}
    for number, row in enumerate(tables.get("crosswalk.csv", []), 2):
        if row["code"] not in codes:
            yield f"crosswalk.csv row {number}: code {row['code']} is not in terms.csv"


def _days_fit_years(body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    years = [entry["year"] for entry in body["years"]]
    if years != list(range(years[0], years[0] + len(years))):
        yield "years must follow one another without a gap"
    rows = tables["days.csv"]
    if [row["date"] for row in rows] != sorted({row["date"] for row in rows}):
        yield "days.csv must be in the order of its dates, each date once"
    for number, row in enumerate(rows, 2):
        day = dt.date.fromisoformat(row["date"])
        if day.year not in years:
            yield f"days.csv row {number}: {day} is in none of the years"
        if row["kind"] == "workday" and day.weekday() < 5:
            yield f"days.csv row {number}: {day} is a weekday and worked anyway"


def _codes_stand_once(key: str) -> Check:
    def check(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
        for code in repeated([entry["code"] for entry in body[key]]):
            yield f"{key}: code {code} stands twice"

    return check


def _spans_start_somewhere(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    known = {"feedback"}
    for number, span in enumerate(body["spans"], 1):
        if span["from"] not in known:
            yield f"spans[{number}].from is {span['from']!r}, which does not stand above"
        known.add(span["code"])


def _colours_go_down(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    colours = body["colours"]
    if not colours["green_from"] > colours["yellow_from"] >= colours["red_below"]:
        yield "colours: green_from must be above yellow_from, and that not below red_below"


def _headings_name_their_fields(
    body: Mapping[str, Any], _tables: Mapping[str, Rows]
) -> Iterator[str]:
    fields = body["fields"]
    for name in chain(*body.get("identity", []), body.get("alike", [])):
        if name not in fields:
            yield f"identity or alike names {name}, which is no field"
    if not any(entry.get("required") for entry in fields.values()):
        yield "fields: none of them is required"


def _patterns_find_their_examples(
    body: Mapping[str, Any], _tables: Mapping[str, Rows]
) -> Iterator[str]:
    for rule in body["rules"]:
        try:
            pattern, unless = re.compile(rule["pattern"]), re.compile(rule.get("unless", r"\b\B"))
        except re.error as error:
            yield f"rules: {rule['code']} has a pattern that cannot be read ({error})"
            continue
        for key, wanted in (("example", True), ("fine", False)):
            text = rule[key]
            if (bool(pattern.search(text)) and not unless.search(text)) is not wanted:
                yield f"rules: {rule['code']} and its {key} do not fit"


def _number_has_its_places(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    places = {"prefix": "P", "year": 2026, "round": 6, "team": 2}
    try:
        numbers = {body["paper"].format(**places, serial=serial) for serial in (1, 2)}
    except (KeyError, ValueError, IndexError) as error:
        yield f"paper has a place that is not known ({error})"
        return
    if len(numbers) < 2:
        yield "paper must have the place {serial}"


def _texts_keep_to_their_fields(
    body: Mapping[str, Any], _tables: Mapping[str, Rows]
) -> Iterator[str]:
    for key, text in body["texts"].items():
        for place in re.findall(r"\{(\w*)\}", text):
            if place not in body["fields"]:
                yield f"texts.{key} has the place {{{place}}}, which is not among the fields"


TERMS = Columns(
    required={"code": CODE, **LABELS},
    optional={"parent": CODE, "synonyms": Chinese(), "retired": BLANK_OR_YES, **ABOUT},
)
WORD = Text()
WORDS = ListOf(WORD)
# The types of cells are the business of kernel/sheets, which refuses one it does not know.
HEADING_FIELD = Table(
    {"type": CODE, "headings": ListOf(WORD, least=1), **LABELS},
    {
        "required": Flag(),
        "carried": Flag(),
        "leading": Flag(),
        "banner": Flag(),
        "closed": Flag(),
        "last": Flag(),
        "highest": Whole(1),
        "values": MapOf(WORDS, least=1),
        "empty": WORDS,
        "reversed_headings": WORDS,
        "spare": WORDS,
        "must_be_known": CODE,
        "joined": CODE,
        "joined_headings": WORDS,
        "peers": CODE,
        "tells": MapOf(CODE, least=1),
    },
)
# Skills that a team needs, and how many people with each.
NEEDED = ListOf(Table({"skill": WORD, "people": Whole(1, 60)}))
TOLD = ListOf(Choice("owner", "leader_in_charge", "unit", "principal"), least=1)

SCHEMAS: dict[str, Schema] = {
    "calendar": Schema(
        keys={
            "years": ListOf(
                Table(
                    {"year": Whole(2000, 2100), "document": Chinese(), "provisional": Flag()},
                    {"issued": Day(), "note_zh": Chinese(), "note_en": English()},
                ),
                least=1,
            )
        },
        tables={
            "days.csv": Columns(
                {
                    "date": Day(),
                    "name_zh": Chinese(),
                    "name_en": English(),
                    "kind": Choice("holiday", "workday"),
                }
            )
        },
        checks=(_days_fit_years,),
    ),
    "clock": Schema(
        keys={
            "spans": ListOf(
                Table(
                    {
                        "code": CODE,
                        **LABELS,
                        "from": CODE,
                        "count": Whole(1, 400),
                        "unit": Choice("working_day", "calendar_day", "month"),
                        "basis": Text(),
                    }
                ),
                least=1,
            ),
            "colours": Table(
                {
                    "unit": Choice("calendar_day"),
                    "green_from": Whole(0, 400),
                    "yellow_from": Whole(0, 400),
                    "red_below": Whole(0, 400),
                    "green_tells": TOLD,
                    "yellow_tells": TOLD,
                    "red_tells": TOLD,
                    "basis": Text(),
                }
            ),
        },
        checks=(_codes_stand_once("spans"), _spans_start_somewhere, _colours_go_down),
    ),
    "frame": Schema(
        tables={
            "terms.csv": TERMS,
            "crosswalk.csv": Columns(
                {"code": CODE, "other_frame": Text(), "other_code": CODE}, must_exist=False
            ),
        },
        checks=(_terms_hang_together, _words_mean_one_term, _crosswalk_starts_here),
    ),
    "vocabulary": Schema(
        tables={"terms.csv": TERMS}, checks=(_terms_hang_together, _words_mean_one_term)
    ),
    "headings": Schema(
        keys={"fields": MapOf(HEADING_FIELD, least=1)},
        optional={
            "unused": WORDS,
            "identity": ListOf(ListOf(CODE, least=1)),
            "alike": ListOf(CODE),
            "office_names": WORDS,
            "least_headings": Whole(1, 20),
            "words": MapOf(WORDS),
        },
        checks=(_headings_name_their_fields,),
    ),
    "recusal": Schema(
        keys={
            "look_back_years": Whole(0, 50),
            "rules": ListOf(
                Table(
                    {
                        "code": CODE,
                        "severity": Choice("refuse", "warn"),
                        "waivable": Flag(),
                        "title_zh": Chinese(),
                        "title_en": English(),
                        "basis": Text(),
                    }
                ),
                least=1,
            ),
        },
        checks=(_codes_stand_once("rules"),),
    ),
    "planning": Schema(
        keys={
            "months": ListOf(Whole(1, 12), least=1),
            "teams": Whole(1, 200),
            "people": Whole(1, 100),
            "days": Whole(1, 250),
            "most_units": Whole(1, 2_000),
            "gap_last": Whole(0, 120),
            "look_back_after": Whole(0, 60),
            "look_back_before": Whole(1, 60),
            "coverage": ListOf(Whole(0, 100), least=1),
            "cluster_weight": Whole(),
            "balance_weight": Whole(),
            "band": Whole(0, 100),
            "other_effort": Whole(1),
            "other_look_back": Whole(1),
            "other_weight": Whole(1, 100),
            "kinds": ListOf(
                Table(
                    {
                        "category": Chinese(),
                        "effort": Whole(1),
                        "weight_share": Whole(1, 100),
                        "look_back_effort": Whole(1),
                        "look_back_for": WORDS,
                        "skills": WORDS,
                    }
                )
            ),
            "skills": ListOf(Table({"name": WORD, "visits": Whole()})),
            "priorities": ListOf(Table({"word": WORD, "weight": Whole(1, 100)})),
        },
        checks=(plan_numbers_fit,),
    ),
    "teams": Schema(
        keys={
            "size": Whole(4, 60),
            "min_full": Whole(0, 60),
            "min_women": Whole(0, 60),
            "min_men": Whole(0, 60),
            "min_experienced": Whole(0, 60),
            "most_from_one_workplace": Whole(1, 60),
            "load_months": Whole(1, 60),
            "seconds": Whole(1, 600),
            "liaison_skills": WORDS,
            "weights": Table(
                {
                    "days": Whole(),
                    "overlap": Whole(),
                    "experience": Whole(),
                    "women": Whole(),
                    "same_workplace": Whole(),
                    "same_workplace_refused": Whole(),
                    "kind": Whole(),
                    "distance": Whole(),
                }
            ),
            "grades": ListOf(Table({"grade": Chinese(), "rank": Whole(1, 9)}), least=1),
            "skills": NEEDED,
            "kinds": ListOf(Table({"category": Chinese(), "skills": NEEDED})),
        },
        checks=(teams_can_be_made,),
    ),
    "wording": Schema(
        keys={
            "rules": ListOf(
                Table(
                    {
                        "code": CODE,
                        "pattern": Text(),
                        "title_zh": Chinese(),
                        "title_en": English(),
                        "advice_zh": Chinese(),
                        "advice_en": English(),
                        "example": Chinese(),
                        "fine": Chinese(),
                    },
                    {"unless": Text(), "skip_with_evidence": Flag()},
                ),
                least=1,
            ),
        },
        checks=(_codes_stand_once("rules"), _patterns_find_their_examples),
    ),
    "datasets": DATASETS,
    "screening": SCREENING,
    "linking": LINKING,
    "sounds": SOUNDS,
    "likeness": LIKENESS,
    "document": Schema(
        keys={"fields": ListOf(CODE), "texts": MapOf(Chinese(), least=1)},
        checks=(_texts_keep_to_their_fields,),
    ),
    "numbering": Schema(keys={"paper": Text()}, checks=(_number_has_its_places,)),
}
