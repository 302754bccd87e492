"""One item and its steps, its files, and the page on which a contact plans many items."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.views import file_response
from tanzhao.findings.models import Feedback
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification import actions
from tanzhao.rectification import forms as item_forms
from tanzhao.rectification.models import RectificationItem, StepFile
from tanzhao.rectification.queries import (
    items_to_plan,
    mark,
    plan_returned_for,
    same_files,
    timeline,
)
from tanzhao.rectification.queries.common_passages import common_at
from tanzhao.rectification.queries.likeness import questions_at, writings_apart
from tanzhao.rectification.rules import may_plan, next_steps
from tanzhao.rectification.states import HANDED_UP

PAGE = "rectification/item.html"
PLAN_PAGE = "rectification/plan.html"


class Way(NamedTuple):
    """How a step is offered: its form, its address, its heading, the word on its button."""

    form: type[forms.Form]
    url_name: str
    heading: Any
    button: Any


WAYS = {
    "plan": Way(item_forms.PlanForm, "plan_item", _("Plan"), _("Hand in the plan")),
    "accept_plan": Way(
        item_forms.AcceptForm, "accept_plan", _("Look the plan over"), _("Accept the plan")
    ),
    "return_plan": Way(
        item_forms.ReturnForm, "return_plan", _("Return the plan"), _("Return the plan")
    ),
    "report_progress": Way(
        item_forms.ProgressForm, "report_progress", _("Report progress"), _("Report progress")
    ),
    "claim": Way(item_forms.ClaimForm, "claim", _("Claim completion"), _("Claim completion")),
    "verify": Way(item_forms.VerifyForm, "verify", _("Verify"), _("Record the verification")),
    "close": Way(item_forms.CloseForm, "close", _("Close the item"), _("Close the item")),
    "return_item": Way(
        item_forms.ReturnForm, "return_item", _("Return instead of closing"), _("Return")
    ),
    "reopen": Way(item_forms.ReopenForm, "reopen", _("Reopen"), _("Reopen")),
}


@require_safe
@requires(Action.ITEM_SEE)
def item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Show one item: the finding, the plan, what was done so far, and what comes next."""
    return _show(request, _item(request.user, item_id))


@require_safe
@requires(Action.ITEM_SEE)
def file(request: SignedInRequest, file_id: UUID) -> FileResponse:
    """Send a file of evidence; the look is recorded."""
    try:
        found = actions.note_file_seen(file_id=file_id, actor=request.user, at=timezone.now())
    except StepFile.DoesNotExist as missing:
        raise Http404 from missing
    return file_response(found.file, inline=True)


@require_safe
@requires(Action.ITEM_PLAN)
def plan(request: SignedInRequest) -> HttpResponse:
    """Show a unit's contact every item that wants a plan, each with its own form."""
    return _show_plans(request)


@require_POST
@requires(Action.ITEM_PLAN)
def plan_item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Hand in the plan of one item, from its own page or from the page of many."""
    if "many" not in request.POST:
        return _take(request, item_id, "plan", actions.plan_item)
    found = _item(request.user, item_id)
    form = _plan_form(found, request.POST)
    if _done(request, form, found, actions.plan_item):
        if not request.htmx:
            return redirect("rectification:plan")
        found.refresh_from_db()
    if request.htmx:
        entry = _entry(request.user, found, form)
        status = 422 if form.errors else 200
        return render(request, f"{PLAN_PAGE}#plan-card", {"entry": entry}, status=status)
    return _show_plans(request, {found.pk: form})


@require_POST
@requires(Action.ITEM_ACCEPT_PLAN)
def accept_plan(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Accept the plan of one item."""
    return _take(request, item_id, "accept_plan", actions.accept_plan)


@require_POST
@requires(Action.ITEM_ACCEPT_PLAN)
def return_plan(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Return the plan of one item."""
    return _take(request, item_id, "return_plan", actions.return_plan)


@require_POST
@requires(Action.ITEM_PROGRESS)
def report_progress(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Report progress of one item."""
    return _take(request, item_id, "report_progress", actions.report_progress)


@require_POST
@requires(Action.ITEM_CLAIM)
def claim(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Claim that one item is done."""
    return _take(request, item_id, "claim", actions.claim_done)


@require_POST
@requires(Action.ITEM_VERIFY)
def verify(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Record what was found at one item."""
    return _take(request, item_id, "verify", actions.verify_item)


@require_POST
@requires(Action.ITEM_CLOSE)
def close(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Close one item."""
    return _take(request, item_id, "close", actions.close_item)


@require_POST
@requires(Action.ITEM_CLOSE)
def return_item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Return one item instead of closing it."""
    return _take(request, item_id, "return_item", actions.return_item)


@require_POST
@requires(Action.ITEM_REOPEN)
def reopen(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Reopen one item."""
    return _take(request, item_id, "reopen", actions.reopen_item)


def _item(user: User, item_id: UUID) -> RectificationItem:
    visible = RectificationItem.objects.visible_to(user)
    whole = visible.select_related("finding", "unit")
    return get_object_or_404(whole, pk=item_id)


def _take(
    request: SignedInRequest, item_id: UUID, name: str, step: Callable[..., RectificationItem]
) -> HttpResponse:
    """Take one step with an item, and show the item again with the form's errors if it failed."""
    found = _item(request.user, item_id)
    form = _form(name, request.POST, request.FILES)
    if _done(request, form, found, step):
        return redirect("rectification:item", item_id)
    return _show(request, found, {name: form})


def _done(
    request: SignedInRequest,
    form: forms.Form,
    found: RectificationItem,
    step: Callable[..., RectificationItem],
) -> bool:
    if not form.is_valid():
        return False
    try:
        step(item_id=found.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return False
    return True


def _show(
    request: SignedInRequest,
    found: RectificationItem,
    filled: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    filled = filled or {}
    steps: list[dict[str, Any]] = [
        {
            "name": name,
            "verdict": verdict,
            "form": filled.pop(name, None) or _form(name, initial=_initial(name, found)),
            "way": WAYS[name],
            "address": reverse(f"rectification:{WAYS[name].url_name}", args=[found.pk]),
        }
        for name, verdict in next_steps(request.user, found)
    ]
    judging = found.state in HANDED_UP and request.user.holds(Action.ITEM_VERIFY)
    questions = questions_at(found, request.user)
    apart = writings_apart(found, request.user)
    context = {
        "item": found,
        "mark": mark(found, today()),
        "next": steps,
        # A step that was another's turn by the time it was sent: its form is not shown any more.
        "too_late": list(filled.values()),
        "timeline": timeline(found),
        "same_files": same_files(found, request.user) if judging else [],
        "questions": questions,
        "unanswered": [one for one in questions if one.waits],
        "commons": common_at(found, request.user),
        "apart": apart,
        # What a decision must not overlook: this was laid beside nothing.
        "hiding": [one for one in apart if one.hidden],
        "feedback": _feedback_of(found, request.user),
        "sees_finding": request.user.holds(Action.FINDING_SEE),
    }
    failed = any(step["form"].errors for step in steps) or bool(filled)
    return render(request, PAGE, context, status=422 if failed else 200)


def _form(name: str, data: Any = None, files: Any = None, **values: Any) -> forms.Form:
    # Two steps stand on one page with the same fields: each field's id carries its step's name.
    return WAYS[name].form(data, files, auto_id=f"{name}_%s", **values)


def _feedback_of(found: RectificationItem, user: User) -> Feedback | None:
    visible = Feedback.objects.visible_to(user)
    return visible.filter(engagement=found.finding.engagement_id).first()


def _initial(name: str, found: RectificationItem) -> dict[str, Any]:
    if name != "plan":
        return {}
    names = ("measure", "owner_name", "due_date")
    return {name: getattr(found, name) for name in names}


def _plan_form(found: RectificationItem, data: Any = None) -> item_forms.PlanForm:
    # Many forms on one page: each field's id carries the item's.
    initial = _initial("plan", found)
    return item_forms.PlanForm(data, initial=initial, auto_id=f"id_{found.pk}_%s")


def _entry(user: User, found: RectificationItem, form: forms.Form) -> dict[str, Any]:
    return {
        "item": found,
        "form": form,
        "verdict": may_plan(user, found),
        "returned": plan_returned_for([found]).get(found.pk),
    }


def _show_plans(
    request: SignedInRequest, filled: dict[UUID, forms.Form] | None = None
) -> HttpResponse:
    filled = filled or {}
    found = items_to_plan(request.user)
    returned = plan_returned_for(found)
    entries = [
        {
            "item": one,
            "form": filled.get(one.pk) or _plan_form(one),
            "verdict": may_plan(request.user, one),
            "returned": returned.get(one.pk),
        }
        for one in found
    ]
    failed = any(form.errors for form in filled.values())
    return render(request, PLAN_PAGE, {"entries": entries}, status=422 if failed else 200)
