"""Rules of the office's own: linted, tried, approved by another, and then run."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.actions import office_rules as actions
from tanzhao.screening.actions.trying import ask_for_trial
from tanzhao.screening.linting import findings_in
from tanzhao.screening.models import OfficeRule
from tanzhao.screening.queries.office_rules import differences
from tanzhao.screening.rulebook import rulebook, shipped_rules
from tanzhao.screening.states import OfficeRuleState
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db
NAME = "paid-after-death"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Made-up rows are loaded once for all tests here."""
    return tmp_path_factory.mktemp("room")


@pytest.fixture(autouse=True)
def room(settings, place):
    settings.SCREENING_ROOM = place


def begun(actor, name=NAME):
    shipped = shipped_rules()[name]
    return actions.begin_rule(
        name=name,
        sheet=shipped.body,
        sql=shipped.sql,
        evidence_sql=shipped.evidence_sql,
        actor=actor,
        at=NOON,
    )


def saved(rule, actor, **changes):
    values = {"sheet": rule.sheet, "sql": rule.sql, "evidence_sql": rule.evidence_sql, "note": ""}
    return actions.save_rule(rule_id=rule.pk, actor=actor, at=NOON, **(values | changes))


def tried(rule, actor, capture, on=None):
    with capture(execute=True):
        ask_for_trial(rule_id=rule.pk, comparison_id=on, actor=actor, at=NOON)
    rule.refresh_from_db()
    return rule


def proposed(actor, capture):
    rule = begun(actor)
    saved(rule, actor, sql=rule.sql.replace("> $grace_days", "> $grace_days + 1"), note="放宽一天")
    rule = tried(rule, actor, capture)
    return actions.propose_rule(rule_id=rule.pk, actor=actor, at=NOON)


def test_a_version_is_used_once_somebody_else_approved_it(django_capture_on_commit_callbacks):
    staff, director = UserFactory(role=Role.STAFF), UserFactory(role=Role.DIRECTOR)
    shipped = rulebook()[NAME]
    rule = proposed(staff, django_capture_on_commit_callbacks)
    assert rulebook()[NAME] == shipped

    with pytest.raises(Refused):
        actions.approve_rule(rule_id=rule.pk, actor=staff, at=NOON)
    actions.approve_rule(rule_id=rule.pk, actor=director, at=NOON)

    in_use = rulebook()[NAME]
    assert (in_use.version, in_use.is_own) == ("2026.2", True)
    assert "$grace_days + 1" in in_use.engine_rule().sql
    assert set(rulebook()) == set(shipped_rules())
    verbs = list(Entry.objects.filter(target_id=rule.pk).values_list("verb", flat=True))
    assert verbs == [
        "rule.begun",
        "rule.changed",
        "rule.tried",
        "rule.proposed",
        "rule.approved",
    ]


def test_a_director_approves_no_version_of_their_own(django_capture_on_commit_callbacks):
    author, other = UserFactory(role=Role.DIRECTOR), UserFactory(role=Role.DIRECTOR)
    rule = proposed(author, django_capture_on_commit_callbacks)

    with pytest.raises(Refused, match="wrote"):
        actions.approve_rule(rule_id=rule.pk, actor=author, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeRule.objects.update(state=OfficeRuleState.IN_USE, approved_by=author)
    actions.approve_rule(rule_id=rule.pk, actor=other, at=NOON)

    assert OfficeRule.objects.get().approved_by == other


def test_what_is_not_portable_or_was_not_tried_is_not_proposed(django_capture_on_commit_callbacks):
    staff = UserFactory(role=Role.STAFF)
    rule = begun(staff)
    with pytest.raises(Refused, match="Try"):
        actions.propose_rule(rule_id=rule.pk, actor=staff, at=NOON)
    rule = tried(rule, staff, django_capture_on_commit_callbacks)
    assert findings_in(rule) == ()

    # What is saved after a trial was not tried.
    rule = saved(rule, staff, sql=rule.sql + "\nORDER BY random()")
    assert rule.trial == {}
    assert findings_in(rule) != ()
    with pytest.raises(Refused, match="SQL"):
        actions.propose_rule(rule_id=rule.pk, actor=staff, at=NOON)


def test_a_trial_on_made_up_rows_shows_what_the_change_does(django_capture_on_commit_callbacks):
    staff = UserFactory(role=Role.STAFF)
    rule = begun(staff)
    same = tried(rule, staff, django_capture_on_commit_callbacks).trial
    assert same["new"] == same["old"] == same["both"]
    assert same["new"]["hits"] > 0
    assert same["lines"] == []

    rule = saved(rule, staff, sql=rule.sql.replace("> $grace_days", "> $grace_days + 3650"))
    trial = tried(rule, staff, django_capture_on_commit_callbacks).trial

    assert trial["old"] == same["old"]
    assert trial["new"]["hits"] < trial["old"]["hits"]
    assert {line["which"] for line in trial["lines"]} == {"old"}
    assert "待核实" in trial["lines"][0]["why_zh"]


def test_one_version_is_written_at_a_time_and_only_by_who_began_it():
    staff, colleague = UserFactory(role=Role.STAFF), UserFactory(role=Role.STAFF)
    rule = begun(staff)

    assert begun(colleague) == rule
    with pytest.raises(Refused, match="else"):
        saved(rule, colleague, sql="SELECT 1")
    with pytest.raises(Refused):
        begun(UserFactory(role=Role.INSPECTOR), "round-sums")
    saved(rule, staff, sql="SELECT 1")

    assert OfficeRule.objects.get().sql == "SELECT 1"


def test_a_rule_taken_out_of_use_gives_way_to_the_shipped_one(django_capture_on_commit_callbacks):
    staff, director = UserFactory(role=Role.STAFF), UserFactory(role=Role.DIRECTOR)
    rule = proposed(staff, django_capture_on_commit_callbacks)
    actions.approve_rule(rule_id=rule.pk, actor=director, at=NOON)
    key = {"rule_id": rule.pk, "at": NOON, "reason": "口径有误"}

    with pytest.raises(Refused):
        actions.withdraw_rule(**key, actor=staff)
    actions.withdraw_rule(**key, actor=director)

    assert rulebook()[NAME] == shipped_rules()[NAME]
    # Its version is never given again: hits are named after it.
    assert begun(staff).version == "2026.3"


def test_the_form_is_linted_as_it_is_typed_and_saved_whole(sign_in):
    staff = UserFactory(role=Role.STAFF)
    rule = begun(staff)
    client = sign_in(staff)
    address = reverse("screening:edit_rule", args=[rule.pk])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    lint = reverse("screening:lint_rule", args=[rule.pk])

    fine = client.post(lint, typed).content.decode()
    bad = client.post(lint, {**typed, "sql": "SELECT weekday(death_date) FROM deaths"}).content
    half = client.post(lint, {**typed, "key": "", "sql": "SELECT hash(1) AS x"}).content.decode()

    assert 'data-line="' not in fine
    assert "weekday" in bad.decode()
    assert 'data-line="1"' in half
    assert OfficeRule.objects.get().sql == rule.sql
    # Sent back as it came, nothing changes; with a word of a verdict it is refused at its field.
    assert client.post(address, typed).status_code == 302
    rule.refresh_from_db()
    assert findings_in(rule) == ()
    answer = client.post(address, {**typed, "why_zh": "{name}套取补贴"})
    assert (answer.status_code, "why_zh" in answer.context["form"].errors) == (422, True)


def test_people_outside_the_office_neither_see_nor_write_rules(sign_in):
    rule = begun(UserFactory(role=Role.STAFF))
    client = sign_in(UserFactory(role=Role.INSPECTOR))

    for name in ("office_rule", "edit_rule"):
        assert client.get(reverse(f"screening:{name}", args=[rule.pk])).status_code == 403
    assert client.get(reverse("screening:begin_rule")).status_code == 403


def test_differences_leave_out_what_is_the_same():
    before = "\n".join(f"line {number}" for number in range(20))
    after = before.replace("line 3\n", "line three\n").replace("line 17", "line 17b")

    changes = [(line.change, line.text) for line in differences(before, after)]

    assert [one for one in changes if one[0] in ("in", "out")] == [
        ("out", "line 3"),
        ("in", "line three"),
        ("out", "line 17"),
        ("in", "line 17b"),
    ]
    assert ("gap", "⋯") in changes
    assert ("same", "line 10") not in changes
    assert differences(before, before) == []
