"""`tanzhao screen`: extracts in, questions out. Needs no database.

One module for each group of commands; each adds its own.
"""

from django.utils.translation import gettext as _

from tanzhao.config.cli import screen_link, screen_load, screen_rules, screen_run, screen_sample
from tanzhao.config.cli.parsing import Adder, command

MODULES = (screen_load, screen_rules, screen_run, screen_sample, screen_link)


def add(adder: Adder) -> None:
    """Add the commands of screening."""
    group = command(
        adder,
        "screen",
        help_text=_("compare what departments handed over, by rules; needs no database"),
        example="tanzhao screen run STORE --pack all --out OUT",
    )
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    for module in MODULES:
        module.add(inner)
