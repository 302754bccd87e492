"""A hit is answered by two people, on evidence of another kind, and can be asked anew."""

import pytest
from django.db import IntegrityError, transaction

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.states import TeamRole
from tanzhao.kernel.verdict import Refused
from tanzhao.leads.actions import make_lead_from_hit
from tanzhao.leads.models import Lead
from tanzhao.notices.models import Notice
from tanzhao.screening.actions import (
    assign_hits,
    confirm_outcome,
    propose_outcome,
    reopen_hit,
    send_outcome_back,
    unmask_number,
)
from tanzhao.screening.models import Hit, Verification
from tanzhao.screening.queries.hits import RuleFigures, figures_by_rule
from tanzhao.screening.queries.secrets import secrets_of, sheets_of, why_of
from tanzhao.screening.rules.hits import may_confirm, may_make_lead, may_propose, may_reopen
from tanzhao.screening.states import TRUE, HitState, Outcome, VerificationState
from tests.factories import (
    NOON,
    EngagementFactory,
    TeamFactory,
    UnitFactory,
    UserFactory,
    contact_of,
    member_account,
)
from tests.screening.factories import HitFactory
from tests.screening.makers import TRUE as BY_REGISTER
from tests.screening.makers import answer, staff

pytestmark = pytest.mark.django_db
NUMBER, ACCOUNT = "110101195003071234", "6217000012345678901"


def decided(outcome=Outcome.MISTAKE, hit=None, **values):
    hit = hit or HitFactory(**values)
    said = BY_REGISTER if outcome in TRUE else {}
    propose_outcome(hit_id=hit.pk, answer=answer(outcome, **said), actor=staff(), at=NOON)
    return confirm_outcome(hit_id=hit.pk, actor=staff(), at=NOON)


def test_what_one_person_found_counts_once_another_has_confirmed_it():
    hit, one, other = HitFactory(), staff(), staff()

    propose_outcome(
        hit_id=hit.pk,
        answer=answer(
            Outcome.VIOLATION, to_recover=46500, recovered=10000, stopped=46500, **BY_REGISTER
        ),
        actor=one,
        at=NOON,
    )
    hit.refresh_from_db()
    assert (hit.state, hit.outcome) == (HitState.PROPOSED, Outcome.VIOLATION)
    assert figures_by_rule(one)[hit.rule].verified == 0
    assert Notice.objects.filter(to=other, kind="hit.proposed").count() == 1
    assert not Notice.objects.filter(to=one, kind="hit.proposed").exists()
    with pytest.raises(Refused, match="Somebody else"):
        confirm_outcome(hit_id=hit.pk, actor=one, at=NOON)
    confirm_outcome(hit_id=hit.pk, actor=other, at=NOON)

    hit.refresh_from_db()
    kept = hit.verifications.get()
    assert (hit.state, kept.state) == (HitState.DECIDED, VerificationState.CONFIRMED)
    assert (kept.to_recover_cents, kept.recovered_cents, kept.stopped_cents) == (
        46500, 10000, 46500,
    )  # fmt: skip
    verbs = Entry.objects.filter(target_id=hit.pk).order_by("position")
    assert list(verbs.values_list("verb", flat=True)) == [
        "hit.outcome_proposed",
        "hit.outcome_confirmed",
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"outcome": Outcome.VIOLATION}, "another kind"),
        ({"outcome": Outcome.MISTAKE, "evidence_kind": "visit"}, "another kind"),
        ({"outcome": Outcome.MISTAKE, "evidence": "seen"}, "another kind"),
        ({"outcome": Outcome.REASONABLE, "to_recover": 1}, "only for what is true"),
        ({"outcome": Outcome.MISTAKE, "to_recover": 1, "recovered": 2, **BY_REGISTER}, "More"),
        ({"outcome": Outcome.KNOWN, "note": " "}, "found"),
    ],
)
def test_data_alone_prove_nothing(values, reason):
    with pytest.raises(Refused, match=reason):
        propose_outcome(hit_id=HitFactory().pk, answer=answer(**values), actor=staff(), at=NOON)

    assert not Verification.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"decided_by": None},
        {"evidence": ""},
        {"evidence_kind": ""},
        {"recovered_cents": 5},
        {"state": VerificationState.REOPENED, "reason": "why"},
    ],
    ids=str,
)
def test_the_database_keeps_what_the_rules_say(broken):
    hit = decided()
    with pytest.raises(IntegrityError), transaction.atomic():
        hit.verifications.update(**broken)


def test_the_database_refuses_one_person_for_both_and_two_answers_at_once():
    hit = decided()
    kept = hit.verifications.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        hit.verifications.update(decided_by=kept.proposed_by)
    kept.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hit.objects.update(state=HitState.OPEN)


def test_a_second_click_proposes_nothing_new():
    hit, actor = HitFactory(), staff()
    propose_outcome(hit_id=hit.pk, answer=answer(), actor=actor, at=NOON)

    with pytest.raises(Refused, match="already"):
        propose_outcome(hit_id=hit.pk, answer=answer(), actor=actor, at=NOON)

    assert Verification.objects.count() == 1


def test_an_outcome_that_is_sent_back_can_be_proposed_again_and_both_are_kept():
    hit, one, other = HitFactory(), staff(), staff()
    propose_outcome(hit_id=hit.pk, answer=answer(), actor=one, at=NOON)
    with pytest.raises(Refused, match="missing"):
        send_outcome_back(hit_id=hit.pk, reason="", actor=other, at=NOON)
    with pytest.raises(Refused, match="Somebody else"):
        send_outcome_back(hit_id=hit.pk, reason="x", actor=one, at=NOON)
    send_outcome_back(hit_id=hit.pk, reason="which papers?", actor=other, at=NOON)
    hit.refresh_from_db()
    assert (hit.state, hit.outcome) == (HitState.OPEN, "")
    assert Notice.objects.get(to=one, kind="hit.returned").values["reason"] == "which papers?"

    propose_outcome(hit_id=hit.pk, answer=answer(), actor=one, at=NOON)

    assert sorted(hit.verifications.values_list("state", flat=True)) == ["proposed", "returned"]


def test_a_verified_hit_is_asked_anew_with_a_reason_and_the_first_answer_stays():
    hit = decided()
    with pytest.raises(Refused, match="why"):
        reopen_hit(hit_id=hit.pk, reason=" ", actor=staff(), at=NOON)
    with pytest.raises(Refused, match="Reopen it first"):
        propose_outcome(hit_id=hit.pk, answer=answer(), actor=staff(), at=NOON)

    reopen_hit(hit_id=hit.pk, reason="new papers", actor=staff(), at=NOON)
    decided(Outcome.REASONABLE, hit=hit)

    hit.refresh_from_db()
    assert (hit.state, hit.outcome) == (HitState.DECIDED, Outcome.REASONABLE)
    states = set(hit.verifications.values_list("state", "outcome"))
    assert states == {("reopened", "mistake"), ("confirmed", "reasonable")}


@pytest.mark.parametrize("state", HitState)
@pytest.mark.parametrize("role", Role)
def test_who_may_take_which_step_with_a_hit_in_which_state(role, state):
    user = UserFactory(role=role, **({"unit_id": UnitFactory().pk} if role == "contact" else {}))
    hit = HitFactory.build(state=state, outcome="" if state == HitState.OPEN else "mistake")
    waiting = Verification(state=VerificationState.PROPOSED, proposed_by=staff())
    office = role in {Role.DIRECTOR, Role.STAFF}

    assert bool(may_propose(user, hit)) is (
        state == HitState.OPEN and (office or role == Role.INSPECTOR)
    )
    assert bool(may_confirm(user, waiting)) is office
    assert not may_confirm(user, None)
    assert bool(may_reopen(user, hit)) is (office and state == HitState.DECIDED)
    assert bool(may_make_lead(user, hit)) is (office and state == HitState.DECIDED)


def test_a_hit_is_known_to_the_office_and_to_the_team_it_was_given_to():
    given, kept = HitFactory(), HitFactory()
    engagement = EngagementFactory()
    member = member_account(engagement.team)
    beside = member_account(EngagementFactory(team=TeamFactory(round=engagement.round)).team)
    assert not Hit.objects.visible_to(member).exists()

    count = assign_hits(hit_ids=[given.pk], engagement_id=engagement.pk, actor=staff(), at=NOON)

    assert count == 1
    assert list(Hit.objects.visible_to(member)) == [given]
    assert set(Hit.objects.visible_to(staff())) == {given, kept}
    assert Notice.objects.filter(to=member, kind="hits.assigned").count() == 1
    others = [beside, contact_of(engagement.unit)]
    others += [UserFactory(role=role) for role in ("supervisor", "leading_group", "system_admin")]
    for other in others:
        assert not Hit.objects.visible_to(other).exists()
    type(engagement.round.authorisation).objects.update(ends=NOON.date(), starts=NOON.date())
    assert not Hit.objects.visible_to(member).exists()


def test_hits_are_given_all_or_none_and_only_by_the_office():
    open_one, done = HitFactory(), decided()
    engagement = EngagementFactory()

    with pytest.raises(Refused, match="still to be verified"):
        assign_hits(
            hit_ids=[open_one.pk, done.pk], engagement_id=engagement.pk, actor=staff(), at=NOON
        )
    open_one.refresh_from_db()
    assert open_one.engagement is None
    with pytest.raises(Refused, match="at least one"):
        assign_hits(hit_ids=[], engagement_id=engagement.pk, actor=staff(), at=NOON)
    leader = member_account(engagement.team, TeamRole.LEADER)
    assign_hits(hit_ids=[open_one.pk], engagement_id=engagement.pk, actor=staff(), at=NOON)
    with pytest.raises(Refused):
        assign_hits(hit_ids=[open_one.pk], engagement_id=engagement.pk, actor=leader, at=NOON)
    again = assign_hits(hit_ids=[open_one.pk], engagement_id=engagement.pk, actor=staff(), at=NOON)
    assert again == 0


def test_numbers_are_masked_wherever_they_stand_and_seen_one_at_a_time_for_a_reason():
    hit = HitFactory(why_zh=f"{NUMBER}领取", why_en=f"{NUMBER} was paid into {ACCOUNT}")
    actor = staff()

    secrets = secrets_of(hit)
    shown = " ".join(
        text
        for sheet in sheets_of(_rows(hit), {})
        for line in sheet.lines
        for _heading, text, _open in line.cells
    )
    assert {one.value for one in secrets} == {NUMBER, ACCOUNT}
    assert NUMBER not in shown + why_of(hit, secrets)
    assert ACCOUNT not in shown + why_of(hit, secrets)
    assert "110101********1234" in shown

    with pytest.raises(Refused, match="needed"):
        unmask_number(hit_id=hit.pk, place="n1", reason=" ", actor=actor, at=NOON)
    with pytest.raises(Refused, match="Choose"):
        unmask_number(hit_id=hit.pk, place="n9", reason="visit", actor=actor, at=NOON)
    assert not Entry.objects.filter(verb="hit.unmasked").exists()
    place, number = unmask_number(
        hit_id=hit.pk, place="n1", reason="to ask the bank", actor=actor, at=NOON
    )
    assert (place, number) == ("n1", NUMBER)
    entry = Entry.objects.get(verb="hit.unmasked")
    assert entry.actor == actor
    assert entry.details == {"number": "110101********1234", "reason": "to ask the bank"}


def _rows(hit):
    return list(hit.sightings.get().rows.all())


def test_a_rule_tells_its_rate_only_with_the_number_it_is_drawn_from():
    for outcome in (Outcome.MISTAKE, Outcome.VIOLATION, Outcome.REASONABLE, Outcome.BAD_DATA):
        decided(outcome)
    HitFactory()
    figures = figures_by_rule(staff())["paid-after-death"]

    assert (figures.hits, figures.verified, figures.true, figures.open) == (5, 4, 2, 1)
    assert figures.share is None
    assert RuleFigures().share is None
    assert RuleFigures(hits=30, verified=20, true=3).share == 15


def test_a_true_hit_becomes_one_lead_without_a_full_number():
    engagement = EngagementFactory()
    hit = HitFactory(engagement=engagement, assigned_by=staff(), unit=engagement.unit)
    with pytest.raises(Refused, match="two people"):
        make_lead_from_hit(hit_id=hit.pk, actor=staff(), at=NOON)
    decided(Outcome.VIOLATION, hit=hit)

    lead = make_lead_from_hit(hit_id=hit.pk, actor=staff(), at=NOON)
    again = make_lead_from_hit(hit_id=hit.pk, actor=staff(), at=NOON)

    assert lead == again == Lead.objects.get()
    assert (lead.source, lead.source_id, lead.unit) == ("screening", hit.pk, engagement.unit)
    assert "cremation record 12" in lead.facts
    assert NUMBER not in lead.facts + lead.title
    hit.refresh_from_db()
    assert hit.lead_id == lead.pk
    other = decided(Outcome.REASONABLE)
    with pytest.raises(Refused):
        make_lead_from_hit(hit_id=other.pk, actor=staff(), at=NOON)
