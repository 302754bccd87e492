"""The text in stored files, read by the engine in child processes, within the pack's limits."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tanzhao.documents.models import StoredFile
from tanzhao.engines.likeness.extract import Limits, Unreadable, extract_files
from tanzhao.engines.likeness.texts import Extracted
from tanzhao.kernel.packs.likeness_texts import read_likeness

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def limits_of_pack() -> Limits:
    """Give the limits of reading that the office has set."""
    return Limits(**read_likeness().reading)


def texts_in(
    files: Iterable[StoredFile], *, workers: int = 1
) -> Iterator[tuple[StoredFile, Extracted | Unreadable]]:
    """Give the text of each file, or why it cannot be read, in their order.

    Takes long; never in a web process. Nothing that a file holds raises anything here.
    """
    by_path = {Path(one.content.path): one for one in files}
    for path, read in extract_files(by_path, limits=limits_of_pack(), workers=workers):
        yield by_path[path], read


def storable(text: str) -> str:
    """Give a text that every database takes, every character in its place."""
    return _UNSTORABLE.sub("\ufffd", text)
