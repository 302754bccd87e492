"""The places of rectification, as far as this reader may go to them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action

_PLACES = (
    ("items", _("Register"), Action.ITEM_SEE),
    ("likenesses", _("Alike"), Action.LIKENESS_SEE),
    ("wordings", _("Templates and allowed wording"), Action.WORDING_KEEP),
)


def tabs(user: User, here: str) -> list[dict[str, Any]]:
    """Give the places with their addresses, the present one marked; none if there is but one."""
    found = [
        {"label": label, "address": reverse(f"rectification:{name}"), "here": name == here}
        for name, label, action in _PLACES
        if user.holds(action)
    ]
    return found if len(found) > 1 else []
