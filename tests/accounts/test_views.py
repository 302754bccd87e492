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
