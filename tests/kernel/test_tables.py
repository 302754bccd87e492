import datetime as dt
from io import BytesIO

import openpyxl
import pytest

from tanzhao.kernel.tables import workbook_response


@pytest.mark.django_db  # closing an answer looks at the connection
def test_a_list_comes_back_from_its_workbook_as_it_was_shown():
    rows = [
        ["=1+1", 3, dt.date(2026, 3, 5), None, ["财务", "审计"]],
        ["县财政局", 0, None, "是", []],
    ]

    answer = workbook_response("名单.xlsx", ["名称", "数", "日期", "有无", "特长"], rows)

    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert list(sheet.iter_rows(values_only=True)) == [
        ("名称", "数", "日期", "有无", "特长"),
        ("=1+1", 3, dt.datetime(2026, 3, 5), None, "财务、审计"),
        ("县财政局", 0, None, "是", None),
    ]
    answer.close()
    assert "%E5%90%8D%E5%8D%95.xlsx" in answer["Content-Disposition"]
