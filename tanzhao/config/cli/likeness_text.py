"""`tanzhao likeness text`: the text of one file, in which all offsets count."""

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.likeness_reading import name_of, tell_left_out
from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.documents.reading_words import words_of
from tanzhao.engines.likeness.extract import Limits, Unreadable, extract_file
from tanzhao.engines.likeness.texts import Extracted
from tanzhao.kernel.packs.likeness_texts import read_likeness


def add(inner: Adder) -> None:
    """Add the command."""
    parser = command(
        inner,
        "text",
        help_text=_("print the text of a file; every offset counts characters of it"),
        example="tanzhao likeness text REPORT.docx",
        run=print_text,
        needs_database=False,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("what is to be read"))


def print_text(options: argparse.Namespace) -> int:
    """Print the text of a file, and as a remark what of the file is not in it.

    Exits 1 with a sentence if it cannot be read.
    """
    try:
        read = extract_file(options.file, limits=Limits(**read_likeness().reading))
    except Unreadable as refusal:
        return fail(f"{name_of(options.file)}: {words_of(refusal)}", as_json=options.json)
    if not options.json:
        tell_left_out([(name_of(options.file), read.left_out)])
    say(_document(read), as_json=options.json, text=read.text)
    return DONE


def _document(read: Extracted) -> dict[str, Any]:
    return {
        "kind": read.kind,
        "how": read.how,
        "readable": read.readable,
        "text": read.text,
        "parts": [part._asdict() for part in read.parts],
        "left_out": dict(read.left_out),
    }
