"""The dossier of a unit: what it is, when it was inspected, what was found, what is still open."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.clock import today
from tanzhao.reports.dossier import OPEN_SHOWN, dossier_of
from tanzhao.units.models import Unit
from tanzhao.units.queries import coverage, visits_today


@require_safe
@requires(Action.UNIT_SEE)
def dossier(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    """Show the dossier of one unit, as much of it as the reader may know."""
    visible = Unit.objects.visible_to(request.user)
    unit = get_object_or_404(visible.select_related("parent"), pk=unit_id)
    context = {
        "unit": unit,
        "dossier": dossier_of(unit, request.user, today()),
        "below": coverage(visible.filter(parent=unit), visits_today())[0],
        "most_open": OPEN_SHOWN,
        "may_change": request.user.holds(Action.UNIT_IMPORT),
        "sees_rounds": request.user.holds(Action.ROUND_SEE),
        "today": today(),
    }
    return render(request, "reports/dossier.html", context)
