import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.units.models import Visit
from tests.factories import (
    EngagementFactory,
    FindingFactory,
    ItemFactory,
    UnitFactory,
    UserFactory,
    days,
    member_account,
)

pytestmark = pytest.mark.django_db


def address(unit):
    return reverse("reports:dossier", args=[unit.pk])


def old_item(unit, **values):
    """Make an item of an imported ledger."""
    finding = FindingFactory(
        unit=unit, engagement=None, round_number=2, imported=True, state="fed_back",
        category=values.pop("category", "作风建设"), fact=values.pop("fact", "白条入账3笔"),
    )  # fmt: skip
    return ItemFactory(finding=finding, state="in_progress", **values)


def test_a_dossier_tells_rounds_findings_and_what_is_open(sign_in):
    unit = UnitFactory(name="县审计局")
    Visit.objects.create(unit=unit, round_number=2)
    late = old_item(unit, due_date=days(-30), fact="白条入账3笔")
    later = old_item(unit, due_date=days(30), fact="超标准接待", category="纪律建设")
    old_item(UnitFactory(), fact="别的单位的事")
    engagement = EngagementFactory(unit=unit)

    page = sign_in(UserFactory(role=Role.STAFF, language="en")).get(address(unit))

    dossier = page.context["dossier"]
    assert [row.item for row in dossier.open] == [late, later]
    assert [(one.number, one.findings, one.open, one.overdue) for one in dossier.rounds] == [
        (engagement.round.number, 0, 0, 0),
        (2, 2, 2, 1),
    ]
    assert (dossier.findings, dossier.figures["running"], dossier.figures["red"]) == (2, 2, 1)
    assert dict(dossier.classes) == {"作风建设": 1, "纪律建设": 1}
    assert "别的单位的事" not in page.content.decode()


def test_a_reader_sees_of_a_dossier_only_what_the_registers_would_show(sign_in):
    unit = UnitFactory()
    old_item(unit, fact="白条入账3笔")
    engagement = EngagementFactory(unit=unit)
    FindingFactory(engagement=engagement, title="尚未反馈的问题", state="made")
    member = member_account(engagement.team, TeamRole.MEMBER)
    stranger = UserFactory(role=Role.INSPECTOR)
    supervisor = UserFactory(role=Role.SUPERVISOR)

    shown = {user: sign_in(user).get(address(unit)).context["dossier"] for user in
             (member, stranger, supervisor)}  # fmt: skip

    assert len(shown[member].rounds) == 2
    assert shown[stranger].open == []
    assert shown[stranger].findings == 0
    assert [row.item.finding.fact for row in shown[supervisor].open] == ["白条入账3笔"]
    assert shown[supervisor].findings == 1


def test_a_round_that_is_only_proposed_is_not_told_to_those_who_may_not_know_of_it(sign_in):
    engagement = EngagementFactory()
    engagement.round.state = RoundState.PROPOSED
    engagement.round.save()

    dossier = sign_in(UserFactory(role=Role.SUPERVISOR)).get(address(engagement.unit)).context

    assert dossier["dossier"].rounds == []
