import json
import zipfile
from functools import partial

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.archive.actions import archive_round, make_volume, seal_volume
from tanzhao.archive.checking import verify
from tanzhao.archive.models import Volume
from tanzhao.archive.rules import Readiness, may_seal
from tanzhao.audit.models import Entry, Head
from tanzhao.audit.trail import record, verify_trail
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import Run, StoredFile
from tanzhao.findings.states import ReportState
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import State
from tests.factories import (
    NOON,
    EngagementFactory,
    EvidenceFactory,
    FactFactory,
    FeedbackFactory,
    FindingFactory,
    PaperHandlerFactory,
    ReportFactory,
    StoredFileFactory,
    UserFactory,
    WorkingPaperFactory,
    contact_of,
    member_account,
)
from tests.rectification.makers import evidence_of, item_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(django_capture_on_commit_callbacks):
    """Run what an action leaves for after the commit."""
    return partial(django_capture_on_commit_callbacks, execute=True)


def finished(*, state=State.CLOSED, team=None, round_state=RoundState.RECTIFYING):
    """Make an engagement that has come through the whole line, its one item in `state`."""
    engagement = EngagementFactory(**({"team": team} if team else {}))
    engagement.round.state = round_state
    engagement.round.save()
    paper = WorkingPaperFactory(
        engagement=engagement, title="接待费无公函", state="used",
        official_number=f"岚巡六-{engagement.pk}",
    )  # fmt: skip
    PaperHandlerFactory.create_batch(2, paper=paper)
    FactFactory(paper=paper)
    EvidenceFactory(paper=paper, number=1)
    EvidenceFactory(paper=paper, number=2, name="公务接待清单", set_aside_reason="重复")
    leader = UserFactory(role=Role.LEADING_GROUP)
    ReportFactory(
        engagement=engagement, state=ReportState.APPROVED, approved_by=leader, approved_at=NOON,
        file=StoredFileFactory(name="报告.docx"), list_file=StoredFileFactory(name="清单.docx"),
    )  # fmt: skip
    FeedbackFactory(
        engagement=engagement,
        file=StoredFileFactory(name="反馈.docx"), list_file=StoredFileFactory(name="反馈清单.docx"),
    )  # fmt: skip
    item = item_in(state, finding=FindingFactory(engagement=engagement, state="fed_back"))
    evidence_of(item, by=contact_of(engagement.unit))
    return engagement


def note(engagement, scope):
    record(verb=Verb.PAPER_SEEN, actor=UserFactory(), target=engagement, at=NOON, scope=scope)


def saved(volume, folder):
    path = folder / "volume.zip"
    with volume.file.content.open("rb") as sealed:
        path.write_bytes(sealed.read())
    return path


def seal(engagement, **values):
    values = {"actor": UserFactory(), "at": NOON, **values}
    return seal_volume(engagement_id=engagement.pk, **values)


def test_a_volume_holds_everything_in_order_and_is_sound(now, tmp_path):
    engagement, other = finished(), finished()
    note(engagement, engagement.pk)
    note(other, other.pk)
    note(engagement, engagement.pk)
    office = UserFactory()

    with now():
        run = seal(engagement, actor=office)

    volume = Volume.objects.get()
    run.refresh_from_db()
    assert (run.state, run.made, volume.file, volume.sealed_by) == (
        "done", volume.file, volume.file, office
    )  # fmt: skip
    path = saved(volume, tmp_path)
    checked = verify(path, expect=volume.file.sha256)
    assert checked.problems == []
    assert (checked.pieces, checked.entries) == (volume.pieces, 2)
    with zipfile.ZipFile(path) as package:
        pieces = json.loads(package.read("catalogue.json"))["pieces"]
        trail = json.loads(package.read("trail.json"))
        voucher = next(p["path"] for p in pieces if "记账凭证" in p["title"])
        assert package.read(voucher) == b"%PDF-1.7\n"
    assert [(p["stage"], p["title"].split("：")[0]) for p in pieces] == [
        ("01_授权", "授权任职及任务分工的决定"),
        ("02_底稿与佐证", "底稿"), ("02_底稿与佐证", "佐证1"), ("02_底稿与佐证", "佐证2"),
        ("03_报告", "巡察报告"), ("03_报告", "问题清单"),
        ("04_反馈", "反馈意见"), ("04_反馈", "反馈问题清单"),
        ("05_整改", "整改台账"), ("05_整改", pieces[-1]["title"].split("：")[0]),
    ]  # fmt: skip
    assert {entry["scope_id"] for entry in trail["entries"]} == {str(engagement.pk)}
    assert trail["head"] == {"position": volume.trail_position, "hash": volume.trail_hash}


def test_the_trail_keeps_the_digest_of_the_volume_outside_of_it(now):
    engagement = finished()

    with now():
        seal(engagement)

    entry = Entry.objects.get(verb="volume.sealed")
    volume = Volume.objects.get()
    assert entry.details["sha256"] == volume.file.sha256
    assert (entry.scope_id, entry.position) == (engagement.pk, volume.trail_position + 1)
    assert verify_trail()[1] == []


def test_a_sealed_volume_is_not_sealed_again(now):
    engagement = finished()
    with now():
        seal(engagement)
    before = Volume.objects.values().get()

    with pytest.raises(Refused):
        seal(engagement)

    assert Volume.objects.values().get() == before


def test_a_task_that_runs_twice_and_two_that_were_asked_for_make_one_volume(now):
    engagement = finished()
    first, second = seal(engagement), seal(engagement)

    for run in (first, first, second, second):
        make_volume(run_id=run.pk, left_open_reason="")

    volume = Volume.objects.get()
    assert {run.made_id for run in Run.objects.all()} == {volume.file_id}
    assert Entry.objects.filter(verb="volume.sealed").count() == 1
    assert StoredFile.objects.filter(name__endswith=".zip").count() == 1


def test_a_run_whose_worker_was_killed_is_done_again(now):
    engagement = finished()
    run = seal(engagement)
    Run.objects.filter(pk=run.pk).update(state="running")

    make_volume(run_id=run.pk, left_open_reason="")

    run.refresh_from_db()
    assert (run.state, Volume.objects.count()) == ("done", 1)


def test_a_volume_is_not_sealed_over_work_that_began_after_it_was_asked_for():
    engagement = finished()
    run = seal(engagement)
    RectificationItem.objects.update(state=State.REOPENED, closed_by=None, closed_at=None)

    make_volume(run_id=run.pk, left_open_reason="")

    run.refresh_from_db()
    assert (run.state, Volume.objects.count()) == ("failed", 0)
    assert run.problem
    assert not StoredFile.objects.filter(name__endswith=".zip").exists()


OPEN_STATES = [s for s in State if s not in {State.CLOSED, State.CLAIMED, State.VERIFIED}]


@pytest.mark.parametrize("state", OPEN_STATES)
def test_an_item_left_open_wants_a_reason_which_the_volume_keeps(now, state, tmp_path):
    engagement = finished(state=state)

    for reason in ("", "  "):
        with pytest.raises(Refused):
            seal(engagement, left_open_reason=reason)
    with now():
        seal(engagement, left_open_reason="涉诉，长期坚持")

    volume = Volume.objects.get()
    assert volume.left_open_reason == "涉诉，长期坚持"
    path = saved(volume, tmp_path)
    assert verify(path).about["left_open_reason"] == "涉诉，长期坚持"


@pytest.mark.parametrize("state", [State.CLAIMED, State.VERIFIED])
def test_an_item_that_waits_for_somebody_stops_the_sealing_whatever_the_reason(state):
    with pytest.raises(Refused):
        seal(finished(state=state), left_open_reason="长期坚持")


READY = {"sealed": False, "report_approved": True, "report_on_file": True, "fed_back": True,
         "handed_up": 0, "running": 0}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"sealed": True}, {"report_approved": False}, {"report_on_file": False},
     {"fed_back": False}, {"handed_up": 1}],
)  # fmt: skip
def test_each_thing_that_is_missing_is_a_reason_of_its_own(change):
    user = UserFactory.build()

    refused = may_seal(user, Readiness(**{**READY, **change}))
    allowed = may_seal(user, Readiness(**READY))

    assert not refused
    assert refused.reason
    assert allowed


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.DIRECTOR, Role.STAFF}])
def test_nobody_but_the_office_seals(role, now):
    engagement = finished()
    actor = UserFactory(role=role, unit_id=engagement.unit_id)

    with pytest.raises((Refused, engagement.DoesNotExist)):
        seal(engagement, actor=actor)
    assert not Run.objects.exists()

    with now():
        seal(engagement)
    assert Volume.objects.count() == 1


def test_the_last_volume_of_an_assessed_round_archives_it(now):
    first = finished()
    second = finished(team=first.team, round_state=RoundState.ASSESSED)

    for engagement, state in ((first, "assessed"), (second, "archived")):
        with now():
            seal(engagement)
        engagement.round.refresh_from_db()
        assert engagement.round.state == state


def test_a_round_whose_volumes_were_sealed_before_it_was_assessed_is_archived_by_hand(now):
    engagement = finished()
    unsealed = finished(team=engagement.team, round_state=RoundState.ASSESSED)
    office = UserFactory()
    with now():
        seal(engagement)

    with pytest.raises(Refused):
        archive_round(round_id=engagement.round_id, actor=office, at=NOON)
    unsealed.team = finished().team
    unsealed.round = unsealed.team.round
    unsealed.save()
    archive_round(round_id=engagement.round_id, actor=office, at=NOON)

    engagement.round.refresh_from_db()
    assert engagement.round.state == "archived"


@pytest.mark.parametrize("role", Role)
def test_the_pages_of_the_archive_are_open_to_the_office_alone(now, sign_in, role):
    engagement = finished()
    with now():
        seal(engagement)
    reader = UserFactory(role=role, unit_id=engagement.unit_id)
    expected = 200 if role in {Role.DIRECTOR, Role.STAFF} else 403
    client = sign_in(reader)

    for name in ("volume", "download"):
        answer = client.get(reverse(f"archive:{name}", args=[engagement.pk]))
        assert answer.status_code == expected
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"PK")
    assert client.get(reverse("archive:volumes")).status_code == expected
    visible = Volume.objects.visible_to(reader).count()
    assert visible == (1 if expected == 200 else 0)
    assert Entry.objects.filter(verb="volume.downloaded").count() == visible


def test_a_member_of_the_team_sees_no_volume(now, sign_in):
    engagement = finished()
    with now():
        seal(engagement)

    answer = sign_in(member_account(engagement.team)).get(reverse("archive:volumes"))

    assert answer.status_code == 403


def test_the_page_shows_what_is_missing_then_the_form_then_the_sealed_volume(now, sign_in):
    engagement = finished(state=State.IN_PROGRESS)
    client = sign_in(UserFactory())
    page, address = (
        reverse(f"archive:{name}", args=[engagement.pk]) for name in ("volume", "seal")
    )

    assert page in client.get(reverse("archive:volumes")).content.decode()
    assert "left_open_reason" in client.get(page).content.decode()
    assert client.post(address).status_code == 422
    with now():
        sent = client.post(address, {"left_open_reason": "长期坚持"})

    volume = Volume.objects.get()
    assert sent.url == reverse("documents:run", args=[Run.objects.get().pk])
    text = client.get(page).content.decode()
    assert volume.file.sha256 in text
    assert str(Head.objects.get().position) in text
    assert client.post(address).status_code == 422


def test_the_list_of_volumes_costs_the_same_for_one_and_three(
    now, sign_in, django_assert_num_queries
):
    client = sign_in(UserFactory())
    with now():
        seal(finished())
        finished()

    with django_assert_num_queries(6):
        client.get(reverse("archive:volumes"))
    with now():
        for _ in range(2):
            seal(finished())
            finished()
    with django_assert_num_queries(6):
        client.get(reverse("archive:volumes"))


def test_a_volume_whose_file_was_damaged_says_so_on_its_page(now, sign_in):
    engagement, client = finished(), sign_in(UserFactory())
    with now():
        seal(engagement)
    address = reverse("archive:volume", args=[engagement.pk])
    whole = client.get(address)
    stored = Volume.objects.get().file.content

    with stored.open("r+b") as file:
        file.truncate(100)
    damaged = client.get(address)

    assert (whole.status_code, damaged.status_code) == (200, 200)
    assert [page.context["catalogue"] is None for page in (whole, damaged)] == [False, True]
    assert ['role="alert"' in page.content.decode() for page in (whole, damaged)] == [False, True]
