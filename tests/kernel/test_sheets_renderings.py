"""The sample county written down again in other untidy ways: every cell must come out the same."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tanzhao.kernel.sheets import HeadingPack, read_workbook
from tanzhao.kernel.sheets.files import Grid
from tanzhao.kernel.sheets.headings import find_headings
from tanzhao.kernel.sheets.text import fold
from tests.kernel.sheet_making import SAMPLE, pack

TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
KNOWN = {unit["name"] for unit in TRUTH["units"]}
KINDS = {"units": "units", "inspectors": "people", "ledger": "ledger"}
ZH = "〇一二三四五六七八九"
ELSEWHERE = ["序号", "备注", "民族", "是否销号", "填报人"]


def month(rng: random.Random, value: str | None, nothing: list[Any]) -> Any:
    if value is None:
        return rng.choice(nothing)
    year, number = int(value[:4]), int(value[5:])
    zh_year = "".join(ZH[int(digit)] for digit in str(year))
    zh_month = ("十" if number >= 10 else "") + (ZH[number % 10] if number % 10 else "")
    # As a number October looks like January; see test_sheets_files for how that is told.
    bare = f"{year}.{number:02d}" if number in (1, 10) else float(f"{year}.{number:02d}")
    return rng.choice(
        [
            f"{year}.{number:02d}",
            f"{year}年{number}月",
            f"{year}/{number}",
            f"{year}-{number:02d}-01",
            f"{zh_year}年{zh_month}月",
            f"{year % 100:02d}年{number}月",
            f"{year}{number:02d}",
            bare,
            f"{year} 年 {number:02d} 月",
            f"{year}．{number}" if number != 1 else f"{year}．01",
        ]
    )


def round_(rng: random.Random, value: int | None, nothing: list[Any]) -> Any:
    if value is None:
        return rng.choice(nothing)
    return rng.choice(
        [
            value,
            str(value),
            f"第{ZH[value]}轮",
            f"第{value}轮",
            f"{ZH[value]}轮",
            f"十五届县委第{ZH[value]}轮",
            f"第{value}轮".translate({48 + i: 0xFF10 + i for i in range(10)}),
        ]
    )


def padded(rng: random.Random, value: str) -> str:
    if len(value) == 2 and rng.random() < 0.5:
        return value[0] + rng.choice(["　", " ", "\xa0", "  "]) + value[1]
    return rng.choice(["", " ", "　"]) + value + rng.choice(["", " ", "\n"])


def written(rng: random.Random, kind: HeadingPack, field: str, value: Any) -> Any:
    """Write a value down as somebody in some office might."""
    nothing = [None, "—", "无", "/", "-", "暂无", "　"]
    match kind.fields[field].type:
        case "month":
            return month(rng, value, nothing)
        case "round":
            return round_(rng, value, nothing)
        case "rounds":
            mark = rng.choice(["、", "，", "；", "/", ","])
            return mark.join(str(round_(rng, one, nothing)) for one in value) or rng.choice(nothing)
        case "list" | "units" | "service":
            return rng.choice(["、", "，", "；", "/", "\n", ", "]).join(value) or rng.choice(
                nothing
            )
        case "count":
            return rng.choice([value, float(value), f"{value}名", f"{value}人", f" {value} "])
        case "phone":
            return rng.choice(
                [value, int(value), f"{value[:3]}-{value[3:7]}-{value[7:]}", f"{value} "]
            )
        case "id_number":
            return rng.choice([value, value.lower(), f" {value}"])
        case "yes_no":
            return rng.choice(["专职", "专职干部"] if value else ["抽调", "借调", "兼职"])
        case "person" | "unit" | "name":
            return padded(rng, value)
        case "choice":
            return (
                rng.choice(
                    [w for w, v in kind.fields[field].values.items() if v == value] or [value]
                )
                if field == "state"
                else value
            )
    return value


def headings(rng: random.Random, kind: HeadingPack) -> dict[str, str]:
    """Choose a heading for each field, with line breaks and spaces as they come."""
    chosen = {}
    for field in kind.fields.values():
        plain = [
            heading for heading in field.headings if "/" not in heading and not heading.isascii()
        ]
        heading = rng.choice(plain)
        if field.type == "yes_no":
            heading = "专职/抽调"
        cut = rng.randrange(1, len(heading)) if len(heading) > 1 else 0
        chosen[field.id] = heading[:cut] + rng.choice(["", "", "\n", " ", "　"]) + heading[cut:]
    return chosen


def write(path: Path, rng: random.Random, kind: HeadingPack, rows: list[dict[str, Any]]) -> None:
    book = Workbook()
    sheet = book.active
    for _ in range(rng.randrange(4)):
        sheet.append(
            [rng.choice(["岚水县巡察工作台账", "（内部资料，注意保存）", "填报单位：县委巡察办"])]
        )
    fields = list(kind.fields)
    rng.shuffle(fields)
    # A smaller group stands to the right of the bigger one, or blocks could not be told.
    grouped = sorted((f for f in fields if kind.fields[f].carried), key=list(kind.fields).index)
    places = [i for i, f in enumerate(fields) if kind.fields[f].carried]
    for place, field in zip(places, grouped, strict=True):
        fields[place] = field
    chosen = headings(rng, kind)
    top = ["序号", *(chosen[field] for field in fields), rng.choice(["备注", "说明"])]
    sheet.append(top)
    blocks = {field: rng.choice(["every row", "once", "merged"]) for field in grouped}
    previous: dict[str, Any] = {}
    starts: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if rng.random() < 0.03:
            sheet.append([])
        if number > 1 and rng.random() < 0.01:
            sheet.append(top)
        cells: dict[str, Any] = {field: written(rng, kind, field, row[field]) for field in fields}
        line = sheet._current_row + 1  # a blank row does not count in max_row
        new = False
        for field in grouped:
            new = new or row[field] != previous.get(field)
            if blocks[field] == "every row" or new:
                starts[field] = line
            else:
                cells[field] = None
        previous = row
        sheet.append([number, *(cells[field] for field in fields), rng.choice([None, None, "好"])])
        for field in grouped:
            if blocks[field] == "merged" and starts[field] < line:
                column = fields.index(field) + 2
                for merge in list(sheet.merged_cells.ranges):
                    if merge.min_col == column and merge.min_row == starts[field]:
                        sheet.merged_cells.remove(merge)
                sheet.merge_cells(
                    start_row=starts[field], end_row=line, start_column=column, end_column=column
                )
    total = [None] * len(top)
    total[rng.choice([0, fields.index(kind.required[0].id) + 1])] = rng.choice(
        ["合计", "总 计", f"共计{len(rows)}个"]
    )
    sheet.append(total)
    hidden = book.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    hidden.append(top)
    book.save(path)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", KINDS)
def test_the_sample_comes_out_whole_however_it_was_written(tmp_path, name, seed):
    kind = pack(name)
    rng = random.Random(f"{name} {seed}")
    rows = TRUTH[KINDS[name]][: 120 + seed * 10]
    write(tmp_path / "book.xlsx", rng, kind, rows)

    reading = read_workbook(tmp_path / "book.xlsx", kind, known=KNOWN)

    assert [row.fields for row in reading.rows] == [
        {f: row[f] for f in kind.fields} for row in rows
    ]
    assert {fault.code for fault in reading.faults} <= {"id_check_digit", "unknown_workplace"}


@pytest.mark.parametrize("name", KINDS)
def test_every_heading_in_a_pack_means_one_field_only(name):
    kind = pack(name)
    meant: dict[str, set[str]] = {}
    for field, words in [
        *((f.id, f.headings) for f in kind.fields.values()),
        ("unused", kind.unused),
    ]:
        for word in words:
            meant.setdefault(fold(word) if "/" not in word else word, set()).add(field)

    assert {word: fields for word, fields in meant.items() if len(fields) > 1} == {}


@pytest.mark.parametrize("name", KINDS)
def test_every_heading_in_a_pack_is_read_as_its_field_beside_the_others(name):
    kind = pack(name)
    usual = {field.id: field.headings[0] for field in kind.fields.values()}
    for field in kind.fields.values():
        for heading in field.headings:
            if "/" in heading:
                continue
            row = [*{**usual, field.id: heading}.values()]
            found = find_headings(Grid("表", rows=[(1, row), (2, ["x"])]), kind)

            assert found is not None
            assert [found.fields[i] for i in range(len(row))] == list(usual), heading
