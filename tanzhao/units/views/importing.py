"""Importing a workbook: choose, look, take, see what came of it."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.imports import pages
from tanzhao.units.importers import UNITS
from tanzhao.units.tasks import read_units, take_units


@require_http_methods(["GET", "POST"])
@requires(Action.UNIT_IMPORT)
def upload(request: SignedInRequest) -> HttpResponse:
    """Choose a workbook and have it read."""
    return pages.upload(request, UNITS, read_units)


@require_safe
@requires(Action.UNIT_IMPORT)
def preview(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Show how the workbook was read, before anything is written."""
    return pages.preview(request, UNITS, run_id)


@require_POST
@requires(Action.UNIT_IMPORT)
def take(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Take the rows that were shown."""
    return pages.take(request, UNITS, run_id, take_units)


@require_POST
@requires(Action.UNIT_IMPORT)
def again(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Read the same workbook again."""
    return pages.again(request, UNITS, run_id, read_units)


@require_safe
@requires(Action.UNIT_IMPORT)
def faults(request: SignedInRequest, run_id: UUID) -> FileResponse:
    """Send the list of faults."""
    return pages.faults(request, UNITS, run_id)


@require_safe
@requires(Action.UNIT_IMPORT)
def taken(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Show what the import did."""
    return pages.taken(request, UNITS, run_id)
