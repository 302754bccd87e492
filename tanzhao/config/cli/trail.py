"""`tanzhao trail verify`."""

import argparse

from django.utils.translation import gettext as _

from tanzhao.audit.trail import verify_trail
from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, say


def add(adder: Adder) -> None:
    """Add the commands about the trail."""
    example = "tanzhao trail verify --json"
    group = command(adder, "trail", help_text=_("check the trail"), example=example)
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    command(
        inner,
        "verify",
        help_text=_("find a changed, removed, inserted or reordered entry; exit 1 if there is one"),
        example=example,
        run=verify,
    )


def verify(options: argparse.Namespace) -> int:
    """Check the whole trail and say where it is broken."""
    entries, breaks = verify_trail()
    document = {
        "entries": entries,
        "whole": not breaks,
        "breaks": [{"entry": b.position, "message": b.message} for b in breaks],
    }
    lines = [_("%(n)s entries read.") % {"n": entries}]
    lines += [
        _("Entry %(n)s: %(message)s") % {"n": b.position, "message": b.message} for b in breaks
    ]
    if not breaks:
        lines.append(_("The trail is whole."))
    say(document, as_json=options.json, text="\n".join(lines))
    return FAILED if breaks else DONE
