"""A lead from the note to its end: every step by whom it belongs to, and by nobody else."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.leads import actions
from tanzhao.leads.models import Lead, LeadCheck
from tanzhao.leads.queries import leads_waiting_for
from tanzhao.leads.states import LeadSource, LeadState, Outcome
from tanzhao.papers.actions import begin_paper
from tests.factories import NOON, EngagementFactory, LeadFactory, UserFactory, member_account
from tests.papers.staging import staged

pytestmark = pytest.mark.django_db


def captured(people, **values):
    said = {"title": "接待费无公函", "facts": "2025年凭证12号", "source": LeadSource.FIELDWORK}
    return actions.capture_lead(
        lead_id=uuid4(),
        actor=people.member,
        at=NOON,
        engagement_id=people.engagement.pk,
        **(said | values),
    )


def assigned(people, **values):
    lead = captured(people, **values)
    return actions.assign_lead(
        lead_id=lead.pk,
        actor=people.leader,
        at=NOON,
        engagement_id=people.engagement.pk,
        handlers=(people.member.pk, people.liaison.pk),
    )


def checked(people):
    lead = assigned(people)
    actions.add_lead_check(
        lead_id=lead.pk,
        check_id=uuid4(),
        actor=people.member,
        at=NOON,
        what="调阅2025年接待费凭证",
        found="3笔无公函",
        method="document_request",
    )
    return lead


def proposed(people, outcome=Outcome.PAPER):
    lead = checked(people)
    key = {"lead_id": lead.pk, "actor": people.member, "at": NOON}
    return actions.propose_lead_outcome(**key, outcome=outcome, reason="凭证可证")


@pytest.mark.parametrize(
    ("outcome", "ended"), [(Outcome.PAPER, LeadState.PAPER), (Outcome.DROP, LeadState.DROPPED)]
)
def test_a_lead_ends_as_one_handler_proposes_and_the_other_confirms(outcome, ended):
    people = staged()
    lead = proposed(people, outcome)
    key = {"lead_id": lead.pk, "at": NOON}

    for user in (people.member, people.leader, people.office):
        with pytest.raises(Refused):
            actions.confirm_lead_outcome(**key, actor=user)
    assert Lead.objects.get().state == LeadState.PROPOSED

    actions.confirm_lead_outcome(**key, actor=people.liaison)

    lead = Lead.objects.get()
    assert (lead.state, lead.outcome_by, lead.confirmed_by) == (
        ended,
        people.member,
        people.liaison,
    )
    assert [entry.verb for entry in Entry.objects.filter(target_id=lead.pk)] == [
        "lead.captured",
        "lead.assigned",
        "lead.checked",
        "lead.outcome_proposed",
        "lead.ended",
    ]


def test_only_who_leads_the_team_or_the_office_assigns_and_to_two_of_the_team():
    people = staged()
    lead = captured(people)
    stranger = member_account(EngagementFactory(round=people.engagement.round).team)
    place = {"lead_id": lead.pk, "at": NOON, "engagement_id": people.engagement.pk}
    two = (people.member.pk, people.liaison.pk)

    with pytest.raises(Refused, match="组长"):
        actions.assign_lead(**place, actor=people.member, handlers=two)
    with pytest.raises(Lead.DoesNotExist):
        actions.assign_lead(**place, actor=stranger, handlers=two)
    for pair in ((people.member.pk, people.member.pk), (people.member.pk, stranger.pk)):
        with pytest.raises(Refused):
            actions.assign_lead(**place, actor=people.leader, handlers=pair)
    for actor in (people.leader, people.deputy, people.office):
        actions.assign_lead(**place, actor=actor, handlers=two)

    lead.refresh_from_db()
    assert (lead.state, lead.assigned_by) == (LeadState.ASSIGNED, people.office)


def test_a_lead_without_a_team_is_verified_by_the_office_and_gets_no_paper():
    director, staff = UserFactory(role=Role.DIRECTOR), UserFactory(role=Role.STAFF)
    lead = LeadFactory()
    key = {"lead_id": lead.pk, "at": NOON, "actor": staff}
    actions.assign_lead(**key, engagement_id=None, handlers=(staff.pk, director.pk))
    with pytest.raises(Refused, match="请先记下"):
        actions.propose_lead_outcome(**key, outcome=Outcome.DROP, reason="查无")
    _vocabularies()
    actions.add_lead_check(
        **key, check_id=uuid4(), what="核对", found="相符", method="document_request"
    )

    with pytest.raises(Refused, match="巡察组"):
        actions.propose_lead_outcome(**key, outcome=Outcome.PAPER, reason="需写")
    actions.propose_lead_outcome(**key, outcome=Outcome.DROP, reason="相符")

    assert Lead.objects.get().state == LeadState.PROPOSED


def _vocabularies():
    from tests.papers.staging import vocabularies

    vocabularies()


def test_a_lead_sent_back_keeps_what_was_proposed_and_is_verified_further():
    people = staged()
    lead = proposed(people)
    key = {"lead_id": lead.pk, "at": NOON, "reason": "尚缺公函台账"}

    with pytest.raises(Refused):
        actions.return_lead(**key, actor=people.member)
    actions.return_lead(**key, actor=people.liaison)

    lead.refresh_from_db()
    (back,) = lead.returns.all()
    assert (lead.state, lead.outcome, lead.outcome_by) == (LeadState.VERIFYING, "", None)
    assert (back.outcome, back.outcome_by, back.reason) == ("paper", people.member, "尚缺公函台账")


def test_what_is_found_after_a_proposal_takes_the_proposal_back():
    people = staged()
    lead = proposed(people)

    actions.add_lead_check(
        lead_id=lead.pk,
        check_id=uuid4(),
        actor=people.liaison,
        at=NOON,
        what="找到公函",
        found="公函齐全",
        method="document_request",
    )

    lead.refresh_from_db()
    assert (lead.state, lead.outcome_by) == (LeadState.VERIFYING, None)


def test_an_ended_lead_is_reopened_by_the_office_only():
    people = staged()
    lead = proposed(people, Outcome.DROP)
    actions.confirm_lead_outcome(lead_id=lead.pk, actor=people.liaison, at=NOON)
    key = {"lead_id": lead.pk, "at": NOON, "reason": "有新线索"}

    with pytest.raises(Refused):
        actions.reopen_lead(**key, actor=people.leader)
    actions.reopen_lead(**key, actor=people.office)

    assert Lead.objects.get().state == LeadState.ASSIGNED


def test_the_same_form_and_the_same_source_give_one_lead():
    staff = UserFactory(role=Role.STAFF)
    source = uuid4()
    said = {"title": "死亡后领取补贴", "facts": "", "source": LeadSource.SCREENING, "at": NOON}
    first = actions.capture_lead(lead_id=uuid4(), actor=staff, source_id=source, **said)

    again = actions.capture_lead(lead_id=uuid4(), actor=staff, source_id=source, **said)
    twice = actions.capture_lead(lead_id=first.pk, actor=staff, source_id=source, **said)

    assert first == again == twice
    assert Lead.objects.count() == Entry.objects.count() == 1


def test_a_step_written_down_twice_stands_once():
    people = staged()
    lead = assigned(people)
    key = {"lead_id": lead.pk, "check_id": uuid4(), "actor": people.member, "at": NOON}

    for _ in range(2):
        actions.add_lead_check(**key, what="调阅", found="无", method="document_request")

    assert LeadCheck.objects.count() == 1


def test_a_paper_is_begun_from_a_lead_only_when_both_agreed():
    people = staged()
    lead = proposed(people)
    key = {
        "engagement_id": people.engagement.pk,
        "actor": people.member,
        "at": NOON,
        "title": lead.title,
        "handlers": [people.liaison.inspector_id],
        "lead_id": lead.pk,
    }
    with pytest.raises(Refused, match="都同意"):
        begin_paper(paper_id=uuid4(), **key)
    actions.confirm_lead_outcome(lead_id=lead.pk, actor=people.liaison, at=NOON)

    paper = begin_paper(paper_id=uuid4(), **key)

    assert (paper.lead, paper.overview) == (lead, "2025年凭证12号")
    assert list(lead.papers.all()) == [paper]


def test_a_lead_waits_for_exactly_those_whose_step_is_next():
    people = staged()
    users = {
        "member": people.member,
        "liaison": people.liaison,
        "leader": people.leader,
        "office": people.office,
    }

    def waits_for(lead):
        return {name for name, user in users.items() if lead in leads_waiting_for(user)}

    assert waits_for(captured(people)) == {"office"}
    assert waits_for(assigned(people)) == {"member", "liaison"}
    assert waits_for(proposed(people)) == {"liaison"}


def test_the_database_keeps_a_lead_from_one_pair_of_hands():
    user = UserFactory()
    for values in (
        {"handler": user, "second": user},
        {"state": LeadState.ASSIGNED},
        {"state": LeadState.DROPPED},
        {"outcome_by": user, "confirmed_by": user},
    ):
        with pytest.raises(IntegrityError):
            from django.db import transaction

            with transaction.atomic():
                LeadFactory(**values)
