"""Where a title breaks into lines: 词意完整、排列对称、长短适宜, as GB/T 9704-2012, 7.3.1 asks."""

from itertools import combinations, pairwise
from unicodedata import east_asian_width

LINE_WIDTH = 20  # characters of 22 pt between the margins
SHAPED = 3  # lines; every shape is weighed of a title that needs no more
NEVER = 1000
INSIDE_PART = 40  # what it costs to break where the author did not
MORE_LINES = 10
NO_START = "的地得、，。；：？！）》」』〕”’…—和与及等"
NO_END = "《（「『〔“‘第和与及"
COUNTED = "年月日号届轮组次个名项条件批"
NUMERALS = "0123456789一二三四五六七八九十百〇"


def width_of(text: str) -> float:
    """Measure a text in Chinese characters; a Latin letter or digit is half of one."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def title_lines(title: str | tuple[str, ...], width: int = LINE_WIDTH) -> tuple[str, ...]:
    """Break a title into lines of at most `width` characters, best shape first.

    Lines break between the parts of the title if it comes in parts, never inside a number or
    before 的, and make a trapezoid or a rhombus rather than a brick or an hourglass.
    A title that needs more than three lines is filled line by line.
    """
    parts = (title,) if isinstance(title, str) else title
    text = "".join(parts)
    if width_of(text) <= width:
        return (text,)
    costs = _costs(text, parts)
    places = [place for place in range(2, len(text) - 1) if costs[place] < NEVER]
    fewest = -int(-width_of(text) // width)
    if fewest > SHAPED:
        return _filled(text, places, width)
    shapes = (
        (_cost(_cut(text, cuts), cuts, costs, width), cuts)
        for count in range(fewest, min(fewest + 1, SHAPED) + 1)
        for cuts in combinations(places, count - 1)
    )
    cost, cuts = min(shapes, default=(NEVER, ()))
    return _cut(text, cuts) if cost < NEVER else _filled(text, places, width)


def _filled(text: str, places: list[int], width: int) -> tuple[str, ...]:
    """Fill line after line, breaking where it is allowed or, if nowhere, at the width."""
    lines = []
    while width_of(text) > width:
        fitting = [place for place in places if width_of(text[:place]) <= width]
        end = max(fitting, default=width)
        lines.append(text[:end])
        text = text[end:]
        places = [place - end for place in places if place > end]
    return (*lines, text)


def _costs(text: str, parts: tuple[str, ...]) -> list[float]:
    """Say how bad a break before each character is."""
    inside = INSIDE_PART if len(parts) > 1 else 0
    costs = [_break_cost(text, place) + inside for place in range(len(text) + 1)]
    for place in range(len(text)):
        if text.rfind("《", 0, place) > text.rfind("》", 0, place):
            costs[place] += 40
    place = 0
    for part in parts[:-1]:
        place += len(part)
        costs[place] = 0
    return costs


def _break_cost(text: str, place: int) -> float:
    if place in {0, len(text)}:
        return NEVER
    before, after = text[place - 1], text[place]
    if after in NO_START or before in NO_END:
        return NEVER
    if before in NUMERALS and (after in NUMERALS or after in COUNTED):
        return NEVER
    if before.isascii() and after.isascii():
        return NEVER
    if before in "的》" or after in "《" or text[:place].endswith("关于"):
        return 3
    return 5 if text[place:].startswith("关于") else 16


def _cut(text: str, cuts: tuple[int, ...]) -> tuple[str, ...]:
    edges = (0, *cuts, len(text))
    return tuple(text[start:end] for start, end in pairwise(edges))


def _cost(lines: tuple[str, ...], cuts: tuple[int, ...], costs: list[float], width: int) -> float:
    widths = [width_of(line) for line in lines]
    if max(widths) > width or min(widths) < 4:
        return NEVER
    shape = max(widths) - min(widths)
    if any(
        left > middle < right
        for left, middle, right in zip(widths, widths[1:], widths[2:], strict=False)
    ):
        shape += 12  # an hourglass
    if len(set(widths)) == 1:
        shape += 3  # a brick
    return sum(costs[cut] + MORE_LINES for cut in cuts) + shape
