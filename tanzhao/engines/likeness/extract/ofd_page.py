"""What stands on one page of an OFD file: its lines, and how large its pictures are.

Lengths are millimetres, down from the top. Source: GB/T 33190-2016, chapters 7, 8 and 11.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from tanzhao.engines.likeness.extract.elements import Element
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.lines import Line
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.runs import Run, last_cell, with_gaps

type Box = tuple[float, float, float, float]  # left, top, width, height

_UNKNOWN = "\xa4"  # stands for a letter that only its font knows
_MOST_USES = 10_000  # of drawings within pages
_DEEPEST_USE = 5
_OFF = ("false", "0")
_HALF = 0.55  # of its size: how wide a Western letter is
_SAME_LINE = 0.4  # of the size: raised numbers of notes are further up, but not much
_APART, _WORDS_APART = 0.7, 0.5  # of the size: more is a gap, between letters and between words
_FARTHEST = 1e6  # a kilometre: nobody sees what is further away, or as large
_SMALLEST = 1e-3
_NEAR = 1.0  # of the size: what is drawn out of order belongs to a line that ends there


class Matrix(NamedTuple):
    """x' = a·x + c·y + e; y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Give where a point is once it has been moved."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: "Matrix") -> "Matrix":
        """Give the matrix that does `first` and then this one."""
        e, f = self.at(first.e, first.f)
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )


class Picture(NamedTuple):
    """A picture on a page: what it shows, and how large it is there."""

    resource: str
    width: float
    height: float


@dataclass
class Drawn:
    """What a page or a template has on it."""

    lines: tuple[Line, ...] = ()
    pictures: list[Picture] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    box: Box | None = None
    turn: Matrix = field(default_factory=Matrix)  # that sets its lines upright


# By where most signs of a page have their right: what sets them upright.
_TURNS = {
    (1, 0): Matrix(),
    (0, 1): Matrix(0.0, -1.0, 1.0, 0.0),
    (-1, 0): Matrix(-1.0, 0.0, 0.0, -1.0),
    (0, -1): Matrix(0.0, 1.0, -1.0, 0.0),
}


class _Row(NamedTuple):
    """Signs as the file places them, one point for each, and what moves them on the page."""

    text: str
    points: list[tuple[float, float]]
    size: float
    place: Matrix


class _Piece(NamedTuple):
    """Signs in a row: where they begin, their baseline and size, and whether they run down."""

    run: Run
    baseline: float
    size: float
    down: bool


def read_page(
    found: Iterable[Element], units: Mapping[str, Sequence[Element]], limits: Limits
) -> Drawn:
    """Read a page from its elements. `units`: drawings that it may use, by number.

    Raises: Unreadable if it has more letters than may be.
    """
    reader = _Reader(units, limits)
    reader.read(found, Matrix(), 0)
    drawn = reader.drawn
    drawn.turn = _turn(reader.rows)
    pieces = (piece for row in reader.rows for piece in _pieces(row, drawn.turn))
    drawn.lines = tuple(map(_line, _lines(pieces)))
    return drawn


def numbers_of(text: str) -> list[float]:
    """Give the numbers of a list, none if one of them is no number."""
    try:
        found = [float(one) for one in text.split()]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def box_of(text: str) -> Box | None:
    """Read a box; None if it is none, or has no size."""
    found = numbers_of(text)
    if len(found) != 4 or min(found[2:]) < _SMALLEST or max(map(abs, found)) > _FARTHEST:
        return None
    return found[0], found[1], found[2], found[3]


class _Reader:
    def __init__(self, units: Mapping[str, Sequence[Element]], limits: Limits):
        self.units, self.limits = units, limits
        self.drawn = Drawn()
        self.rows: list[_Row] = []
        self.letters = self.uses = 0

    def read(self, found: Iterable[Element], above: Matrix, depth: int) -> None:
        """Take what a page, or a drawing within it, has."""
        place, size, seen = above, 0.0, True
        code: dict[str, str] = {}
        at = (0.0, 0.0)
        for name, begins, values, text in found:
            if begins and name in ("TextObject", "ImageObject", "CompositeObject"):
                place, seen = _place(values, above), values.get("Visible") not in _OFF
                size, at = (numbers_of(values.get("Size", "")) or [0.0])[0], (0.0, 0.0)
                if seen and name == "ImageObject":
                    self._picture(values, place)
                elif seen and name == "CompositeObject":
                    self._use(values, place, depth)
            elif name == "TextCode" and begins:
                code = values
            elif name == "TextCode" and seen:
                at = self._text(text, code, at, size, place)
            elif name == "Template" and begins:
                self.drawn.templates.append(values.get("TemplateID", ""))
            elif name == "PhysicalBox" and not begins:
                self.drawn.box = box_of(text)

    def _picture(self, values: Mapping[str, str], place: Matrix) -> None:
        # A picture is a square of one by one, which its matrix makes as large as it is seen.
        box = box_of(values.get("Boundary", ""))
        if "CTM" in values:
            width, height = math.hypot(place.a, place.b), math.hypot(place.c, place.d)
        else:
            width, height = box[2:] if box else (0.0, 0.0)
        self.drawn.pictures.append(Picture(values.get("ResourceID", ""), width, height))

    def _use(self, values: Mapping[str, str], place: Matrix, depth: int) -> None:
        self.uses += 1
        unit = self.units.get(values.get("ResourceID", ""))
        if unit and depth < _DEEPEST_USE and self.uses < _MOST_USES:
            self.read(unit, place, depth + 1)

    def _text(
        self,
        text: str,
        values: Mapping[str, str],
        at: tuple[float, float],
        size: float,
        place: Matrix,
    ) -> tuple[float, float]:
        """Take a row of signs; where none is said it begins where the one before it did."""
        x = (numbers_of(values.get("X", "")) or [at[0]])[0]
        y = (numbers_of(values.get("Y", "")) or [at[1]])[0]
        if "\n" in text:  # laid out by a program for people
            text = text.strip()
        self.letters += len(text)
        if self.letters > self.limits.most_characters:
            raise Unreadable("too_long", {"most": self.limits.most_characters})
        across = _steps(values.get("DeltaX", ""), len(text))
        down = _steps(values.get("DeltaY", ""), len(text))
        size = size or 3.5
        if text and not across and not down:
            across = [_width(sign) * size for sign in text]
        points = [(x, y)]
        for number in range(len(text) - 1):
            before = points[-1]
            points.append(
                (
                    before[0] + (across[number] if across else 0.0),
                    before[1] + (down[number] if down else 0.0),
                )
            )
        if text.strip():
            self.rows.append(_Row(text.replace(_UNKNOWN, "\ufffd"), points, size, place))
        return x, y


def _place(values: Mapping[str, str], above: Matrix) -> Matrix:
    box = numbers_of(values.get("Boundary", ""))
    own = numbers_of(values.get("CTM", ""))
    place = above
    if len(box) >= 2:
        place = place.after(Matrix(e=box[0], f=box[1]))
    return place.after(Matrix(*own)) if len(own) == 6 else place


def _steps(text: str, count: int) -> list[float]:
    """Read the steps from sign to sign: "g 3 5 7" is 5 5 5 7; the last one goes on."""
    words = text.split()
    steps: list[float] = []
    at = 0
    while at < len(words) and len(steps) < count:
        repeated = words[at] == "g" and at + 2 < len(words)
        found = numbers_of(words[at + 2] if repeated else words[at])
        many = words[at + 1] if repeated else "1"
        if not found or not many.isascii() or not many.isdigit() or len(many) > 9:
            break
        steps += found * min(int(many), count - len(steps))
        at += 3 if repeated else 1
    return steps + steps[-1:] * (count - len(steps))


def _width(sign: str) -> float:
    return _HALF if sign < "\u2e80" else 1.0


def _turn(rows: Iterable[_Row]) -> Matrix:
    """Say what sets a page upright whose letters lie on their side, as wide tables do."""
    letters: Counter[tuple[int, int]] = Counter()
    for row in rows:
        a, b = row.place.a, row.place.b
        side = (1 if a >= 0 else -1, 0) if abs(a) >= abs(b) else (0, 1 if b > 0 else -1)
        letters[side] += len(row.text)
    return _TURNS[max(letters, key=lambda side: letters[side], default=(1, 0))]


def _pieces(row: _Row, turn: Matrix) -> list[_Piece]:
    """Part a row of signs where there is a gap, and say where the pieces are on the page."""
    text, points, size, place = row
    place = turn.after(place)
    seen = [place.at(*point) for point in points]
    wide = size * math.hypot(place.a, place.b)
    high = size * math.hypot(place.c, place.d)
    # Said so that what is no number is out of sight as well.
    if not all(abs(one) <= _FARTHEST for one in (*chain.from_iterable(seen), wide, high)):
        return []
    first, last = seen[0], seen[-1]
    if abs(last[1] - first[1]) > abs(last[0] - first[0]):  # it runs down, or up
        xs = [x for x, _y in seen]
        run = Run(min(xs), max(xs) + wide, text)
        return [_Piece(run, max(first[1], last[1]), high, True)]
    found: list[_Piece] = []
    begun = 0
    for number in range(1, len(text) + 1):
        end = seen[number - 1][0] + _width(text[number - 1]) * wide
        if number < len(text):
            western = text[number - 1].isascii() and text[number].isascii()
            most = _WORDS_APART if western else _APART
            if abs(seen[number][0] - end) <= most * wide:
                continue
        words = text[begun:number]
        if words.strip():
            found.append(_Piece(Run(seen[begun][0], end, words), seen[begun][1], high, False))
        begun = number
    return found


def _lines(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Put pieces together that stand in one row and follow each other.

    What a program draws later, such as all numbers of a line because they have another font, goes
    into the line that it touches.
    """
    lines: list[list[_Piece]] = []
    places: dict[int, list[list[_Piece]]] = {}  # lines by where their baseline is
    for piece in pieces:
        line = lines[-1] if lines and _follows(lines[-1][-1], piece) else None
        if line is None:
            height = int(piece.baseline)
            near = (one for at in (height - 1, height, height + 1) for one in places.get(at, ()))
            line = next((one for one in near if _touches(one, piece)), None)
        if line is None:
            line = []
            lines.append(line)
            places.setdefault(int(piece.baseline), []).append(line)
        line.append(piece)
    return lines


def _follows(before: _Piece, piece: _Piece) -> bool:
    if before.down or piece.down:
        return False
    return _same_row(before, piece) and piece.run.left > before.run.right - 0.5 * piece.size


def _touches(line: Sequence[_Piece], piece: _Piece) -> bool:
    if piece.down or line[0].down or not _same_row(line[0], piece):
        return False
    near = _NEAR * piece.size
    if any(
        piece.run.left < one.run.right - 0.3 * piece.size
        and one.run.left < piece.run.right - 0.3 * piece.size
        for one in line
    ):
        return False
    return any(
        abs(piece.run.left - one.run.right) < near or abs(one.run.left - piece.run.right) < near
        for one in line
    )


def _same_row(one: _Piece, other: _Piece) -> bool:
    return abs(one.baseline - other.baseline) < _SAME_LINE * max(one.size, other.size)


def _line(pieces: list[_Piece]) -> Line:
    row = sorted(pieces, key=lambda piece: piece.run.left)
    largest = max(row, key=lambda piece: (len(piece.run.words), piece.size))
    size = largest.size
    runs = [piece.run for piece in row]
    return Line(
        with_gaps(runs, size),
        row[0].run.left,
        max(piece.run.right for piece in row),
        largest.baseline,
        size,
        last_cell(runs, size),
    )
