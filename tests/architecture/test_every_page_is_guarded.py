"""No page can be reached without an entry in the permission table."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from tanzhao.access.table import Action, Role
from tests.factories import UserFactory

# Getting in: anybody may try. The demo's sign-in answers 404 outside the demo.
OPEN_TO_ALL = {"accounts:login", "accounts:demo_login"}


def _pages(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _pages(pattern, inner)


PAGES = dict(_pages(get_resolver()))


def test_every_page_names_the_action_it_requires():
    unguarded = {
        name
        for name, page in PAGES.items()
        if not isinstance(getattr(page.callback, "required_action", None), Action)
    }

    assert len(PAGES) > 40
    assert unguarded == OPEN_TO_ALL


def _address(name):
    page = PAGES[name]
    key = "11111111-1111-4111-8111-111111111111"
    values = {
        part: {"UUIDConverter": key, "IntConverter": 1}.get(type(converter).__name__, "x")
        for part, converter in page.pattern.converters.items()
    }
    return reverse(name, kwargs=values)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PAGES.keys() - OPEN_TO_ALL))
def test_a_stranger_is_sent_to_the_sign_in_page(client, name):
    answers = {client.get(_address(name)).status_code, client.post(_address(name)).status_code}

    # 405: the page does not take that method, and says so before it looks at anybody.
    assert answers <= {302, 405}
    assert 302 in answers


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PAGES.keys() - OPEN_TO_ALL))
def test_somebody_without_the_grant_is_refused(sign_in, name):
    action = PAGES[name].callback.required_action
    without = [role for role in ("system_admin", "audit_admin") if _lacks(role, action)]

    for role in without:
        client = sign_in(UserFactory(role=role))
        answers = {client.get(_address(name)).status_code, client.post(_address(name)).status_code}

        assert answers <= {403, 405}
        assert 403 in answers


def _lacks(role, action):
    return not UserFactory.build(role=role).holds(action)


# 422: a team's page says in its own place that what was sent could not be read.
MISSING = {302, 404, 405, 422}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(n for n, p in PAGES.items() if p.pattern.converters))
def test_a_row_that_is_not_there_is_answered_and_never_a_fault_of_the_program(sign_in, name):
    action = getattr(PAGES[name].callback, "required_action", None)
    holders = [role for role in Role if action and UserFactory.build(role=role).holds(action)]

    for role in holders:
        unit = {"unit_id": "22222222-2222-4222-8222-222222222222"} if role == Role.CONTACT else {}
        client = sign_in(UserFactory(role=role, **unit))
        answers = {client.get(_address(name)).status_code, client.post(_address(name)).status_code}

        assert answers <= MISSING, role
