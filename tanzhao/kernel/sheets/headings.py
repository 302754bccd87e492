"""Finding the rows that hold the headings, and saying which field each heading means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from tanzhao.kernel.sheets.files import Grid
from tanzhao.kernel.sheets.pack import BARE_ANSWERS, Field, HeadingPack, word_key
from tanzhao.kernel.sheets.text import Cell, fold, is_blank, name, plain, without_brackets

SEARCHED_ROWS = 300
DEEPEST = 4
LONGEST_HEADING = 40
MOST_COLUMNS = 400

Path = tuple[str, ...]  # the headings over one column, the widest group first


@dataclass
class Headings:
    """Where the headings stand and what they mean. Columns are counted from 0."""

    first_row: int
    last_row: int
    paths: dict[int, Path]
    fields: dict[int, str | None] = field(default_factory=dict)
    rivals: dict[int, int] = field(default_factory=dict)  # column not used to the one that was
    score: float = 0

    def title(self, column: int) -> str:
        """Give a column's heading: its own text, with the group where that alone is not unique."""
        path = self.paths.get(column, ())
        if not path:
            return ""
        same = [other for other in self.paths.values() if other and other[-1] == path[-1]]
        return path[-1] if len(same) == 1 else "·".join(path)

    def titles(self) -> dict[int, str]:
        """Give the heading of every column, each different from the others."""
        titles: dict[int, str] = {}
        taken: dict[str, int] = {}
        for column in sorted(self.paths):
            title = self.title(column)
            taken[title] = taken.get(title, 0) + 1
            titles[column] = title if taken[title] == 1 else f"{title}({taken[title]})"
        return titles

    def column_of(self, field_id: str) -> int | None:
        """Give the column that holds this field."""
        return next((column for column, one in self.fields.items() if one == field_id), None)


def find_headings(grid: Grid, pack: HeadingPack) -> Headings | None:
    """Find the headings of a sheet: the rows, up to four deep, that name the most fields.

    None where no rows name every required field and enough others.
    """
    texts = _texts(grid)
    best: Headings | None = None
    numbers = sorted(texts)
    for index, first in enumerate(numbers):
        for last in numbers[index : index + DEEPEST]:
            if last - first >= DEEPEST:
                break
            found = _headings_at(texts, first, last, pack)
            if found.score > (best.score if best else 0):
                best = found
        if best and first > best.last_row + 12 and _is_enough(best, pack):
            break
    if best is None or not _is_enough(best, pack):
        return None
    _use_spare(grid, best, pack)
    return best


def _use_spare(grid: Grid, found: Headings, pack: HeadingPack) -> None:
    """Give a field that has no column one that may mean it: by its heading, or by its words."""
    for one in pack.fields.values():
        if one.id in found.fields.values():
            continue
        free = [column for column, used in sorted(found.fields.items()) if used is None]
        titles = {column: found.paths[column][-1] for column in free}
        told = [c for c in free if fold(without_brackets(titles[c])) in one.spare]
        told += [c for c in free if c not in told and one.closed and _speaks(grid, found, c, one)]
        if told:
            found.fields[told[0]] = one.id
            found.rivals.pop(told[0], None)


def _speaks(grid: Grid, found: Headings, column: int, one: Field) -> bool:
    """Tell whether a column holds nothing but the words of this field, 是 and 否 apart."""
    rows = (row for number, row in grid.rows if number > found.last_row and column < len(row))
    texts = [plain(row[column]) for row in rows if not is_blank(row[column])]
    words = [word_key(text) for text in texts if not text.isdigit()]  # a total's number
    known = [word for word in words if word in one.values and word not in BARE_ANSWERS]
    return len(known) >= 2 and len(known) >= 0.9 * len(words)


def _is_enough(found: Headings, pack: HeadingPack) -> bool:
    fields = {one for one in found.fields.values() if one}
    enough = len(fields) >= min(pack.least_headings, len(pack.fields))
    return enough and all(one.id in fields or one.banner for one in pack.required)


def _texts(grid: Grid) -> dict[int, dict[int, str]]:
    """Give the texts of the first rows by row and column, merged cells filled."""
    texts: dict[int, dict[int, str]] = {}
    for number, row in grid.rows[:SEARCHED_ROWS]:
        cells = {i: name(c) for i, c in enumerate(row[:MOST_COLUMNS]) if not is_blank(c)}
        texts[number] = cells
    for top, left, bottom, right in grid.merges:
        if top not in texts or bottom - top > DEEPEST or not texts[top].get(left):
            continue
        for number in range(top, bottom + 1):
            for column in range(left, min(right, MOST_COLUMNS) + 1):
                texts.setdefault(number, {}).setdefault(column, texts[top][left])
    return texts


def _headings_at(
    texts: dict[int, dict[int, str]], first: int, last: int, pack: HeadingPack
) -> Headings:
    rows = [texts.get(number, {}) for number in range(first, last + 1)]
    found = Headings(first, last, _paths(rows))
    found.fields, found.rivals, found.score = assign(found.paths, pack)
    # Data under the headings must not be taken for a further row of them.
    odd = sum(not _could_be_heading(text) for row in rows for text in set(row.values()))
    # A second row must add something, or the shorter reading is the right one.
    found.score -= odd * 0.6 + (last - first) * 0.5
    found.score -= 3 * sum(_is_section(rows, level, pack) for level in range(1, len(rows)))
    return found


def _is_section(rows: Sequence[dict[int, str]], level: int, pack: HeadingPack) -> bool:
    """Tell whether a row says one thing only, under a heading that needs nothing more.

    专职干部 under 序号 is the title of a section; 轮次 under 巡察情况 is a heading.
    """
    new = {c: text for c, text in rows[level].items() if rows[level - 1].get(c) != text}
    if len(set(new.values())) != 1:
        return False
    column = min(new)
    above = [row[column] for row in rows[:level] if row.get(column)]
    return bool(above) and any(merit[0] == 0 for _, merit in _merits((above[-1],), pack))


def _could_be_heading(text: str) -> bool:
    return len(text) <= LONGEST_HEADING and not text.replace(".", "").isdigit()


def _paths(rows: Sequence[dict[int, str]]) -> dict[int, Path]:
    width = max((max(row, default=-1) for row in rows), default=-1) + 1
    filled = [dict(row) for row in rows]
    for level in range(len(rows) - 1):
        _spread_groups(filled, level, width)
    whole = {text for row in filled for text in row.values() if _covers(row, text, width)}
    paths: dict[int, Path] = {}
    for column in range(width):
        parts = [row[column] for row in filled if row.get(column)]
        parts = [
            part for i, part in enumerate(parts) if part not in parts[:i] and part not in whole
        ]
        if parts:
            paths[column] = tuple(parts)
    return paths


def _spread_groups(rows: list[dict[int, str]], level: int, width: int) -> None:
    """Let a group's heading stand over the columns to its right that have none of their own."""
    group = ""
    for column in range(width):
        under = any(row.get(column) for row in rows[level + 1 :])
        inherited = level == 0 or rows[level - 1].get(column) == rows[level - 1].get(column - 1)
        if text := rows[level].get(column):
            group = text if under else ""
        elif group and under and inherited:
            rows[level][column] = group
        else:
            group = ""


def _covers(row: dict[int, str], text: str, width: int) -> bool:
    """Tell whether one text stands over (nearly) all columns: a title, not a group."""
    return (
        width > 3
        and len(row) > 0.7 * width
        and len(set(row.values())) == 1
        and text in row.values()
    )


def assign(
    paths: dict[int, Path], pack: HeadingPack
) -> tuple[dict[int, str | None], dict[int, int], float]:
    """Give each column the field that its heading means best, no field twice.

    Returns:
        Column to field or None; a column that lost its field to the one that has it; and how
        good the whole is (two points for a heading known by heart, one for a likeness).
    """
    fields: dict[int, str | None] = dict.fromkeys(paths)
    claims = sorted(
        (
            (merit, column, one)
            for column, path in paths.items()
            for one, merit in _merits(path, pack)
        ),
        key=lambda claim: (claim[0], claim[1]),
    )
    owners: dict[str, tuple[int, int]] = {}
    settled: set[int] = set()
    rivals: dict[int, int] = {}
    score = 0.0
    for merit, column, one in claims:
        if column in settled:
            continue
        if one == "":
            settled.add(column)
            score += 0.3
        elif one in owners:
            owner, kind = owners[one]
            # A likeness gives way to the very heading without a word; equals are reported.
            if kind or not merit[0]:
                rivals.setdefault(column, owner)
        else:
            fields[column] = one
            owners[one] = (column, merit[0])
            settled.add(column)
            rivals.pop(column, None)
            score += (2.0 if merit[0] == 0 else 1.0) + (0.5 if pack.fields[one].required else 0)
    rivals = {c: owner for c, owner in rivals.items() if c not in settled}
    return fields, rivals, score


Merit = tuple[int, int, int]  # kind (0: the very heading), length against, place in the list


@lru_cache(maxsize=8192)
def _merits(path: Path, pack: HeadingPack) -> list[tuple[str, Merit]]:
    """Say what a heading may mean, best merit first; "" is the meaning "not used"."""
    groups = tuple(fold(part) for part in path[:-1])
    forms = _Forms(
        groups=groups,
        full=fold(path[-1]),
        bare=fold(without_brackets(path[-1])),
        joined=(fold("".join(path)), fold("".join(path[-2:]))) if groups else (),
    )
    everything = forms.joined[0] if forms.joined else forms.full
    best: dict[str, Merit] = {}
    for word in _words(pack):
        if word.leaf in everything or word.leaf == forms.bare or word.leaf in forms.bare:
            merit = _merit(forms, word)
            if merit and merit < best.get(word.field, (9, 0, 0)):
                best[word.field] = merit
    merits = sorted(best.items(), key=lambda pair: pair[1])
    if merits and merits[0][1][0] == 0:
        return [pair for pair in merits if pair[1][0] == 0]
    # What is a likeness only stands for its best meaning, or for none.
    return merits[:1]


@dataclass(frozen=True)
class _Forms:
    groups: Path
    full: str
    bare: str
    joined: tuple[str, ...]


@dataclass(frozen=True)
class _Word:
    field: str
    place: int
    group: str
    leaf: str


@lru_cache(maxsize=16)
def _words(pack: HeadingPack) -> list[_Word]:
    lists = [(one.id, one.headings) for one in pack.fields.values()]
    words = []
    for one, headings in [*lists, ("", pack.unused)]:
        for place, heading in enumerate(headings):
            group, _, leaf = heading.rpartition("/")
            # 专职/抽调 is a heading with a slash in it; a group is said first and apart.
            words.append(_Word(one, place, "", fold(heading)))
            if group:
                words.append(_Word(one, place, fold(group), fold(leaf)))
    return words


def _merit(forms: _Forms, word: _Word) -> Merit | None:
    if word.group:
        if word.leaf in (forms.full, forms.bare) and any(word.group in g for g in forms.groups):
            return (0, -1, word.place)
        return None
    if word.leaf in (forms.full, forms.bare) or word.leaf in forms.joined:
        return (0, 0, word.place)
    for text in (forms.bare, forms.full):
        if len(word.leaf) > 1 and word.leaf in text and len(text) <= len(word.leaf) + 10:
            # The head of a Chinese compound stands last: 整改措施完成时限 is a 时限.
            return (1 if text.endswith(word.leaf) else 2, -len(word.leaf), word.place)
    return None


def heading_texts(row: Sequence[Cell]) -> set[str]:
    """Give the folded texts of a row, to recognise headings that are repeated."""
    return {fold(plain(cell)) for cell in row if not is_blank(cell)} - {""}
