"""`tanzhao screen run` and `evidence`: rules over a store, and the rows that a hit rests on."""

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say
from tanzhao.config.cli.screen_rules import chosen_rules, in_language, shipped_datasets
from tanzhao.config.cli.screen_watch import watched
from tanzhao.engines.screening.hits import masked_text
from tanzhao.engines.screening.rules import BadRule, Rule
from tanzhao.engines.screening.running import evidence_of, run_rules, write_workbook
from tanzhao.engines.screening.running.report import (
    MOST_SHOWN,
    USUAL_MEMORY,
    CannotRun,
    Engine,
    Options,
    RuleRun,
    Stopped,
    Summary,
)
from tanzhao.engines.screening.store import NoStore, open_store
from tanzhao.screening.running_words import sentence


def add(inner: Adder) -> None:
    """Add the commands that run rules and show what hits rest on."""
    parser = command(
        inner,
        "run",
        help_text=_("run rules over a store; exit 1 if one of them did not run"),
        example="tanzhao screen run STORE --pack all --out OUT",
        run=run,
        needs_database=False,
    )
    parser.add_argument("store", type=Path, metavar="STORE", help=_("the store"))
    parser.add_argument(
        "--pack",
        action="append",
        metavar="NAME",
        help=_("a rule, a group of rules, a folder of them, or all; may be repeated"),
    )
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help=_("the results"))
    parser.add_argument("--engine", choices=[one.value for one in Engine], default="duckdb")
    parser.add_argument(
        "--master", default="local[*]", metavar="URL", help=_("the Spark cluster; local[*] if none")
    )
    parser.add_argument("--links", action="store_true", help=_("take what screen link proposed"))
    parser.add_argument(
        "--threshold",
        action="append",
        type=_threshold,
        default=[],
        metavar="RULE.X=N",
        help=_("another threshold of a rule, money in cents; may be repeated"),
    )
    parser.add_argument("--memory", default=USUAL_MEMORY, metavar="4GB", help=_("most memory"))
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument(
        "--unmasked", action="store_true", help=_("write ID numbers and accounts in full")
    )
    parser.add_argument("--no-xlsx", action="store_true", help=_("write no hits.xlsx"))
    parser = command(
        inner,
        "evidence",
        help_text=_("show the rows a hit rests on, as they stand in the file"),
        example="tanzhao screen evidence STORE OUT 3f9a",
        run=show_evidence,
        needs_database=False,
    )
    parser.add_argument("store", type=Path, metavar="STORE", help=_("the store"))
    parser.add_argument("out", type=Path, metavar="OUT", help=_("the results"))
    parser.add_argument("hit", metavar="HIT_ID", help=_("the hit, or how its name begins"))
    parser.add_argument(
        "--unmasked", action="store_true", help=_("write ID numbers and accounts in full")
    )


def _threshold(text: str) -> tuple[str, str, int]:
    name, _equals, value = text.partition("=")
    rule, _dot, threshold = name.rpartition(".")
    if not rule or not threshold:
        raise ValueError(text)
    return rule, threshold, int(value)


_threshold.__name__ = "RULE.X=N"  # as argparse names it in what it says


def run(options: argparse.Namespace) -> int:
    """Run rules. Exits 1 if one that was asked for did not run; what the others gave is written.

    Of all rules, those whose tables nobody handed over are said to be left out, and that is all.
    """
    try:
        store = open_store(options.store)
        rules = chosen_rules(options.pack or ["all"])
        thresholds: dict[str, dict[str, int]] = {}
        for rule, name, value in options.threshold:
            if rule not in {one.name for one in rules}:
                raise BadRule(_("There is no rule %(name)s.") % {"name": rule})
            thresholds.setdefault(rule, {})[name] = value
        with watched({one.name: _title(one) for one in rules}) as watch:
            summary = run_rules(
                store,
                rules,
                shipped_datasets(),
                out=options.out,
                thresholds=thresholds,
                options=Options(
                    engine=Engine(options.engine),
                    links=options.links,
                    memory=options.memory,
                    threads=options.threads,
                    master=options.master,
                    on_progress=watch.show,
                    stopped=watch.stopped,
                    stopwatch=time.perf_counter,
                ),
            )
            if not options.no_xlsx:
                _workbook(options, rules)
    except (BadRule, NoStore) as error:
        return fail(str(error), as_json=options.json)
    except CannotRun as error:
        return fail(sentence(error.code, error.values), as_json=options.json)
    except Stopped:
        return fail(_("Stopped. Nothing was written."), as_json=options.json)
    document = json.loads((options.out / "summary.json").read_text("utf-8"))
    for one, told in zip(document["rules"], summary.rules, strict=True):
        if told.why:
            one["sentence"] = sentence(told.why, told.values)
    lines = _lines(summary, rules, options.out)
    if not options.no_xlsx and summary.evidence_rows > MOST_SHOWN:
        document["shortened"] = _shortened()
        lines.append(_shortened())
    say({"out": str(options.out), **document}, as_json=options.json, text="\n".join(lines))
    return FAILED if any(_is_fault(one, options.pack) for one in summary.failed) else DONE


def _is_fault(one: RuleRun, asked: Sequence[str] | None) -> bool:
    of_all = not asked or asked == ["all"]
    return not (of_all and one.why == "missing_tables")


def _title(rule: Rule) -> str:
    return str(getattr(rule, f"title_{in_language()}"))


def _workbook(options: argparse.Namespace, rules: Sequence[Rule]) -> None:
    write_workbook(
        options.out,
        titles={
            "hits": _("Hits"),
            "evidence": _("Evidence"),
            "rule": _("Rule"),
            "risk": _("Risk"),
            "match_basis": _("Matched by"),
            "amount_cents": _("Amount (yuan)"),
            "first_date": _("First day"),
            "last_date": _("Last day"),
            f"why_{in_language()}": _("Why it is asked"),
            "evidence_rows": _("Rows of evidence"),
            "hit_id": _("Hit"),
            "role": _("Role"),
            "file": _("File"),
            "sheet": _("Sheet"),
            "row_number": _("Row"),
            "cells": _("Cells"),
        },
        words={
            **{one.name: _title(one) for one in rules},
            "high": _("high"),
            "medium": _("medium"),
            "low": _("low"),
            "exact": _("the number itself"),
            "one_digit_off": _("a number one digit off"),
            "linked": _("name and place"),
        },
        why=f"why_{in_language()}",
        unmasked=options.unmasked,
        shortened=_shortened(),
    )


def _shortened() -> str:
    return _(
        "hits.xlsx shows the first %(shown)s rows of evidence only; evidence.parquet has all."
    ) % {"shown": f"{MOST_SHOWN:,}"}


def _lines(summary: Summary, rules: Sequence[Rule], out: Path) -> list[str]:
    titles = {one.name: _title(one) for one in rules}
    lines = [_line(one, titles[one.rule]) for one in summary.rules]
    lines.append(
        _("%(hits)s hits resting on %(rows)s rows. Written to %(out)s.")
        % {"hits": f"{summary.hits:,}", "rows": f"{summary.evidence_rows:,}", "out": out}
    )
    return lines


def _line(one: RuleRun, title: str) -> str:
    if one.why:
        mark = "–" if one.why == "missing_tables" else "✗"
        return f"  {mark} {title} ({one.rule}): {sentence(one.why, one.values)}"
    yuan = f"{one.amount_cents / 100:,.2f}"
    return (
        f"  {one.hits or one.figures:>9,}  {yuan:>18}  {one.seconds:>7.2f} s  {title} ({one.rule})"
    )


def show_evidence(options: argparse.Namespace) -> int:
    """Show the rows a hit rests on."""
    try:
        found = evidence_of(open_store(options.store), options.out, options.hit)
    except NoStore as error:
        return fail(str(error), as_json=options.json)
    except CannotRun as error:
        return fail(sentence(error.code, error.values), as_json=options.json)
    hide = str if options.unmasked else masked_text
    rows: list[dict[str, Any]] = [
        {
            "role": row.role,
            "file": row.file,
            "sheet": row.sheet,
            "row_number": row.row_number,
            "cells": {name: text and hide(text) for name, text in row.cells.items()},
        }
        for row in found.rows
    ]
    why = hide(getattr(found, f"why_{in_language()}"))
    lines = [f"{found.hit_id}  {found.rule}", why]
    for row in rows:
        place = " · ".join(filter(None, (row["file"], row["sheet"])))
        lines.append(f"  {row['role']}  {place}  {_('row %(n)s') % {'n': row['row_number']}}")
        lines += [f"      {name}: {text}" for name, text in row["cells"].items() if text]
    document = {"hit_id": found.hit_id, "rule": found.rule, "why": why, "rows": rows}
    say(document, as_json=options.json, text="\n".join(lines))
    return DONE
