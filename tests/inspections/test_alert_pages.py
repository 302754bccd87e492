"""What the pages show of an alert, to whom, and what can be done from them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.inspections import actions
from tanzhao.inspections.models import TeamAlert, TeamMember, Waiver
from tanzhao.inspections.states import RoundState
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused
from tanzhao.web.queries import waiting_for
from tests.factories import (
    NOON,
    InspectorFactory,
    TeamFactory,
    UnitFactory,
    UserFactory,
    account_of,
)
from tests.inspections.alert_makers import TUESDAY, declare, membership, monday, told
from tests.inspections.makers import fill

pytestmark = pytest.mark.django_db


def page(sign_in, user, name, *keys):
    answer = sign_in(user).get(reverse(name, args=keys))
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_composes_or_decides_reads_the_facts_and_the_leader_only_that_there_is_something(
    sign_in,
):
    day = monday(RoundState.IN_FIELD)
    declare(day, actor=day.staff)
    chair = UserFactory(role=Role.LEADING_GROUP)
    fact = "被巡察单位在本人申报的回避单位之列"
    round_id = day.team.round_id

    def reads(user):
        text = page(sign_in, user, "inspections:round", round_id)
        return 'id="alert-1"' in text, fact in text

    assert [reads(user) for user in (day.staff, day.director, chair)] == [(True, True)] * 3
    assert [reads(user) for user in (day.leader, day.member)] == [(True, False)] * 2
    assert reads(day.colleague) == (False, False)
    # The member who is named among the members all the same, and who is meant, is told.
    assert "涉及您本人" in page(sign_in, day.member, "inspections:round", round_id)
    assert "涉及您本人" not in page(sign_in, day.leader, "inspections:round", round_id)


def test_the_round_board_leads_the_office_to_the_alert_and_tells_the_team_nothing(sign_in):
    day = monday(RoundState.IN_FIELD)
    declare(day)
    mark = "#alert-1"

    seen = [
        mark in page(sign_in, user, "reports:round_board", day.team.round_id)
        for user in (day.director, day.leader, day.member)
    ]

    assert seen == [True, False, False]


def test_the_workbench_lists_the_teams_for_those_who_compose_and_decide():
    day = monday()
    declare(day)
    title = "Teams that must be looked at again"

    def groups(user):
        return [
            g.title for g in waiting_for(user, today()) if g.title in {title, "须重新审核的巡察组"}
        ]

    chair = UserFactory(role=Role.LEADING_GROUP)
    assert [len(groups(user)) for user in (day.director, day.staff, chair)] == [1, 1, 1]
    others = [day.leader, day.member, UserFactory(role=Role.SUPERVISOR)]
    assert [groups(user) for user in others] == [[], [], []]


def test_the_waiver_is_asked_for_from_the_box_and_decided_below_it(sign_in):
    day = monday(RoundState.AUTHORISED)
    declare(day)
    address = reverse("inspections:alert_waiver", args=[day.team.pk])
    wanted = {
        "inspector": day.member.inspector_id, "rule": "declared_unit", "unit": day.unit.pk,
        "reason": "只有他懂工程造价",
    }  # fmt: skip

    assert sign_in(day.staff).post(address, {**wanted, "reason": ""}).status_code == 422
    assert sign_in(day.leader).post(address, wanted).status_code == 403
    sent = sign_in(day.staff).post(address, wanted)
    assert sent.headers["Location"] == reverse("inspections:round", args=[day.team.round_id])
    waiver = Waiver.objects.get()
    sign_in(day.director).post(
        reverse("inspections:decide_waiver", args=[waiver.pk]),
        {"decision": "grant", "reason": "亲属已离职"},
    )

    assert TeamAlert.objects.get().settled_at is not None
    assert "alert-1" not in page(sign_in, day.staff, "inspections:round", day.team.round_id)


def test_at_work_the_director_alone_takes_out_whom_the_alert_is_about_and_nobody_else(sign_in):
    day = monday(RoundState.IN_FIELD)
    other = TeamMember.objects.get(team=day.team, inspector=day.colleague.inspector_id)
    concerned = membership(day)
    on = {"at": TUESDAY}
    with pytest.raises(Refused):
        actions.remove_member(member_id=concerned.pk, actor=day.director, **on)
    declare(day)

    with pytest.raises(Refused):
        actions.remove_member(member_id=concerned.pk, actor=day.staff, **on)
    with pytest.raises(Refused):
        actions.remove_member(member_id=other.pk, actor=day.director, **on)
    client = sign_in(day.director)
    client.post(reverse("inspections:alert_take_out", args=[concerned.pk]))

    assert not TeamMember.objects.filter(pk=concerned.pk).exists()
    assert TeamAlert.objects.get().settled_at is not None
    # Access follows the team: it has ended.
    assert sign_in(day.member).get(f"/rounds/{day.team.round_id}/").status_code == 404
    assert sign_in(day.leader).get(f"/rounds/{day.team.round_id}/").status_code == 200


def test_at_work_the_director_alone_replaces_whom_the_alert_is_about():
    day = monday(RoundState.IN_FIELD)
    declare(day)
    unfit, fit = InspectorFactory(), InspectorFactory()
    DeclaredRecusal.objects.create(inspector=unfit, unit_name=day.unit.name, unit=day.unit)
    step = {"member_id": membership(day).pk, "at": TUESDAY}

    from tanzhao.inspections.actions.replacing import replace_member

    with pytest.raises(Refused):
        replace_member(inspector_id=fit.pk, actor=day.staff, **step)
    with pytest.raises(Refused):
        replace_member(inspector_id=unfit.pk, actor=day.director, **step)
    newcomer = replace_member(inspector_id=fit.pk, actor=day.director, **step)

    assert newcomer.role == "member"
    assert TeamAlert.objects.get().settled_at is not None


def test_an_inspector_declares_for_themselves_by_name_and_is_asked_about_a_name_not_known(sign_in):
    UnitFactory(name="县人民医院")
    account = account_of(InspectorFactory())
    client, address = sign_in(account), reverse("inspections:own_recusals")

    asked = client.post(address, {"unit": "人民医院"})
    assert asked.status_code == 422
    assert "县人民医院" in asked.content.decode()
    assert not DeclaredRecusal.objects.exists()
    client.post(address, {"unit": "县人民医院"})
    client.post(address, {"unit": "外县某局", "as_written": "1"})

    assert sorted(DeclaredRecusal.objects.values_list("unit_name", flat=True)) == [
        "县人民医院",
        "外县某局",
    ]


def test_nobody_sees_or_changes_what_another_has_declared_but_the_office(sign_in):
    someone, other = account_of(InspectorFactory()), account_of(InspectorFactory())
    recusal = DeclaredRecusal.objects.create(inspector_id=someone.inspector_id, unit_name="县医院")
    of_person = reverse("inspections:recusals_of", args=[someone.inspector_id])
    withdraw = reverse("inspections:withdraw_recusal", args=[recusal.pk])

    for stranger in (other, UserFactory(role=Role.LEADING_GROUP)):
        client = sign_in(stranger)
        assert client.get(of_person).status_code in {403, 404}
        assert client.post(withdraw, {"reason": "不需要"}).status_code in {403, 404}
    assert sign_in(someone).post(withdraw, {"reason": "不需要"}).status_code == 422
    assert sign_in(UserFactory()).post(withdraw, {"reason": ""}).status_code == 422
    assert DeclaredRecusal.objects.exists()
    assert sign_in(UserFactory()).post(withdraw, {"reason": "写错了"}).status_code == 302

    assert not DeclaredRecusal.objects.exists()
    assert told(someone) == ["recusal.withdrawn"]


def test_an_account_of_nobody_in_the_talent_pool_is_told_where_to_go(sign_in):
    text = page(sign_in, UserFactory(), "inspections:own_recusals")

    assert "您的账号没有对应人才库中的人员" in text


def test_names_are_offered_while_typing(sign_in):
    UnitFactory(name="县人民医院")
    UnitFactory(name="县中医院", retired=True)
    address = reverse("inspections:recusal_units")
    client = sign_in(account_of(InspectorFactory()))

    def offered(text):
        return client.get(address, {"unit": text}).content.decode()

    assert "县人民医院" in offered("医院")
    assert "县人民医院" in offered("人医院")
    assert "县中医院" not in offered("医院")
    assert "option" not in offered("")
    assert "option" not in offered("\x00")


def test_the_page_of_a_round_costs_the_same_with_one_team_alerted_and_with_three(sign_in):
    day = monday(RoundState.IN_FIELD)
    declare(day)
    client = sign_in(day.director)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("inspections:round", args=[day.team.round_id]))
        return len(queries)

    first = cost()
    for number in (2, 3):
        team = fill(TeamFactory(round=day.team.round, number=number))
        actions.declare_recusal_and_recheck(
            inspector_id=team.members.first().inspector_id,
            unit_name=team.engagements.get().unit.name,
            actor=day.staff,
            at=NOON,
        )

    assert TeamAlert.objects.count() == 3
    assert cost() == first
