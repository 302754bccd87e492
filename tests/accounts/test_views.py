import pytest
from django.urls import reverse

from tanzhao.audit.models import Entry
from tanzhao.audit.trail import verify_trail
from tests.factories import ItemFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_signing_in_and_out_is_in_the_trail(client):
    user = UserFactory()
    user.set_password("a-long-enough-word")
    user.save()

    client.post(reverse("accounts:login"), {"username": user.username, "password": "wrong"})
    client.post(
        reverse("accounts:login"),
        {"username": user.username, "password": "a-long-enough-word"},
    )
    client.post(reverse("accounts:logout"))

    assert [entry.verb for entry in Entry.objects.all()] == [
        "account.sign_in_failed",
        "account.signed_in",
        "account.signed_out",
    ]
    assert verify_trail() == (3, [])


def test_the_workbench_is_shown_in_the_language_of_the_profile(sign_in):
    page = sign_in(UserFactory(language="en")).get(reverse("web:workbench"))

    assert 'lang="en"' in page.content.decode()
    assert ItemFactory().pk


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client):
    user, other = UserFactory(), UserFactory()
    for one in (user, other):
        one.set_password("a-long-enough-word")
        one.save()
    address = reverse("accounts:login")

    for _ in range(5):
        client.post(address, {"username": user.username, "password": "wrong"})
    refused = client.post(address, {"username": user.username, "password": "a-long-enough-word"})
    let_in = client.post(address, {"username": other.username, "password": "a-long-enough-word"})

    assert (refused.status_code, let_in.status_code) == (422, 302)
    assert "密码连续输错" in refused.content.decode()


def test_four_wrong_passwords_and_the_right_one_open_the_door(client):
    user = UserFactory()
    user.set_password("a-long-enough-word")
    user.save()
    address = reverse("accounts:login")

    for _ in range(2):
        for _wrong in range(4):
            client.post(address, {"username": user.username, "password": "wrong"})
        right = {"username": user.username, "password": "a-long-enough-word"}
        assert client.post(address, right).status_code == 302
