"""The places of one feature, as far as a reader may go to them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.access.table import Action


class Place(NamedTuple):
    """A page to go to: the name of its address, what it is called, and what it takes."""

    name: str
    label: Any
    action: Action


def tabs_among(places: Iterable[Place], user: User, here: str) -> list[dict[str, Any]]:
    """Give the places with their addresses, the present one marked; none if there is but one."""
    found = [
        {"label": place.label, "address": reverse(place.name), "here": place.name == here}
        for place in places
        if user.holds(place.action)
    ]
    return found if len(found) > 1 else []
