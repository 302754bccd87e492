"""The four places of screening, as far as this reader may go to them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.access.tabs import Place, tabs_among

_PLACES = (
    Place("screening:hits", _("Hits"), Action.HIT_SEE),
    Place("screening:comparisons", _("Comparisons"), Action.COMPARISON_SEE),
    Place("screening:data_sets", _("Data sets"), Action.DATASET_SEE),
    Place("screening:rules", _("Rules"), Action.COMPARISON_SEE),
)


def tabs(user: User, here: str) -> list[dict[str, Any]]:
    """Give the places with their addresses, the present one, `here`, marked."""
    return tabs_among(_PLACES, user, f"screening:{here}")
