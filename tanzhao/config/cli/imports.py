"""`tanzhao import units|inspectors|ledger FILE`."""

import argparse
import getpass
import hashlib
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.models import StoredFile
from tanzhao.inspectors.importers import INSPECTORS
from tanzhao.kernel.imports import ImportReport
from tanzhao.kernel.sheets import Unreadable
from tanzhao.rectification.importers import LEDGER
from tanzhao.units.importers import UNITS

KINDS = {kind.name: kind for kind in (UNITS, INSPECTORS, LEDGER)}


def add(adder: Adder) -> None:
    """Add the commands that import an office's own workbooks."""
    group = command(
        adder,
        "import",
        help_text=_("take an office's own workbooks into the registers"),
        example="tanzhao import units 巡察对象库.xlsx",
    )
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    helps = {
        "units": (_("take a workbook of units"), "巡察对象库.xlsx"),
        "inspectors": (_("take a workbook of inspectors"), "巡察人才库.xlsx"),
        "ledger": (_("take an old rectification ledger"), "整改台账.xlsx"),
    }
    for name, (help_text, file) in helps.items():
        parser = command(
            inner,
            name,
            help_text=help_text,
            example=f"tanzhao import {name} {file} --dry-run",
            run=import_,
        )
        parser.add_argument("file", type=Path, metavar="FILE", help=_("the workbook, as it is"))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("say what would change, change nothing")
        )
        parser.set_defaults(kind=KINDS[name])


def import_(options: argparse.Namespace) -> int:
    """Take one workbook, all rows or none. Doubtful rows are reported, and exit 0 all the same."""
    kind: WorkbookKind = options.kind
    file: Path = options.file
    try:
        reading = kind.read(file)
        with file.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    except Unreadable as refusal:
        return fail(refusal.message, as_json=options.json)
    report = kind.take(
        reading,
        actor=None,
        at=timezone.now(),
        # Named in the trail by its hash; the operator keeps the file.
        source=StoredFile(name=file.name, sha256=sha256),
        operator=getpass.getuser(),
        keep=not options.dry_run,
    )
    say(report.as_json(), as_json=options.json, text=_in_words(report, dry_run=options.dry_run))
    return DONE


def _in_words(report: ImportReport, *, dry_run: bool) -> str:
    reading = report.reading
    lines = [_("Sheet: %(sheet)s") % {"sheet": reading.sheet}]
    unused = [title for title, one in reading.columns.items() if one is None and title]
    if unused:
        lines.append(_("Columns not used: %(columns)s") % {"columns": "、".join(unused)})
    for note in reading.notes:
        lines.append(note.message)
    for fault in report.faults:
        place = {"row": fault.row, "column": fault.column, "message": fault.message}
        lines.append(_("Row %(row)s, %(column)s: %(message)s") % place)
    lines.append(
        _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s not taken")
        % report.counts
    )
    if dry_run:
        lines.append(_("Nothing was written."))
    return "\n".join(lines)
