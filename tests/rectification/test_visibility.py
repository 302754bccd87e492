"""Who sees which items: the same in list, count, page, export, file and board."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.models import Authorisation
from tanzhao.rectification.models import RectificationItem
from tests.factories import (
    EngagementFactory,
    FindingFactory,
    ItemFactory,
    TeamFactory,
    UserFactory,
    contact_of,
    days,
    member_account,
)
from tests.rectification.makers import evidence_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    """Two units inspected by two teams, an item for each, each with a file."""
    engagements = [EngagementFactory(team=TeamFactory()) for _ in range(2)]
    items = [
        ItemFactory(finding=FindingFactory(engagement=e, state="fed_back")) for e in engagements
    ]
    files = [evidence_of(item, sha256=str(n) * 64, stored_by=UserFactory())
             for n, item in enumerate(items)]  # fmt: skip
    return engagements, items, files


def _reader(who: str, engagements) -> User:
    first, second = engagements
    match who:
        case "contact":
            return contact_of(first.unit)
        case "other contact":
            return contact_of(second.unit)
        case "member":
            return member_account(first.team)
        case "other member":
            return member_account(second.team)
        case "member before" | "member after":
            span = (days(1), days(9)) if who == "member before" else (days(-9), days(-1))
            rows = Authorisation.objects.filter(round=first.round)
            rows.update(starts=span[0], ends=span[1])
            return member_account(first.team)
        case "stopped director":
            return UserFactory(role=Role.DIRECTOR, is_active=False)
    return UserFactory(role=who)


SEES = {
    "director": {0, 1}, "staff": {0, 1}, "supervisor": {0, 1}, "leading_group": {0, 1},
    "contact": {0}, "other contact": {1}, "member": {0}, "other member": {1},
    "member before": set(), "member after": set(), "inspector": set(),
    "system_admin": set(), "audit_admin": set(), "stopped director": set(),
}  # fmt: skip


@pytest.mark.parametrize(("who", "places"), SEES.items())
def test_a_reader_sees_their_items_in_the_queryset(county, who, places):
    engagements, items, _files = county

    visible = RectificationItem.objects.visible_to(_reader(who, engagements))

    assert set(visible) == {items[place] for place in places}


@pytest.mark.parametrize(
    ("who", "places"), [(w, p) for w, p in SEES.items() if not w.startswith("stopped")]
)
def test_list_count_page_file_export_and_board_agree(county, sign_in, who, places):
    engagements, items, files = county
    reader = _reader(who, engagements)
    client = sign_in(reader)

    listing = client.get(reverse("rectification:items"))
    if reader.role in {Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN}:
        for name in ("rectification:items", "rectification:export", "reports:rectification_board"):
            assert client.get(reverse(name)).status_code == 403
        return

    assert {row.item for row in listing.context["page"].rows} == {items[p] for p in places}
    assert (listing.context["total"], listing.context["of_all"]) == (len(places), len(places))
    for place, item in enumerate(items):
        expected = 200 if place in places else 404
        page = client.get(reverse("rectification:item", args=[item.pk]))
        assert page.status_code == expected
        file = client.get(reverse("rectification:file", args=[files[place].pk]))
        assert file.status_code == expected
        if expected == 200:
            assert b"".join(file.streaming_content) == b"%PDF-1.7\n"
        asked = client.get(reverse("rectification:items"), {"unit": item.unit_id})
        assert {row.item for row in asked.context["page"].rows} <= {items[p] for p in places}
    export = client.get(reverse("rectification:export"))
    sheet = openpyxl.load_workbook(BytesIO(export.getvalue())).active
    assert {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == {
        items[p].unit.name for p in places
    }
    board = client.get(reverse("reports:rectification_board")).context["board"]
    assert {row.unit for row in board.rows} == {items[p].unit for p in places}
    assert board.counts["total"] == len(places)
    assert Entry.objects.filter(verb="list.exported").count() == 1
    assert Entry.objects.filter(verb="evidence.seen").count() == len(places)


def test_the_unit_filter_names_no_unit_whose_items_the_reader_may_not_know(county, sign_in):
    engagements, _items, _files = county
    first, second = (engagement.unit for engagement in engagements)

    member = member_account(engagements[0].team)
    offered = {contact_of(first): set(), member: {first}, UserFactory(): {first, second}}

    for reader, named in offered.items():
        form = sign_in(reader).get(reverse("rectification:items")).context["filter"]
        assert {unit for unit in (first, second) if unit.name in str(form)} == named
