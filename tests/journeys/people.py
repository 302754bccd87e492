"""The people of the main journey, and how they use the browser."""

import datetime as dt
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from tanzhao.access.models import Agency, User
from tanzhao.access.table import Role
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit
from tests.factories import UserFactory, account_of, contact_of

SAMPLES = Path(__file__).parent.parent.parent / "packs" / "samples" / "lanshui"


class Office(NamedTuple):
    """Who works in the office, approves and supervises."""

    director: User
    staff: User
    checker: User
    chair: User
    supervisor: User
    second_supervisor: User


class TeamAccounts(NamedTuple):
    """The accounts of a team's members."""

    leader: User
    deputy: User
    writer: User
    second: User


def office_people() -> Office:
    """Make the accounts of the office and of those who approve and supervise."""
    return Office(
        director=UserFactory(full_name="赵敏", role=Role.DIRECTOR),
        staff=UserFactory(full_name="钱进", role=Role.STAFF),
        checker=UserFactory(full_name="冯春", role=Role.STAFF),
        chair=UserFactory(full_name="孙立", role=Role.LEADING_GROUP),
        supervisor=UserFactory(full_name="李正", role=Role.SUPERVISOR, agency=Agency.DISCIPLINE),
        second_supervisor=UserFactory(
            full_name="周全", role=Role.SUPERVISOR, agency=Agency.ORGANISATION
        ),
    )


def accounts_of(keys: list[str]) -> TeamAccounts:
    """Make the accounts of imported inspectors: leader, deputy and two members, by their keys."""
    return TeamAccounts(*(account_of(Inspector.objects.get(pk=key)) for key in keys))


def contact_for(unit_name: str) -> User:
    """Make the account of a unit's contact."""
    return contact_of(Unit.objects.get(name=unit_name), full_name="周联络")


class Hands:
    """What a person does with the browser: finds things by their words, clicks and writes."""

    def __init__(self, page: Page, base: str, enter):
        self.page, self.base, self._enter = page, base, enter
        # Tasks are done within the request here, and a busy machine takes its time.
        page.set_default_timeout(60_000)

    def be(self, user: User, name: str = "web:workbench", *keys: object) -> None:
        """Sign in as somebody and open a page by the name of its address."""
        self._enter(user)
        self.open(name, *keys)

    def open(self, name: str, *keys: object) -> None:
        self.page.goto(self.base + reverse(name, args=keys))

    def status_of(self, name: str, *keys: object) -> int:
        """Ask for a page as who is signed in, without going there."""
        return self.page.request.get(self.base + reverse(name, args=keys)).status

    def press(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("link", name=name, exact=True).first.click()

    def write(self, within: Locator | None = None, **words: object) -> None:
        """Fill in fields by their labels; dates as days, lists of choices by their words."""
        for label, value in words.items():
            field = (within or self.page).get_by_label(label, exact=True).first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=str(value))
            else:
                field.fill(value.isoformat() if isinstance(value, dt.date) else str(value))

    def sees(self, *words: str) -> None:
        for word in words:
            expect(self.page.get_by_role("main")).to_contain_text(word)

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words).first

    @contextmanager
    def download(self, to: Path):
        """Keep what is downloaded inside the block at `to`."""
        with self.page.expect_download() as waiting:
            yield
        waiting.value.save_as(to)
