"""`tanzhao screen load` and `expire`: a store is made of extracts, and its raw rows end."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say
from tanzhao.config.cli.screen_rules import shipped_datasets
from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import BadMap, read_map
from tanzhao.engines.screening.loading.report import (
    CannotLoad,
    OnProgress,
    Progress,
    Report,
    tell_nobody,
)
from tanzhao.screening.loading_words import fault, sentence


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
    say(_document(report), as_json=options.json, text="\n".join(_lines(report)))
    return DONE if report.store and not report.refused else FAILED


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


def _note(one: Any) -> str:
    return sentence(one.code, {"sheet": one.sheet, **one.values})


def _lines(report: Report) -> Iterator[str]:
    if report.store:
        yield _("%(rows)s rows of %(read)s taken into %(store)s.") % {
            "rows": f"{report.taken:,}",
            "read": f"{report.rows:,}",
            "store": report.folder,
        }
        for source in report.store.sources:
            place = f"{source.file} · {source.sheet}" if source.sheet else source.file
            yield f"  {source.rows:>10,}  {source.doubtful:>8,}  {source.table:<14} {place}"
    else:
        yield _("No store was made.")
    for refusal in report.refused:
        yield f"  ✗ {refusal.file}: {sentence(refusal.code, refusal.values)}"
    for note in report.notes:
        yield f"  · {note.file}: {_note(note)}"
    for code, number in report.faults.items():
        yield f"  {number:>10,}  {fault(code)}"


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
