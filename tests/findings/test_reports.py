from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.models import Run, StoredFile
from tanzhao.findings.actions import (
    agree_report,
    approve_report,
    draft_report,
    make_files_again,
    make_report_files,
    return_report,
)
from tanzhao.findings.models import Report
from tanzhao.findings.rules import (
    may_agree_report,
    may_approve_report,
    may_draft_report,
    may_make_files,
    may_return_report,
)
from tanzhao.findings.states import ReportState
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.kernel.verdict import Refused
from tests.factories import (
    NOON,
    FindingFactory,
    ReportFactory,
    UserFactory,
    member_account,
)
from tests.findings.makers import agreed_report, engagement_in

pytestmark = pytest.mark.django_db

# Which step a person who may take it can take in which state of the report.
STEPS = """
          drafted agreed approved
draft     yes     -      -
agree     yes     -      -
approve   -       yes    -
return    -       yes    -
files     -       -      yes
"""


def _parse(table):
    heading, *lines = table.strip().splitlines()
    return {
        (step, state): cell == "yes"
        for step, *cells in map(str.split, lines)
        for state, cell in zip(heading.split(), cells, strict=True)
    }


@pytest.mark.parametrize(("pair", "expected"), _parse(STEPS).items(), ids=str)
def test_a_step_is_taken_in_its_state_alone(pair, expected):
    step, state = pair
    engagement = engagement_in()
    report = agreed_report(engagement)
    report.state = state
    report.save()
    leader, director = report.drafted_by, UserFactory(role=Role.DIRECTOR)

    verdict = {
        "draft": lambda: may_draft_report(leader, report.engagement),
        "agree": lambda: may_agree_report(leader, report),
        "approve": lambda: may_approve_report(director, report),
        "return": lambda: may_return_report(director, report),
        "files": lambda: may_make_files(report),
    }[step]()

    assert bool(verdict) is expected
    assert bool(verdict.reason) is not expected
    assert {state for _step, state in _parse(STEPS)} == set(ReportState)


@pytest.mark.parametrize("state", RoundState)
def test_a_report_is_agreed_and_approved_while_the_round_is_reporting(state):
    engagement = engagement_in(state)
    agreed = agreed_report(engagement)
    other = engagement_in(state)
    drafted = agreed_report(other)
    drafted.state = "drafted"
    drafted.save()
    director = UserFactory(role=Role.DIRECTOR)

    expected = state == RoundState.REPORTING
    assert bool(may_approve_report(director, agreed)) is expected
    assert bool(may_agree_report(drafted.drafted_by, drafted)) is expected


@pytest.mark.parametrize("role", [*TeamRole, "other leader", *(set(Role) - {Role.INSPECTOR})])
def test_the_leader_of_the_team_alone_says_that_it_agrees(role):
    engagement = engagement_in()
    FindingFactory(engagement=engagement)
    match role:
        case TeamRole():
            actor = member_account(engagement.team, role)
        case "other leader":
            actor = member_account(engagement_in().team, TeamRole.LEADER)
        case _:
            actor = UserFactory(role=role, unit_id=engagement.unit_id)
    ReportFactory(engagement=engagement, situation="总体较好。", opinions="抓紧整改。")

    def agree():
        return agree_report(engagement_id=engagement.pk, version=1, actor=actor, at=NOON)

    if role == TeamRole.LEADER:
        assert agree().agreed_by == actor
    else:
        with pytest.raises((Refused, Report.DoesNotExist)):
            agree()
        assert Report.objects.get().state == "drafted"


def test_a_report_without_words_or_findings_is_not_agreed():
    engagement = engagement_in()
    leader = member_account(engagement.team, TeamRole.LEADER)
    report = ReportFactory(engagement=engagement, situation="总体较好。", opinions="")

    assert not may_agree_report(leader, report)
    report.opinions = "抓紧整改。"
    assert not may_agree_report(leader, report)
    FindingFactory(engagement=engagement)
    assert may_agree_report(leader, report)


@pytest.mark.parametrize("role", set(Role) - {Role.INSPECTOR})
def test_the_director_and_the_leading_group_approve_and_return(role):
    engagement = engagement_in()
    report = agreed_report(engagement)
    actor = UserFactory(role=role, unit_id=engagement.unit_id)

    expected = role in {Role.DIRECTOR, Role.LEADING_GROUP}
    assert bool(may_approve_report(actor, report)) is expected
    assert bool(may_return_report(actor, report)) is expected


def test_who_drafted_or_agreed_a_report_never_approves_it():
    engagement = engagement_in()
    report = agreed_report(engagement)
    # People change posts: the leader of then is the director of today.
    leader, drafter = report.agreed_by, UserFactory(role=Role.DIRECTOR)
    leader.role = Role.DIRECTOR
    leader.save()
    report.drafted_by = drafter
    report.save()

    for person in (leader, drafter):
        with pytest.raises(Refused):
            approve_report(engagement_id=engagement.pk, actor=person, at=NOON)
        report.approved_by = person
        with pytest.raises(IntegrityError), transaction.atomic():
            report.save()
    approve_report(engagement_id=engagement.pk, actor=UserFactory(role=Role.DIRECTOR), at=NOON)
    assert Report.objects.get().state == "approved"


def test_the_words_of_another_are_not_overwritten_and_a_double_click_changes_nothing():
    engagement = engagement_in()
    one, two = member_account(engagement.team), member_account(engagement.team)
    words = {"engagement_id": engagement.pk, "situation": "总体较好。", "opinions": "抓紧。"}

    draft_report(version=0, actor=one, at=NOON, **words)
    draft_report(version=0, actor=one, at=NOON, **words)
    with pytest.raises(Refused):
        draft_report(version=0, actor=two, at=NOON, **(words | {"opinions": "另写"}))
    draft_report(version=1, actor=two, at=NOON, **(words | {"opinions": "另写"}))

    report = Report.objects.get()
    assert (report.opinions, report.version, report.drafted_by) == ("另写", 2, two)
    assert Entry.objects.count() == 2


def test_a_leader_agrees_only_on_what_the_leader_has_read():
    engagement = engagement_in()
    FindingFactory(engagement=engagement)
    leader = member_account(engagement.team, TeamRole.LEADER)
    ReportFactory(engagement=engagement, situation="甲", opinions="乙", version=3)

    with pytest.raises(Refused):
        agree_report(engagement_id=engagement.pk, version=2, actor=leader, at=NOON)
    agree_report(engagement_id=engagement.pk, version=3, actor=leader, at=NOON)


def test_a_returned_report_is_written_and_agreed_anew():
    engagement = engagement_in()
    report = agreed_report(engagement)
    leader = report.agreed_by

    return_report(
        engagement_id=engagement.pk,
        reason="缺依据",
        actor=UserFactory(role=Role.DIRECTOR),
        at=NOON,
    )

    report.refresh_from_db()
    assert (report.state, report.agreed_by, report.returned_reason) == ("drafted", None, "缺依据")
    agree_report(engagement_id=engagement.pk, version=report.version, actor=leader, at=NOON)
    assert [entry.verb for entry in Entry.objects.all()] == ["report.returned", "report.agreed"]


def test_approval_reports_the_findings_and_the_last_one_moves_the_round():
    one = engagement_in()
    two = engagement_in(team=one.team)
    director = UserFactory(role=Role.DIRECTOR)
    agreed_report(one)
    FindingFactory(engagement=two)
    report_of_two = ReportFactory(engagement=two, state="agreed")

    approve_report(engagement_id=one.pk, actor=director, at=NOON)
    one.round.refresh_from_db()
    assert one.round.state == "reporting"
    assert [finding.state for finding in (*one.findings.all(), *two.findings.all())] == [
        "reported",
        "made",
    ]

    approve_report(engagement_id=two.pk, actor=director, at=NOON)
    one.round.refresh_from_db()
    report_of_two.refresh_from_db()
    assert (one.round.state, report_of_two.approved_by) == ("reported", director)
    assert set(two.findings.values_list("state", flat=True)) == {"reported"}


def test_files_made_twice_are_one_set(django_capture_on_commit_callbacks):
    engagement = engagement_in()
    agreed_report(engagement)
    director = UserFactory(role=Role.DIRECTOR)

    with django_capture_on_commit_callbacks(execute=True):
        _report, run = approve_report(engagement_id=engagement.pk, actor=director, at=NOON)
    report = Report.objects.get()
    made = (report.file, report.list_file)
    make_report_files(run_id=run.pk)  # the worker was killed and its task is done again
    Run.objects.filter(pk=run.pk).update(state="running", finished_at=None)
    make_report_files(run_id=run.pk)

    report.refresh_from_db()
    assert (report.file, report.list_file) == made
    assert set(StoredFile.objects.all()) == set(made)
    run.refresh_from_db()
    assert (run.state, run.made) == ("done", report.file)
    for stored in made:
        with stored.content.open("rb") as file:
            assert file.read(4) == b"PK\x03\x04"
        assert stored.name.endswith(".docx")


def test_files_that_could_not_be_made_are_asked_for_again(django_capture_on_commit_callbacks):
    engagement = engagement_in()
    report = agreed_report(engagement)
    with pytest.raises(Refused):
        make_files_again(engagement_id=engagement.pk, actor=report.agreed_by, at=NOON)
    report.state, report.approved_by = "approved", UserFactory(role=Role.DIRECTOR)
    report.approved_at = NOON + timedelta(hours=1)
    report.save()

    with django_capture_on_commit_callbacks(execute=True):
        make_files_again(engagement_id=engagement.pk, actor=report.agreed_by, at=NOON)
    report.refresh_from_db()
    assert report.file and report.list_file
    with pytest.raises(Refused):
        make_files_again(engagement_id=engagement.pk, actor=report.agreed_by, at=NOON)
    assert StoredFile.objects.count() == 2
