"""The places of rectification, as far as this reader may go to them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.access.tabs import Place, tabs_among

_PLACES = (
    Place("rectification:items", _("Register"), Action.ITEM_SEE),
    Place("rectification:likenesses", _("Alike"), Action.LIKENESS_SEE),
    Place("rectification:wordings", _("Templates and allowed wording"), Action.WORDING_KEEP),
)


def tabs(user: User, here: str) -> list[dict[str, Any]]:
    """Give the places with their addresses, the present one, `here`, marked."""
    return tabs_among(_PLACES, user, f"rectification:{here}")
