"""`tanzhao install-packs`."""

import argparse

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, Adder, command, say
from tanzhao.kernel.packs import packs_of_kind
from tanzhao.taxonomy.actions import install_frame


def add(adder: Adder) -> None:
    """Add the command that installs frames and vocabularies."""
    command(
        adder,
        "install-packs",
        help_text=_("install the frames and vocabularies of the packs folder; safe to repeat"),
        example="tanzhao install-packs",
        run=install,
    )


def install(options: argparse.Namespace) -> int:
    """Install every frame and vocabulary."""
    done = [
        {"pack": pack.name, "version": pack.version, **install_frame(pack)._asdict()}
        for kind in ("frame", "vocabulary")
        for pack in packs_of_kind(kind)
    ]
    lines = [
        _("%(pack)s %(version)s: %(added)s added, %(changed)s changed, %(retired)s retired") % row
        for row in done
    ]
    say({"packs": done}, as_json=options.json, text="\n".join(lines))
    return DONE
