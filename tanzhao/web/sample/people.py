"""The people of the story: their accounts, and the registers that the office brings along."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.accounts.actions import open_account
from tanzhao.documents.actions import store_file
from tanzhao.documents.imports.kinds import WorkbookKind
from tanzhao.documents.states import ANY_KIND
from tanzhao.inspectors.importers import INSPECTORS
from tanzhao.inspectors.models import Inspector
from tanzhao.rectification.importers import LEDGER
from tanzhao.units.importers import UNITS
from tanzhao.units.models import Unit
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.playing import Scene
from tanzhao.web.sample.reading import COUNTY, story

MINUTE = timedelta(minutes=1)
WORKBOOKS = (
    (UNITS, "巡察对象库.xlsx", "10:00"),
    (INSPECTORS, "巡察人才库.xlsx", "10:30"),
    (LEDGER, "整改台账.xlsx", "11:00"),
)


@dataclass
class Cast:
    """Who has an account: the office and others by key, inspectors by name, contacts by unit."""

    office: dict[str, User] = field(default_factory=dict)
    inspectors: dict[str, User] = field(default_factory=dict)
    contacts: dict[str, User] = field(default_factory=dict)


def opening_the_office(days: Days, cast: Cast) -> Scene:
    """The operator opens the first account; its holder opens those of the office."""
    at = days.at(61, "09:00")
    for person in story("cast")["office"]:
        yield at
        cast.office[person["key"]] = open_account(
            actor=cast.office.get("admin"),
            at=at,
            username=person["username"],
            full_name=person["name"],
            role=Role(person["role"]),
            agency=person.get("agency", ""),
            password=_password(),
            operator="" if cast.office else "demo",
        )
        at += 4 * MINUTE


def bringing_the_workbooks(days: Days, cast: Cast) -> Scene:
    """The office takes its three workbooks in."""
    for kind, name, clock in WORKBOOKS:
        at = days.at(60, clock)
        yield at
        _take(kind, name, actor=cast.office["staff_a"], at=at)


def opening_the_others(days: Days, cast: Cast) -> Scene:
    """Contacts of units and inspectors get their accounts once the registers name them."""
    texts = story("cast")
    at = days.at(59, "09:00")
    for unit, (username, name) in texts["contacts"].items():
        yield at
        cast.contacts[unit] = open_account(
            actor=cast.office["admin"],
            at=at,
            username=username,
            full_name=name,
            role=Role.CONTACT,
            unit_id=Unit.objects.get(name=unit).pk,
            password=_password(),
        )
        at += 3 * MINUTE
    for name, username in texts["inspectors"].items():
        yield at
        cast.inspectors[name] = open_account(
            actor=cast.office["admin"],
            at=at,
            username=username,
            full_name=name,
            role=Role.INSPECTOR,
            inspector_id=Inspector.objects.get(name=name).pk,
            password=_password(),
        )
        at += 3 * MINUTE


def _take(kind: WorkbookKind, name: str, *, actor: User, at: datetime) -> None:
    path = COUNTY / name
    with path.open("rb") as file:
        source = store_file(file=file, name=name, actor=actor, at=at, kinds=ANY_KIND)
    kind.take(kind.read(path), actor=actor, at=at, source=source)


def _password() -> str:
    """Nobody needs it: the demo lets one in by name, and the office sets passwords of its own."""
    return secrets.token_urlsafe(18)
