"""The frame of every page: which places this reader may go to, and what they have not read."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.notices.queries import unread_notices


class Place(NamedTuple):
    """One place of the menu. `is_own`: only for accounts of people of the talent pool."""

    label: Any
    url_name: str
    action: Action
    is_own: bool = False


PLACES = (
    Place(_("Workbench"), "web:workbench", Action.WORKBENCH_SEE),
    Place(_("Term plan"), "inspections:terms", Action.PLAN_SEE),
    Place(_("Rounds"), "inspections:rounds", Action.ROUND_SEE),
    Place(_("Leads"), "leads:leads", Action.LEAD_SEE),
    Place(_("Data comparison"), "screening:hits", Action.HIT_SEE),
    Place(_("Working papers"), "papers:papers", Action.PAPER_SEE),
    Place(_("Finding register"), "findings:findings", Action.FINDING_SEE),
    Place(_("Rectification register"), "rectification:items", Action.ITEM_SEE),
    Place(_("My recusals"), "inspections:own_recusals", Action.RECUSAL_DECLARE, is_own=True),
    Place(_("Units"), "units:units", Action.UNIT_SEE),
    Place(_("Talent pool"), "inspectors:inspectors", Action.INSPECTOR_SEE),
    Place(_("Archive"), "archive:volumes", Action.ARCHIVE_SEE),
    Place(_("Accounts"), "accounts:accounts", Action.ACCOUNT_SEE),
    Place(_("Trail"), "accounts:trail", Action.TRAIL_SEE),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the places this reader may go to, in their order, the present one marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"places": []}
    places = [place for place in PLACES if _is_open(place, user)]
    return {
        "places": _links(places, request.path),
        # Counted only where the head of a page is drawn, once.
        "unread_notices": SimpleLazyObject(lambda: unread_notices(user).count()),
    }


def _is_open(place: Place, user: User) -> bool:
    return user.holds(place.action) and (not place.is_own or bool(user.inspector_id))


def _links(places: list[Place], path: str) -> list[dict[str, Any]]:
    """The present place is the one with the longest address that `path` lies under."""
    addresses = [reverse(place.url_name) for place in places]
    under = [one for one in addresses if (path == one if one == "/" else path.startswith(one))]
    here = max(under, key=len, default="")
    return [
        {"label": place.label, "address": address, "here": address == here}
        for place, address in zip(places, addresses, strict=True)
    ]
