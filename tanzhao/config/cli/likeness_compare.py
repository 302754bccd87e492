"""`tanzhao likeness compare`: the passages that two documents share, side by side."""

import argparse
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.config.cli.likeness_page.figures import per_cent, place
from tanzhao.config.cli.likeness_reading import (
    Apart,
    add_pack,
    by_of,
    carried_out,
    document,
    name_of,
    pack_of,
    texts_of,
)
from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.engines.likeness import scan
from tanzhao.engines.likeness.texts import Extracted, Pair, Passage

if TYPE_CHECKING:
    from rich.text import Text

MOST_MATCHED = 4_000  # letters of a passage in which differences are looked for
COLOURS = ("yellow", "cyan", "green", "magenta", "blue", "bright_cyan", "bright_yellow")


def add(inner: Adder) -> None:
    """Add the command."""
    parser = command(
        inner,
        "compare",
        help_text=_("show the passages that two documents share"),
        example="tanzhao likeness compare A.docx B.docx",
        run=run,
        needs_database=False,
    )
    parser.add_argument("left", type=Path, metavar="A", help=_("a document"))
    parser.add_argument("right", type=Path, metavar="B", help=_("another document"))
    add_pack(parser)


def run(options: argparse.Namespace) -> int:
    """Compare two documents. Exits 1 if one of them cannot be read."""
    return carried_out(
        lambda: _run(options), stopped=_("Stopped: nothing was compared."), as_json=options.json
    )


def _run(options: argparse.Namespace) -> int:
    names = (name_of(options.left), name_of(options.right))
    apart = Apart()
    pack = pack_of(options)
    by = by_of(options, pack)
    # Two documents of one name are two all the same.
    files = [("0", options.left), ("1", options.right)]
    texts = dict(texts_of(files, pack, 2, apart, lambda _number: None))
    if apart.skipped:
        said = "; ".join(f"{names[int(key)]}: {why}" for key, why in apart.skipped)
        return fail(said, as_json=options.json)
    plain = {key: one.text for key, one in texts.items()}
    # A template makes no difference between two documents: what they share is shown.
    found = scan(plain, by.settings, allowed=by.allowed)
    pairs = [Pair(*names, one.left_share, one.right_share, one.passages) for one in found.pairs]
    text = "" if options.json else _shown(pairs, names, texts["0"], texts["1"])
    apart.left_out = {names[int(key)]: what for key, what in apart.left_out.items()}
    say(document(2, pairs, (), apart), as_json=options.json, text=text)
    return DONE


def _shown(pairs: list[Pair], names: tuple[str, str], left: Extracted, right: Extracted) -> str:
    if not pairs:
        return _("They share no passage.")
    (pair,) = pairs
    if sys.stdout.isatty():
        return _in_colour(pair, names, left, right)
    lines = []
    for number, one in enumerate(pair.passages, 1):
        lines.append(_heading(number, one, left, right))
        lines.append(f"  < {left.text[one.left.start : one.left.end]}")
        lines.append(f"  > {right.text[one.right.start : one.right.end]}")
    return "\n".join((*lines, *_ending(pair)))


def _heading(number: int, one: Passage, left: Extracted, right: Extracted) -> str:
    places = [
        f"{place(text.parts, span.start)} [{span.start}–{span.end}]".strip()
        for text, span in ((left, one.left), (right, one.right))
    ]
    same = _("%(n)s %% the same") % {"n": per_cent(one.same)}
    return f"{number}  {same}  {places[0]}  ↔  {places[1]}"


def _ending(pair: Pair) -> Iterator[str]:
    for name, share in ((pair.left, pair.left_share), (pair.right, pair.right_share)):
        values = {"share": per_cent(share), "name": name}
        yield _("%(share)s %% of %(name)s stands in the other.") % values
    yield _("A likeness is a question, not a verdict.")


def _in_colour(pair: Pair, names: tuple[str, str], left: Extracted, right: Extracted) -> str:
    import io

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(expand=True, show_lines=True, padding=(0, 1))
    table.add_column("", justify="right", no_wrap=True)
    for name in names:
        table.add_column(Text(name), ratio=1)
    for number, one in enumerate(pair.passages, 1):
        colour = COLOURS[(number - 1) % len(COLOURS)]
        here = left.text[one.left.start : one.left.end]
        there = right.text[one.right.start : one.right.end]
        mine, theirs = _marked(here, there, colour)
        mine.append(f"\n{place(left.parts, one.left.start)}", style="dim")
        same = _("%(n)s %% the same") % {"n": per_cent(one.same)}
        theirs.append(f"\n{place(right.parts, one.right.start)}  {same}", style="dim")
        table.add_row(Text(str(number), style=f"bold {colour}"), mine, theirs)
    console = Console(file=io.StringIO(), force_terminal=True, width=Console().width)
    with console.capture() as caught:
        console.print(table)
        for line in _ending(pair):
            console.print(Text(line))
    return caught.get().rstrip("\n")


def _marked(left: str, right: str, colour: str) -> tuple["Text", "Text"]:
    """Colour two stretches; letters of one that the other has not are underlined."""
    from rich.text import Text

    here, there = Text(left, style=colour), Text(right, style=colour)
    if max(len(left), len(right)) <= MOST_MATCHED:
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            if kind != "equal":
                here.stylize("bold underline red", i1, i2)
                there.stylize("bold underline red", j1, j2)
    return here, there
