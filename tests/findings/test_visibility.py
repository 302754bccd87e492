"""Who may know of which findings, reports and feedback: written out by hand, asked everywhere."""

import datetime as dt
import io
from itertools import product

import openpyxl
import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.findings.models import Feedback, Finding, Report
from tanzhao.inspections.models import Authorisation
from tests.factories import (
    EngagementFactory,
    FeedbackFactory,
    FindingFactory,
    InspectorFactory,
    ReportFactory,
    TeamFactory,
    UnitFactory,
    UserFactory,
    account_of,
    contact_of,
    days,
    member_account,
)

pytestmark = pytest.mark.django_db

# Findings: of our unit made, agreed, reported, fed back, and imported from an old ledger; of
# another team's unit made and fed back.
FINDINGS = """
                made agreed reported fed_back old other_made other_fed_back
director        yes  yes    yes      yes      yes yes        yes
staff           yes  yes    yes      yes      yes yes        yes
member          yes  yes    yes      yes      yes -          -
before          -    -      -        -        -   -          -
after           -    -      -        -        -   -          -
no_team         -    -      -        -        -   -          -
supervisor      -    -      -        yes      yes -          yes
leading_group   -    yes    yes      yes      yes -          yes
contact         -    -      -        -        -   -          -
system_admin    -    -      -        -        -   -          -
audit_admin     -    -      -        -        -   -          -
"""
# Reports: ours drafted, agreed, approved; another team's agreed.
REPORTS = """
                drafted agreed approved other
director        yes     yes    yes      yes
staff           yes     yes    yes      yes
member          yes     yes    yes      -
before          -       -      -        -
after           -       -      -        -
no_team         -       -      -        -
supervisor      -       -      -        -
leading_group   -       yes    yes      yes
contact         -       -      -        -
system_admin    -       -      -        -
audit_admin     -       -      -        -
"""
# Feedback: to our unit, to another team's unit.
FEEDBACK = """
                ours other
director        yes  yes
staff           yes  yes
member          yes  -
before          -    -
after           -    -
no_team         -    -
supervisor      yes  yes
leading_group   yes  yes
contact         yes  -
system_admin    -    -
audit_admin     -    -
"""


def _parse(table):
    heading, *lines = table.strip().splitlines()
    names = heading.split()
    return {
        who: {name for name, cell in zip(names, cells, strict=True) if cell == "yes"}
        for who, *cells in map(str.split, lines)
    }


def _reader(who, team, unit):
    """Make the account of a reader; "before" and "after" serve on the team out of its days."""
    match who:
        case "member":
            return member_account(team)
        case "before" | "after":
            first, last = (1, 40) if who == "before" else (-40, -1)
            late = Authorisation.objects.filter(round=team.round)
            late.update(starts=days(first), ends=days(last))
            return member_account(team)
        case "no_team":
            return account_of(InspectorFactory())
        case "contact":
            return contact_of(unit)
    return UserFactory(role=Role(who))


def _world(unit):
    """Make the findings of the table, and give the team and each finding by its name."""
    team = TeamFactory()
    ours = [EngagementFactory(team=team, unit=unit)]
    ours += [EngagementFactory(team=team, unit=UnitFactory()) for _ in range(3)]
    ReportFactory(engagement=ours[1], state="agreed")
    other = [EngagementFactory(), EngagementFactory()]
    made = {
        "made": FindingFactory(engagement=ours[0]),
        "agreed": FindingFactory(engagement=ours[1]),
        "reported": FindingFactory(engagement=ours[2], state="reported"),
        "fed_back": FindingFactory(engagement=ours[3], state="fed_back"),
        "old": FindingFactory(
            engagement=None, unit=unit, round_number=1, imported=True, state="fed_back", title=""
        ),
        "other_made": FindingFactory(engagement=other[0]),
        "other_fed_back": FindingFactory(engagement=other[1], state="fed_back"),
    }
    for name, finding in made.items():
        finding.fact = f"列支接待费，记号{name}完"
        finding.save()
    return team, made


@pytest.mark.parametrize(("who", "seen"), _parse(FINDINGS).items(), ids=list(_parse(FINDINGS)))
def test_a_finding_is_known_to_these_readers_alone(who, seen, sign_in):
    unit = UnitFactory()
    team, made = _world(unit)
    reader = _reader(who, team, unit)
    client = sign_in(reader)
    register = reverse("findings:findings")

    visible = Finding.objects.visible_to(reader)
    assert {name for name, row in made.items() if row in visible} == seen
    assert visible.count() == len(seen)
    opened = {
        name
        for name, row in made.items()
        if client.get(reverse("findings:finding", args=[row.pk])).status_code == 200
    }
    assert opened == seen
    page = client.get(register)
    if who in {"contact", "system_admin", "audit_admin"}:
        assert page.status_code == client.get(reverse("findings:export")).status_code == 403
        return
    assert {name for name, row in made.items() if str(row.pk) in page.content.decode()} == seen
    assert (page.context["figures"].found, page.context["figures"].total) == (len(seen),) * 2
    offered = {choice.pk for choice in page.context["choices"]["units"]}
    assert offered == {made[name].unit_id for name in seen}
    assert _found_by_search(client, made) == seen
    assert _exported(client, made) == seen


def _found_by_search(client, made):
    found = set()
    for name in made:
        page = client.get(reverse("findings:findings"), {"q": f"记号{name}完"})
        assert page.context["figures"].found == len(page.context["page"].rows)
        found |= {name for row in page.context["page"].rows if f"记号{name}完" in row.fact}
    return found


def _exported(client, made):
    answer = client.get(reverse("findings:export"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    text = " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)
    return {name for name in made if f"记号{name}完" in text}


@pytest.mark.parametrize(("who", "seen"), _parse(REPORTS).items(), ids=list(_parse(REPORTS)))
def test_a_report_is_known_to_these_readers_alone(who, seen, sign_in):
    unit, team = UnitFactory(), TeamFactory()
    made = {
        state: ReportFactory(engagement=EngagementFactory(team=team), state=state)
        for state in ("drafted", "agreed", "approved")
    }
    made["other"] = ReportFactory(state="agreed")
    reader = _reader(who, team, unit)
    client = sign_in(reader)

    visible = Report.objects.visible_to(reader)
    assert {name for name, row in made.items() if row in visible} == seen
    assert visible.count() == len(seen)
    for address, arguments in (
        ("findings:report", ()),
        ("findings:report_files", ()),
        ("findings:report_file", ("report",)),
        ("findings:report_file", ("list",)),
    ):
        opened = {
            name
            for name, row in made.items()
            if client.get(reverse(address, args=[row.engagement_id, *arguments])).status_code == 200
        }
        assert opened == seen, address


@pytest.mark.parametrize(("who", "seen"), _parse(FEEDBACK).items(), ids=list(_parse(FEEDBACK)))
def test_feedback_is_known_to_these_readers_alone(who, seen, sign_in):
    unit, team = UnitFactory(), TeamFactory()
    made = {
        "ours": FeedbackFactory(engagement=EngagementFactory(team=team, unit=unit)),
        "other": FeedbackFactory(),
    }
    reader = _reader(who, team, unit)
    client = sign_in(reader)

    visible = Feedback.objects.visible_to(reader)
    assert {name for name, row in made.items() if row in visible} == seen
    opened = {
        name
        for name, row in made.items()
        if client.get(reverse("findings:feedback", args=[row.engagement_id])).status_code == 200
    }
    assert opened == seen


def test_the_tables_name_every_role():
    out_of_team = {"before", "after", "no_team", "member"}
    for table in (FINDINGS, REPORTS, FEEDBACK):
        assert set(_parse(table)) - out_of_team == set(Role) - {Role.INSPECTOR}


def test_the_last_day_of_the_authorisation_is_still_open_and_the_next_is_not():
    for first, last in product((-5, 0), (0, 5)):
        team = TeamFactory()
        Authorisation.objects.filter(round=team.round).update(starts=days(first), ends=days(last))
        finding = FindingFactory(engagement=EngagementFactory(team=team))
        reader = member_account(team)

        assert list(Finding.objects.visible_to(reader)) == [finding]
        Authorisation.objects.update(starts=days(-9), ends=days(0) - dt.timedelta(days=1))
        assert not Finding.objects.visible_to(reader).exists()
