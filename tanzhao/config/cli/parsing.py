"""What every command shares: words in the operator's language, examples, one JSON document."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

DONE, FAILED, WRONG_USE = 0, 1, 2

# The words of argparse itself, so that they are in our catalogues.
WORDS_OF_ARGPARSE = (
    gettext_noop("usage: "),
    gettext_noop("positional arguments"),
    gettext_noop("options"),
    gettext_noop("%(heading)s:"),
    gettext_noop("ambiguous option: %(option)s could match %(matches)s"),
    gettext_noop("ignored explicit argument %r"),
    gettext_noop("show this help message and exit"),
    gettext_noop("the following arguments are required: %s"),
    gettext_noop("unrecognized arguments: %s"),
    gettext_noop("argument %(argument_name)s: %(message)s"),
    gettext_noop("invalid choice: %(value)r (choose from %(choices)s)"),
    gettext_noop("expected one argument"),
    gettext_noop("%(prog)s: error: %(message)s\n"),
    gettext_noop("invalid %(type)s value: %(value)r"),
)


class Adder(Protocol):
    """What argparse's add_subparsers gives."""

    def add_parser(self, name: str, **values: Any) -> argparse.ArgumentParser: ...


def language_of_environment() -> str:
    """Choose Chinese or English by LC_ALL, LC_MESSAGES or LANG; Chinese if none of them is set."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh-hans" if value.lower().startswith("zh") else "en"
    return "zh-hans"


class Parser(argparse.ArgumentParser):
    """A parser that says in one JSON document too, where asked for it, what was used wrongly."""

    def error(self, message: str) -> NoReturn:
        """Say how it is used and what was wrong, and exit with 2."""
        if "--json" in sys.argv:
            say({"error": message}, as_json=True, text="")
            sys.exit(WRONG_USE)
        super().error(message)


def translate_argparse() -> None:
    """Let argparse speak the language that is active."""
    argparse._ = _  # type: ignore[attr-defined]  # it offers no other way


def command(
    adder: Adder,
    name: str,
    *,
    help_text: str,
    example: str,
    run: Callable[..., int] | None = None,
    needs_database: bool = True,
) -> argparse.ArgumentParser:
    """Add a command with its one-line help and an example of its use.

    Args:
        needs_database: the database is created or brought up to date before it runs.
    """
    parser = adder.add_parser(
        name,
        help=help_text,
        description=help_text,
        epilog=_("Example: %(example)s") % {"example": example},
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if run is not None:
        parser.set_defaults(run=run, needs_database=needs_database)
        parser.add_argument(
            "--json", action="store_true", help=_("print one JSON document and nothing else")
        )
    return parser


def say(document: dict[str, Any], *, as_json: bool, text: str) -> None:
    """Print the answer: one JSON document, or text for a person."""
    # A terminal that cannot show Chinese gets JSON with escapes, and text with question marks.
    shows_all = (sys.stdout.encoding or "").lower().startswith("utf")
    encoding = sys.stdout.encoding or "utf-8"
    shown = text if shows_all else text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write(json.dumps(document, ensure_ascii=not shows_all) if as_json else shown)
    sys.stdout.write("\n")


def fail(sentence: str, *, as_json: bool) -> int:
    """Print why it could not be done, and give the exit code."""
    if as_json:
        say({"error": sentence}, as_json=True, text="")
    else:
        sys.stderr.write(f"tanzhao: {sentence}\n")
    return FAILED
