import uuid

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.findings.actions import change_finding, make_finding
from tanzhao.findings.models import Finding
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.kernel.verdict import Refused
from tests.factories import NOON, FindingFactory, ReportFactory, UserFactory, member_account
from tests.findings.makers import checked_paper, engagement_in, sub_class, wording

pytestmark = pytest.mark.django_db


def test_a_finding_is_made_from_checked_papers_which_are_used_from_then_on():
    engagement = engagement_in()
    member = member_account(engagement.team)
    one, two = checked_paper(engagement), checked_paper(engagement)
    main, other = sub_class(), sub_class("three-focuses", "base.members", "党员队伍")

    finding = make_finding(
        engagement_id=engagement.pk,
        paper_ids=[one.pk, two.pk],
        wording=wording(main, other),
        actor=member,
        at=NOON,
    )
    second = make_finding(
        engagement_id=engagement.pk,
        paper_ids=[checked_paper(engagement).pk],
        wording=wording(),
        actor=member,
        at=NOON,
    )

    finding.refresh_from_db()
    assert (finding.unit, finding.round_number) == (engagement.unit, engagement.round.number)
    assert (finding.serial, second.serial) == (1, 2)
    assert (finding.category, finding.subcategory) == ("组织建设", "党费收缴管理不规范")
    assert set(finding.codes.all()) == {main, other}
    assert {(paper.pk, paper.state) for paper in finding.papers.all()} == {
        (one.pk, "used"),
        (two.pk, "used"),
    }
    entry = Entry.objects.first()
    assert (entry.verb, entry.actor, entry.scope_id) == ("finding.made", member, engagement.pk)
    assert entry.details == {
        "serial": 1,
        "papers": [str(one.pk), str(two.pk)],
        "codes": ["base.members", "organisation.dues"],
    }


def test_the_same_form_sent_twice_makes_one_finding():
    engagement = engagement_in()
    member = member_account(engagement.team)
    paper, token = checked_paper(engagement), uuid.uuid4()
    sent = {
        "engagement_id": engagement.pk,
        "paper_ids": [paper.pk],
        "wording": wording(),
        "actor": member,
        "at": NOON,
    }

    one = make_finding(finding_id=token, **sent)
    two = make_finding(finding_id=token, **sent)

    assert one == two == Finding.objects.get()
    assert Entry.objects.count() == 1
    with pytest.raises(Refused):  # the paper is used now
        make_finding(finding_id=uuid.uuid4(), **sent)


@pytest.mark.parametrize(
    ("state", "passes"),
    [
        ("draft", False),
        ("returned", False),
        ("signed", False),
        ("deputy_reviewed", False),
        ("leader_approved", False),
        ("checked", True),
        ("used", False),
        ("void", False),
    ],
)
def test_only_a_checked_paper_of_the_same_unit_makes_a_finding(state, passes):
    engagement = engagement_in()
    member = member_account(engagement.team)
    paper = checked_paper(engagement, state=state)
    elsewhere = checked_paper(engagement_in(team=engagement.team))
    sent = {"engagement_id": engagement.pk, "wording": wording(), "actor": member, "at": NOON}

    for papers in ([], [elsewhere.pk], [uuid.uuid4()], [paper.pk, elsewhere.pk]):
        with pytest.raises(Refused):
            make_finding(paper_ids=papers, **sent)
    assert not Finding.objects.exists()
    assert not Entry.objects.exists()
    if passes:
        make_finding(paper_ids=[paper.pk], **sent)
    else:
        with pytest.raises(Refused):
            make_finding(paper_ids=[paper.pk], **sent)
    paper.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (paper.state, elsewhere.state) == ("used" if passes else state, "checked")


WRITING = {
    "proposed": False,
    "approved": False,
    "staffed": False,
    "authorised": False,
    "in_field": True,
    "reporting": True,
    "reported": False,
    "fed_back": False,
    "rectifying": False,
    "assessed": False,
    "archived": False,
}


@pytest.mark.parametrize(("state", "passes"), WRITING.items())
def test_findings_are_made_and_changed_in_the_field_and_while_reporting(state, passes):
    engagement = engagement_in(RoundState(state))
    member = member_account(engagement.team)
    finding = FindingFactory(engagement=engagement)

    def make():
        paper = checked_paper(engagement)
        make_finding(
            engagement_id=engagement.pk,
            paper_ids=[paper.pk],
            wording=wording(),
            actor=member,
            at=NOON,
        )

    def change():
        change_finding(finding_id=finding.pk, version=1, wording=wording(), actor=member, at=NOON)

    assert set(WRITING) == set(RoundState)
    for step in (make, change):
        if passes:
            step()
        else:
            with pytest.raises(Refused):
                step()


@pytest.mark.parametrize("role", [*TeamRole, *(set(Role) - {Role.INSPECTOR}), "other team"])
def test_only_the_authorised_team_makes_findings(role):
    engagement = engagement_in()
    match role:
        case TeamRole():
            actor = member_account(engagement.team, role)
        case "other team":
            actor = member_account(engagement_in().team)
        case _:
            actor = UserFactory(role=role, unit_id=engagement.unit_id)
    paper = checked_paper(engagement)

    def make():
        return make_finding(
            engagement_id=engagement.pk,
            paper_ids=[paper.pk],
            wording=wording(),
            actor=actor,
            at=NOON,
        )

    if isinstance(role, TeamRole):
        assert make().made_by == actor
    else:
        with pytest.raises((Refused, Engagement.DoesNotExist)):
            make()
        assert not Finding.objects.exists()


def test_a_sub_class_in_the_frame_of_the_round_is_needed():
    engagement = engagement_in()
    member = member_account(engagement.team)
    main, other = sub_class(), sub_class("three-focuses", "base.members")
    second = sub_class(code="organisation.unity")
    retired = sub_class(code="organisation.selection")
    retired.retired = True
    retired.save()
    finding = FindingFactory(engagement=engagement)

    for codes in ((other,), (main, second), (main.parent,), (retired,)):
        with pytest.raises(Refused):
            change_finding(
                finding_id=finding.pk, version=1, wording=wording(*codes), actor=member, at=NOON
            )
    change_finding(
        finding_id=finding.pk, version=1, wording=wording(main, other), actor=member, at=NOON
    )

    assert set(finding.codes.all()) == {main, other}


def test_what_another_wrote_meanwhile_is_not_overwritten():
    engagement = engagement_in()
    finding = FindingFactory(engagement=engagement)
    one, two = member_account(engagement.team), member_account(engagement.team)
    words = wording(fact="先写的事实")

    change_finding(finding_id=finding.pk, version=1, wording=words, actor=one, at=NOON)
    with pytest.raises(Refused):
        change_finding(finding_id=finding.pk, version=1, wording=wording(), actor=two, at=NOON)

    finding.refresh_from_db()
    assert (finding.fact, finding.version) == ("先写的事实", 2)
    assert [entry.details["before"]["fact"] for entry in Entry.objects.all()] == [
        "2025年列支接待费3笔，无公函"
    ]


@pytest.mark.parametrize(
    ("finding_state", "report_state", "passes"),
    [
        ("made", None, True),
        ("made", "drafted", True),
        ("made", "agreed", False),
        ("reported", "approved", False),
        ("fed_back", "approved", False),
    ],
)
def test_a_finding_is_changed_until_the_team_agrees_on_its_report(
    finding_state, report_state, passes
):
    engagement = engagement_in()
    finding = FindingFactory(engagement=engagement, state=finding_state)
    if report_state:
        ReportFactory(engagement=engagement, state=report_state)
    change = {"finding_id": finding.pk, "version": 1, "wording": wording(), "at": NOON}
    change["actor"] = member_account(engagement.team)

    if passes:
        change_finding(**change)
    else:
        with pytest.raises(Refused):
            change_finding(**change)
    finding.refresh_from_db()
    assert finding.version == (2 if passes else 1)


def test_more_papers_can_stand_behind_a_finding_later():
    engagement = engagement_in()
    finding = FindingFactory(engagement=engagement)
    first, later = checked_paper(engagement, state="used"), checked_paper(engagement)
    finding.papers.add(first)

    change_finding(
        finding_id=finding.pk,
        version=1,
        wording=wording(),
        paper_ids=[later.pk],
        actor=member_account(engagement.team),
        at=NOON,
    )

    later.refresh_from_db()
    assert later.state == "used"
    assert set(finding.papers.all()) == {first, later}
