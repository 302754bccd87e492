"""`tanzhao screen load` and `expire`: a store is made of extracts, and its raw rows end."""

import argparse
import datetime as dt
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say
from tanzhao.config.cli.screen_rules import shipped_datasets
from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.expiring import NotDue, expire
from tanzhao.engines.screening.loading.mapping import BadMap, read_map
from tanzhao.engines.screening.loading.report import (
    CannotLoad,
    Note,
    OnProgress,
    Progress,
    Report,
    tell_nobody,
)
from tanzhao.screening.loading_words import fault, sentence

if TYPE_CHECKING:
    from rich.table import Table


def add(inner: Adder) -> None:
    """Add the commands that make and end stores."""
    parser = command(
        inner,
        "load",
        help_text=_("read every file of a folder into a store; exit 1 if one was refused"),
        example="tanzhao screen load EXTRACTS --map MAP.toml --out STORE",
        run=load_folder,
        needs_database=False,
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help=_("the folder with the extracts"))
    parser.add_argument(
        "--map",
        type=Path,
        required=True,
        metavar="MAP.toml",
        help=_("on whose order, and what is what"),
    )
    parser.add_argument("--out", type=Path, required=True, metavar="STORE", help=_("the store"))
    parser.add_argument(
        "--strict", action="store_true", help=_("make no store if a file is refused")
    )
    parser.add_argument(
        "--replace", action="store_true", help=_("take the place of a store that exists")
    )
    parser = command(
        inner,
        "expire",
        help_text=_("delete the rows of a store that are past their day; hits stay"),
        example="tanzhao screen expire STORE --on 2027-01-01",
        run=expire_store,
        needs_database=False,
    )
    parser.add_argument("store", type=Path, metavar="STORE", help=_("the store"))
    parser.add_argument(
        "--on", type=dt.date.fromisoformat, required=True, metavar="DATE", help=_("the day it is")
    )
    parser.add_argument(
        "--now-because", default="", metavar="TEXT", help=_("why they are deleted sooner")
    )


def load_folder(options: argparse.Namespace) -> int:
    """Load a folder. Exits 1 if a file was refused; what could be read is in the store."""
    try:
        datasets = shipped_datasets()
        with _shown() as show:
            report = load(
                options.folder,
                read_map(options.map, datasets),
                datasets,
                options.out,
                strict=options.strict,
                replace=options.replace,
                on_progress=show,
            )
    except (BadMap, CannotLoad) as error:
        return fail(sentence(error.code, error.values), as_json=options.json)
    say(_document(report), as_json=options.json, text=_text(report))
    return DONE if report.store and not report.refused else FAILED


def expire_store(options: argparse.Namespace) -> int:
    """Delete the rows of a store. Exits 1 if their day has not come and no reason is given."""
    try:
        gone = expire(options.store, options.on, because=options.now_because)
    except NotDue as error:
        return fail(sentence(error.code, error.values), as_json=options.json)
    except OSError as error:
        why = {"why": error.strerror or str(error)}
        return fail(sentence("cannot_write", why), as_json=options.json)
    on = gone.store.expired_on
    document = {
        "store": str(options.store),
        "expired_on": on.isoformat() if on else None,
        "because": gone.store.expired_because,
        "rows": gone.rows,
        "files": gone.files,
    }
    told = _("%(rows)s rows of %(store)s are deleted, in %(files)s files. Hits stay.")
    values = {"rows": f"{gone.rows:,}", "store": options.store, "files": gone.files}
    say(document, as_json=options.json, text=told % values)
    return DONE


def _document(report: Report) -> dict[str, Any]:
    store = report.store
    return {
        "store": str(report.folder) if store else None,
        "fingerprint": store.fingerprint if store else None,
        "rows": report.rows,
        "taken": report.taken,
        "doubtful": report.doubtful,
        "tables": dict(store.tables) if store else {},
        "sources": [asdict(source) for source in store.sources] if store else [],
        "refused": [
            {"file": one.file, "code": one.code, "why": sentence(one.code, one.values)}
            for one in report.refused
        ],
        "notes": [
            {"file": one.file, "sheet": one.sheet, "note": _note(one)} for one in report.notes
        ],
        "faults": [
            {"fault": code, "meaning": fault(code), "number": number}
            for code, number in report.faults.items()
        ],
    }


def _note(one: Note) -> str:
    return sentence(one.code, {"sheet": one.sheet, **one.values})


def _text(report: Report) -> str:
    """Say what came of a load: a table on a terminal, the same without lines elsewhere."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 160
    console = Console(width=width, highlight=False, file=io.StringIO(), force_terminal=False)
    with console.capture() as caught:
        if report.store:
            console.print(_sources(report))
        if report.faults:
            console.print(_faults(report))
        for line in _lines(report):
            console.print(line, markup=False, soft_wrap=True)
    return caught.get().rstrip("\n")


def _sources(report: Report) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(_("Source"))
    table.add_column(_("Table"))
    for heading in (_("Rows"), _("Taken"), _("Doubtful")):
        table.add_column(heading, justify="right")
    for source in report.store.sources if report.store else ():
        place = f"{source.file} · {source.sheet}" if source.sheet else source.file
        counts = (f"{n:,}" for n in (source.read, source.rows, source.doubtful))
        table.add_row(escape(place), source.table, *counts)
    return table


def _faults(report: Report) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(_("Cells"), justify="right")
    table.add_column(_("What is wrong with them, or why they were left out"))
    for code, number in sorted(report.faults.items(), key=lambda one: (-one[1], one[0])):
        table.add_row(f"{number:,}", fault(code))
    return table


def _lines(report: Report) -> Iterator[str]:
    for note in report.notes:
        yield f"· {_place(note)}: {_note(note)}"
    for refusal in report.refused:
        yield f"✗ {refusal.file}: {sentence(refusal.code, refusal.values)}"
    if report.store is None:
        yield _("No store was made.")
        return
    yield _("%(rows)s rows of %(read)s taken into %(store)s.") % {
        "rows": f"{report.taken:,}",
        "read": f"{report.rows:,}",
        "store": report.folder,
    }


def _place(note: Note) -> str:
    named = note.sheet and "sheet" not in note.code
    return f"{note.file} · {note.sheet}" if named else note.file


@contextmanager
def _shown() -> Iterator[OnProgress]:
    """Give a callback that keeps one line of a terminal up to date; it does nothing elsewhere."""
    if not sys.stderr.isatty():
        yield tell_nobody
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Progress) -> None:
            rows = _("%(n)s rows") % {"n": f"{progress.rows:,}"}
            bar.update(
                task,
                completed=progress.files,
                total=progress.of_files,
                description=f"{rows}  {progress.file}",
            )

        yield show
