"""Changes of a round as a JSON document; docs/operations/planning-format.md."""

from collections.abc import Mapping
from typing import Any

from tanzhao.engines.planner.fields import Fields
from tanzhao.engines.planner.teams.changes import (
    LateRecusal,
    LendingChanged,
    PersonBarred,
    PersonGone,
    PersonJoined,
    SeatPinned,
    TeamsChange,
    UnitAdded,
    UnitRemoved,
)
from tanzhao.engines.planner.teams.exchange import person_from, place_from
from tanzhao.engines.planner.teams.problem import Role


def teams_changes_from(document: Mapping[str, Any]) -> tuple[TeamsChange, ...]:
    """Read {"changes": [{"change": "person_gone", "person": 7}, …]}, in the order written.

    Raises: BadInstance.
    """
    return tuple(map(_change, Fields(document, "document").rows("changes")))


def _change(row: Fields) -> TeamsChange:
    number = row.whole_number
    match row.text("change"):
        case "person_gone":
            return PersonGone(number("person"))
        case "person_joined":
            return PersonJoined(person_from(row.mapping("person")))
        case "late_recusal":
            return LateRecusal(number("person"), number("unit"))
        case "seat_pinned":
            return SeatPinned(number("team"), number("person"), _role(row))
        case "person_barred":
            return PersonBarred(number("team"), number("person"))
        case "unit_added":
            return UnitAdded(number("team"), place_from(row.mapping("unit")))
        case "unit_removed":
            return UnitRemoved(number("team"), number("unit"))
        case "lending_changed":
            return LendingChanged(number("unit"), number("most", least=0))
        case _:
            raise row.wrong("change", "one of the changes of planning-format.md")


def _role(row: Fields) -> Role:
    role = row.text("role", Role.MEMBER)
    if role not in set(Role):
        raise row.wrong("role", "“member”, “leader” or “deputy”")
    return Role(role)
