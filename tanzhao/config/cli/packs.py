"""`tanzhao install-packs`."""

import argparse
from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.kernel.packs import BadPack, packs_of_kind
from tanzhao.taxonomy.actions import install_frame

KINDS = ("frame", "vocabulary")


def add(adder: Adder) -> None:
    """Add the command that installs frames and vocabularies."""
    parser = command(
        adder,
        "install-packs",
        help_text=_("install the frames and vocabularies of the packs folder; safe to repeat"),
        example="tanzhao install-packs --dry-run",
        run=install,
    )
    parser.add_argument(
        "--dry-run", action="store_true", help=_("say what would change, change nothing")
    )


def install(options: argparse.Namespace) -> int:
    """Install every frame and vocabulary."""
    try:
        packs = [pack for kind in KINDS for pack in packs_of_kind(kind)]
    except BadPack as error:
        return fail(str(error), as_json=options.json)
    done = [
        {"pack": pack.name, "version": pack.version}
        | asdict(install_frame(pack, at=timezone.now(), keep=not options.dry_run))
        for pack in packs
    ]
    lines = [
        _("%(pack)s %(version)s: %(added)s added, %(changed)s changed, %(retired)s retired") % row
        for row in done
    ]
    say({"packs": done}, as_json=options.json, text="\n".join(lines))
    return DONE
