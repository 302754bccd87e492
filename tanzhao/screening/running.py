"""Running the rules of a comparison over a store, and giving what they found as plain values."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.engines.screening import running as engine
from tanzhao.engines.screening.rules import Result, Rule
from tanzhao.engines.screening.running.report import (
    CannotRun,
    Options,
    Progress,
    RuleRun,
    Stopped,
)
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import read_datasets
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.rulebook import DATASETS, fact_label, rulebook, table_label
from tanzhao.screening.running_words import sentence
from tanzhao.screening.watching import Watch

MEMORY, THREADS = "2GB", 2
# Figures are for reading: of a long list the first lines are kept.
MOST_FIGURES = 300
# An account may have thousands of payments; nobody reads more of them on a page.
MOST_ROWS = 300


@dataclass(frozen=True)
class Made:
    """What a comparison gave. `hits` in the order of the engine's file; `evidence` the first
    MOST_ROWS of each hit by its name, `rows` how many there are in all."""

    fingerprint: str
    hits: Sequence[Mapping[str, Any]]
    evidence: Mapping[str, Sequence[Mapping[str, Any]]]
    rows: Mapping[str, int]
    results: Mapping[str, Mapping[str, Any]]
    profiles: Mapping[str, Mapping[str, Any]]


def run_rules(
    store: Store,
    asked: Sequence[Mapping[str, Any]],
    out: Path,
    *,
    watch: Watch,
    links: bool = False,
) -> Made:
    """Run rules over a store.

    Args:
        asked: each rule with `name` and `thresholds`, as the request keeps them.
        links: take the keys that linking proposed.
    Raises: Refused if it cannot be done, or somebody asked it to stop.
    """
    from tanzhao.screening.reading import evidence_in, hits_in, profiles_in

    known = rulebook()
    # What was approved is run, and nothing that was written since.
    there = [
        one
        for one in asked
        if one["name"] in known and known[one["name"]].version == one["version"]
    ]
    options = Options(
        links=links,
        memory=MEMORY,
        threads=THREADS,
        on_progress=_teller(watch),
        stopwatch=watch.stopwatch,
        stopped=watch.is_stopped,
    )
    try:
        summary = engine.run_rules(
            store,
            [known[one["name"]].engine_rule() for one in there],
            read_datasets(DATASETS),
            out=out,
            options=options,
            thresholds={one["name"]: one["thresholds"] for one in there},
        )
    except Stopped as stop:
        raise Refused(stopped()) from stop
    except CannotRun as problem:
        raise Refused(sentence(problem.code, problem.values)) from problem
    results = {told.rule: result_of(told) for told in summary.rules}
    for one in asked:
        results.setdefault(
            one["name"],
            {"problem": _("Not run: the rule is no longer the one that was approved. Ask again.")},
        )
    hits = list(hits_in(out))
    evidence: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in evidence_in(out):
        if len(evidence[row["hit_id"]]) < MOST_ROWS:
            evidence[row["hit_id"]].append(row)
    return Made(
        fingerprint=summary.fingerprint,
        hits=[_plain_hit(row) for row in hits],
        evidence=evidence,
        rows={row["hit_id"]: row["evidence_rows"] for row in hits},
        results=results,
        profiles=_profiles(profiles_in(out)),
    )


def made_by_rule(
    store: Store, rule: Rule, out: Path, *, watch: Watch
) -> dict[str, Mapping[str, Any]]:
    """Run one rule with its default thresholds, and give its hits (or figures) by their key.

    Raises: Refused if it cannot be run, or somebody asked it to stop.
    """
    from tanzhao.screening.reading import hits_in, profiles_in

    options = Options(
        memory=MEMORY, threads=THREADS, stopwatch=watch.stopwatch, stopped=watch.is_stopped
    )
    try:
        summary = engine.run_rules(store, [rule], read_datasets(DATASETS), out=out, options=options)
    except Stopped as stop:
        raise Refused(stopped()) from stop
    except CannotRun as problem:
        raise Refused(sentence(problem.code, problem.values)) from problem
    (told,) = summary.rules
    if told.why:
        raise Refused(problem_of_rule(told.why, told.values))
    rows = hits_in(out) if rule.result == Result.HITS else profiles_in(out)
    return {json.dumps(row["key"], sort_keys=True): row for row in rows}


def stopped() -> str:
    """Say that somebody stopped the work."""
    return _("It was stopped before its end. Nothing was kept of it.")


def result_of(told: RuleRun) -> dict[str, Any]:
    """Give what is kept of what one rule gave."""
    kept: dict[str, Any] = {
        "version": told.version,
        "hits": told.hits,
        "figures": told.figures,
        "amount_cents": told.amount_cents,
        "rows_read": told.rows_read,
        "seconds": round(told.seconds, 3),
    }
    if told.why:
        return {"problem": problem_of_rule(told.why, told.values)}
    return kept


def problem_of_rule(code: str, values: Mapping[str, str]) -> str:
    """Say in one sentence why a rule was not run."""
    sentences: dict[str, Callable[[], str]] = {
        "missing_tables": lambda: (
            _("Not run: these tables are in none of the data sets: %(tables)s.")
            % {"tables": "、".join(table_label(one) for one in values["tables"].split(", "))}
        ),
        "not_portable": lambda: _("Not run: the rule is written in a way that is not allowed."),
        "key_twice": lambda: _("Not run: the rule gives two hits of one name."),
        "engine": lambda: _("Not run: the rule failed on these data."),
    }
    return sentences[code]() if code in sentences else _("Not run (%(code)s).") % {"code": code}


def _teller(watch: Watch) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        watch.note(
            {
                "stage": "running",
                "done": progress.done,
                "of": progress.of,
                "rule": progress.rule,
                "hits": progress.hits,
            }
        )

    return tell


def _plain_hit(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a hit of the engine in the words of the model."""
    return {
        "hit_id": row["hit_id"],
        "rule": row["rule"],
        "rule_version": row["version"],
        "risk": row["risk"],
        "basis": row["match_basis"],
        "weight": row["weight"],
        "amount_cents": row["amount_cents"] or 0,
        "first_date": row["first_date"],
        "last_date": row["last_date"],
        "why_zh": row["why_zh"],
        "why_en": row["why_en"],
        "key": row["key"],
        "facts": row["facts"],
    }


def _profiles(lines: Any) -> dict[str, dict[str, Any]]:
    """Give the figures of each rule that gives no hits as a small table."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        values = {**line["key"], **line["facts"]}
        table = found.setdefault(line["rule"], {"names": list(values), "rows": [], "more": 0})
        if len(table["rows"]) < MOST_FIGURES:
            table["rows"].append([_figure(name, value) for name, value in values.items()])
        else:
            table["more"] += 1
    for table in found.values():
        table["headings"] = [fact_label(name) or name for name in table.pop("names")]
    return found


def _figure(name: str, value: Any) -> Any:
    if isinstance(value, int) and name.endswith("_cents"):
        return f"{value / 100:,.2f}"
    if isinstance(value, int) and name.endswith("_thousandths"):
        return f"{value / 1000:,.3f}".rstrip("0").rstrip(".")
    return value
