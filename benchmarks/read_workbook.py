"""Reading a workbook of a million cells: ours, to checked fields, beside openpyxl's bare cells.

Run as ``python benchmarks/read_workbook.py [ROWS]``. Each side runs in a process of its own, and
the most memory that it and its child took is printed with its time. Ours does more: it finds the
headings, reads every cell as its field, and looks for duplicates and faults; "our cells" is the
part that openpyxl does too.
"""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = 100_000
HEADINGS = [
    "序号",
    "巡察轮次",
    "被巡察党组织",
    "问题类别",
    "问题小类",
    "问题表现",
    "责任领导",
    "整改措施",
    "整改时限",
    "整改情况",
]


def main() -> None:
    """Print both sides and how they compare; or, called with a side, run that one."""
    if len(sys.argv) > 2:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        write(path, rows)
        print(f"{rows * len(HEADINGS):,} cells, {path.stat().st_size / 1e6:.1f} MB")
        sides = {side: run(side, path) for side in ("ours", "our cells", "openpyxl")}
    for side, result in sides.items():
        print(
            f"{side:9} {result['seconds']:6.1f} s  {result['megabytes']:5.0f} MB  "
            f"{result['rows']:,} rows"
        )
    for side in ("ours", "our cells"):
        ratio = sides["openpyxl"]["seconds"] / sides[side]["seconds"]
        print(f"{side:9} {ratio:6.1f} × as fast as openpyxl read-only")


def write(path: Path, rows: int) -> None:
    """Write an untidy ledger: a title, headings, units written once for a block."""
    from xlsxwriter import Workbook

    book = Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("整改台账")
    sheet.write_row(0, 0, ["整改台账"])
    sheet.write_row(1, 0, HEADINGS)
    states = ["已完成", "基本完成", "未完成"]
    for n in range(rows):
        unit = f"第{n // 10}村" if n % 10 == 0 else None
        text = f"{2020 + n % 5}年有{n}件问题未按期答复，涉及金额{n % 97}万元。"
        due = [f"{2023}.{n % 9 + 1:02d}", f"2023年{n % 12 + 1}月", "2023/10"][n % 3]
        row = [
            n + 1,
            f"第{n % 5 + 1}轮",
            unit,
            "作风建设",
            "服务群众不到位",
            text,
            f"张{n % 50}",
            "专项清理",
            due,
        ]
        sheet.write_row(n + 2, 0, [*row, states[n % 3]])
    book.close()


def run(side: str, path: Path) -> dict[str, float]:
    """Measure one side in a fresh process."""
    command = [sys.executable, __file__, side, str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def measured(side: str, path: Path) -> dict[str, float]:
    """Give the rows read, the seconds of processor time, and the most megabytes taken."""
    rows = {"ours": read_ours, "our cells": read_our_cells, "openpyxl": read_openpyxl}[side](path)
    used = [resource.getrusage(kind) for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    megabytes = sum(one.ru_maxrss for one in used) / 1024
    return {"rows": rows, "seconds": seconds, "megabytes": megabytes}


def prepare() -> None:
    """Make the project importable, without its database."""
    sys.path.insert(0, str(ROOT))
    from django.conf import settings

    settings.configure(USE_I18N=False)


def read_ours(path: Path) -> int:
    """Read with tanzhao.kernel.sheets."""
    prepare()
    from tanzhao.kernel.packs import SHIPPED, read_pack
    from tanzhao.kernel.sheets import heading_pack, read_workbook

    pack = heading_pack("ledger", read_pack(SHIPPED / "headings" / "ledger", "headings").body)
    return len(read_workbook(path, pack).rows)


def read_our_cells(path: Path) -> int:
    """Read the bare cells, with what stands beside them (merges, formats, hidden rows)."""
    prepare()
    from tanzhao.kernel.sheets.files import open_grids

    return sum(len(grid.rows) for grid in open_grids(path))


def read_openpyxl(path: Path) -> int:
    """Read the bare cells with openpyxl in its read-only mode."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    return sum(1 for row in book.active.iter_rows(values_only=True) if any(row))


if __name__ == "__main__":
    main()
