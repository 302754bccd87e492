"""`tanzhao likeness report`: what a scan found, or what is in a store, as one HTML file."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.likeness_page.figures import Report, summary
from tanzhao.config.cli.likeness_page.page import write_page
from tanzhao.config.cli.likeness_reading import busy, carried_out
from tanzhao.config.cli.likeness_scan import PAIRS, TEXTS
from tanzhao.config.cli.parsing import DONE, Adder, command, say
from tanzhao.engines.likeness.store import FILE as STORE
from tanzhao.engines.likeness.store import NoStore
from tanzhao.engines.likeness.texts import CommonPassage, Holder, Pair, Passage, Span


def add(inner: Adder) -> None:
    """Add the command."""
    parser = command(
        inner,
        "report",
        help_text=_("write what a scan found as one HTML file that opens without a server"),
        example="tanzhao likeness report OUT --html REPORT.html",
        run=run,
        needs_database=False,
    )
    parser.add_argument(
        "pairs", type=Path, metavar="PAIRS", help=_("pairs.json, or the folder that a scan wrote")
    )
    parser.add_argument(
        "--html", type=Path, required=True, metavar="FILE", help=_("the file to write")
    )


def run(options: argparse.Namespace) -> int:
    """Write a report, in the language of the operator."""
    folder = options.pairs.parent if options.pairs.name in (PAIRS, STORE) else options.pairs
    return carried_out(
        lambda: _run(options, folder),
        stopped=_("Stopped. Nothing was written."),
        as_json=options.json,
    )


def _run(options: argparse.Namespace, folder: Path) -> int:
    with busy(_("writing the report of likeness")):
        report = read_report(folder)
        options.html.parent.mkdir(parents=True, exist_ok=True)
        write_page(options.html, report)
    told = {"html": str(options.html), "documents": report.documents, "pairs": len(report.pairs)}
    written = _("Open %(page)s.") % {"page": options.html}
    say(told, as_json=options.json, text=f"{summary(report)}\n{written}")
    return DONE


def read_report(folder: Path) -> Report:
    """Read what a scan wrote. Raises: NoStore("no_scan") if it is not that."""
    from tanzhao.engines.likeness.keeping.texts_file import WrittenTexts

    try:
        body: dict[str, Any] = json.loads((folder / PAIRS).read_text("utf-8"))
        texts = WrittenTexts(folder / TEXTS)
        return Report(
            documents=body["documents"],
            pairs=tuple(_pair(one) for one in body["pairs"]),
            common=tuple(_common(one) for one in body["common"]),
            skipped=tuple((one["file"], one["reason"]) for one in body["skipped"]),
            texts=texts,
            left_out={one["file"]: _left_out(one["what"]) for one in body.get("left_out", ())},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoStore("no_scan", folder=str(folder)) from error


def _pair(one: dict[str, Any]) -> Pair:
    passages = tuple(
        Passage(Span(*part["left"]), Span(*part["right"]), part["same"]) for part in one["passages"]
    )
    return Pair(one["left"], one["right"], one["left_share"], one["right_share"], passages)


def _left_out(what: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((kind, int(count)) for kind, count in what.items())


def _common(one: dict[str, Any]) -> CommonPassage:
    holders = tuple(Holder(who["file"], Span(*who["at"])) for who in one["holders"])
    return CommonPassage(one["text"], holders, one["first"], one["template"])
