import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tanzhao.audit.models import Entry
from tanzhao.findings.models import Finding
from tanzhao.findings.queries.register import ORDERS, Asked, asked_findings, order_of
from tanzhao.kernel.paging import page_of
from tests.factories import NOON, FindingFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def _old(unit, serial, **values):
    said = {"round_number": 2, "fact": f"事实{serial}", "state": "fed_back"}
    return Finding(unit=unit, serial=serial, imported=True, made_at=NOON, **(said | values))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"ours", "old", "older"}),
        ({"round": "3"}, {"older"}),
        ({"kind": "乡镇"}, {"older"}),
        ({"category": "政治建设"}, {"old"}),
        ({"subcategory": "党费"}, {"older"}),
        ({"state": "made"}, {"ours"}),
        ({"source": "ours"}, {"ours"}),
        ({"source": "imported"}, {"old", "older"}),
        ({"q": "接待 公函"}, {"ours"}),
        ({"q": "接待 台账"}, set()),
        ({"q": "镇"}, {"older"}),
        ({"category": "政治建设", "round": "3"}, set()),
        ({"round": "abc", "unit": "x", "state": "y", "sort": "z"}, {"ours", "old", "older"}),
    ],
)
def test_the_register_shows_what_is_asked_for_and_counts_it(query, expected, sign_in):
    town = UnitFactory(name="清溪镇", category="乡镇")
    made = {
        "ours": FindingFactory(fact="2025年列支接待费3笔，无公函", category="作风建设"),
        "old": _old(UnitFactory(), 1, category="政治建设"),
        "older": _old(town, 2, category="组织建设", subcategory="党费", round_number=3),
    }
    Finding.objects.bulk_create([made["old"], made["older"]])

    page = sign_in(UserFactory(language="en")).get(reverse("findings:findings"), query)

    assert {row.pk for row in page.context["page"].rows} == {made[name].pk for name in expected}
    counts = page.context["figures"]
    assert (counts.found, counts.total) == (len(expected), 3)
    assert counts.ours + counts.old == counts.made + counts.reported + counts.fed_back
    assert counts.ours == len(expected & {"ours"})
    assert f"{len(expected)} of 3 findings" in page.content.decode()


@pytest.mark.parametrize("name", [*ORDERS, *(f"-{name}" for name in ORDERS)])
def test_every_order_reaches_every_row_once_while_rows_are_added(name):
    units = [UnitFactory(category=f"类{n % 2}", position=n % 2) for n in range(4)]
    Finding.objects.bulk_create(
        _old(
            unit,
            serial,
            round_number=1 + serial % 2,
            category=f"甲{serial % 3}",
            state=("made", "fed_back")[serial % 2],
        )
        for unit in units
        for serial in range(1, 7)
    )
    before = set(Finding.objects.values_list("pk", flat=True))
    reader, seen, token = UserFactory(), [], ""

    for added in range(100, 112):
        found = asked_findings(reader, Asked())
        page = page_of(found, order=order_of(name), after=token, size=5)
        seen += [row.pk for row in page.rows]
        token = page.after
        if not token:
            break
        Finding.objects.bulk_create([_old(units[added % 4], added, round_number=added % 4)])

    assert not token
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_the_register_asks_the_database_as_often_for_three_rows_as_for_one(sign_in):
    client = sign_in(UserFactory())
    counts = []
    for more in (1, 2):
        for _ in range(more):
            FindingFactory()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("findings:findings")).status_code == 200
        counts.append(len(queries))

    assert counts == [10, 10]


def test_the_export_is_all_that_is_shown_in_its_order_and_is_recorded(sign_in):
    user = UserFactory()
    client = sign_in(user)
    unit = UnitFactory(name="清溪镇", category="乡镇")
    Finding.objects.bulk_create([_old(unit, n, category="政治建设") for n in range(1, 61)])
    FindingFactory(fact="=1+1，列支接待费")

    answer = client.get(
        reverse("findings:export"), {"category": "政治建设", "sort": "-round", "after": "x"}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    shown = Finding.objects.filter(category="政治建设").order_by(*order_of("-round"))

    assert [row[3] for row in rows[1:]] == [finding.serial for finding in shown]
    assert len(rows[0]) == 10
    assert rows[1][1:3] == ("清溪镇", "乡镇")
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.details["rows"]) == ("list.exported", user, 60)
    assert entry.details["asked"] == {"category": "政治建设"}
