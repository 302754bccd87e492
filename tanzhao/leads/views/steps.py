"""One lead: its page, and the steps of its verification."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.queries import team_role_of
from tanzhao.kernel.verdict import Refused
from tanzhao.leads import actions
from tanzhao.leads.forms import CheckForm, Choices, OutcomeForm, ReasonForm
from tanzhao.leads.models import Lead
from tanzhao.leads.queries import days_in_hand, method_codes, whole_leads
from tanzhao.leads.rules import (
    is_in_hand,
    may_assign,
    may_confirm,
    may_propose_outcome,
    may_reopen,
    may_verify,
)
from tanzhao.leads.states import LeadState, Outcome


@require_safe
@requires(Action.LEAD_SEE)
def lead(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Show a lead with all that was checked, and its next step."""
    return _shown(request, lead_id)


@require_POST
@requires(Action.LEAD_VERIFY)
def check(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Write down one step of the verification."""
    form = CheckForm(request.POST, methods=_methods())
    return _step(request, lead_id, actions.add_lead_check, "check", form, _("Written down."))


@require_POST
@requires(Action.LEAD_VERIFY)
def outcome(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Propose how the lead ends."""
    form = OutcomeForm(request.POST)
    said = _("Proposed. The other handler confirms it, or sends it back.")
    return _step(request, lead_id, actions.propose_lead_outcome, "outcome", form, said)


@require_POST
@requires(Action.LEAD_VERIFY)
def confirm(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Confirm the proposed outcome."""
    return _step(
        request, lead_id, actions.confirm_lead_outcome, "confirm", forms.Form({}), _("Confirmed.")
    )


@require_POST
@requires(Action.LEAD_VERIFY)
def send_back(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Send the lead back to be verified further."""
    form = ReasonForm(request.POST)
    return _step(request, lead_id, actions.return_lead, "return", form, _("Sent back."))


@require_POST
@requires(Action.LEAD_REOPEN)
def reopen(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Take up again a lead that has ended."""
    form = ReasonForm(request.POST)
    return _step(request, lead_id, actions.reopen_lead, "reopen", form, _("Reopened."))


def _step(
    request: SignedInRequest,
    lead_id: UUID,
    action: Callable[..., Any],
    name: str,
    form: forms.Form,
    said: str,
) -> HttpResponse:
    get_object_or_404(Lead.objects.visible_to(request.user), pk=lead_id)
    if form.is_valid():
        try:
            action(lead_id=lead_id, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, said)
            return redirect("leads:lead", lead_id)
    return _shown(request, lead_id, **{name: form})


def _shown(request: SignedInRequest, lead_id: UUID, **given: forms.Form) -> HttpResponse:
    row = get_object_or_404(whole_leads(request.user), pk=lead_id)
    user = request.user
    checks = list(row.checks.all())
    role = team_role_of(user, row.engagement) if row.engagement else None
    context = {
        "lead": row,
        "checks": checks,
        # Papers are a higher feature: they say themselves who may know of them.
        "papers": row.papers.visible_to(user),
        "days": days_in_hand(row),
        "in_hand": is_in_hand(row),
        "assigning": may_assign(user, row, role),
        "verifying": may_verify(user, row),
        "proposing": may_propose_outcome(user, row, Outcome.DROP, len(checks)),
        "confirming": may_confirm(user, row),
        "reopening": may_reopen(user, row),
        "paper_due": row.state == LeadState.PAPER and user.holds(Action.PAPER_WRITE),
        "check_form": given.get("check")
        or CheckForm(initial={"check_id": uuid4()}, methods=_methods()),
        "outcome_form": given.get("outcome") or OutcomeForm(),
        "return_form": given.get("return") or ReasonForm(),
        "reopen_form": given.get("reopen") or ReasonForm(auto_id="reopen-%s"),
        "confirm_form": given.get("confirm"),
    }
    failed = any(form.errors for form in given.values())
    return render(request, "leads/lead.html", context, status=422 if failed else 200)


def _methods() -> Choices:
    return [(code.code, str(code)) for code in method_codes()]
