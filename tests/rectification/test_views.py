from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import State
from tests.factories import (
    FeedbackFactory,
    FindingFactory,
    ItemFactory,
    ReportFactory,
    StoredFileFactory,
    UserFactory,
    contact_of,
    days,
)
from tests.rectification.makers import PDF, evidence_of, item_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PLAN = {"measure": "追缴", "owner_name": "王强", "due_date": days(30).isoformat()}


def _address(name, item):
    return reverse(f"rectification:{name}", args=[item.pk])


def test_the_register_is_read_with_the_same_number_of_queries_for_one_row_and_three(
    sign_in, django_assert_num_queries
):
    client = sign_in(UserFactory())
    ItemFactory()

    with django_assert_num_queries(9):
        client.get(reverse("rectification:items"))
    ItemFactory.create_batch(2)
    with django_assert_num_queries(9):
        client.get(reverse("rectification:items"))


def test_an_item_is_shown_with_the_same_number_of_queries_for_one_step_and_three(
    sign_in, django_assert_num_queries
):
    client = sign_in(UserFactory())
    item = item_in(State.IN_PROGRESS)
    evidence_of(item, by=UserFactory())

    with django_assert_num_queries(11):
        client.get(_address("item", item))
    evidence_of(item, by=UserFactory())
    evidence_of(item, by=UserFactory())
    with django_assert_num_queries(11):
        client.get(_address("item", item))


def test_the_register_is_narrowed_by_every_filter_and_sorted(sign_in):
    client = sign_in(UserFactory())
    ours = item_in(State.IN_PROGRESS, due_date=days(-3))
    old = item_in(
        State.CLOSED,
        finding=FindingFactory(imported=True, round_number=2, fact="白条入账"),
        due_date=days(-90),
    )

    def found(**query):
        page = client.get(reverse("rectification:items"), {"state": "all"} | query)
        return [row.item for row in page.context["page"].rows]

    assert found() == [old, ours]
    assert found(sort="-due") == [ours, old]
    assert found(sort="round") == [ours, old] if ours.round_number > 2 else [old, ours]
    assert found(unit=old.unit_id) == [old]
    assert found(round=2) == [old]
    assert found(state="closed") == [old]
    assert found(state="running") == [ours]
    assert found(colour="red") == [ours]
    assert found(source="imported") == [old]
    assert found(source="ours") == [ours]
    assert found(q="白条") == [old]
    assert found(state="mine") == []
    ours.state = State.PLANNED
    ours.save()
    assert found(state="mine") == [ours]
    assert found(state="mine", colour="green") == []
    assert found(round="x", state="all", unit="12", colour="pink") == [old, ours]


def test_the_register_shows_what_is_not_closed_until_all_is_asked_for(sign_in):
    client = sign_in(UserFactory())
    running, verified, closed = (item_in(s) for s in (State.OPEN, State.VERIFIED, State.CLOSED))
    shown = {
        "": {running, verified},
        "?state=nonsense": {running, verified},
        "?state=handed_up": {verified},
        "?state=all": {running, verified, closed},
        "?state=closed": {closed},
    }

    for query, expected in shown.items():
        page = client.get(reverse("rectification:items") + query)
        export = client.get(reverse("rectification:export") + query)

        assert {row.item for row in page.context["page"].rows} == expected
        assert (page.context["total"], page.context["of_all"]) == (len(expected), 3)
        # The figures lead from one state to the other, so they stay as they are.
        figures = page.context["figures"]
        assert (figures["claimed"], figures["closed"], figures["total"]) == (1, 1, 3)
        sheet = openpyxl.load_workbook(BytesIO(export.getvalue())).active
        assert sheet.max_row == 1 + len(expected)


def test_the_register_pages_without_losing_or_doubling_a_row(sign_in):
    client = sign_in(UserFactory())
    items = set(ItemFactory.create_batch(53))
    page = client.get(reverse("rectification:items"))
    seen = [row.item for row in page.context["page"].rows]

    after = page.context["page"].after
    rest = client.get(reverse("rectification:items"), {"after": after})
    seen += [row.item for row in rest.context["page"].rows]

    assert (len(seen), set(seen)) == (53, items)


def test_a_contact_plans_many_items_each_in_its_place(sign_in):
    item = ItemFactory()
    other = ItemFactory(finding=FindingFactory(engagement=item.finding.engagement))
    client = sign_in(contact_of(item.unit))

    page = client.get(reverse("rectification:plan")).content.decode()
    bad = client.post(_address("plan_item", item), {**PLAN, "many": "yes", "measure": ""},
                      headers=HTMX)  # fmt: skip
    good = client.post(_address("plan_item", item), {**PLAN, "many": "yes"}, headers=HTMX)

    assert all(f"plan-{one.pk}" in page for one in (item, other))
    assert (bad.status_code, good.status_code) == (422, 200)
    for answer in (bad, good):
        text = answer.content.decode()
        assert text.strip().startswith("<article")
        assert f"plan-{item.pk}" in text
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.state, other.state) == ("planned", "open")


def test_planning_many_works_without_script(sign_in):
    item = ItemFactory()
    client = sign_in(contact_of(item.unit))

    bad = client.post(_address("plan_item", item), {**PLAN, "many": "yes", "owner_name": ""})
    good = client.post(_address("plan_item", item), {**PLAN, "many": "yes"})

    assert bad.status_code == 422
    assert bad.context["entries"][0]["form"].errors.keys() == {"owner_name"}
    assert (good.status_code, good.url) == (302, reverse("rectification:plan"))


def test_a_claim_with_two_files_arrives_whole(sign_in):
    item = item_in(State.IN_PROGRESS)
    files = [SimpleUploadedFile(f"回单{n}.pdf", PDF) for n in (1, 2)]

    answer = sign_in(contact_of(item.unit)).post(
        _address("claim", item), {"text": "全部追缴", "evidence": files}
    )

    item.refresh_from_db()
    assert (answer.status_code, item.state) == (302, "claimed")
    step = item.steps.get()
    assert [piece.name for piece in step.files.all()] == ["回单1.pdf", "回单2.pdf"]


def test_a_refused_step_shows_its_reason_and_keeps_what_was_written(sign_in):
    item = item_in(State.IN_PROGRESS)

    answer = sign_in(contact_of(item.unit)).post(_address("claim", item), {"text": "全部追缴"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "全部追缴" in text
    assert "errorlist" in text


def test_a_step_that_comes_too_late_is_answered_with_its_reason(sign_in):
    item = item_in(State.VERIFIED)

    answer = sign_in(UserFactory(role=Role.SUPERVISOR)).post(
        _address("verify", item), {"answer": "adequate", "reason": "属实"}
    )

    item.refresh_from_db()
    assert (answer.status_code, item.state) == (422, "verified")
    assert "errorlist" in answer.content.decode()


def test_each_reader_finds_one_next_step_or_the_reason_why_not(sign_in):
    item = item_in(State.CLAIMED)
    contact, verifier = contact_of(item.unit), UserFactory(role=Role.SUPERVISOR)

    for reader, offered in ((contact, False), (verifier, True)):
        page = sign_in(reader).get(_address("item", item))
        form = f'action="{_address("verify", item)}"' in page.content.decode()
        assert form is offered
        assert page.context["next"][0]["verdict"].allowed is offered
        assert offered or page.context["next"][0]["verdict"].reason in page.content.decode()


def test_the_verifier_is_asked_about_a_file_that_stands_at_two_items(sign_in):
    item, other, third = item_in(State.CLAIMED), ItemFactory(), ItemFactory()
    evidence_of(item, by=None, sha256="a" * 64)
    evidence_of(other, by=None, sha256="a" * 64)
    evidence_of(third, by=None, sha256="b" * 64)
    verifier, contact = UserFactory(role=Role.SUPERVISOR), contact_of(item.unit)

    asked = sign_in(verifier).get(_address("item", item)).context["same_files"]
    unasked = sign_in(contact).get(_address("item", item)).context["same_files"]

    assert [same.other.step.item for same in asked] == [other]
    assert unasked == []


def test_feedback_is_refused_a_second_time_with_the_reason(sign_in):
    feedback = FeedbackFactory()
    ReportFactory(engagement=feedback.engagement, state="approved")
    address = reverse("rectification:feed_back", args=[feedback.engagement_id])

    again = sign_in(UserFactory()).post(
        address, {"number": "岚巡办〔2026〕99号", "issued_date": days(0)}
    )

    assert again.status_code == 422
    assert "已向该单位反馈" in again.content.decode()
    assert not RectificationItem.objects.exists()


def test_a_file_keeps_its_bytes(sign_in):
    item = item_in(State.IN_PROGRESS)
    piece = evidence_of(item, by=None)
    assert StoredFileFactory().pk != piece.file_id

    answer = sign_in(contact_of(item.unit)).get(reverse("rectification:file", args=[piece.pk]))

    with piece.file.content.open("rb") as stored:
        assert b"".join(answer.streaming_content) == stored.read()
