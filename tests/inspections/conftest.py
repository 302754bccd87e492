"""What the tests of the pages of a plan share: a draft, and the browsers of two people."""

import pytest
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.inspections.actions import begin_plan
from tests.factories import UserFactory
from tests.inspections.plan_makers import make_term_ahead, make_universe


@pytest.fixture
def staff():
    return UserFactory(role=Role.STAFF, language="en", full_name="Zheng")


@pytest.fixture
def draft(staff):
    """A plan just begun, of a term whose rounds are all to come."""
    make_universe()
    term = make_term_ahead()
    return begin_plan(term_id=term.pk, actor=staff, at=timezone.now(), title="as we are")


@pytest.fixture
def office(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def chair(client):
    """A second browser, of somebody who decides."""
    other = type(client)()
    other.force_login(UserFactory(role=Role.LEADING_GROUP, language="en"))
    return other
