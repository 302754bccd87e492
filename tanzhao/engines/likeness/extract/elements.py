"""The elements of an XML part, one after another: no tree, nothing expanded, nothing fetched."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from tanzhao.engines.likeness.extract.refusals import Unreadable

DEEPEST = 1000  # elements in elements; documents of offices have some thirty
_NO_VALUES: dict[str, str] = {}


class Element(NamedTuple):
    """The begin or the end of an element; names are without their namespaces.

    `values` are its attributes, at its begin; `text` what stood directly in it, at its end.
    """

    name: str
    begins: bool
    values: dict[str, str]
    text: str


def elements(pieces: Iterable[bytes], kind: str) -> Iterator[Element]:
    """Give the elements of a part as they come.

    Args:
        kind: of the file, for the refusal.

    Raises: Unreadable if it is damaged, nested deeper than any program writes, or declares
        entities.
    """
    reader = _Reader(kind)
    try:
        for piece in pieces:
            reader.parser.Parse(piece, False)
            yield from reader.seen
            reader.seen.clear()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("damaged", {"kind": kind}) from error
    yield from reader.seen


class _Reader:
    def __init__(self, kind: str):
        self.kind = kind
        self.seen: list[Element] = []
        self.texts: list[list[str]] = []  # of the elements that are open
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _start(self, name: str, values: dict[str, str]) -> None:
        if len(self.texts) >= DEEPEST:
            raise Unreadable("nested", {"kind": self.kind})
        self.texts.append([])
        own = {key.rpartition(" ")[2]: value for key, value in values.items()}
        self.seen.append(Element(name.rpartition(" ")[2], True, own, ""))

    def _end(self, name: str) -> None:
        text = "".join(self.texts.pop())
        self.seen.append(Element(name.rpartition(" ")[2], False, _NO_VALUES, text))

    def _text(self, text: str) -> None:
        if self.texts:
            self.texts[-1].append(text)

    def _refuse(self, *_values: object) -> None:
        raise Unreadable("entities", {"kind": self.kind})
