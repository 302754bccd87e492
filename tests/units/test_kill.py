"""A process killed with -9 in the midst of an import."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xlsxwriter

ROOT = Path(__file__).parent.parent.parent
ROWS = 4000


@pytest.fixture
def environment(empty_home):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TANZHAO_", "DJANGO_"))}
    return kept | {"TANZHAO_HOME": str(empty_home), "LANG": "en_US.UTF-8"}


def _command(*words):
    return [sys.executable, "-m", "tanzhao.config.cli", *map(str, words)]


def _writes_now(path):
    """Say whether another process is in the midst of writing to the database."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def _counts(path):
    connection = sqlite3.connect(path)
    tables = ("units_unit", "units_visit", "audit_entry")
    counts = [connection.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0] for t in tables]
    connection.close()
    return counts


def test_an_import_killed_while_it_writes_leaves_nothing_and_a_second_one_completes(
    tmp_path, environment
):
    book = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(book) as writer:
        sheet = writer.add_worksheet()
        sheet.write_row(
            0, 0, ["单位名称", "类别", "上级党组织", "党员数", "已巡察轮次", "巡察时间"]
        )
        for n in range(1, ROWS + 1):
            sheet.write_row(
                n, 0, [f"第{n}村", "村（社区）", f"第{n // 50 + 1}村", n, "第二轮", "2022.3"]
            )
    database = Path(environment["TANZHAO_HOME"]) / "tanzhao.sqlite3"

    process = subprocess.Popen(_command("import", "units", book), cwd=ROOT, env=environment)
    while process.poll() is None and not _writes_now(database):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert process.returncode == -signal.SIGKILL
    assert _counts(database) == [0, 0, 0]
    again = subprocess.run(
        _command("import", "units", book, "--json"),
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(again.stdout)["new"] == ROWS
    assert _counts(database) == [ROWS, ROWS, 1]
