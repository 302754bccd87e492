"""A linking pack: what is compared, what each level of agreement weighs, and where facts stand.

Weights are whole hundredths of a bit, 100 · log2(m / u): how much likelier the level is for two
rows of one person than of two people (I. Fellegi and A. Sunter, "A theory for record linkage",
1969). docs/operations/linking.md says what is in a pack.
"""

import csv
import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


class BadModel(Exception):
    """A linking pack contradicts itself. The message is a sentence."""


class Part(StrEnum):
    """What a comparison can do for a link: none rests on a name alone."""

    NAME = "name"
    FACT = "fact"
    SUPPORT = "support"  # weighs, but is no fact of its own: half of all people are of one sex


@dataclass(frozen=True)
class Level:
    """A level of agreement. `place` is the number that Splink gives it."""

    code: str
    place: int
    weight: int  # in hundredths of a bit
    agrees: bool
    one_digit_off: bool
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class Comparison:
    """What is compared, and its levels, highest first."""

    code: str
    part: Part
    levels: tuple[Level, ...]
    has_rarity: bool
    label_zh: str
    label_en: str

    def level(self, code: str) -> Level:
        return next(level for level in self.levels if level.code == code)


@dataclass(frozen=True)
class Role:
    """A column of keys, and the columns of its table that say more about whom it means."""

    table: str
    column: str
    facts: Mapping[str, str]  # what it is (name, village …) to column
    legal_if: str  # column that says whether `legal_person` is one, "" if it always is
    known: bool  # rows with a number of their own stand before those of other tables


@dataclass(frozen=True)
class Model:
    """A linking pack, read."""

    name: str
    version: str
    subject: str  # "person" or "firm": the kind of key that is linked
    sounds: str  # name of the pack of sounds
    least_weight: int
    margin: int  # candidates closer than this to the best are as good
    expected_percent: int  # of rows that mean somebody known
    legal_words: tuple[str, ...]  # of the column `legal_if`: who speaks for a firm
    cutting: Mapping[str, tuple[re.Pattern[str], ...]]  # fact to what is cut from it, in order
    comparisons: tuple[Comparison, ...]
    roles: tuple[Role, ...]
    settings: Mapping[str, Any]  # of Splink, prior apart

    def beginning(self, known: int) -> int:
        """Weight before anything is compared: one of `known` people against nobody known.

        Other candidates are not in it: against them a candidate stands by the margin.
        """
        return round(100 * math.log2(self._odds(known)))

    def splink(self, known: int) -> dict[str, Any]:
        """Give Splink's settings for a search among `known` people."""
        odds = self._odds(known)
        return {**self.settings, "probability_two_random_records_match": odds / (1 + odds)}

    def _odds(self, known: int) -> float:
        return self.expected_percent / (100 - self.expected_percent) / max(1, known)


def read_model(folder: Path) -> Model:
    """Read a linking pack that the pack check has passed (kernel/packs).

    Raises: BadModel if model.json and pack.toml do not speak of the same levels.
    """
    body = tomllib.loads((folder / "pack.toml").read_text("utf-8"))
    settings: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
    trained = {one["output_column_name"]: one for one in settings["comparisons"]}
    said = {one["code"]: one for one in body["comparisons"]}
    if trained.keys() != said.keys():
        raise BadModel(f"{folder}: model.json and pack.toml compare different things.")
    with (folder / "roles.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return Model(
        name=folder.name,
        version=body["version"],
        subject=body["subject"],
        sounds=body["sounds"],
        least_weight=body["least_weight"],
        margin=body["margin"],
        expected_percent=body["expected_percent"],
        legal_words=tuple(body.get("legal_words", ())),
        cutting={
            fact: tuple(re.compile(pattern) for pattern in patterns)
            for fact, patterns in body["cutting"].items()
        },
        # In Splink's order, so that a reader of model.json finds them in the same one.
        comparisons=tuple(_comparison(folder, said[code], trained[code]) for code in trained),
        roles=tuple(_role(row) for row in rows),
        settings=settings,
    )


def _comparison(folder: Path, said: Mapping[str, Any], trained: Mapping[str, Any]) -> Comparison:
    levels = trained["comparison_levels"]
    words = {level["code"]: level for level in said["levels"]}
    codes = [level["label_for_charts"] for level in levels if not level.get("is_null_level")]
    if codes != list(words):
        raise BadModel(
            f"{folder}: {said['code']} has other levels in model.json than in pack.toml."
        )
    weights = {
        level["label_for_charts"]: _weight(folder, level)
        for level in levels
        if not level.get("is_null_level")
    }
    if len({0, *weights.values()}) <= len(weights):
        raise BadModel(f"{folder}: levels of {said['code']} weigh nothing, or the same.")
    return Comparison(
        code=said["code"],
        part=Part(said["part"]),
        levels=tuple(
            Level(
                code=code,
                place=len(codes) - 1 - order,
                weight=weights[code],
                agrees=words[code].get("agrees", False),
                one_digit_off=words[code].get("one_digit_off", False),
                label_zh=words[code]["label_zh"],
                label_en=words[code]["label_en"],
            )
            for order, code in enumerate(codes)
        ),
        has_rarity=any("tf_adjustment_column" in level for level in levels),
        label_zh=said["label_zh"],
        label_en=said["label_en"],
    )


def _weight(folder: Path, level: Mapping[str, Any]) -> int:
    shares = [level.get(f"{kind}_probability", 0) for kind in "mu"]
    if not all(0 < share <= 1 for share in shares):
        raise BadModel(
            f"{folder}: shares of {level['label_for_charts']} are not above 0 and up to 1."
        )
    return round(100 * math.log2(shares[0] / shares[1]))


def _role(row: Mapping[str, str]) -> Role:
    own = {"table", "column", "known", "legal_if"}
    return Role(
        table=row["table"],
        column=row["column"],
        facts={fact: column for fact, column in row.items() if fact not in own and column},
        legal_if=row.get("legal_if", ""),
        known=row["known"] == "yes",
    )
