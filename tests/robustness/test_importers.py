"""Four importers at the same moment: nothing lost, nothing twice, no lock error."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import xlsxwriter

SAMPLES = Path(__file__).parent.parent.parent / "packs" / "samples" / "lanshui"
ROWS = 400


def _import(installation, kind, file):
    command = ("-m", "tanzhao.config.cli", "import", kind, str(file), "--json")
    answer = json.loads(installation.run(*command))
    return answer["new"], answer["changed"], answer["unchanged"]


def _at_once(installation, jobs):
    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(lambda job: _import(installation, *job), jobs))


def test_four_importers_of_one_file_take_each_row_once(installation):
    jobs = [("units", SAMPLES / "巡察对象库.xlsx")] * 4

    taken = _at_once(installation, jobs)

    assert sorted(taken) == [(0, 0, 232)] * 3 + [(232, 0, 0)]
    assert installation.count("units_unit") == 232


def test_four_importers_of_four_files_take_them_all(installation, tmp_path):
    files = [tmp_path / f"{name}.xlsx" for name in "甲乙丙丁"]
    for file in files:
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["单位名称", "类别", "党员数"])
            for n in range(1, ROWS + 1):
                sheet.write_row(n, 0, [f"{file.stem}乡第{n}村", "村（社区）", n])

    taken = _at_once(installation, [("units", file) for file in files])

    assert taken == [(ROWS, 0, 0)] * 4
    assert installation.count("units_unit") == 4 * ROWS
    assert installation.count("audit_entry WHERE verb = 'units.imported'") == 4
    installation.run("-m", "tanzhao.config.cli", "trail", "verify")
