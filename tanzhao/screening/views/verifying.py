"""One hit: the question, the rows it rests on, and the answer of two people."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.views import file_response
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.actions.hits import (
    confirm_outcome,
    propose_outcome,
    reopen_hit,
    send_outcome_back,
)
from tanzhao.screening.actions.looking import note_hit_seen, unmask_number
from tanzhao.screening.forms import OutcomeForm, ReasonForm, UnmaskForm
from tanzhao.screening.models import Hit
from tanzhao.screening.queries.hits import RuleFigures, current_verification, figures_by_rule
from tanzhao.screening.queries.secrets import latest_rows, secrets_of, sheets_of, why_of
from tanzhao.screening.rulebook import rulebook, table_label, title_of
from tanzhao.screening.rules.hits import (
    may_confirm,
    may_make_lead,
    may_propose,
    may_reopen,
    may_unmask,
)
from tanzhao.screening.states import VerificationState

PAGE = "screening/hit.html"


@require_safe
@requires(Action.HIT_SEE)
def hit(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Show one hit with its rows. The look is recorded."""
    note_hit_seen(hit=_found(request, hit_id), actor=request.user, at=timezone.now())
    return page(request, hit_id)


@require_POST
@requires(Action.HIT_UNMASK)
def unmask(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Show one number in full, this once. Who looked, when and why is recorded."""
    _found(request, hit_id)
    form = UnmaskForm(request.POST)
    if not form.is_valid():
        return page(request, hit_id, _("Choose a number, and say for what it is needed."))
    try:
        place, number = unmask_number(
            hit_id=hit_id, actor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except Refused as refusal:
        return page(request, hit_id, refusal.reason)
    response = page(request, hit_id, unmasked={number: place})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Action.HIT_VERIFY)
def propose(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Propose the outcome of a hit."""
    _found(request, hit_id)
    form = OutcomeForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, hit_id, form=form)
    file = form.cleaned_data["file"]
    try:
        propose_outcome(
            hit_id=hit_id,
            answer=form.answer(),
            file=(file.file, file.name) if file else None,
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return page(request, hit_id, form=form)
    messages.success(request, _("Recorded. A second person of the office confirms it."))
    return redirect("screening:hit", hit_id)


@require_POST
@requires(Action.HIT_CONFIRM)
def confirm(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Confirm what somebody else proposed."""
    return _step(request, hit_id, partial(confirm_outcome, hit_id=hit_id))


@require_POST
@requires(Action.HIT_CONFIRM)
def send_back(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Send a proposed outcome back, with what is missing."""
    return _with_reason(request, hit_id, send_outcome_back, _("Say what is missing."))


@require_POST
@requires(Action.HIT_CONFIRM)
def reopen(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Ask the question of a verified hit once more."""
    return _with_reason(request, hit_id, reopen_hit, _("Say why it is reopened."))


@require_safe
@requires(Action.HIT_SEE)
def evidence_file(
    request: SignedInRequest, hit_id: UUID, verification_id: UUID
) -> HttpResponseBase:
    """Send the file of the evidence behind an answer. The look is recorded with the hit."""
    found = _found(request, hit_id)
    answers = found.verifications.filter(evidence_file__isnull=False)
    answer = get_object_or_404(answers.select_related("evidence_file"), pk=verification_id)
    note_hit_seen(hit=found, actor=request.user, at=timezone.now())
    assert answer.evidence_file is not None  # noqa: S101  filtered above
    return file_response(answer.evidence_file)


def _with_reason(
    request: SignedInRequest, hit_id: UUID, step: Callable[..., object], missing: str
) -> HttpResponse:
    _found(request, hit_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return page(request, hit_id, missing)
    return _step(request, hit_id, partial(step, hit_id=hit_id, reason=form.cleaned_data["reason"]))


def _step(request: SignedInRequest, hit_id: UUID, step: Callable[..., object]) -> HttpResponse:
    _found(request, hit_id)
    try:
        step(actor=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, hit_id, refusal.reason)
    return redirect("screening:hit", hit_id)


def page(
    request: SignedInRequest,
    hit_id: UUID,
    refusal: str = "",
    *,
    form: OutcomeForm | None = None,
    unmasked: dict[str, str] | None = None,
) -> HttpResponse:
    """Give the page of a hit that the reader may know of.

    Args:
        refusal: why a step was not taken. form: as it was filled in, with its errors.
        unmasked: numbers that are shown in full on this one page.
    """
    found, user = _found(request, hit_id), request.user
    rows = latest_rows(found)
    secrets = secrets_of(found, rows)
    current = current_verification(found)
    rule = rulebook().get(found.rule)
    shown = form or OutcomeForm(initial={"verifier": str(user), "verified_on": today()})
    answers = found.verifications.select_related("proposed_by", "decided_by", "reopened_by")
    context: dict[str, Any] = {
        "hit": found,
        "rule": rule,
        "title": title_of(found.rule),
        "why": why_of(found, secrets),
        "figures": figures_by_rule(user).get(found.rule, RuleFigures()),
        "sheets": [(one, table_label(one.table)) for one in sheets_of(rows, unmasked or {})],
        "rows_kept": len(rows),
        "rows_there": rows[0].sighting.evidence_rows if rows else 0,
        "rows_deleted": bool(rows) and not any(row.headings for row in rows),
        "secrets": secrets,
        "unmasked": [(one.label, one.value) for one in secrets if one.value in (unmasked or {})],
        "unmasking": bool(secrets) and may_unmask(user),
        "current": current,
        "answers": [one for one in answers if current is None or one.pk != current.pk],
        "proposing": may_propose(user, found),
        "confirming": may_confirm(user, current),
        "is_waiting": current is not None and current.state == VerificationState.PROPOSED,
        "reopening": may_reopen(user, found),
        "leading": may_make_lead(user, found),
        "form": shown,
        "amounts": [shown[name] for name in ("to_recover", "recovered", "stopped")],
        "sees_comparison": user.holds(Action.COMPARISON_SEE),
        "refusal": refusal,
    }
    return render(request, PAGE, context, status=422 if refusal or form else 200)


def _found(request: SignedInRequest, hit_id: UUID) -> Hit:
    visible = Hit.objects.visible_to(request.user)
    rows = visible.select_related(
        "unit",
        "latest__decided_by",
        "engagement__unit",
        "engagement__team__round__term",
        "assigned_by",
    )
    return get_object_or_404(rows, pk=hit_id)
