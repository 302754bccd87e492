from urllib.parse import quote

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.documents.actions import begin_run, fail_run, finish_run, start_run
from tanzhao.documents.states import RunKind
from tanzhao.documents.views import file_response
from tests.factories import NOON, StoredFileFactory, UserFactory

pytestmark = pytest.mark.django_db


def _run(actor):
    return start_run(kind=RunKind.UNITS_READ, actor=actor, at=NOON, subject_name="对象库.xlsx")


def test_a_run_is_seen_by_the_one_who_started_it_and_by_nobody_else(sign_in):
    owner = UserFactory()
    run = _run(owner)

    assert sign_in(owner).get(reverse("documents:run", args=[run.pk])).status_code == 200
    assert sign_in(UserFactory()).get(reverse("documents:run", args=[run.pk])).status_code == 404
    contact = UserFactory(role=Role.SUPERVISOR)
    assert sign_in(contact).get(reverse("documents:run", args=[run.pk])).status_code == 403


def test_the_page_asks_again_until_the_run_has_ended(sign_in):
    owner = UserFactory(language="en")
    run = _run(owner)
    client, address = sign_in(owner), reverse("documents:run", args=[run.pk])

    begin_run(run_id=run.pk)
    running = client.get(address).content.decode()
    finish_run(run_id=run.pk, at=NOON, result={"next": "/units/"})
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="every 2s"' in running
    assert '<meta http-equiv="refresh"' in running
    assert "hx-trigger" not in part
    assert "<html" not in part
    assert 'href="/units/"' in part


def test_a_failed_run_says_why(sign_in):
    owner = UserFactory()
    run = _run(owner)
    fail_run(run_id=run.pk, at=NOON, problem="文件受密码保护。", next_address="/units/import/")

    page = sign_in(owner).get(reverse("documents:run", args=[run.pk])).content.decode()

    assert "文件受密码保护。" in page
    assert 'href="/units/import/"' in page


@pytest.mark.parametrize(
    ("content_type", "inline", "disposition"),
    [
        ("application/pdf", True, "inline"),
        ("application/pdf", False, "attachment"),
        ("image/png", True, "inline"),
        ("text/html", True, "attachment"),
        ("image/svg+xml", True, "attachment"),
    ],
)
def test_only_pdf_and_images_are_shown_and_nothing_runs_with_our_rights(
    content_type, inline, disposition
):
    stored = StoredFileFactory(name="记账凭证 1.pdf", content_type=content_type)

    response = file_response(stored, inline=inline)

    assert response.headers["Content-Disposition"] == (
        f"{disposition}; filename*=utf-8''{quote('记账凭证 1.pdf')}"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert b"".join(response.streaming_content) == b"%PDF-1.7\n"
    response.close()
