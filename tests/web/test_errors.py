import pytest
from django.test import Client
from django.urls import reverse

from tanzhao.access.table import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_form_without_its_token_gets_a_page_of_ours_and_does_nothing():
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    answer = client.post(reverse("accounts:profile"), {"language": "en"})

    assert answer.status_code == 403
    assert "表单未被接受" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/nowhere/", 404, "没有这个页面"), ("/accounts/", 403, "不在您的职责范围内")],
)
def test_a_wrong_address_and_a_forbidden_one_get_a_page_in_chinese(sign_in, path, status, words):
    answer = sign_in(UserFactory(role=Role.STAFF)).get(path)

    assert answer.status_code == status
    assert words in answer.content.decode()
