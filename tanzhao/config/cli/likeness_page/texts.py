"""The documents of a report: each text once, its passages marked, what lies far from them left out.

With a script they are read out of their `noscript` and shown side by side; without one they are
what a reader follows the passages to.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from tanzhao.engines.likeness.texts import CommonPassage, Extracted, Pair, Part, Span

NEAR = 400  # characters around a passage that are shown
CONTROLS = {code: 0xFFFD for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
# A lone half of a character cannot be written as UTF-8.
HALVES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
REPLACED = CONTROLS | HALVES


@dataclass(frozen=True)
class Marked:
    """A document with the labels of the passages in it.

    Attributes:
        number: its place in the report.
        labels: (where, label, anchor it leads to); in the order of the text.
        spans: what is marked: sorted, not overlapping.
    """

    number: int
    key: str
    extracted: Extracted
    labels: tuple[tuple[int, str, str], ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass
class _Marks:
    labels: list[tuple[int, str, str]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)


def place_of(parts: Sequence[Part], at: int) -> tuple[int, int]:
    """Give page and paragraph of a character; (0, 0) where nothing is known of them."""
    found = bisect_right(parts, at, key=lambda part: part.start) - 1
    return (parts[found].page, parts[found].paragraph) if found >= 0 else (0, 0)


def marked(
    pairs: Sequence[Pair], common: Sequence[CommonPassage], texts: Mapping[str, Extracted]
) -> list[Marked]:
    """Give every document that a pair is made of, in the order of their keys."""
    keys = sorted({key for pair in pairs for key in (pair.left, pair.right)})
    marks = {key: _Marks() for key in keys}
    for number, pair in enumerate(pairs, 1):
        for passage, (left, right, _same) in enumerate(pair.passages, 1):
            label = f"{number}·{passage}"
            for key, span in ((pair.left, left), (pair.right, right)):
                marks[key].labels.append((span.start, label, f"p{number}"))
                marks[key].spans.append(span)
    for number, one in enumerate(common, 1):
        for holder in one.holders:
            if holder.key in marks:
                marks[holder.key].labels.append((holder.at.start, f"C{number}", f"c{number}"))
                marks[holder.key].spans.append(holder.at)
    return [
        Marked(number, key, texts[key], tuple(sorted(marks[key].labels)), _united(marks[key].spans))
        for number, key in enumerate(keys)
    ]


def _united(spans: Sequence[Span], reach: int = 0) -> tuple[Span, ...]:
    united: list[Span] = []
    for span in sorted(spans):
        if united and span.start <= united[-1].end + reach:
            united[-1] = Span(united[-1].start, max(united[-1].end, span.end))
        else:
            united.append(span)
    return tuple(united)


def shown_text(text: str) -> str:
    """Escape a text for HTML; every character stays one character."""
    return escape(text.translate(REPLACED))


def text_html(document: Marked) -> Iterator[str]:
    """Give the text in pieces: marks, labels, and `<s data-n>` for so many characters left out."""
    text = document.extracted.text
    near = _united(document.spans, 2 * NEAR)
    at = 0
    for number, span in enumerate(near):
        start = 0 if number == 0 and span.start <= 2 * NEAR else max(span.start - NEAR, at)
        end = min(span.end + NEAR, len(text))
        if number == len(near) - 1 and len(text) - end <= NEAR:
            end = len(text)
        yield _left_out(start - at)
        yield from _stretch(document, start, end)
        at = end
    yield _left_out(len(text) - at)


def _left_out(count: int) -> str:
    return f'<s data-n="{count}"></s>' if count > 0 else ""


def _stretch(document: Marked, start: int, end: int) -> Iterator[str]:
    text, labels = document.extracted.text, document.labels
    edges = {start, end}
    edges |= {at for at, _label, _to in labels if start <= at < end}
    inside = [span for span in document.spans if span.start < end and span.end > start]
    edges |= {edge for span in inside for edge in span if start <= edge <= end}
    in_order = sorted(edges)
    by_place: dict[int, list[str]] = {}
    for at, label, to in labels:
        by_place.setdefault(at, []).append(f'<a class="k" href="#{to}">{label}</a>')
    span_starts = [span.start for span in inside]
    for here, there in pairwise(in_order):
        yield from by_place.get(here, ())
        found = bisect_right(span_starts, here) - 1
        is_marked = found >= 0 and here < inside[found].end
        piece = shown_text(text[here:there])
        yield f"<mark>{piece}</mark>" if is_marked else piece
