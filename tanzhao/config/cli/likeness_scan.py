"""`tanzhao likeness scan`: every pair of a folder's documents that share passages."""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanzhao.config.cli.likeness_page.figures import Report, in_order, per_cent, summary
from tanzhao.config.cli.likeness_page.page import write_page
from tanzhao.config.cli.likeness_reading import (
    Apart,
    WrongCall,
    add_pack,
    add_workers,
    busy,
    by_of,
    carried_out,
    document,
    files_below,
    pack_of,
    progress,
    texts_of,
)
from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, say
from tanzhao.engines.likeness import scan
from tanzhao.engines.likeness.store import NoStore
from tanzhao.engines.likeness.texts import Found

if TYPE_CHECKING:
    from tanzhao.engines.likeness.keeping.adding import By
    from tanzhao.engines.likeness.keeping.texts_file import WrittenTexts
    from tanzhao.kernel.packs.likeness_texts import LikenessPack

PAIRS, TEXTS, PAGE = "pairs.json", "texts.parquet", "report.html"
SHOWN = 20  # pairs on a terminal; all are in pairs.json


def add(inner: Adder) -> None:
    """Add the command."""
    parser = command(
        inner,
        "scan",
        help_text=_("compare all documents of a folder; exit 1 if none could be read"),
        example="tanzhao likeness scan DIR --out OUT",
        run=run,
        needs_database=False,
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help=_("the folder with the documents"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar="OUT", help=_("pairs.json, report.html, texts")
    )
    add_pack(parser)
    parser.add_argument("--engine", choices=["local", "spark"], default="local")
    parser.add_argument(
        "--master", default="local[*]", metavar="URL", help=_("the Spark cluster; local[*] if none")
    )
    add_workers(parser)


def run(options: argparse.Namespace) -> int:
    """Scan a folder. Exits 1 if no document of it could be read; why is listed."""
    return carried_out(
        lambda: _run(options), stopped=_("Stopped. Nothing was written."), as_json=options.json
    )


def _run(options: argparse.Namespace) -> int:
    from tanzhao.engines.likeness.keeping.texts_file import WrittenTexts, write_texts

    pack = pack_of(options)
    by = by_of(options, pack)
    if not options.folder.is_dir():
        raise WrongCall(_("%(folder)s is no folder.") % {"folder": options.folder})
    files = files_below(options.folder, apart=[options.out])
    apart = Apart()
    with built_beside(options.out) as building:
        with progress(len(files), _("reading files")) as show:
            read = texts_of(files, pack, options.workers, apart, show)
            write_texts(building / TEXTS, read)
        texts = WrittenTexts(building / TEXTS)
        with busy(_("comparing %(n)s documents") % {"n": f"{len(texts):,}"}):
            found = _found(building / TEXTS, texts, by, options)
        answer = document(len(texts), found.pairs, found.common, apart)
        write_answer(building / PAIRS, answer)
        report = report_of(found, texts, apart, pack)
        with busy(_("writing the report of likeness")):
            write_page(building / PAGE, report)
        # The report's texts are read from the folder that is about to be moved.
        lines = _lines(report, options.out)
    say(answer, as_json=options.json, text="\n".join(lines))
    return DONE if len(texts) else FAILED


def _found(file: Path, texts: "WrittenTexts", by: "By", options: argparse.Namespace) -> Found:
    from tanzhao.engines.likeness.keeping.texts_file import PlainTexts

    if options.engine == "local":
        return scan(PlainTexts(texts), by.settings, allowed=by.allowed, templates=by.templates)
    from tanzhao.engines.likeness.spark import scan_on_spark

    return scan_on_spark(file, by, master=options.master)


def report_of(
    found: Found,
    texts: "WrittenTexts",
    apart: Apart,
    pack: "LikenessPack",
) -> Report:
    """Give a report of what was found."""
    name = f"{pack.name} {pack.version}"
    return Report(
        len(texts), found.pairs, found.common, tuple(apart.skipped), texts, name, apart.left_out
    )


def write_answer(file: Path, answer: dict[str, Any]) -> None:
    """Write an answer: one line for each pair, so that it can be read and compared."""
    text = json.dumps(answer, ensure_ascii=False, indent=None, separators=(", ", ": "))
    text = text.encode("utf-8", "replace").decode()
    file.write_text(text.replace('}, {"left": "', '},\n {"left": "') + "\n", "utf-8")


@contextmanager
def built_beside(out: Path) -> Iterator[Path]:
    """Give a folder to write to, which becomes `out` when all is done.

    Raises: NoStore("out_taken") if `out` holds something that no scan wrote.
    """
    if out.exists() and not (out / PAIRS).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise NoStore("out_taken", folder=str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise NoStore("unwritable", folder=str(out)) from error
    try:
        building = work / "out"
        building.mkdir()
        yield building
        if out.exists():
            out.rename(work / "before")
        building.rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _lines(report: Report, out: Path) -> list[str]:
    pairs = in_order(report.pairs)
    lines = [pair_line(pair) for pair in pairs[:SHOWN]]
    if len(pairs) > SHOWN:
        lines.append(_("… and %(n)s pairs more") % {"n": f"{len(pairs) - SHOWN:,}"})
    lines += [f"✗ {file}: {reason}" for file, reason in report.skipped]
    lines.append(summary(report))
    lines.append(_("A likeness is a question, not a verdict."))
    lines.append(_("Open %(page)s.") % {"page": out / PAGE})
    return lines


def pair_line(pair: Any) -> str:
    """Say in one line what two documents share."""
    count = len(pair.passages)
    passages = ngettext("%(n)s passage", "%(n)s passages", count) % {"n": count}
    shares = f"{per_cent(pair.left_share):>3} % {per_cent(pair.right_share):>3} %"
    return f"{shares}  {passages}  {pair.left}  ↔  {pair.right}"
