"""What the commands of likeness share: the pack, files and their texts, and one form of answers."""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.translation import gettext as _

from tanzhao.config.cli.likeness_words import sentence
from tanzhao.config.cli.parsing import WRONG_USE, fail
from tanzhao.documents.reading_words import left_out_words, words_of
from tanzhao.engines.likeness.extract import Limits, Unreadable, extract_files
from tanzhao.engines.likeness.settings import BadSettings, Settings
from tanzhao.engines.likeness.store import NoStore
from tanzhao.engines.likeness.texts import CommonPassage, Extracted, Pair
from tanzhao.kernel.packs import SHIPPED, BadPack
from tanzhao.kernel.packs.likeness_texts import (
    KIND,
    LikenessPack,
    read_likeness,
    text_in,
    texts_in,
    wordings,
)

if TYPE_CHECKING:
    from tanzhao.engines.likeness.keeping.adding import By

# Programs keep these beside documents; nobody wrote them.
NOT_DOCUMENTS = (".", "~$", "Thumbs.db", "desktop.ini")


type LeftOut = tuple[tuple[str, int], ...]


@dataclass
class Apart:
    """What was not compared: files, and what nobody sees in files that were.

    Attributes:
        skipped: (name, sentence) of files that could not be read.
        left_out: by name, kinds and numbers of what is hidden, as `Extracted` has them.
    """

    skipped: list[tuple[str, str]] = field(default_factory=list)
    left_out: dict[str, LeftOut] = field(default_factory=dict)


class WrongCall(Exception):
    """The command was used wrongly. The message is a sentence."""


def add_pack(parser: argparse.ArgumentParser) -> None:
    """Add the options that say by what is compared."""
    parser.add_argument(
        "--pack",
        default="county",
        metavar="NAME",
        help=_("settings, allowed texts and templates: a pack's name or folder"),
    )
    parser.add_argument(
        "--allowed",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help=_("more texts that anybody may use, one wording a line"),
    )
    parser.add_argument(
        "--templates", type=Path, metavar="DIR", help=_("more templates, *.txt in a folder")
    )


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add the option that says how many processes read files."""
    parser.add_argument(
        "--workers",
        type=int,
        default=min(os.cpu_count() or 1, 8),
        metavar="N",
        help=_("how many processes read files"),
    )


def pack_of(options: argparse.Namespace) -> LikenessPack:
    """Read the pack that was asked for. Raises: WrongCall."""
    asked = str(options.pack)
    folder = SHIPPED / KIND / asked
    if not folder.is_dir():
        folder = Path(asked)
    try:
        return read_likeness(folder)
    except BadPack as error:
        raise WrongCall(str(error)) from error


def by_of(options: argparse.Namespace, pack: LikenessPack) -> "By":
    """Give what is compared by: the pack, and what was given beside it. Raises: WrongCall."""
    from tanzhao.engines.likeness.keeping.adding import By

    try:
        allowed = [line for file in options.allowed for line in wordings(text_in(file))]
        if options.templates and not options.templates.is_dir():
            raise WrongCall(_("%(folder)s is no folder.") % {"folder": options.templates})
        templates = texts_in(options.templates) if options.templates else {}
        settings = Settings(**pack.comparing)
    except BadPack as error:
        raise WrongCall(str(error)) from error
    except (BadSettings, TypeError) as error:
        told = {"pack": pack.name, "fault": error}
        raise WrongCall(_("The pack %(pack)s cannot be used: %(fault)s") % told) from error
    return By(
        settings,
        (*pack.allowed, *allowed),
        {**pack.templates, **templates},
        f"{pack.name} {pack.version}",
    )


def carried_out(work: Callable[[], int], *, stopped: str, as_json: bool) -> int:
    """Do the work of a command, and say what ended it early; give the exit code.

    stopped: the sentence for whoever stopped it: what is left of what was done.
    """
    try:
        with stopping():
            return work()
    except WrongCall as error:
        fail(str(error), as_json=as_json)
        return WRONG_USE
    except NoStore as error:
        return fail(sentence(error.code, error.values), as_json=as_json)
    except BrokenPipeError:
        raise  # whoever reads the answer has seen enough: see __main__
    except OSError as error:  # a disk that is full, a folder that may not be written
        told = {"file": error.filename or "", "why": error.strerror or error}
        return fail(_("%(file)s: %(why)s") % told, as_json=as_json)
    except (Stopped, KeyboardInterrupt):
        return fail(stopped, as_json=as_json)


def name_of(path: Path) -> str:
    """Give the name of a file as it is shown and kept, with "/" between its parts.

    Archives packed on Windows leave names in GB18030 behind; what is in no encoding is shown with
    signs of replacement, since no table and no JSON could hold it.
    """
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = os.fsencode(name)
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "replace")
    return name


def apart_by_name(files: Iterable[tuple[str, Path]]) -> list[tuple[str, Path]]:
    """Number the names that several files have, which only names in no encoding can be."""
    named: dict[str, Path] = {}
    for name, path in files:
        free = chain([name], (f"{name} ({number})" for number in count(2)))
        named[next(one for one in free if named.get(one, path) == path)] = path
    return list(named.items())


def files_below(folder: Path, *, apart: Sequence[Path] = ()) -> list[tuple[str, Path]]:
    """Give (name, path) of every file below a folder, by name; names have "/" between the parts.

    apart: folders and files that are left out.
    """
    left_out = [_where(one) for one in apart]
    files: dict[Path, Path] = {}  # where each is, to where it was met
    # A link counts only if what it leads to is not met by itself.
    for file in sorted(folder.rglob("*"), key=lambda one: (one.is_symlink(), one)):
        parts = file.relative_to(folder).parts
        if file.is_dir() or any(part.startswith(NOT_DOCUMENTS) for part in parts):
            continue
        place = _where(file)
        if not any(place.is_relative_to(one) for one in left_out):
            files.setdefault(place, file)
    return apart_by_name(
        sorted((name_of(file.relative_to(folder)), file) for file in files.values())
    )


def _where(path: Path) -> Path:
    # Path.resolve fails on a circle of links in Python 3.12.
    return Path(os.path.realpath(path))


def texts_of(
    files: Sequence[tuple[str, Path]],
    pack: LikenessPack,
    workers: int,
    apart: Apart,
    show: Callable[[int], None],
) -> Iterator[tuple[str, Extracted]]:
    """Give (name, text) of every file that can be read, in order.

    apart: what is not compared is put into it. What nobody sees in a file is told of once all are
        read, too.
    """
    hiding: list[tuple[str, LeftOut]] = []
    limits = Limits(**pack.reading)
    reading = extract_files([path for _name, path in files], limits=limits, workers=workers)
    # Closed with us, so that its processes end when we are stopped.
    with contextlib.closing(reading) as read:
        for number, ((name, path), (_same, one)) in enumerate(zip(files, read, strict=True), 1):
            show(number)
            if isinstance(one, Unreadable):
                apart.skipped.append((name, words_of(one)))
            else:
                if one.left_out:
                    apart.left_out[name] = one.left_out
                    hiding.append((name_of(path), one.left_out))
                yield name, one
    tell_left_out(hiding)


def tell_left_out(read: Iterable[tuple[str, LeftOut]]) -> None:
    """Say, beside the answer, what of a file is not in its text because nobody sees it."""
    for name, left_out in read:
        if left_out:
            sys.stderr.write(f"tanzhao: {name}: {left_out_words(left_out)}\n")


def document(
    documents: int,
    pairs: Sequence[Pair],
    common: Sequence[CommonPassage],
    apart: Apart,
) -> dict[str, Any]:
    """Give an answer as docs/operations/likeness-format.md §5 has it."""
    return {
        "documents": documents,
        "pairs": [
            {
                "left": pair.left,
                "right": pair.right,
                "left_share": pair.left_share,
                "right_share": pair.right_share,
                "passages": [
                    {"left": list(one.left), "right": list(one.right), "same": one.same}
                    for one in pair.passages
                ],
            }
            for pair in pairs
        ],
        "common": [
            {
                "text": one.text,
                "first": one.first,
                "template": one.template,
                "holders": [{"file": who.key, "at": list(who.at)} for who in one.holders],
            }
            for one in common
        ],
        "skipped": [{"file": file, "reason": reason} for file, reason in apart.skipped],
        "left_out": [{"file": file, "what": dict(what)} for file, what in apart.left_out.items()],
    }


class Stopped(BaseException):
    """Somebody asked the command to stop."""


@contextmanager
def stopping() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does: through every `finally`. Raises: Stopped."""

    def stop(_number: int, _frame: object) -> NoReturn:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def progress(total: int, words: str) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how far the work is; give what is told."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(words, total=total)
        yield lambda done: bars.update(task, completed=done)


@contextmanager
def busy(words: str) -> Iterator[None]:
    """Show on a terminal what is being done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(words):
        yield
