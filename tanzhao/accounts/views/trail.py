"""The audit administrator's pages: what the trail says, and whether it is whole."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.accounts.actions import note_trail_seen
from tanzhao.accounts.forms import TrailFilterForm
from tanzhao.accounts.queries import entries_matching
from tanzhao.audit.trail import verify_trail
from tanzhao.kernel.paging import page_of


@require_safe
@requires(Action.TRAIL_SEE)
def trail(request: SignedInRequest) -> HttpResponse:
    """Show the trail, newest first."""
    note_trail_seen(actor=request.user, at=timezone.now())
    return render(request, "accounts/trail.html", _context(request))


@require_POST
@requires(Action.TRAIL_SEE)
def verify(request: SignedInRequest) -> HttpResponse:
    """Check the whole trail and say where it is broken."""
    entries, breaks = verify_trail()
    context = _context(request) | {"checked": {"entries": entries, "breaks": breaks}}
    return render(request, "accounts/trail.html", context)


def _context(request: SignedInRequest) -> dict[str, object]:
    form = TrailFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "since": None, "until": None}
    found = entries_matching(**wanted)
    return {
        "form": form,
        "page": page_of(found, order=("-position",), after=request.GET.get("after", "")),
        "total": found.count(),
    }
