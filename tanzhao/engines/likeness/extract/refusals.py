"""Why a file was not read: codes, and the values that their sentences need. Light."""

from collections.abc import Mapping

# Every code, with the names of its values. The sentences stand in documents/reading_words.py.
CODES: Mapping[str, frozenset[str]] = {
    "missing": frozenset(),  # no such file, or a link that leads nowhere or in a circle
    "not_a_file": frozenset(),  # a folder, a device, a pipe
    "no_permission": frozenset(),
    "empty": frozenset(),
    "too_large": frozenset({"most"}),  # bytes, as "100 MB"
    "too_long": frozenset({"most"}),  # characters
    "too_many_pages": frozenset({"most"}),
    "too_many_scans": frozenset({"most"}),
    "picture_too_large": frozenset({"most"}),  # million points
    "damaged": frozenset({"kind"}),
    "encrypted": frozenset({"kind"}),
    "bomb": frozenset({"kind"}),  # unpacks to more than anybody wrote
    "nested": frozenset({"kind"}),  # elements in elements, deeper than any program writes
    "unended": frozenset({"kind"}),  # tags of a page that begin and never end
    "entities": frozenset({"kind"}),  # XML that declares entities; no office program does
    "foreign_part": frozenset({"kind"}),  # its text stands in a part of another format
    "ofd": frozenset(),  # pages that are pictures in a format which is not read
    "program": frozenset(),
    "archive": frozenset(),
    "not_a_document": frozenset({"kind"}),
    "unknown": frozenset(),
    "encoding": frozenset(),
    "old_word": frozenset(),  # no reader here understands this .doc
    "no_text": frozenset({"kind"}),
    "all_hidden": frozenset({"kind"}),  # it holds something, of which nobody sees anything
    "needs_ocr": frozenset({"pages"}),
    "ocr_found_nothing": frozenset(),
    "garbage": frozenset({"readable"}),  # per cent
    "too_slow": frozenset({"seconds"}),
    "too_hungry": frozenset({"most"}),  # bytes, as "1.5 GB"
    "stuck": frozenset({"seconds"}),
    "crashed": frozenset(),
}


class Unreadable(Exception):
    """A file whose text cannot be given. `code` is one of CODES; `values` fill its sentence."""

    def __init__(self, code: str, values: Mapping[str, str | int] | None = None):
        super().__init__(code)
        self.code = code
        self.values: dict[str, str | int] = dict(values or {})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Unreadable):
            return NotImplemented
        return (self.code, self.values) == (other.code, other.values)

    def __hash__(self) -> int:
        return hash(self.code)

    def __repr__(self) -> str:
        return f"Unreadable({self.code!r}, {self.values!r})"


def size_of(count: int) -> str:
    """Write a number of bytes as people do."""
    if count >= 1 << 30:
        return f"{count / (1 << 30):.3g} GB"
    return f"{max(count >> 20, 1)} MB"


def page_ranges(numbers: list[int]) -> str:
    """Write sorted numbers as people do: 1, 3–5."""
    told: list[list[int]] = []
    for number in numbers:
        if told and told[-1][-1] == number - 1:
            told[-1][1:] = [number]
        else:
            told.append([number])
    return ", ".join("–".join(map(str, run)) for run in told)
