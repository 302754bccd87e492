"""A comparison: asked for by one, decided by another, made by the engine, its hits kept."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tanzhao.access.table import GRANTS, Action, Role
from tanzhao.audit.models import Entry
from tanzhao.documents.actions import stop_run
from tanzhao.documents.states import RunState
from tanzhao.kernel.verdict import Refused
from tanzhao.notices.models import Notice
from tanzhao.screening import room
from tanzhao.screening.actions import (
    approve_comparison,
    carry_out_comparison,
    compare_again,
    confirm_outcome,
    propose_outcome,
    refuse_comparison,
)
from tanzhao.screening.models import Comparison, EvidenceRow, Hit, Sighting
from tanzhao.screening.rules.comparisons import may_decide
from tanzhao.screening.states import ComparisonState, DataSetState, HitState, Outcome
from tests.factories import NOON, UnitFactory, UserFactory, days
from tests.screening.factories import ComparisonFactory, DataSetFactory
from tests.screening.makers import (
    DEAD,
    RULE,
    TRUE,
    answer,
    checked,
    deaths,
    director,
    payments,
    registered,
    requested,
    staff,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_room")]


@pytest.fixture
def made(at_once):
    """A comparison of payments and deaths that were handed over apart, made."""
    actor = staff(full_name="Zheng")
    data_sets = [
        at_once(registered, actor, files=[payments()]),
        at_once(registered, actor, files=[deaths()], title="死亡"),
    ]
    asked = requested(actor, data_sets)
    return at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)


def test_data_sets_meet_only_once_somebody_else_approved_and_give_questions(made):
    hit = Hit.objects.get()

    assert made.state == ComparisonState.DONE
    assert (made.hits_found, made.amount_cents) == (1, 93000)
    assert made.results[RULE]["hits"] == 1
    assert (hit.state, hit.outcome, hit.amount_cents) == (HitState.OPEN, "", 93000)
    assert hit.latest == made
    assert hit.key == {"person_key": DEAD, "programme": "低保"}
    assert DEAD not in hit.why_zh + hit.why_en
    rows = EvidenceRow.objects.filter(sighting__hit=hit)
    assert {(row.file, row.row_number) for row in rows} == {
        ("一卡通.xlsx", 2), ("一卡通.xlsx", 3), ("死亡.csv", 2),
    }  # fmt: skip
    assert {row.data_set.title for row in rows} == {"石桥镇补贴", "死亡"}
    paid = next(row for row in rows if row.row_number == 3)
    assert dict(zip(paid.headings, paid.cells, strict=True))["姓名"] == "王某"
    assert [entry.details["hits"] for entry in Entry.objects.filter(verb="comparison.made")] == [1]
    told = Notice.objects.get(to=made.requested_by, kind="comparison.made")
    assert told.address.endswith(f"{made.pk}/")


def test_nothing_is_brought_together_before_approval_or_after_refusal(at_once):
    actor, chief = staff(), director()
    data_sets = [
        at_once(registered, actor, files=[payments()]),
        at_once(registered, actor, files=[deaths()]),
    ]
    together = room.store_of(one.number for one in data_sets)

    asked = requested(actor, data_sets)
    assert not room.is_there(together)
    assert Notice.objects.filter(to=chief, kind="comparison.requested").count() == 1
    with pytest.raises(Refused, match="why"):
        refuse_comparison(comparison_id=asked.pk, reason=" ", actor=chief, at=NOON)
    refused = at_once(
        refuse_comparison, comparison_id=asked.pk, reason="no basis", actor=chief, at=NOON
    )

    assert (refused.state, refused.decision_reason) == (ComparisonState.REFUSED, "no basis")
    assert not room.is_there(together)
    assert refused.run is None
    assert not Hit.objects.exists()


@pytest.mark.parametrize("state", ComparisonState)
@pytest.mark.parametrize("role", Role)
def test_only_the_director_decides_once_and_never_about_their_own(role, state):
    values = {"unit_id": UnitFactory().pk} if role == Role.CONTACT else {}
    user = UserFactory(role=role, **values)
    other = ComparisonFactory.build(requested_by=staff(), state=state)
    own = ComparisonFactory.build(requested_by=user, state=state)

    expected = role in GRANTS[Action.COMPARISON_APPROVE] and state == ComparisonState.REQUESTED
    assert bool(may_decide(user, other)) is expected
    assert not may_decide(user, own)


def test_the_database_refuses_an_approver_who_asked(made):
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.update(decided_by=made.requested_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.update(decided_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.update(state=ComparisonState.REFUSED)


def test_approving_twice_is_refused_and_compares_once(made):
    with pytest.raises(Refused, match="already"):
        approve_comparison(comparison_id=made.pk, actor=director(), at=NOON)

    assert Sighting.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"data_sets": []}, "data set"),
        ({"rules": {}}, "rule"),
        ({"expires": dt.date(2026, 6, 30)}, "past"),
        ({"expires": days(91)}, "no later day"),
        ({"rules": {RULE: {"grace_days": 9999}}}, "between"),
        ({"rules": {RULE: {"unknown": 1}}}, "no such threshold"),
        ({"rules": {"unknown": {}}}, "could not be read"),
    ],
)
def test_a_request_that_is_not_whole_is_refused(values, reason):
    values = {"data_sets": [DataSetFactory()]} | values

    with pytest.raises(Refused, match=reason):
        requested(staff(), **values)

    assert not Comparison.objects.exists()


@pytest.mark.parametrize("state", [DataSetState.RECEIVED, DataSetState.EXPIRED])
def test_only_what_is_loaded_can_be_compared(state):
    expired = {"expired_at": NOON} if state == DataSetState.EXPIRED else {}

    with pytest.raises(Refused, match="not loaded"):
        requested(staff(), [DataSetFactory(state=state, **expired)])


def test_a_threshold_that_was_asked_for_is_what_the_rule_runs_with(at_once):
    actor = staff()
    data_set = at_once(registered, actor)

    asked = requested(actor, [data_set], rules={RULE: {"grace_days": 120}})
    made = at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)

    # Of the two payments the first came within 120 days.
    assert (made.hits_found, made.amount_cents) == (1, 46500)
    assert made.rules[0]["thresholds"] == {"grace_days": 120}


def test_a_rule_without_its_tables_says_so_and_the_others_run(at_once):
    actor = staff()
    data_set = at_once(registered, actor)

    asked = requested(actor, [data_set], rules={RULE: {}, "car-above-limit": {}})
    made = at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)

    assert made.hits_found == 1
    assert made.results["car-above-limit"]["problem"].startswith("Not run")


def test_only_the_version_of_a_rule_that_was_approved_is_run(at_once):
    actor = staff()
    asked = requested(actor, [at_once(registered, actor)])
    asked.rules[0]["version"] = "2020.1"
    asked.save()

    made = at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)

    assert made.hits_found == 0
    assert "no longer" in made.results[RULE]["problem"]


def test_an_outcome_survives_a_later_comparison_of_new_files(made, at_once):
    hit = Hit.objects.get()
    propose_outcome(hit_id=hit.pk, answer=answer(Outcome.MISTAKE, **TRUE), actor=staff(), at=NOON)
    confirm_outcome(hit_id=hit.pk, actor=staff(), at=NOON)
    more = ["下堡村", "王某", DEAD, "低保", "6217", "202507", "2025-07-18", "465"]
    later = at_once(registered, staff(), files=[payments([more]), deaths()])

    asked = requested(staff(), [later])
    at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)

    again = Hit.objects.get()
    assert again.pk == hit.pk
    assert (again.state, again.outcome) == (HitState.DECIDED, Outcome.MISTAKE)
    assert (again.amount_cents, again.latest) == (139500, asked)
    amounts = Sighting.objects.order_by("comparison__number").values_list("amount_cents", flat=True)
    assert list(amounts) == [93000, 139500]


def test_a_killed_worker_and_a_second_one_leave_each_hit_once(made):
    run = made.run
    carry_out_comparison(run_id=run.pk, stopwatch=float, clock=lambda: NOON)
    type(run).objects.filter(pk=run.pk).update(state=RunState.RUNNING, finished_at=None)
    carry_out_comparison(run_id=run.pk, stopwatch=float, clock=lambda: NOON)

    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert (Hit.objects.count(), Sighting.objects.count()) == (1, 1)
    assert EvidenceRow.objects.count() == 3


def test_a_comparison_that_was_stopped_is_tried_again(at_once):
    actor = staff()
    asked = requested(actor, [at_once(registered, actor)])
    approve_comparison(comparison_id=asked.pk, actor=director(), at=NOON)
    asked.refresh_from_db()
    stop_run(run_id=asked.run.pk, actor=actor, at=NOON)
    carry_out_comparison(run_id=asked.run.pk, stopwatch=float, clock=lambda: NOON)
    asked.refresh_from_db()
    assert (asked.state, asked.run.state) == (ComparisonState.APPROVED, RunState.FAILED)
    assert not Hit.objects.exists()

    at_once(compare_again, comparison_id=asked.pk, actor=actor, at=NOON)
    asked.refresh_from_db()

    assert (asked.state, asked.hits_found) == (ComparisonState.DONE, 1)
    with pytest.raises(Refused):
        compare_again(comparison_id=asked.pk, actor=actor, at=NOON)


def test_a_village_that_is_a_unit_is_found_by_its_name(at_once):
    town, village = UnitFactory(name="石桥镇"), UnitFactory(name="石桥镇下堡村")
    head = ["乡镇", "村", "姓名", "身份证号", "补贴项目", "所属月份", "发放日期", "金额"]
    rows = [
        ["石桥镇", "下堡村", "王某", DEAD, "低保", "202505", "2025-05-18", "465"],
        ["石桥镇", "无名村", "王某", DEAD, "高龄", "202505", "2025-05-18", "100"],
    ]
    data_set = at_once(
        registered, staff(), files=[(workbook([head, *rows]), "明细.xlsx"), deaths()]
    )
    asked = requested(staff(), [data_set])
    at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)

    assert set(Hit.objects.values_list("place", "unit")) == {
        ("石桥镇下堡村", village.pk), ("石桥镇无名村", town.pk),
    }  # fmt: skip


def test_rows_without_a_usable_number_take_part_only_where_it_was_asked_for(at_once):
    office = staff()
    surnames, given = "王李张刘陈杨黄赵吴周", "明伟秀英芳军建国玉兰"
    numbers = [checked(f"1101011960{n % 12 + 1:02d}{n % 28 + 1:02d}{n:03d}") for n in range(90)]
    names = [surnames[n % 10] + given[n // 10] + given[n % 7] for n in range(90)]
    head = ["村", "姓名", "身份证号", "补贴项目", "所属月份", "发放日期", "金额"]
    rows = [
        [f"第{n % 15}村", name, number, "低保", "202506", "2025-06-18", "465"]
        for n, (name, number) in enumerate(zip(names, numbers, strict=True))
    ]
    wrong = numbers[41][:-2] + str((int(numbers[41][-2]) + 1) % 10) + numbers[41][-1]
    dead = ["姓名,身份证号,死亡日期,村", f"{names[41]},{wrong},2025-02-03,第{41 % 15}村"]
    files = [(workbook([head, *rows]), "一卡通.xlsx"), ("\n".join(dead).encode(), "死亡.csv")]
    data_sets = [at_once(registered, office, files=files)]

    found = {}
    for takes_links in (False, True):
        asked = requested(office, data_sets, takes_links=takes_links)
        at_once(approve_comparison, comparison_id=asked.pk, actor=director(), at=NOON)
        found[takes_links] = [one.hit.basis for one in asked.sightings.select_related("hit")]

    assert found == {False: [], True: ["one_digit_off"]}
    # The store that both compared was not linked: it lies as it was read.
    assert [one.name for one in room.room().iterdir()] == [str(data_sets[0].number)]
    assert not list(room.room().glob("*/links.parquet"))
