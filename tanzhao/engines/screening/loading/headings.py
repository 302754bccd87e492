"""Finding the rows that hold the headings of an extract, and what each heading means."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tanzhao.engines.screening.loading.mapping import Said
from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.tables import Column, Datasets, Kind, Table

SEARCHED_ROWS = 60
DEEPEST = 3
LONGEST_HEADING = 40

_NOT_WORD = re.compile(r"[\W_]+")
_BRACKETS = re.compile(r"[（(\[【〔][^（）()\[\]【】〔〕]*[）)\]】〕]")
_NUMBER_BEFORE = re.compile(r"^[\s*★※]*(?:\d{1,2}\s*[.、．）)]\s*)?")
_UNIT_BEHIND = re.compile(r"(?:[/:：\s]*(?:万元|千元|元|亩|公顷|平方米|㎡|升|公里|%|％))+$")
_MONEY_UNIT = re.compile(r"(亿元|百万元|万元|千元|百元)")
_UNIT_ABOVE = re.compile(r"单位\s*[:：]\s*(?:人民币)?\s*(亿元|百万元|万元|千元|百元)")
_SCALES = {"亿元": 10**8, "百万元": 10**6, "万元": 10**4, "千元": 1000, "百元": 100}

Cells = Sequence[str | None]


@dataclass(frozen=True)
class Found:
    """Where a table's headings stand in a sheet, and which column is which."""

    table: Table
    last_row: int  # row number of the lowest row of headings
    titles: tuple[str, ...]  # of every column of the sheet, each different
    columns: Mapping[str, int]  # canonical column to column of the sheet, from 0
    scales: Mapping[str, int]  # canonical column to what its numbers are multiplied by
    texts: frozenset[str]  # of the headings, folded: to recognise them when they are repeated
    places: int = 0  # how far down the lists of synonyms they stand, all together
    constant: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # headings that the table needs; with any it is not taken


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Give what is left of a text for comparing: no widths, blanks, brackets, marks or case."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find(
    rows: Sequence[tuple[int, Cells]], datasets: Datasets, said: Said | None, name: str
) -> Found:
    """Find the headings in the first rows of a sheet.

    Args:
        said: what the map says of this file; its table is the only one that is tried.
        name: of the file and the sheet: 死亡人员名单 tells deaths from other lists of persons.

    Raises: Refused if no row of headings names what a table needs, or two tables fit.
    """
    tables = datasets.tables
    tried = [tables[said.table]] if said and said.table else list(tables.values())
    known = _known(tuple(tried), said)
    layouts = [one for one in _layouts(rows[:SEARCHED_ROWS]) if _says_something(one, known)]
    above = _unit_above(rows[:SEARCHED_ROWS])
    found = [best for table in tried if (best := _best(layouts, table, said, above)) is not None]
    # Without the map's word, a column that many tables have makes no table.
    least = 1 if said and said.table else 2
    found = [one for one in found if len(one.columns) >= least]
    if not found:
        raise Refused("no_headings")
    return _chosen(found, name)


def _chosen(found: Sequence[Found], name: str) -> Found:
    """Choose the table that most columns fit: by its name if several, then by its own words."""
    most = max(len(one.columns) for one in found)
    fitting = [one for one in found if len(one.columns) == most]
    fitting = [one for one in fitting if not one.missing] or fitting
    fitting = [one for one in fitting if one.table.label_zh in name] or fitting
    least = min(one.places for one in fitting)
    fitting = [one for one in fitting if one.places == least]
    if fitting[0].missing:
        headings = "、".join(fitting[0].missing)
        raise Refused("needed_heading", table=fitting[0].table.name, headings=headings)
    if len(fitting) > 1:
        raise Refused("two_tables", tables=", ".join(one.table.name for one in fitting))
    return fitting[0]


@dataclass(frozen=True)
class _Layout:
    depth: int
    last_row: int
    paths: tuple[tuple[str, ...], ...]  # over each column, the widest group first


def _layouts(rows: Sequence[tuple[int, Cells]]) -> Iterator[_Layout]:
    for index, (_, first) in enumerate(rows):
        if sum(bool(text) for text in first) == 0 or not any(map(_could_be_heading, first)):
            continue
        for depth in range(1, DEEPEST + 1):
            block = rows[index : index + depth]
            if len(block) == depth:
                yield _Layout(depth, block[-1][0], _paths([cells for _, cells in block]))


def _known(tables: tuple[Table, ...], said: Said | None) -> frozenset[str]:
    own = frozenset(fold(heading) for heading in said.columns) if said else frozenset()
    return own.union(*(_words(table) for table in tables))


def _says_something(layout: _Layout, known: frozenset[str]) -> bool:
    """Tell whether any column is headed by a known word; most rows of a sheet are data."""
    return any(known.intersection(_forms(path)) for path in layout.paths if path)


def _could_be_heading(text: str | None) -> bool:
    return bool(text) and len(text or "") <= LONGEST_HEADING and not _is_number(text or "")


def _is_number(text: str) -> bool:
    return not re.sub(r"[\d.,\s-]", "", text)


def _paths(block: Sequence[Cells]) -> tuple[tuple[str, ...], ...]:
    """Give the headings over each column; a group stands over columns to its right."""
    width = max(len(cells) for cells in block)
    filled = [[(cells[c] or "") if c < len(cells) else "" for c in range(width)] for cells in block]
    for level in range(len(filled) - 1):
        group = ""
        for column in range(width):
            under = any(row[column] for row in filled[level + 1 :])
            if filled[level][column]:
                group = filled[level][column] if under else ""
            elif group and under:
                filled[level][column] = group
            else:
                group = ""
    return tuple(
        tuple(dict.fromkeys(row[column].strip() for row in filled if row[column].strip()))
        for column in range(width)
    )


def _best(layouts: Sequence[_Layout], table: Table, said: Said | None, above: int) -> Found | None:
    """Find the rows whose headings fit a table best; None if none says anything of it."""
    best, best_score = None, (False, 0, 0, 0, 0)
    constant = dict(said.constant) if said else {}
    for layout in layouts:
        columns, places = _assigned(layout, table, said)
        if not columns:
            continue
        have = columns.keys() | constant.keys()
        missing = tuple(c.label_zh for c in table.columns if c.needed and c.name not in have)
        odd = sum(any(map(_is_number, path)) for path in layout.paths if path)
        score = (not missing, len(columns) - odd, -places, -layout.depth, -layout.last_row)
        if best is None or score > best_score:
            best_score = score
            best = replace(
                _found(layout, table, columns, above),
                constant=constant,
                places=places,
                missing=missing,
            )
    return best


def _found(
    layout: _Layout,
    table: Table,
    columns: Mapping[str, int],
    above: int,
) -> Found:
    titles = _titles(layout.paths)
    used = set(columns.values())
    scales = {}
    for column in table.columns:
        if column.name in columns:
            title = "".join(layout.paths[columns[column.name]])
            scales[column.name] = _scale(column, title, above)
    return Found(
        table=table,
        last_row=layout.last_row,
        titles=titles,
        columns=columns,
        scales=scales,
        texts=frozenset(fold(part) for path in layout.paths for part in path) - {""},
        unused=tuple(
            title for index, title in enumerate(titles) if index not in used and layout.paths[index]
        ),
    )


def _scale(column: Column, title: str, above: int) -> int:
    if column.kind is Kind.MONEY:
        if named := _MONEY_UNIT.search(title):
            return _SCALES[named[1]]
        return 1 if "元" in title else above
    if column.kind is Kind.THOUSANDTHS and "公顷" in title and "亩" in column.label_zh:
        return 15
    return 1


def _unit_above(rows: Sequence[tuple[int, Cells]]) -> int:
    """Read 单位：万元 over the headings."""
    for _, cells in rows[:SEARCHED_ROWS]:
        for text in cells:
            if text and len(text) <= LONGEST_HEADING and (named := _UNIT_ABOVE.search(text)):
                return _SCALES[named[1]]
    return 1


def _titles(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Name every column: its own heading, with its group or a number where that is not unique."""
    leaves = [path[-1] if path else "" for path in paths]
    titles: list[str] = []
    taken: dict[str, int] = {}
    for path, leaf in zip(paths, leaves, strict=True):
        title = leaf if leaves.count(leaf) == 1 else "·".join(path)
        title = " ".join(title.split())
        taken[title] = taken.get(title, 0) + 1
        titles.append(title if taken[title] == 1 or not title else f"{title}({taken[title]})")
    return tuple(titles)


def _assigned(layout: _Layout, table: Table, said: Said | None) -> tuple[dict[str, int], int]:
    """Give each canonical column the column whose heading means it, no column twice."""
    own = {fold(heading): name for heading, name in (said.columns if said else {}).items()}
    words = _words(table)
    titles = _titles(layout.paths)
    claims: list[tuple[int, int, str]] = []
    for index, path in enumerate(layout.paths):
        if not path:
            continue
        forms = _forms(path)
        if (
            meant := next((own[f] for f in (fold(titles[index]), *forms) if f in own), None)
        ) is not None:
            if meant:
                claims.append((-1, index, meant))
            continue
        best: dict[str, int] = {}
        for form in forms:
            for name, place in words.get(form, ()):
                best[name] = min(place, best.get(name, place))
        claims += [(place, index, name) for name, place in best.items()]
    columns: dict[str, int] = {}
    settled: set[int] = set()
    places = 0
    for place, index, name in sorted(claims):
        if name not in columns and index not in settled and not (said and name in said.constant):
            columns[name] = index
            settled.add(index)
            places += max(place, 0)
    return columns, places


def rivals(found: Found) -> list[tuple[int, int]]:
    """Find columns with the very heading of a used one: (used, other), by their places."""
    own = {
        index: fold(re.sub(r"\(\d+\)$", "", found.titles[index]))
        for index in range(len(found.titles))
    }
    return [
        (used, other)
        for used in found.columns.values()
        for other, text in own.items()
        if other != used and text and text == own[used] and other not in found.columns.values()
    ]


@lru_cache(maxsize=1 << 12)
def _forms(path: tuple[str, ...]) -> list[str]:
    leaf = _NUMBER_BEFORE.sub("", path[-1])
    bare = _BRACKETS.sub("", leaf)
    forms = [fold(leaf), fold(bare), fold(_UNIT_BEHIND.sub("", bare.strip()))]
    if len(path) > 1:
        forms = [fold("".join(path)), fold(_BRACKETS.sub("", "".join(path))), *forms]
    return list(dict.fromkeys(filter(None, forms)))


@lru_cache(maxsize=64)
def _words_of(columns: tuple[Column, ...]) -> Mapping[str, tuple[tuple[str, int], ...]]:
    words: dict[str, list[tuple[str, int]]] = {}
    for column in columns:
        for place, word in enumerate((column.label_zh, *column.synonyms, column.name)):
            words.setdefault(fold(word), []).append((column.name, place))
        bare = fold(_BRACKETS.sub("", column.label_zh))
        words.setdefault(bare, []).append((column.name, 0))
    return {word: tuple(meanings) for word, meanings in words.items()}


def _words(table: Table) -> Mapping[str, tuple[tuple[str, int], ...]]:
    return _words_of(table.columns)
