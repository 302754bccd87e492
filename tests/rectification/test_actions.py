import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.models import StoredFile
from tanzhao.findings.models import Feedback
from tanzhao.findings.states import FindingState, ReportState
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import (
    accept_plan,
    assess_round,
    claim_done,
    close_item,
    issue_feedback_and_open_items,
    plan_item,
    reopen_item,
    report_progress,
    return_plan,
    verify_item,
)
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import Answer, State, StepKind
from tests.factories import (
    NOON,
    EngagementFactory,
    FeedbackFactory,
    FindingFactory,
    ItemFactory,
    ReportFactory,
    RoundFactory,
    TeamFactory,
    UserFactory,
    contact_of,
    days,
)
from tests.rectification.makers import LATER, PDF, evidence_of, item_in

pytestmark = pytest.mark.django_db
PLAN = {"measure": "追缴3笔共1.2万元", "owner_name": "王强"}


def engagement_in(state: RoundState):
    return EngagementFactory(team=TeamFactory(round=RoundFactory(state=state)))


def approved(engagement):
    """Let the report of an engagement be approved, as feedback wants it."""
    leader = UserFactory(role=Role.LEADING_GROUP)
    return ReportFactory(
        engagement=engagement, state=ReportState.APPROVED, approved_by=leader, approved_at=NOON
    )


def feed_back(engagement, actor):
    return issue_feedback_and_open_items(
        engagement_id=engagement.pk, actor=actor, at=NOON, number="岚巡办〔2026〕9号",
        issued_date=NOON.date(),
    )  # fmt: skip


def test_feedback_opens_one_item_for_each_finding_and_only_once():
    engagement, office = engagement_in(RoundState.REPORTED), UserFactory()
    approved(engagement)
    findings = [
        FindingFactory(engagement=engagement, state=FindingState.REPORTED) for _ in range(2)
    ]
    others = FindingFactory(state=FindingState.REPORTED)

    feedback = feed_back(engagement, office)
    with pytest.raises(Refused):
        feed_back(engagement, office)

    items = RectificationItem.objects.order_by("finding__serial")
    assert [item.finding for item in items] == findings
    assert {(i.unit, i.due_date, i.state) for i in items} == {
        (engagement.unit, feedback.rectify_by_date, "open")
    }
    assert Feedback.objects.count() == 1
    opened = Entry.objects.filter(verb="item.opened")
    assert {entry.scope_id for entry in opened} == {engagement.pk}
    assert opened.count() == 2
    others.refresh_from_db()
    assert others.state == FindingState.REPORTED


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.DIRECTOR, Role.STAFF}])
def test_nobody_but_the_office_gives_feedback(role):
    engagement = engagement_in(RoundState.REPORTED)
    approved(engagement)
    actor = UserFactory(role=role, unit_id=engagement.unit_id)

    with pytest.raises((Refused, engagement.DoesNotExist)):
        feed_back(engagement, actor)
    assert not RectificationItem.objects.exists()

    feed_back(engagement, UserFactory())


def test_a_plan_names_measure_person_and_day_and_waits_for_the_office():
    item = ItemFactory()
    FeedbackFactory(engagement=item.finding.engagement)
    contact = contact_of(item.unit)

    plan_item(item_id=item.pk, actor=contact, at=NOON, due_date=days(100), **PLAN)

    item.refresh_from_db()
    assert (item.state, item.measure, item.owner_name) == ("planned", *PLAN.values())
    assert (item.due_date, item.planned_by) == (days(100), contact)
    step = item.steps.get()
    assert (step.kind, step.text, step.due_date) == ("planned", PLAN["measure"], days(100))


def test_a_due_date_after_the_concentrated_period_needs_a_reason():
    item = ItemFactory()
    end = FeedbackFactory(engagement=item.finding.engagement).rectify_by_date
    late = end + dt.timedelta(days=1)
    values = {"item_id": item.pk, "actor": contact_of(item.unit), "at": NOON, **PLAN}

    for reason in ("", "  "):
        with pytest.raises(Refused):
            plan_item(due_date=late, late_reason=reason, **values)
    plan_item(due_date=late, late_reason="涉及诉讼", **values)

    item.refresh_from_db()
    assert (item.due_date, item.steps.get().late_reason) == (late, "涉及诉讼")


def test_the_last_day_of_the_period_needs_no_reason_and_a_past_day_is_refused():
    item = ItemFactory()
    end = FeedbackFactory(engagement=item.finding.engagement).rectify_by_date
    values = {"item_id": item.pk, "actor": contact_of(item.unit), "at": NOON, **PLAN}

    with pytest.raises(Refused):
        plan_item(due_date=NOON.date() - dt.timedelta(days=1), late_reason="说明", **values)

    plan_item(due_date=end, **values)


def test_a_returned_plan_is_planned_again():
    item = item_in(State.PLANNED)
    return_plan(item_id=item.pk, actor=UserFactory(), at=NOON, reason="责任人不明确")

    plan_item(item_id=item.pk, actor=contact_of(item.unit), at=LATER, due_date=days(90), **PLAN)

    item.refresh_from_db()
    assert item.state == "planned"
    assert [step.kind for step in item.steps.all()] == [StepKind.PLAN_RETURNED, StepKind.PLANNED]


def test_the_first_accepted_plan_moves_the_round_to_rectifying_and_the_second_finds_it_there():
    engagement = engagement_in(RoundState.FED_BACK)
    first, second = (
        item_in(State.PLANNED, finding=FindingFactory(engagement=engagement, state="fed_back"))
        for _ in range(2)
    )
    office = UserFactory()

    for item in (first, second):
        accept_plan(item_id=item.pk, actor=office, at=NOON)
        engagement.round.refresh_from_db()
        assert engagement.round.state == RoundState.RECTIFYING
    assert Entry.objects.filter(verb="round.moved").count() == 1


def test_a_plan_accepted_before_all_units_are_fed_back_moves_the_round_with_the_last_feedback():
    first = engagement_in(RoundState.REPORTED)
    FeedbackFactory(engagement=first)
    item = item_in(State.PLANNED, finding=FindingFactory(engagement=first, state="fed_back"))
    last = EngagementFactory(team=first.team)
    approved(last)
    office = UserFactory()

    accept_plan(item_id=item.pk, actor=office, at=NOON)
    first.round.refresh_from_db()
    assert first.round.state == RoundState.REPORTED
    feed_back(last, office)

    first.round.refresh_from_db()
    assert first.round.state == RoundState.RECTIFYING


def test_progress_keeps_its_files_and_the_claim_may_rest_on_them():
    item = item_in(State.IN_PROGRESS)
    contact = contact_of(item.unit)

    report_progress(
        item_id=item.pk,
        actor=contact,
        at=NOON,
        text="已追缴2笔",
        evidence=[Evidence(PDF, "回单.pdf")],
    )
    claim_done(item_id=item.pk, actor=contact, at=LATER, text="全部追缴")

    item.refresh_from_db()
    stored = StoredFile.objects.get()
    assert (item.state, item.claimed_by, item.claimed_at) == ("claimed", contact, LATER)
    assert [f.file for s in item.steps.all() for f in s.files.all()] == [stored]
    assert Entry.objects.get(verb="item.progressed").details["files"] == [stored.sha256]


def test_a_claim_without_evidence_is_refused_and_what_was_sent_back_wants_new_evidence():
    item = item_in(State.IN_PROGRESS)
    contact, verifier = contact_of(item.unit), UserFactory(role=Role.SUPERVISOR)
    claim = {"item_id": item.pk, "actor": contact, "text": "完成"}
    new = [Evidence(PDF, "a.pdf")]

    with pytest.raises(Refused):
        claim_done(at=NOON, **claim)
    claim_done(at=NOON, evidence=new, **claim)
    verify_item(item_id=item.pk, actor=verifier, at=LATER, answer=Answer.NOT, reason="没有追缴")
    with pytest.raises(Refused):
        claim_done(at=LATER + dt.timedelta(hours=1), **claim)
    claim_done(at=LATER + dt.timedelta(hours=1), evidence=new, **claim)

    item.refresh_from_db()
    assert (item.state, item.times_returned) == ("claimed", 1)


def test_a_file_that_is_no_evidence_takes_the_whole_claim_down():
    item = item_in(State.IN_PROGRESS)
    contact = contact_of(item.unit)
    program = [Evidence(PDF, "a.pdf"), Evidence(b"MZ\x90\x00" * 50, "b.pdf")]

    with pytest.raises(Refused):
        claim_done(item_id=item.pk, actor=contact, at=NOON, text="完成", evidence=program)

    item.refresh_from_db()
    assert (item.state, item.claimed_by, item.steps.count()) == ("in_progress", None, 0)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("answer", [Answer.PARTLY, Answer.NOT])
def test_anything_but_adequate_returns_the_item_and_counts(answer):
    item = item_in(State.CLAIMED)
    verifier = UserFactory(role=Role.SUPERVISOR)

    verify_item(item_id=item.pk, actor=verifier, at=LATER, answer=answer, reason="差一笔")

    item.refresh_from_db()
    assert (item.state, item.claimed_by, item.verified_by) == ("in_progress", None, None)
    assert item.times_returned == 1
    entry = Entry.objects.get()
    assert (entry.verb, entry.details) == (
        "item.returned", {"answer": answer.value, "reason": "差一笔"}
    )  # fmt: skip


def test_a_closed_item_names_its_closer_and_reopening_starts_over():
    item = item_in(State.VERIFIED)
    closer = UserFactory(role=Role.SUPERVISOR)

    close_item(item_id=item.pk, actor=closer, at=LATER, note="同意销号")
    item.refresh_from_db()
    assert (item.state, item.closed_by, item.closed_at) == ("closed", closer, LATER)
    with pytest.raises(Refused):
        reopen_item(
            item_id=item.pk, actor=closer, at=LATER, reason="又发生",
            due_date=LATER.date() - dt.timedelta(days=1),
        )  # fmt: skip
    reopen_item(item_id=item.pk, actor=closer, at=LATER, reason="又发生", due_date=days(50))

    item.refresh_from_db()
    people = (item.claimed_by, item.verified_by, item.closed_by, item.closed_at)
    assert (item.state, item.due_date, item.times_reopened) == ("reopened", days(50), 1)
    assert people == (None, None, None, None)


def test_a_round_is_assessed_when_all_are_fed_back_and_nothing_waits():
    engagement = engagement_in(RoundState.RECTIFYING)
    office = UserFactory()
    values = {"round_id": engagement.round_id, "actor": office, "at": NOON, "assessment": "较好"}

    with pytest.raises(Refused):
        assess_round(**values)
    FeedbackFactory(engagement=engagement)
    finding = FindingFactory(engagement=engagement, state="fed_back")
    waiting = item_in(State.CLAIMED, finding=finding)
    with pytest.raises(Refused):
        assess_round(**values)
    RectificationItem.objects.filter(pk=waiting.pk).update(state=State.IN_PROGRESS)
    assess_round(**values)

    engagement.round.refresh_from_db()
    assert (engagement.round.state, engagement.round.assessment) == ("assessed", "较好")


@pytest.mark.parametrize("state", [s for s in RoundState if s != RoundState.RECTIFYING])
def test_a_round_in_another_state_is_not_assessed(state):
    engagement = engagement_in(state)
    FeedbackFactory(engagement=engagement)

    with pytest.raises(Refused):
        assess_round(round_id=engagement.round_id, actor=UserFactory(), at=NOON, assessment="较好")

    engagement.round.refresh_from_db()
    assert engagement.round.state == state


def test_evidence_of_an_earlier_turn_does_not_count():
    item = item_in(State.IN_PROGRESS)
    evidence_of(item)
    item.steps.create(kind=StepKind.RETURNED, by=UserFactory(), at=LATER)

    with pytest.raises(Refused):
        claim_done(
            item_id=item.pk, actor=contact_of(item.unit), at=LATER + dt.timedelta(1), text="完成"
        )
