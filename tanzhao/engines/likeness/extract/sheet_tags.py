"""Tags of a sheet's XML, looked for while it is read piece by piece; nothing else is parsed."""

import re
from collections.abc import Iterable, Iterator

_OVERLAP = 4096  # bytes: no tag is as long


def tags_in(pieces: Iterable[bytes], tag: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Give every match of `tag`, also of one that a cut between two pieces goes through."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        last = 0
        for found in tag.finditer(text):
            last = found.end()
            yield found
        rest = text[max(last, len(text) - _OVERLAP) :]
