"""The pages of screening: what they show, to whom, at what cost, and what a click does."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.states import RunState
from tanzhao.kernel.paging import page_of
from tanzhao.leads.models import Lead
from tanzhao.screening.actions import assign_hits, delete_expired_rows
from tanzhao.screening.models import Comparison, DataSet, Hit, Verification
from tanzhao.screening.queries.hits import ORDERS, Asked, asked_hits, order_of
from tanzhao.screening.states import ComparisonState, DataSetState, HitState
from tests.factories import EngagementFactory, UnitFactory, UserFactory, days, member_account
from tests.screening.factories import (
    ComparisonFactory,
    DataSetFactory,
    DoneComparisonFactory,
    HitFactory,
)
from tests.screening.makers import RULE, deaths, director, payments, registered, staff
from tests.screening.test_hits import ACCOUNT, NUMBER, decided

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_room")]
OUTCOME = {
    "outcome": "mistake",
    "note": "went there",
    "evidence_kind": "register",
    "evidence": "cremation record 12",
    "verifier": "Pan",
    "verified_on": "2026-06-30",
    "to_recover": "465.00",
    "recovered": "65.5",
}


def _step(name, hit):
    return reverse(f"screening:{name}", args=[hit.pk])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"dead", "account", "done"}),
        ({"rule": "one-account-many-persons"}, {"account"}),
        ({"state": "decided"}, {"done"}),
        ({"outcome": "mistake"}, {"done"}),
        ({"risk": "low"}, {"account"}),
        ({"place": "新堡"}, {"account"}),
        ({"place": "河东局"}, {"done"}),
        ({"least": "500"}, {"account"}),
        ({"least": "-1", "state": "x", "comparison": "zz"}, {"dead", "account", "done"}),
    ],
)
def test_the_list_shows_what_is_asked_for_and_counts_it(query, expected, sign_in):
    made = {
        "dead": HitFactory(),
        "account": HitFactory(
            rule="one-account-many-persons", risk="low", place="石桥镇新堡村", amount_cents=90000
        ),
        "done": decided(hit=HitFactory(unit=UnitFactory(name="河东局"))),
    }

    page = sign_in(staff()).get(reverse("screening:hits"), query)

    assert {hit.pk for hit, *_ in page.context["lines"]} == {made[one].pk for one in expected}
    assert (page.context["figures"].found, page.context["figures"].total) == (len(expected), 3)


def test_the_hits_of_one_comparison_can_be_asked_for(sign_in):
    hit, _other = HitFactory(), HitFactory()

    page = sign_in(staff()).get(reverse("screening:hits"), {"comparison": hit.latest_id})

    assert [one.pk for one, *_ in page.context["lines"]] == [hit.pk]


@pytest.mark.parametrize("name", [*ORDERS, *(f"-{name}" for name in ORDERS)])
def test_every_order_reaches_every_hit_once(name):
    for number in range(7):
        HitFactory(
            rule=f"r{number % 2}", risk=("high", "medium", "low")[number % 3],
            place=f"村{number % 2}", amount_cents=100 * (number % 3),
        )  # fmt: skip
    seen, token, reader = [], "", staff()

    while True:
        page = page_of(asked_hits(reader, Asked()), order=order_of(name), after=token, size=2)
        seen += [row.pk for row in page.rows]
        token = page.after
        if not token:
            break

    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("page", ["hits", "comparisons", "data_sets", "rules"])
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(page, sign_in):
    client, counts = sign_in(staff()), []
    for more in (1, 2):
        for _ in range(more):
            done = DoneComparisonFactory()
            done.data_sets.add(DataSetFactory(), DataSetFactory())
            HitFactory(latest=done, unit=UnitFactory(), engagement=EngagementFactory(),
                       assigned_by=staff())  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"screening:{page}")).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 17


def test_a_hit_page_asks_the_database_as_often_for_many_rows_as_for_one(sign_in):
    client, counts = sign_in(staff()), []
    hit = HitFactory()
    row = hit.sightings.get().rows.get()
    client.get(_step("hit", hit))  # the first look of all begins the trail
    for more in (0, 30):
        for position in range(2, more):
            row.pk, row.position = uuid4(), position
            row.save(force_insert=True)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(_step("hit", hit)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_hit_page_masks_every_number_and_shows_one_once_with_an_entry(sign_in):
    hit, client = HitFactory(), sign_in(staff())

    page = client.get(_step("hit", hit)).content.decode()
    assert NUMBER not in page
    assert ACCOUNT not in page
    assert "110101********1234" in page
    assert Entry.objects.filter(verb="hit.seen", target_id=hit.pk).count() == 1

    refused = client.post(_step("unmask", hit), {"place": "n1"})
    assert refused.status_code == 422
    once = client.post(_step("unmask", hit), {"place": "n1", "reason": "bank"})
    assert NUMBER in once.content.decode()
    assert ACCOUNT not in once.content.decode()
    assert "no-store" in once.headers["Cache-Control"]
    assert Entry.objects.get(verb="hit.unmasked").details["reason"] == "bank"
    assert NUMBER not in client.get(_step("hit", hit)).content.decode()


def test_two_people_answer_a_hit_and_make_a_lead_of_it_by_clicking(sign_in, client):
    hit, one = HitFactory(), staff()
    first = sign_in(one)
    file = SimpleUploadedFile("火化证明.pdf", b"%PDF-1.7\n")

    wrong = first.post(_step("propose_outcome", hit), OUTCOME | {"evidence": ""})
    assert wrong.status_code == 422
    assert "Data alone prove nothing" in wrong.content.decode()
    assert first.post(_step("propose_outcome", hit), OUTCOME | {"file": file}).status_code == 302
    own = first.post(_step("confirm_outcome", hit))
    assert own.status_code == 422
    assert "Somebody else confirms it" in own.content.decode()
    second = type(client)()
    second.force_login(staff())
    assert second.post(_step("confirm_outcome", hit)).status_code == 302

    kept = Verification.objects.get()
    assert (kept.to_recover_cents, kept.recovered_cents) == (46500, 6550)
    assert kept.decided_by != kept.proposed_by == one
    address = reverse("screening:evidence_file", args=[hit.pk, kept.pk])
    assert b"".join(second.get(address).streaming_content) == b"%PDF-1.7\n"
    page = second.get(_step("hit", hit)).content.decode()
    assert "cremation record 12" in page
    made = second.post(reverse("leads:from_hit", args=[hit.pk]))
    assert made.url == reverse("leads:lead", args=[Lead.objects.get().pk])
    assert made.url in second.get(_step("hit", hit)).content.decode()
    reopened = second.post(_step("reopen_hit", hit), {"reason": "new papers"})
    assert reopened.status_code == 302
    assert Hit.objects.get().state == HitState.OPEN


def test_a_team_sees_and_answers_what_it_was_given_and_nothing_else(client, sign_in):
    given, kept, engagement = HitFactory(), HitFactory(), EngagementFactory()
    assign_hits(hit_ids=[given.pk], engagement_id=engagement.pk, actor=staff(), at=timezone.now())
    member = member_account(engagement.team)
    browser = sign_in(member)

    page = browser.get(reverse("screening:hits"))
    assert [hit.pk for hit, *_ in page.context["lines"]] == [given.pk]
    assert page.context["tabs"] == []
    assert browser.get(_step("hit", given)).status_code == 200
    assert browser.get(_step("hit", kept)).status_code == 404
    for step in ("propose_outcome", "unmask"):
        assert browser.post(_step(step, kept), OUTCOME | {"place": "n1"}).status_code == 404
    assert browser.post(_step("propose_outcome", given), OUTCOME).status_code == 302
    assert browser.post(_step("confirm_outcome", given)).status_code == 403
    for name in ("comparisons", "data_sets", "rules", "export_hits"):
        assert browser.get(reverse(f"screening:{name}")).status_code == 403


def test_the_export_is_what_is_shown_its_numbers_masked_and_is_recorded(sign_in):
    HitFactory(why_zh=f"=1+1 {NUMBER}", why_en=f"=1+1 {NUMBER}")
    HitFactory(risk="low")
    user = staff()

    sent = sign_in(user).get(reverse("screening:export_hits"), {"risk": "high"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))

    assert len(rows) == 2
    assert rows[1][2] == "=1+1 110101********1234"
    assert book.active["C2"].data_type == "s"
    entry = Entry.objects.get(verb="list.exported")
    assert (entry.details["list"], entry.details["rows"]) == ("hits", 1)
    assert entry.details["asked"] == {"risk": "high"}


def test_a_data_set_is_registered_by_the_form_once_however_often_it_is_sent(
    sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(staff())
    form = client.get(reverse("screening:add_data_set")).context["form"]
    key = form["key"].value()

    def sent():
        uploads = [SimpleUploadedFile(name, body) for body, name in (payments(), deaths())]
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(
                reverse("screening:add_data_set"),
                {
                    "key": key,
                    "title": "补贴",
                    "given_by": "县财政局",
                    "letter": "3号",
                    "received_on": days(-2),
                    "expires": days(30),
                    "purpose": "核对",
                    "uploads": uploads,
                },
            )

    assert sent().url == sent().url
    data_set = DataSet.objects.get()
    assert (data_set.state, data_set.rows_taken) == (DataSetState.LOADED, 5)
    page = client.get(reverse("screening:data_set", args=[data_set.pk]), {"fault": "id_check"})
    assert [fault.row_number for fault, _word in page.context["lines"]] == [5]
    wrong = client.post(reverse("screening:add_data_set"), {"key": key, "title": "x"})
    assert wrong.status_code == 422


def test_the_pages_of_work_that_goes_on_show_how_far_it_is_and_can_stop_it(sign_in):
    actor = staff()
    client, data_set = sign_in(actor), registered(actor)
    address = reverse("screening:data_set", args=[data_set.pk])
    type(data_set.run).objects.update(
        state=RunState.RUNNING,
        progress={"stage": "loading", "done": 1, "of": 2, "rows": 1200, "name": "一卡通.xlsx"},
    )

    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "1,200" in part
    assert "hx-get" in part
    # A colleague may be away: whoever may have files read may stop it.
    colleague = sign_in(staff())
    stop = reverse("screening:stop_loading", args=[data_set.pk])
    assert stop in colleague.get(address).content.decode()
    assert colleague.post(stop).status_code == 302
    data_set.run.refresh_from_db()
    assert data_set.run.stop_asked_at
    assert "asked to stop" in client.get(address).content.decode()
    type(data_set.run).objects.update(state=RunState.FAILED, finished_at=timezone.now())
    ended = client.get(address, headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    assert client.post(stop).context["refusal"] == "This run has ended already."


def test_a_comparison_is_asked_for_and_decided_by_clicking(
    sign_in, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        data_set = registered(staff())
    asker = sign_in(staff())
    address = reverse("screening:request_comparison")
    form = asker.get(address).context["form"]
    said = {
        "key": form["key"].value(),
        "purpose": "核对补贴",
        "legal_basis": "条例",
        "expires": days(20),
        "data_sets": [data_set.pk],
        f"rule_{RULE}": "on",
        f"threshold_{RULE}_grace_days": "31",
    }
    assert asker.post(address, said | {"data_sets": []}).status_code == 422
    assert asker.post(address, said | {f"threshold_{RULE}_grace_days": "-4"}).status_code == 422
    assert asker.post(address, said).url == asker.post(address, said).url
    comparison = Comparison.objects.get()
    assert asker.post(reverse("screening:approve", args=[comparison.pk])).status_code == 403

    chief = type(client)()
    chief.force_login(director())
    waiting = chief.get(reverse("web:workbench")).content.decode()
    assert reverse("screening:comparison", args=[comparison.pk]) in waiting
    with django_capture_on_commit_callbacks(execute=True):
        chief.post(reverse("screening:approve", args=[comparison.pk]))
    assert chief.post(reverse("screening:approve", args=[comparison.pk])).status_code == 422

    comparison.refresh_from_db()
    assert (comparison.state, comparison.hits_found) == (ComparisonState.DONE, 1)
    page = asker.get(reverse("screening:comparison", args=[comparison.pk]))
    assert [line.result["hits"] for line in page.context["lines"]] == [1]
    assert "none verified yet" in page.content.decode()


def test_money_of_a_threshold_is_typed_in_yuan(sign_in):
    client = sign_in(staff())
    data_set = DataSetFactory()
    address = reverse("screening:request_comparison")
    said = {
        "key": client.get(address).context["form"]["key"].value(),
        "purpose": "核对",
        "legal_basis": "条例",
        "expires": days(20),
        "data_sets": [data_set.pk],
        "rule_car-above-limit": "on",
        "threshold_car-above-limit_limit_cents": "80000.50",
    }

    assert client.post(address, said).status_code == 302

    (rule,) = Comparison.objects.get().rules
    assert rule["thresholds"]["limit_cents"] == 8000050


def test_a_rule_page_says_what_it_cannot_see_and_gives_an_example(sign_in):
    decided()
    client = sign_in(staff())

    page = client.get(reverse("screening:rule", args=[RULE])).content.decode()

    assert "What it cannot see" in page
    assert "Made-up rows" in page
    assert "0 / 1" not in page
    assert client.get(reverse("screening:rule", args=["nothing"])).status_code == 404


def test_rows_that_are_gone_leave_their_place_and_what_two_people_found_true(sign_in):
    gone = DoneComparisonFactory(expires=days(-1), number=70)
    kept = decided(hit=HitFactory(latest=gone))
    lost = HitFactory(latest=gone, why_zh=f"{NUMBER}领取", why_en=f"{NUMBER} paid")
    client = sign_in(staff())

    assert delete_expired_rows(at=timezone.now()) == 1
    assert delete_expired_rows(at=timezone.now()) == 0

    lost.refresh_from_db()
    kept.refresh_from_db()
    row = lost.sightings.get().rows.get()
    assert (row.cells, row.headings, row.row_number) == ([], [], 7)
    assert NUMBER not in str(lost.key) + lost.why_zh + lost.why_en
    assert lost.rows_deleted_at
    assert kept.sightings.get().rows.get().cells[1] == NUMBER
    gone.refresh_from_db()
    assert gone.state == ComparisonState.EXPIRED
    page = client.get(_step("hit", lost)).content.decode()
    assert "row 7" in page
    assert "See one number" not in page
    details = Entry.objects.get(verb="comparison.expired").details
    assert (details["rows"], details["hits_masked"]) == (1, 1)


def test_the_workbench_names_what_waits_for_whom(client, sign_in):
    asked = ComparisonFactory(requested_by=director(username="asker"))
    proposed = HitFactory(state=HitState.PROPOSED, outcome="mistake")
    answerer = staff()
    Verification.objects.create(
        hit=proposed, outcome="mistake", note="x", verifier="x", verified_on=days(-1),
        evidence_kind="visit", evidence="x", proposed_by=answerer, proposed_at=timezone.now(),
    )  # fmt: skip

    def seen(user):
        browser = type(client)()
        browser.force_login(user)
        return browser.get(reverse("web:workbench")).content.decode()

    to_decide = reverse("screening:comparison", args=[asked.pk])
    to_confirm = _step("hit", proposed)
    assert to_decide in seen(director())
    assert to_decide not in seen(asked.requested_by)
    assert to_decide not in seen(staff())
    assert to_confirm in seen(staff())
    assert to_confirm not in seen(answerer)
    assert to_confirm not in seen(UserFactory(role=Role.SUPERVISOR))
