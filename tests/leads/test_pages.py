"""The pages of leads: what they show, to whom, and at what cost."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.leads.models import Lead
from tanzhao.leads.states import LeadState
from tests.factories import EngagementFactory, LeadFactory, UserFactory, member_account
from tests.leads.test_steps import captured, checked, proposed
from tests.papers.staging import staged

pytestmark = pytest.mark.django_db


def test_a_team_sees_its_own_leads_and_no_others(sign_in):
    people = staged()
    own = captured(people)
    other = LeadFactory(engagement=EngagementFactory(round=people.engagement.round))
    kept = LeadFactory()
    expected = {
        people.member: {own},
        member_account(other.engagement.team): {other},
        people.office: {own, other, kept},
    }

    for user, leads in expected.items():
        client = sign_in(user)
        page = client.get(reverse("leads:leads"))
        assert set(page.context["page"].rows) == leads
        assert page.context["all"] == len(leads)
        for lead in (own, other, kept):
            answer = client.get(reverse("leads:lead", args=[lead.pk]))
            assert answer.status_code == (200 if lead in leads else 404)


@pytest.mark.parametrize("role", [Role.CONTACT, Role.SUPERVISOR, Role.AUDIT_ADMIN])
def test_others_are_shut_out(role, sign_in):
    lead = LeadFactory(engagement=EngagementFactory())
    unit = {"unit_id": lead.engagement.unit_id} if role == Role.CONTACT else {}
    client = sign_in(UserFactory(role=role, **unit))

    for name, keys in (("leads", []), ("export", []), ("lead", [lead.pk])):
        assert client.get(reverse(f"leads:{name}", args=keys)).status_code == 403


def test_the_list_costs_the_same_for_one_lead_and_for_many(sign_in, django_assert_num_queries):
    people = staged()
    client = sign_in(people.office)
    captured(people)
    with django_assert_num_queries(6):
        client.get(reverse("leads:leads"))
    for _ in range(3):
        proposed(people)

    with django_assert_num_queries(6):
        client.get(reverse("leads:leads"))


def test_a_lead_is_written_down_assigned_verified_and_ended_on_its_pages(sign_in):
    people = staged()
    lead_id = uuid4()
    member = sign_in(people.member)
    said = {"lead_id": lead_id, "title": "接待费无公函", "facts": "凭证12号", "source": "fieldwork"}
    without = member.post(reverse("leads:capture"), said)
    assert (without.status_code, Lead.objects.count()) == (422, 0)
    said["engagement"] = people.engagement.pk
    assert member.post(reverse("leads:capture"), said).status_code == 302

    leader = sign_in(people.leader)
    address = f"{reverse('leads:assign', args=[lead_id])}?engagement={people.engagement.pk}"
    assert "liaison" not in leader.get(address).content.decode()
    same = {"handler": people.member.pk, "second": people.member.pk}
    assert leader.post(address, same).status_code == 422
    two = {"handler": people.member.pk, "second": people.liaison.pk}
    assert leader.post(address, two).status_code == 302

    member = sign_in(people.member)
    found = {"check_id": uuid4(), "what": "调阅", "found": "无公函", "method": "document_request"}
    assert member.post(reverse("leads:check", args=[lead_id]), found).status_code == 302
    ending = {"outcome": "paper", "reason": "可证"}
    assert member.post(reverse("leads:outcome", args=[lead_id]), ending).status_code == 302
    assert member.post(reverse("leads:confirm", args=[lead_id])).status_code == 422

    liaison = sign_in(people.liaison)
    assert liaison.post(reverse("leads:confirm", args=[lead_id])).status_code == 302
    assert Lead.objects.get().state == LeadState.PAPER
    begin = reverse("papers:begin", args=[people.engagement.pk])
    page = liaison.get(reverse("leads:lead", args=[lead_id]))
    assert f"{begin}?lead={lead_id}" in page.content.decode()
    assert "接待费无公函" in liaison.get(begin, {"lead": lead_id}).content.decode()


def test_the_page_offers_only_what_the_reader_may_do(sign_in):
    people = staged()
    lead = checked(people)

    pages = {
        user.pk: sign_in(user).get(reverse("leads:lead", args=[lead.pk])).content.decode()
        for user in (people.member, people.other_member, people.leader)
    }

    outcome = f'action="{reverse("leads:outcome", args=[lead.pk])}"'
    assign = f'href="{reverse("leads:assign", args=[lead.pk])}"'
    assert [outcome in page for page in pages.values()] == [True, False, False]
    assert [assign in page for page in pages.values()] == [False, False, True]
