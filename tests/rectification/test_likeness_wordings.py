"""Templates and allowed wording: kept by the office, from a text or a file, and retired."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import keep_wording, retire_wording
from tanzhao.rectification.actions.wordings import read_kept_wording
from tanzhao.rectification.measures import measures_now
from tanzhao.rectification.models import CommonPassage, KeptWording
from tanzhao.rectification.states import WordingKind
from tests.factories import NOON, UserFactory
from tests.rectification.factories import WritingFactory

pytestmark = pytest.mark.django_db
ADD = {"kind": "allowed", "title": "落款", "text": "中共某县某局党组\n特此报告。"}


def test_allowed_wording_is_used_line_by_line_until_it_is_retired(sign_in):
    client, office = sign_in(UserFactory()), UserFactory()
    before = measures_now()

    sent = client.post(reverse("rectification:add_wording"), {**ADD, "key": uuid4()})

    assert sent.status_code == 302
    kept = KeptWording.objects.get()
    now = measures_now()
    assert now.allowed == (*before.allowed, "中共某县某局党组", "特此报告。")
    assert now.fingerprint != before.fingerprint
    client.post(reverse("rectification:retire_wording", args=[kept.pk]))
    assert measures_now().fingerprint == before.fingerprint
    with pytest.raises(Refused):
        retire_wording(wording_id=kept.pk, actor=office, at=NOON)
    verbs = Entry.objects.filter(verb__startswith="wording.").values_list("verb", flat=True)
    assert list(verbs) == ["wording.kept", "wording.retired"]


def test_a_template_is_taken_from_a_file_once_a_worker_has_read_it(sign_in):
    client = sign_in(UserFactory())
    file = SimpleUploadedFile("整改报告范本.txt", "一、主体责任落实情况。二、整改情况。".encode())

    client.post(
        reverse("rectification:add_wording"),
        {"kind": "template", "title": "整改报告", "file": file, "key": uuid4()},
    )
    kept = KeptWording.objects.get()
    page = client.get(reverse("rectification:wordings")).content.decode()
    assert measures_now().templates == {}
    read_kept_wording(wording_id=kept.pk, clock=timezone.now)

    assert list(measures_now().templates) == [str(kept.writing.pk)]
    after = client.get(reverse("rectification:wordings")).content.decode()
    assert "一、主体责任落实情况" in after
    assert "一、主体责任落实情况" not in page


@pytest.mark.parametrize(
    "changed",
    [{"text": ""}, {"title": ""}, {"kind": "zz"}, {"kind": ""}],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(sign_in, changed):
    answer = sign_in(UserFactory()).post(
        reverse("rectification:add_wording"), {**ADD, **changed, "key": uuid4()}
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(changed)
    assert not KeptWording.objects.exists()


def test_a_double_click_keeps_one():
    key = uuid4()

    for _ in range(2):
        keep_wording(
            kind=WordingKind.TEMPLATE, title="范本", text="一、基本情况", actor=UserFactory(),
            at=NOON, key=key,
        )  # fmt: skip

    assert KeptWording.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INSPECTOR, Role.CONTACT])
def test_only_the_office_keeps_wording(sign_in, role):
    unit = {"unit_id": uuid4()} if role == Role.CONTACT else {}
    client = sign_in(UserFactory(role=role, **unit))

    for name in ("wordings", "add_wording"):
        assert client.get(reverse(f"rectification:{name}")).status_code == 403
    assert client.post(reverse("rectification:add_wording"), ADD).status_code == 403
    assert not KeptWording.objects.exists()


def test_a_common_passage_begins_as_allowed_wording(sign_in):
    common = CommonPassage.objects.create(
        key="a" * 64, text="以人民为中心，狠抓落实。", found_at=NOON
    )
    common.holders.create(writing=WritingFactory(), start=0, end=5)

    page = sign_in(UserFactory()).get(
        reverse("rectification:add_wording"), {"common": str(common.pk)}
    )

    assert page.context["form"].initial["text"] == common.text
    for asked in ("zz", str(uuid4())):
        empty = sign_in(UserFactory()).get(reverse("rectification:add_wording"), {"common": asked})
        assert "text" not in empty.context["form"].initial
