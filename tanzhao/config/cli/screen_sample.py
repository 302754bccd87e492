"""`tanzhao screen sample`: rows drawn by a seed, so that anybody can draw them again."""

import argparse
from dataclasses import asdict
from pathlib import Path

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.config.cli.screen_rules import shipped_datasets
from tanzhao.engines.screening.sampling import CannotSample, Method, Sample, draw
from tanzhao.engines.screening.store import NoStore, open_store
from tanzhao.screening.running_words import sentence


def add(inner: Adder) -> None:
    """Add the command that draws samples."""
    parser = command(
        inner,
        "sample",
        help_text=_("draw rows of a table by a seed, so that they can be drawn again"),
        example="tanzhao screen sample STORE --table payments --method money --size 60 --seed 7 "
        "--out SAMPLE",
        run=sample,
        needs_database=False,
    )
    parser.add_argument("store", type=Path, metavar="STORE", help=_("the store"))
    parser.add_argument("--table", required=True, metavar="T", help=_("the canonical table"))
    parser.add_argument(
        "--method",
        choices=[one.value for one in Method],
        default="random",
        help=_("random; stratified by --by; money: each yuan is as likely"),
    )
    parser.add_argument("--by", default="", metavar="COLUMN", help=_("what groups or weighs"))
    parser.add_argument(
        "--unmasked", action="store_true", help=_("write ID numbers and accounts in full")
    )
    parser.add_argument("--size", type=int, required=True, metavar="N", help=_("rows to draw"))
    parser.add_argument("--seed", type=int, required=True, metavar="N", help=_("any number"))
    parser.add_argument("--out", type=Path, required=True, metavar="OUT", help=_("the results"))


def sample(options: argparse.Namespace) -> int:
    """Draw a sample and say how."""
    try:
        drawn = draw(
            open_store(options.store),
            shipped_datasets(),
            options.table,
            method=Method(options.method),
            size=options.size,
            seed=options.seed,
            out=options.out,
            by=options.by,
            titles=_titles(),
            unmasked=options.unmasked,
        )
    except NoStore as error:
        return fail(str(error), as_json=options.json)
    except CannotSample as error:
        return fail(sentence(error.code, error.values), as_json=options.json)
    document = {"out": str(options.out), **asdict(drawn)}
    say(document, as_json=options.json, text="\n".join(_lines(drawn, options.out)))
    return DONE


def _titles() -> dict[str, str]:
    return {
        "sample": _("Sample"),
        "rows": _("Rows of the population"),
        "how": _("How it was drawn"),
        "number": _("No."),
        "file": _("File"),
        "sheet": _("Sheet"),
        "row_number": _("Row"),
        "table": _("Table"),
        "method": _("Method"),
        "seed": _("Seed"),
        "size": _("Rows drawn"),
        "left_out": _("Rows left out (no amount, or not above 0)"),
        "fingerprint": _("Fingerprint of the store"),
        "by": _("By"),
        "amount_cents": _("Amount of the population (cents)"),
        "interval_cents": _("Interval (cents)"),
        "start_cents": _("Start (cents)"),
        "certain": _("Drawn for certain"),
        "strata": _("Groups: drawn of rows"),
    }


def _lines(drawn: Sample, out: Path) -> list[str]:
    lines = [
        _("%(size)s rows of %(rows)s drawn from %(table)s (%(method)s, seed %(seed)s).")
        % {
            "size": f"{drawn.size:,}",
            "rows": f"{drawn.rows:,}",
            "table": drawn.table,
            "method": drawn.method.value,
            "seed": drawn.seed,
        }
    ]
    if drawn.method == Method.MONEY:
        lines.append(
            _("Of %(amount)s yuan, one of every %(interval)s; %(certain)s rows for certain.")
            % {
                "amount": f"{drawn.amount_cents / 100:,.2f}",
                "interval": f"{drawn.interval_cents / 100:,.2f}",
                "certain": drawn.certain,
            }
        )
    lines += [f"  {one.name or '—'}: {one.drawn:,} / {one.rows:,}" for one in drawn.strata]
    lines.append(_("Written to %(file)s.") % {"file": out})
    return lines
