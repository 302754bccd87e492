"""The list of leads, on the page and as a workbook."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.leads.actions import note_leads_exported
from tanzhao.leads.exporters import list_headings, list_rows
from tanzhao.leads.forms import LeadFilter
from tanzhao.leads.models import Lead
from tanzhao.leads.queries import ORDERS, leads_like, with_row_facts


@require_safe
@requires(Action.LEAD_SEE)
def leads(request: SignedInRequest) -> HttpResponse:
    """List the leads this person may see."""
    narrowing = LeadFilter(request.GET)
    wanted = narrowing.values()
    found = leads_like(request.user, wanted)
    order = ORDERS[wanted["sort"] or ""]
    context = {
        "page": page_of(with_row_facts(found), order=order, after=request.GET.get("after", "")),
        "total": found.count(),
        "all": Lead.objects.visible_to(request.user).count(),
        "filter": narrowing,
        "may_capture": request.user.holds(Action.LEAD_CAPTURE),
    }
    return render(request, "leads/leads.html", context)


@require_safe
@requires(Action.LEAD_SEE)
def export(request: SignedInRequest) -> HttpResponseBase:
    """Send the leads that the list shows, all pages of it, as a workbook."""
    wanted = LeadFilter(request.GET).values()
    found = leads_like(request.user, wanted)
    note_leads_exported(actor=request.user, at=timezone.now(), count=found.count())
    rows = with_row_facts(found).order_by(*ORDERS[wanted["sort"] or ""])
    name = _("Leads %(day)s") % {"day": timezone.localdate().isoformat()}
    return workbook_response(f"{name}.xlsx", list_headings(), list_rows(rows))
