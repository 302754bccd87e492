"""`tanzhao likeness`: files in, shared passages out. Needs no database.

One module for each command or two; each adds its own.
"""

from django.utils.translation import gettext as _

from tanzhao.config.cli import (
    likeness_compare,
    likeness_report,
    likeness_scan,
    likeness_store,
    likeness_text,
)
from tanzhao.config.cli.parsing import Adder, command

MODULES = (likeness_scan, likeness_compare, likeness_store, likeness_report, likeness_text)


def add(adder: Adder) -> None:
    """Add the commands of likeness."""
    group = command(
        adder,
        "likeness",
        help_text=_("find which documents share wording, and show it; needs no database"),
        example="tanzhao likeness scan DIR --out OUT",
    )
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    for module in MODULES:
        module.add(inner)
