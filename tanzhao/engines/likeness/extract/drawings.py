"""Text in drawings of office packages: boxes on a sheet, SmartArt. Source: ECMA-376, DrawingML."""

from collections.abc import Iterable, Iterator

from tanzhao.engines.likeness.extract.elements import elements


def drawn_text(pieces: Iterable[bytes], kind: str) -> Iterator[str]:
    """Give the paragraphs of a drawing that hold something; a second rendering is left out.

    Raises: Unreadable as `elements` does.
    """
    words: list[str] = []
    out = 0  # renderings of the same for other programs, from within
    for name, begins, _values, text in elements(pieces, kind):
        if name == "Fallback":
            out += 1 if begins else -1
        elif out:
            continue
        elif name == "br" and begins:
            words.append("\n")
        elif name == "t" and not begins:
            words.append(text)
        elif name == "p":
            line, words = "".join(words), []
            if line.strip():
                yield line
