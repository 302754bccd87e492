"""Who may know of a likeness, of which of its documents, and who answers, asks and replies."""

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.notices.models import Notice
from tanzhao.rectification.actions import answer_likeness, ask_keeper, reply_for_keeper
from tanzhao.rectification.models import Inquiry, Likeness, LikenessAnswer, Writing
from tanzhao.rectification.queries.likeness import (
    inquiries_waiting_for,
    likenesses_of,
    unanswered_for,
)
from tests.factories import (
    NOON,
    EngagementFactory,
    FindingFactory,
    ItemFactory,
    TeamFactory,
    UserFactory,
    contact_of,
    member_account,
)
from tests.rectification.factories import LikenessFactory, WritingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alike():
    """A likeness between items of two units that two teams inspect."""
    engagements = [EngagementFactory(team=TeamFactory()) for _ in range(2)]
    later, earlier = (
        WritingFactory(item=ItemFactory(finding=FindingFactory(engagement=one, state="fed_back")))
        for one in engagements
    )
    return LikenessFactory(later=later, earlier=earlier)


def _reader(who, alike):
    later, earlier = alike.later.item, alike.earlier.item
    match who:
        case "contact" | "other contact":
            return contact_of(later.unit if who == "contact" else earlier.unit)
        case "member" | "other member":
            item = later if who == "member" else earlier
            return member_account(item.finding.engagement.team)
        case "supervisor of the unit":
            return UserFactory(role=Role.SUPERVISOR, unit_id=later.unit_id)
        case "supervisor of the other unit":
            return UserFactory(role=Role.SUPERVISOR, unit_id=earlier.unit_id)
        case "stopped director":
            return UserFactory(role=Role.DIRECTOR, is_active=False)
    return UserFactory(role=who)


# Who knows of the likeness; for whom the other document is open; who answers.
KNOWS = {
    "director": (True, True, True),
    "staff": (True, True, True),
    "supervisor": (True, True, True),
    "supervisor of the unit": (False, False, False),
    "supervisor of the other unit": (True, False, False),
    "member": (True, False, False),
    "other member": (False, False, False),
    "contact": (False, False, False),
    "other contact": (False, False, False),
    "leading_group": (False, False, False),
    "system_admin": (False, False, False),
    "audit_admin": (False, False, False),
    "stopped director": (False, False, False),
}


@pytest.mark.parametrize(("who", "expected"), KNOWS.items(), ids=KNOWS)
def test_a_reader_knows_of_a_likeness_and_of_the_other_document_as_far_as_they_may(
    alike, who, expected
):
    reader = _reader(who, alike)

    found = list(likenesses_of(reader))
    knows = found == [alike]
    is_open = knows and found[0].is_open

    assert (knows, is_open, unanswered_for(reader).exists()) == expected
    open_to = Writing.objects.visible_to(reader).filter(pk=alike.earlier_id)
    # Whoever inspects the other unit may read its document, and knows nothing of the likeness.
    assert open_to.exists() is (expected[1] or who in {"other member", "supervisor of the unit"})


@pytest.mark.parametrize("who", ["supervisor of the other unit", "member", "leading_group"])
def test_whoever_may_not_read_both_is_refused_the_answer(alike, who):
    values = {"likeness_id": alike.pk, "outcome": "copied", "reason": "一字不差", "at": NOON}

    with pytest.raises((Refused, Likeness.DoesNotExist)):
        answer_likeness(**values, actor=_reader(who, alike))

    assert not LikenessAnswer.objects.exists()
    answer_likeness(**values, actor=UserFactory(role=Role.SUPERVISOR))
    alike.refresh_from_db()
    assert alike.answer == "copied"


def test_a_namesake_of_the_owner_does_not_answer_and_is_not_asked_to(alike):
    namesake = UserFactory(full_name=alike.later.item.owner_name)

    with pytest.raises(Refused):
        answer_likeness(
            likeness_id=alike.pk, outcome="common", reason="通用", actor=namesake, at=NOON
        )

    assert not unanswered_for(namesake).exists()


def test_an_answer_is_given_anew_and_the_latest_counts(alike):
    first, second = UserFactory(), UserFactory(role=Role.SUPERVISOR)

    answer_likeness(likeness_id=alike.pk, outcome="copied", reason="相同", actor=first, at=NOON)
    answer_likeness(
        likeness_id=alike.pk, outcome="quotation", reason="均引自办法", actor=second,
        at=NOON.replace(hour=15),
    )  # fmt: skip

    alike.refresh_from_db()
    said = list(alike.answers.values_list("outcome", "by"))
    assert (alike.answer, alike.answered_by) == ("quotation", second)
    assert said == [("quotation", second.pk), ("copied", first.pk)]
    entries = Entry.objects.filter(verb="likeness.answered")
    assert [entry.details["reason"] for entry in entries] == ["相同", "均引自办法"]


def test_an_answer_wants_a_reason(alike):
    with pytest.raises(Refused):
        answer_likeness(
            likeness_id=alike.pk, outcome="copied", reason="  ", actor=UserFactory(), at=NOON
        )


def test_a_double_click_answers_and_asks_once(alike):
    key = LikenessFactory().pk
    member = _reader("member", alike)

    for _ in range(2):
        answer_likeness(
            likeness_id=alike.pk, outcome="copied", reason="相同", actor=UserFactory(), at=NOON,
            key=key,
        )  # fmt: skip
        ask_keeper(likeness_id=alike.pk, question="是什么？", actor=member, at=NOON, key=key)

    assert LikenessAnswer.objects.count() == 1
    assert Inquiry.objects.count() == 1


def test_a_keeper_is_asked_through_the_office_and_the_reply_comes_back(alike):
    member, office = _reader("member", alike), UserFactory()
    supervisor = _reader("supervisor of the other unit", alike)
    UserFactory(role=Role.DIRECTOR, is_active=False)

    inquiry = ask_keeper(likeness_id=alike.pk, question="是否同一范本？", actor=member, at=NOON)
    with pytest.raises(Refused):  # once is enough
        ask_keeper(likeness_id=alike.pk, question="再问", actor=member, at=NOON)
    with pytest.raises(Refused):  # who may read both need not ask
        ask_keeper(likeness_id=alike.pk, question="?", actor=office, at=NOON)

    asked = Notice.objects.get(to=office)
    assert asked.kind == "likeness.asked"
    assert {one.to.role for one in Notice.objects.all()} == {"staff"}
    assert list(inquiries_waiting_for(office)) == [inquiry]
    assert not inquiries_waiting_for(member).exists()
    for nobody in (supervisor, member):
        with pytest.raises((Refused, Inquiry.DoesNotExist)):
            reply_for_keeper(inquiry_id=inquiry.pk, reply="是", actor=nobody, at=NOON)
    reply_for_keeper(inquiry_id=inquiry.pk, reply="均出自县里的范本。", actor=office, at=NOON)
    back = Notice.objects.get(to=member)
    assert back.kind == "likeness.replied"
    told = str(back.values) + str(asked.values)
    assert alike.earlier.item.unit.name not in told
    verbs = Entry.objects.filter(verb__startswith="likeness.").values_list("verb", flat=True)
    assert list(verbs) == ["likeness.asked", "likeness.replied"]


def test_the_page_of_a_likeness_shows_a_reader_of_one_document_nothing_of_the_other(alike, sign_in):
    values = {"outcome": "copied", "reason": "照抄了另一单位", "at": NOON}
    answer_likeness(likeness_id=alike.pk, actor=UserFactory(), **values)
    other = alike.earlier.item
    pages = [reverse("rectification:likeness", args=[alike.pk]),
             reverse("rectification:item", args=[alike.later.item_id]),
             reverse("rectification:likenesses")]  # fmt: skip
    secret = [other.unit.name, str(other.finding), "照抄了另一单位", "100 %"]

    said = {}
    for who in ("member", "staff"):
        client = sign_in(_reader(who, alike))
        said[who] = "".join(client.get(page).content.decode() for page in pages)

    assert [word for word in secret[:3] if word in said["member"]] == []
    assert [word for word in secret[:3] if word in said["staff"]] == secret[:3]
    assert reverse("rectification:ask_keeper", args=[alike.pk]) in said["member"]
    assert reverse("rectification:ask_keeper", args=[alike.pk]) not in said["staff"]


def test_lists_cannot_be_asked_about_what_is_not_open(alike, sign_in):
    member = _reader("member", alike)
    client = sign_in(member)
    address = reverse("rectification:likenesses")

    def found(**query):
        return [one.likeness for one in client.get(address, query).context["lines"]]

    assert found() == [alike]
    assert found(relation="other") == []
    assert found(unit=alike.earlier.item.unit_id) == [alike]  # no such choice for this reader
    assert str(alike.earlier.item.unit_id) not in str(client.get(address).context["filter"])
    assert client.get(reverse("rectification:export_likenesses")).status_code == 403


def test_the_unit_learns_nothing_from_its_item_and_an_answered_question_stays_there(alike, sign_in):
    address = reverse("rectification:item", args=[alike.later.item_id])

    of_the_unit = sign_in(_reader("contact", alike)).get(address)
    of_the_office = sign_in(UserFactory()).get(address)

    assert of_the_unit.context["questions"] == []
    assert "雷同" not in of_the_unit.content.decode()
    assert [one.likeness for one in of_the_office.context["questions"]] == [alike]
    page = reverse("rectification:likeness", args=[alike.pk])
    assert sign_in(_reader("contact", alike)).get(page).status_code == 403
    assert sign_in(_reader("other member", alike)).get(page).status_code == 404


def test_every_look_at_two_documents_stands_in_the_trail(alike, sign_in):
    reader = UserFactory()

    sign_in(reader).get(reverse("rectification:likeness", args=[alike.pk]))

    entry = Entry.objects.get(verb="likeness.seen")
    assert (entry.actor, entry.target_id) == (reader, alike.later.item_id)
