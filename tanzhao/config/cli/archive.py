"""`tanzhao archive verify`: needs no database."""

import argparse
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tanzhao.archive.checking import verify as verify_volume
from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say


def add(adder: Adder) -> None:
    """Add the commands about archive volumes."""
    example = "tanzhao archive verify volume.zip"
    group = command(adder, "archive", help_text=_("check archive volumes"), example=example)
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    parser = command(
        inner,
        "verify",
        help_text=_("name every file of a volume that was changed, removed or added"),
        example=example,
        run=verify,
        needs_database=False,
    )
    parser.add_argument("file", type=Path, help=_("the volume, a .zip file"))
    parser.add_argument(
        "--expect", metavar="SHA256", help=_("the volume's hash, as shown on its page")
    )


def verify(options: argparse.Namespace) -> int:
    """Check one volume against its own hash list, and its hash if one is given."""
    if not options.file.is_file():
        return fail(_("There is no file %(file)s.") % {"file": options.file}, as_json=options.json)
    checked = verify_volume(options.file, expect=options.expect)
    language = get_language() or ""
    document = {
        "volume": str(options.file),
        "sha256": checked.sha256,
        "files": checked.files,
        "whole": not checked.problems,
        "problems": [
            {"code": p.code, "file": p.file, "message": p.sentence(language)}
            for p in checked.problems
        ],
    }
    lines = [_("%(n)s files read. SHA-256 %(hash)s") % {"n": checked.files, "hash": checked.sha256}]
    lines += [p.sentence(language) for p in checked.problems]
    if not checked.problems:
        lines.append(_("The volume is whole."))
    say(document, as_json=options.json, text="\n".join(lines))
    return FAILED if checked.problems else DONE
