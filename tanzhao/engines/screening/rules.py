"""What a screening rule is, and reading it from its folder.

docs/operations/screening-format.md §3 says what lies in the folder. Whether the SQL keeps to the
portable subset is asked of linting; whether pack.toml is whole, of the packs' own check.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tanzhao.engines.screening.tables import Kind

# What every rule gives besides its key and its facts: name and type.
ALWAYS = (
    ("amount_cents", "BIGINT"),
    ("first_date", "DATE"),
    ("last_date", "DATE"),
    ("match_basis", "INTEGER"),
)
# The columns of evidence besides the key.
EVIDENCE = (("role", "VARCHAR"), ("source_key", "INTEGER"), ("row_number", "INTEGER"))
# How the name of a column of a result says what it holds.
SUFFIXES: tuple[tuple[str, Kind], ...] = (
    ("_cents", Kind.MONEY),
    ("_thousandths", Kind.THOUSANDTHS),
    ("person_key", Kind.PERSON),
    ("account_key", Kind.ACCOUNT),
    ("firm_key", Kind.FIRM),
    ("plate_key", Kind.PLATE),
)


class BadRule(Exception):
    """A rule that cannot be read or run. The message is a sentence."""


class Result(StrEnum):
    """What a rule gives."""

    HITS = "hits"
    PROFILE = "profile"


class Risk(StrEnum):
    """How much hangs on a hit."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Threshold:
    """A number of a rule that an office may change; money in cents."""

    name: str
    label_zh: str
    label_en: str
    unit_zh: str
    unit_en: str
    default: int
    least: int
    most: int


@dataclass(frozen=True)
class Rule:
    """A rule as its folder has it."""

    name: str
    version: str
    title_zh: str
    title_en: str
    source: str
    group: str
    result: Result
    risk: Risk
    tables: tuple[str, ...]
    key: tuple[str, ...]
    purpose_zh: str
    purpose_en: str
    basis_zh: str
    basis_en: str
    blind_zh: str
    blind_en: str
    verify_zh: str
    verify_en: str
    why_zh: str
    why_en: str
    facts: Mapping[str, Kind]
    thresholds: Mapping[str, Threshold]
    sql: str
    evidence_sql: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of the result, in the order in which they are kept."""
        facts = (name for name in self.facts if name not in self.key)
        return (*self.key, *(name for name, _type in ALWAYS), *facts)

    def values(self, changed: Mapping[str, int] | None = None) -> dict[str, int]:
        """Give the threshold values of a run.

        Args:
            changed: what the run asks for; the others keep their defaults.
        Raises: BadRule if there is no such threshold, or a value is out of its range.
        """
        values = {name: threshold.default for name, threshold in self.thresholds.items()}
        for name, value in (changed or {}).items():
            threshold = self.thresholds.get(name)
            if threshold is None:
                raise BadRule(f"{self.name} has no threshold {name}.")
            if not threshold.least <= value <= threshold.most:
                raise BadRule(
                    f"{self.name}.{name} must be from {threshold.least} to {threshold.most}."
                )
            values[name] = value
        return values


def kind_of(column: str, facts: Mapping[str, Kind]) -> Kind | None:
    """Say what a column of a result holds, as far as pack.toml or its name tells."""
    if column in facts:
        return facts[column]
    for suffix, kind in SUFFIXES:
        if column.endswith(suffix):
            return kind
    return Kind.MONTH if column == "month" or column.endswith("_month") else None


def read_rules(folder: Path) -> dict[str, Rule]:
    """Read every rule below `folder`, by name, sorted.

    Raises: BadRule at the first that cannot be read.
    """
    folders = sorted(file.parent for file in folder.glob("*/pack.toml"))
    return {one.name: read_rule(one) for one in folders}


def read_rule(folder: Path) -> Rule:
    """Read one rule. Its name is that of its folder.

    Raises: BadRule if a file is missing or pack.toml lacks something.
    """
    try:
        body = tomllib.loads((folder / "pack.toml").read_text("utf-8"))
        sql = (folder / "rule.sql").read_text("utf-8")
        evidence_sql = (folder / "evidence.sql").read_text("utf-8")
    except (OSError, ValueError) as error:
        raise BadRule(f"{folder.name} cannot be read: {error}") from error
    return rule_of(folder.name, body, sql=sql, evidence_sql=evidence_sql)


def rule_of(name: str, body: Mapping[str, Any], *, sql: str, evidence_sql: str) -> Rule:
    """Make a rule of what its pack.toml and its two files hold.

    Raises: BadRule if a key is missing or of another kind.
    """
    words = {
        f"{key}_{language}": body.get(f"{key}_{language}", "")
        for key in ("title", "purpose", "basis", "blind", "verify", "why")
        for language in ("zh", "en")
    }
    try:
        return Rule(
            name=name,
            version=body["version"],
            source=body.get("source", ""),
            group=body["group"],
            result=Result(body["result"]),
            risk=Risk(body["risk"]),
            tables=tuple(body["tables"]),
            key=tuple(body["key"]),
            facts={fact: Kind(kind) for fact, kind in body.get("facts", {}).items()},
            thresholds={
                key: _threshold(key, entry) for key, entry in body.get("thresholds", {}).items()
            },
            sql=sql,
            evidence_sql=evidence_sql,
            **words,
        )
    except KeyError as error:
        raise BadRule(f"{name}: pack.toml says nothing of {error.args[0]}.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadRule(f"{name}: pack.toml cannot be understood: {error}") from error


def _threshold(name: str, entry: Mapping[str, Any]) -> Threshold:
    return Threshold(
        name=name,
        label_zh=entry.get("label_zh", ""),
        label_en=entry.get("label_en", ""),
        unit_zh=entry.get("unit_zh", ""),
        unit_en=entry.get("unit_en", ""),
        default=entry["default"],
        least=entry["least"],
        most=entry["most"],
    )
