"""All texts of a round compared on demand: what is new is added, what was answered stays."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.models import Run
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import answer_likeness, scan_round, stop_scan
from tanzhao.rectification.actions.scanning import carry_out_scan
from tanzhao.rectification.models import Likeness, Writing
from tests.factories import (
    NOON,
    AuthorisationFactory,
    EngagementFactory,
    FindingFactory,
    ItemFactory,
    RoundFactory,
    TeamFactory,
    UserFactory,
    contact_of,
    member_account,
)
from tests.rectification.factories import LikenessFactory, WritingFactory
from tests.rectification.likeness_makers import REPORT

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def round_():
    """A round with three units' items, two of which said the same before likeness was known."""
    round_ = RoundFactory(state=RoundState.RECTIFYING)
    AuthorisationFactory(round=round_)
    for text in (REPORT, REPORT, "全部追缴。"):
        engagement = EngagementFactory(team=TeamFactory(round=round_))
        item = ItemFactory(finding=FindingFactory(engagement=engagement, state="fed_back"))
        item.steps.create(kind="progressed", text=text, at=NOON)
    return round_


def _scan(round_, actor):
    run = scan_round(round_id=round_.pk, actor=actor, at=NOON)
    carry_out_scan(run_id=run.pk, stopwatch=lambda: 0.0, clock=timezone.now)
    run.refresh_from_db()
    return run


def test_a_round_is_compared_again_and_adds_only_what_is_new(round_):
    office = UserFactory()

    first = _scan(round_, office)
    question = Likeness.objects.get()
    answer_likeness(likeness_id=question.pk, outcome="common", reason="通用", actor=office, at=NOON)
    second = _scan(round_, office)

    assert (first.state, first.result["compared"], first.result["found"]) == ("done", 2, 1)
    assert (first.result["short"], first.result["stopped"]) == (1, False)
    assert (second.result["compared"], second.result["found"]) == (0, 0)
    again = Likeness.objects.get()
    assert (again.pk, again.answer) == (question.pk, "common")


def test_a_comparison_that_was_asked_to_stop_keeps_what_it_found_and_goes_on_later(round_):
    office = UserFactory()
    run = scan_round(round_id=round_.pk, actor=office, at=NOON)
    with pytest.raises(Refused):  # it is being done already
        scan_round(round_id=round_.pk, actor=UserFactory(), at=NOON)
    stop_scan(round_id=round_.pk, actor=UserFactory(), at=NOON)

    carry_out_scan(run_id=run.pk, stopwatch=lambda: 0.0, clock=timezone.now)

    run.refresh_from_db()
    assert (run.state, run.result["stopped"], run.result["compared"]) == ("done", True, 0)
    assert _scan(round_, office).result["compared"] == 2
    assert Likeness.objects.count() == 1


def test_only_the_office_has_a_round_compared(round_, sign_in):
    address = reverse("rectification:scan_round", args=[round_.pk])
    for role in (Role.SUPERVISOR, Role.LEADING_GROUP, Role.SYSTEM_ADMIN):
        assert sign_in(UserFactory(role=role)).post(address).status_code == 403
    assert not Run.objects.exists()

    sent = sign_in(UserFactory()).post(address)

    assert (sent.status_code, Run.objects.get().kind) == (302, "likeness.scan")
    again = sign_in(UserFactory()).post(address)
    assert again.status_code == 422
    assert "正在比对" in again.content.decode() or "compared already" in again.content.decode()


def test_the_page_of_a_round_shows_how_far_it_is_with_and_without_script(round_, sign_in):
    client = sign_in(UserFactory())
    address = reverse("rectification:round_likeness", args=[round_.pk])
    run = scan_round(round_id=round_.pk, actor=UserFactory(), at=NOON)
    Run.objects.update(state="running", progress={"stage": "comparing", "done": 7, "of": 19})

    page = client.get(address).content.decode()
    part = client.get(address, headers=HTMX).content.decode()

    assert "http-equiv" in page
    for said in (page, part):
        assert '<progress max="19" value="7"' in said
    assert "<html" not in part
    carry_out_scan(run_id=run.pk, stopwatch=lambda: 0.0, clock=timezone.now)
    over = client.get(address, headers=HTMX)
    assert over.headers["HX-Refresh"] == "true"


def test_the_list_is_read_with_the_same_number_of_queries_for_one_row_and_three(
    sign_in, django_assert_num_queries
):
    client = sign_in(UserFactory())
    address = reverse("rectification:likenesses")
    LikenessFactory()

    with django_assert_num_queries(8):
        client.get(address)
    LikenessFactory.create_batch(2)
    with django_assert_num_queries(8):
        client.get(address)


def test_the_list_is_narrowed_sorted_paged_and_exported(sign_in):
    client = sign_in(UserFactory())
    long = LikenessFactory(letters=900)
    own = LikenessFactory(relation="own", later=WritingFactory(kind="plan"), letters=90)
    said = LikenessFactory(letters=9, answer="copied", answered_by=UserFactory(), answered_at=NOON)
    template = LikenessFactory(relation="template", letters=5)
    address = reverse("rectification:likenesses")

    def found(**query):
        return [one.likeness for one in client.get(address, query).context["lines"]]

    assert found() == [long, own, said, template]
    assert found(answer="open") == found(answer="mine") == [long, own]
    assert found(answer="answered") == found(answer="copied") == [said]
    assert found(relation="own") == found(kind="plan") == [own]
    assert found(unit=long.later.item.unit_id) == [long]
    assert found(unit="zz", relation="zz", sort="zz", answer="zz") == found()
    figures = client.get(address).context["figures"]
    assert (figures["total"], figures["open"], figures["copied"]) == (4, 2, 1)
    export = client.get(reverse("rectification:export_likenesses"), {"answer": "open"})
    sheet = openpyxl.load_workbook(BytesIO(export.getvalue())).active
    assert sheet.max_row == 3
    assert Entry.objects.filter(verb="list.exported").count() == 1


def test_the_list_pages_without_losing_or_doubling_a_row(sign_in):
    client = sign_in(UserFactory())
    rows = set(LikenessFactory.create_batch(53))
    page = client.get(reverse("rectification:likenesses"))
    seen = [one.likeness for one in page.context["lines"]]

    rest = client.get(reverse("rectification:likenesses"), {"after": page.context["page"].after})
    seen += [one.likeness for one in rest.context["lines"]]

    assert (len(seen), set(seen)) == (53, rows)


def test_a_team_sees_of_its_round_what_lies_at_its_own_unit(round_, sign_in):
    _scan(round_, UserFactory())
    question = Likeness.objects.get()
    own, other = (
        member_account(one.item.finding.engagement.team)
        for one in (question.later, question.earlier)
    )
    address = reverse("rectification:round_likeness", args=[round_.pk])

    seen = [
        [one.likeness for one in sign_in(who).get(address).context["lines"]] for who in (own, other)
    ]

    assert seen == [[question], []]
    stranger = sign_in(contact_of(question.later.item.unit)).get(address)
    assert stranger.status_code == 403
    assert Writing.objects.filter(state="compared", kind="progress").count() == 2
