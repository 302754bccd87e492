import pytest
from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tests.factories import InspectorFactory, UserFactory

pytestmark = pytest.mark.django_db


def _values(**changes):
    return {
        "username": "zhaomin", "full_name": "赵敏", "role": "staff", "password": "Lan-shui-2026!",
        "unit": "", "inspector": "", "agency": "",
    } | changes  # fmt: skip


def test_the_system_administrator_opens_accounts_and_the_director_does_not(sign_in):
    address = reverse("accounts:open")

    refused = sign_in(UserFactory(role=Role.DIRECTOR)).post(address, _values())
    opened = sign_in(UserFactory(role=Role.SYSTEM_ADMIN)).post(address, _values())

    assert (refused.status_code, opened.status_code) == (403, 302)
    assert User.objects.get(username="zhaomin").role == "staff"
    assert Entry.objects.get().verb == "account.opened"


def test_an_inspectors_account_needs_an_entry_of_the_talent_pool(sign_in):
    client = sign_in(UserFactory(role=Role.SYSTEM_ADMIN))
    person = InspectorFactory()

    without = client.post(reverse("accounts:open"), _values(role="inspector"))
    with_it = client.post(
        reverse("accounts:open"), _values(role="inspector", inspector=str(person.pk))
    )

    assert (without.status_code, with_it.status_code) == (422, 302)
    assert User.objects.get(username="zhaomin").inspector_id == person.pk


def test_a_stopped_account_cannot_sign_in_and_nobody_stops_their_own(sign_in):
    admin = UserFactory(role=Role.SYSTEM_ADMIN)
    other = UserFactory()
    other.set_password("Lan-shui-2026!")
    other.save()
    client = sign_in(admin)

    own = client.post(reverse("accounts:change", args=[admin.pk]), {"full_name": "管理员"})
    client.post(reverse("accounts:change", args=[other.pk]), {"full_name": "张"})
    client.logout()
    sign_in_page = client.post(
        reverse("accounts:login"), {"username": other.username, "password": "Lan-shui-2026!"}
    )

    assert own.status_code == 422
    assert sign_in_page.status_code == 422


def test_the_demo_sign_in_does_not_exist_in_an_office(client, settings):
    user = UserFactory()

    in_office = client.post(reverse("accounts:demo_login"), {"username": user.username})
    settings.DEMO_SIGN_IN = True
    in_demo = client.post(reverse("accounts:demo_login"), {"username": user.username})

    assert (in_office.status_code, in_demo.status_code) == (404, 302)


def test_a_password_is_changed_only_with_the_present_one(sign_in):
    user = UserFactory()
    user.set_password("Lan-shui-2026!")
    user.save()
    client = sign_in(user)
    address = reverse("accounts:change_own_password")

    wrong = client.post(address, {"old": "nonsense", "new": "Qing-quan-2027!"})
    right = client.post(address, {"old": "Lan-shui-2026!", "new": "Qing-quan-2027!"})

    user.refresh_from_db()
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert user.check_password("Qing-quan-2027!")
