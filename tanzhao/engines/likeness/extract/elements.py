"""The elements of an XML part, one after another: no tree, nothing expanded, nothing fetched."""

from collections.abc import Collection, Iterable, Iterator
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


def elements(
    pieces: Iterable[bytes], kind: str, wanted: Collection[str] | None = None
) -> Iterator[Element]:
    """Give the elements of a part as they come.

    Args:
        kind: of the file, for the refusal.
        wanted: names of the elements that are given, without their text; all of them if None.

    Raises: Unreadable if it is damaged, nested deeper than any program writes, or declares
        entities.
    """
    reader = _Reader(kind) if wanted is None else _Chooser(kind, wanted)
    try:
        for piece in pieces:
            reader.parser.Parse(piece, False)
            yield from reader.seen
            reader.seen.clear()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("damaged", {"kind": kind}) from error
    yield from reader.seen


class _Chooser:
    """Collects begin and end of some elements only: most of a list of styles is about looks."""

    def __init__(self, kind: str, wanted: Collection[str] = ()):
        self.kind, self.wanted = kind, wanted
        self.seen: list[Element] = []
        self.depth = 0
        self.known: dict[str, str] = {}  # names as they stand, to those that are wanted
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _start(self, name: str, values: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("nested", {"kind": self.kind})
        local = self.known.get(name)
        if local is None:
            local = name.rpartition(" ")[2]
            local = self.known[name] = local if local in self.wanted else ""
        if local:
            own = {key.rpartition(" ")[2]: value for key, value in values.items()}
            self.seen.append(Element(local, True, own, ""))

    def _end(self, name: str) -> None:
        self.depth -= 1
        if local := self.known[name]:
            self.seen.append(Element(local, False, _NO_VALUES, ""))

    def _refuse(self, *_values: object) -> None:
        raise Unreadable("entities", {"kind": self.kind})


class _Reader(_Chooser):
    """Collects all elements, with their text."""

    def __init__(self, kind: str):
        super().__init__(kind)
        self.texts: list[list[str]] = []  # of the elements that are open
        self.parser.CharacterDataHandler = self._text

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
