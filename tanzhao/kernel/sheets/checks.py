"""Checks that need more than one cell: duplicates, unknown units, an ID number's own testimony."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from tanzhao.kernel.sheets.body import Row
from tanzhao.kernel.sheets.faults import Fault, fault
from tanzhao.kernel.sheets.identity import born_of, check_digit, sex_of
from tanzhao.kernel.sheets.numbers import read_month
from tanzhao.kernel.sheets.pack import Field, HeadingPack
from tanzhao.kernel.sheets.text import fold

Known = Callable[[str], bool] | None

# 县财政局党组 and 中共县财政局委员会 may be the same unit as 县财政局.
_PARTY_WORDS = re.compile(r"^中共|(?:机关)?(?:党委|党组|党总支|党支部|党工委)(?:委员会)?$")


def check_rows(
    rows: list[Row],
    faults: list[Fault],
    *,
    pack: HeadingPack,
    titles: dict[str, dict[str, str]],
    known: Known,
) -> tuple[list[Row], list[Fault]]:
    """Check the rows of all sheets against each other.

    Args:
        titles: The heading of each field, by sheet; faults name it.

    Returns:
        The rows that stay, each duplicate taken out; and all faults, those that turned out to
        be none (a month that the other rows decide) taken out.
    """
    checker = _Checker(pack, faults, titles)
    checker.settle_months(rows)
    kept = checker.without_duplicates(rows)
    for row in kept:
        checker.check_id_number(row)
        if known is not None:
            checker.check_known(row, known)
    checker.check_terms(kept)
    return kept, checker.faults


class _Checker:
    def __init__(
        self, pack: HeadingPack, faults: list[Fault], titles: dict[str, dict[str, str]]
    ) -> None:
        self.pack, self.titles = pack, titles
        self.faults = list(faults)

    def add(self, code: str, row: Row, one: str, **details: object) -> None:
        column = self.titles.get(row.sheet, {}).get(one) or self.pack.fields[one].headings[0]
        self.faults.append(fault(code, row=row.number, column=column, sheet=row.sheet, **details))

    # --- months that could be January or October

    def settle_months(self, rows: list[Row]) -> None:
        doubtful = [row for row in rows if "month_year" in row.extras]
        if not doubtful:
            return
        for one in (one for one in self.pack.fields.values() if one.type == "month"):
            peers = self._peers(rows, one)
            for row in doubtful:
                year = row.extras["month_year"].get(one.id)
                if year:
                    self._settle(row, one, year, peers)

    def _peers(self, rows: list[Row], one: Field) -> dict[Any, set[str]]:
        peers: dict[Any, set[str]] = defaultdict(set)
        for row in rows:
            if one.peers and row.fields[one.peers] is not None and row.fields[one.id]:
                peers[row.fields[one.peers]].add(row.fields[one.id])
        return peers

    def _settle(self, row: Row, one: Field, year: str, peers: dict[Any, set[str]]) -> None:
        january, october = _january_and_october(year)
        witnesses = set(peers.get(row.fields.get(one.peers), ()))
        if born := self._born(row, one):
            witnesses = {born}
        said = {month for month in (january, october) if month in witnesses}
        if len(said) == 1:
            row.fields[one.id] = said.pop()
            self._withdraw(row, "ambiguous_month")

    def _born(self, row: Row, one: Field) -> str | None:
        for other in self.pack.fields.values():
            number: str = row.fields[other.id]
            if other.tells.get("born") == one.id and _is_sound(number):
                return born_of(number)
        return None

    def _withdraw(self, row: Row, code: str) -> None:
        gone = (row.sheet, row.number, code)
        self.faults = [f for f in self.faults if (f.sheet, f.row, f.code) != gone]

    # --- duplicates

    def without_duplicates(self, rows: list[Row]) -> list[Row]:
        seen: dict[tuple[str, ...], Row] = {}
        alike: dict[tuple[str, ...], Row] = {}
        kept: list[Row] = []
        refused: set[tuple[str, int]] = set()
        for row in rows:
            if self._is_duplicate(row, seen):
                refused.add((row.sheet, row.number))
                continue
            kept.append(row)
            self._look_alike(row, alike)
        # What else is doubtful in a row that is not taken need not be asked.
        self.faults = [
            f for f in self.faults if f.code == "duplicate" or (f.sheet, f.row) not in refused
        ]
        return kept

    def _is_duplicate(self, row: Row, seen: dict[tuple[str, ...], Row]) -> bool:
        keys = []
        for group in self.pack.identity:
            values = [_key(row.fields[one]) for one in group]
            if all(values) or len(group) == len(self.pack.fields):
                keys.append(((",".join(group), *values), group[0]))
        for key, one in keys:
            first = seen.get(key)
            if first is not None and not self._told_apart(row, first):
                value = row.fields[self.pack.required[0].id]
                self.add("duplicate", row, one, value=value, first=_place(first, row))
                return True
        for key, _one in keys:
            seen.setdefault(key, row)
        return False

    def _told_apart(self, row: Row, other: Row) -> bool:
        """Two sound ID numbers that differ are two people, however alike the rest is."""
        for one in (one for one in self.pack.fields.values() if one.type == "id_number"):
            mine, theirs = row.fields[one.id], other.fields[one.id]
            if _is_sound(mine) and _is_sound(theirs) and mine != theirs:
                return True
        return False

    def _look_alike(self, row: Row, alike: dict[tuple[str, ...], Row]) -> None:
        if not self.pack.alike:
            return
        values = tuple(loose_key(row.fields[one]) for one in self.pack.alike)
        if not all(values):
            return
        first = alike.setdefault(values, row)
        if first is not row:
            one = self.pack.required[0].id
            self.add(
                "possible_duplicate",
                row,
                one,
                value=row.fields[one],
                other=first.fields[one],
                first=_place(first, row),
            )

    # --- units that nobody knows, ID numbers, terms

    def check_known(self, row: Row, known: Callable[[str], bool]) -> None:
        for one in self.pack.fields.values():
            if not one.must_be_known:
                continue
            value = row.fields[one.id]
            for unit in value if isinstance(value, list) else [value]:
                if unit and fold(unit) not in self.pack.office_names and not known(unit):
                    self.add(one.must_be_known, row, one.id, value=unit)

    def check_id_number(self, row: Row) -> None:
        for one in (one for one in self.pack.fields.values() if one.tells):
            number = row.fields[one.id]
            if not _is_sound(number):
                continue
            born, sex = born_of(number), sex_of(number)
            self._compare(row, one.tells.get("born"), born or "?", "id_born")
            self._compare(row, one.tells.get("sex"), sex, "id_sex")

    def _compare(self, row: Row, other: str | None, said: str, code: str) -> None:
        if other is None:
            return
        written = row.fields[other]
        if not written and said != "?":
            row.fields[other] = said
        elif written and written != said:
            self.add(code, row, other, taken=said)

    def check_terms(self, rows: list[Row]) -> None:
        terms = Counter(row.extras["term"] for row in rows if "term" in row.extras)
        if len(terms) < 2:
            return
        usual = terms.most_common(1)[0][0]
        one = next(one.id for one in self.pack.fields.values() if one.type == "round")
        for row in rows:
            if row.extras.get("term", usual) != usual:
                self.add("other_term", row, one, value=row.extras["term"])


def _january_and_october(year: str) -> tuple[str, str]:
    return read_month(f"{year}.01").value, read_month(f"{year}.10").value


def _is_sound(number: Any) -> bool:
    if not isinstance(number, str) or not re.fullmatch(r"\d{15}|\d{17}[\dX]", number):
        return False
    return len(number) == 15 or check_digit(number[:17]) == number[17]


def _key(value: Any) -> str:
    return "" if value in (None, "", []) else fold(str(value))


def loose_key(value: Any) -> str:
    """Give what names of one unit have in common: 党组, 党委 and the like left out."""
    text = str(value or "")
    return fold(_PARTY_WORDS.sub("", text)) or fold(text)


def _place(first: Row, row: Row) -> str:
    return str(first.number) if first.sheet == row.sheet else f"{first.sheet} {first.number}"
