"""The two workbooks of a volume, in the words of the archive: catalogue 卷内目录 and 整改台账.

They are official papers, and in Chinese whoever seals the volume.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from tanzhao.archive.writing import WrittenPiece
from tanzhao.rectification.models import RectificationItem

CATALOGUE_COLUMNS = (
    ("件号", 6), ("责任者", 24), ("文号", 20), ("题名", 40), ("日期", 12), ("备注", 16),
    ("大小（字节）", 12), ("文件", 48), ("SHA-256", 68),
)  # fmt: skip
ITEM_COLUMNS = (
    ("序号", 6), ("问题", 48), ("整改措施", 40), ("责任人", 12), ("整改时限", 12), ("状态", 12),
    ("退回次数", 10), ("重新整改次数", 12), ("申报人", 12), ("核查人", 12), ("销号人", 12),
    ("销号时间", 18),
)  # fmt: skip
STEP_COLUMNS = (
    ("序号", 6), ("时间", 18), ("环节", 14), ("结论", 12), ("经办人", 12), ("内容", 60),
    ("时限", 12), ("佐证材料", 60),
)  # fmt: skip


def catalogue_sheet(
    about: Mapping[str, Any], written: Sequence[WrittenPiece], at: dt.datetime
) -> bytes:
    """Make the catalogue as a workbook: one row for each piece, grouped by stage."""
    rows = [
        (
            one.position, one.piece.responsible, one.piece.number, one.piece.title,
            one.piece.day.isoformat() if one.piece.day else "", one.piece.remark, one.size,
            one.path, one.sha256,
        )
        for one in written
    ]  # fmt: skip
    title = f"卷内目录：{about['unit']}，{about['round']}"
    return _workbook({"卷内目录": (title, CATALOGUE_COLUMNS, rows)}, at)


def rectification_sheet(items: Iterable[RectificationItem], unit: str, at: dt.datetime) -> bytes:
    """Make the rectification ledger of an engagement: its items, and every step with them."""
    item_rows: list[tuple[Any, ...]] = []
    step_rows: list[tuple[Any, ...]] = []
    for item in items:
        serial = item.finding.serial
        item_rows.append(
            (
                serial, item.finding.fact, item.measure, item.owner_name,
                item.due_date.isoformat(), item.get_state_display(), item.times_returned,
                item.times_reopened, _name(item.claimed_by), _name(item.verified_by),
                _name(item.closed_by), _moment(item.closed_at),
            )
        )  # fmt: skip
        for step in item.steps.all():
            files = "\n".join(f"{piece.name} {piece.file.sha256}" for piece in step.files.all())
            said = "\n".join(filter(None, (step.text, step.owner_name, step.late_reason)))
            step_rows.append(
                (
                    serial, _moment(step.at), step.get_kind_display(), step.get_answer_display(),
                    _name(step.by), said, step.due_date.isoformat() if step.due_date else "", files,
                )
            )  # fmt: skip
    sheets = {
        "整改事项": (f"整改台账：{unit}", ITEM_COLUMNS, item_rows),
        "整改过程": (f"整改过程：{unit}", STEP_COLUMNS, step_rows),
    }
    return _workbook(sheets, at)


def _name(user: Any) -> str:
    return str(user) if user else ""


def _moment(at: dt.datetime | None) -> str:
    return (
        at.astimezone(dt.timezone(dt.timedelta(hours=8))).strftime("%Y-%m-%d %H:%M") if at else ""
    )


def _workbook(sheets: Mapping[str, tuple[str, Any, Sequence[Any]]], at: dt.datetime) -> bytes:
    file = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": at.replace(tzinfo=None)})
    heading = book.add_format({"bold": True, "font_size": 14})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    for name, (title, columns, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.write_string(0, 0, title, heading)
        for column, (label, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, label, bold)
        for place, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                sheet.write(place, column, value, cell)
        sheet.freeze_panes(2, 0)
    book.close()
    return file.getvalue()
