"""From the words of the command line to one command."""

import argparse
from collections.abc import Sequence

import django
from django.utils import translation
from django.utils.translation import gettext as _

from tanzhao.config.cli.database import bring_up_to_date
from tanzhao.config.cli.parsing import Parser, language_of_environment, translate_argparse


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns 0 done, 1 failed or found wrong; argparse exits 2 on wrong use."""
    django.setup()
    with translation.override(language_of_environment()):
        translate_argparse()
        options = _parser().parse_args(arguments)
        if options.needs_database:
            bring_up_to_date()
        run = options.run
        return int(run(options))


def _parser() -> argparse.ArgumentParser:
    # Commands import models, so they are imported once Django is set up.
    from tanzhao.config.cli import accounts, archive, imports, likeness, packs, plan, screen, trail

    parser = Parser(
        prog="tanzhao",
        description=_(
            "Operators' commands of Tanzhao. They need no web server. A database that is missing "
            "or older than the program is first created or brought up to date."
        ),
        epilog=_("Example: %(example)s") % {"example": "tanzhao trail verify"},
    )
    adder = parser.add_subparsers(required=True, metavar=_("COMMAND"))
    for module in (imports, trail, archive, packs, accounts, plan, screen, likeness):
        module.add(adder)
    return parser
