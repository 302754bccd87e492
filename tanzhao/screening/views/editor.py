"""Writing a rule of the office's own: linted while it is typed, tried, compared, approved."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.states import RunState
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.actions.office_rules import (
    approve_rule,
    begin_rule,
    discard_rule,
    propose_rule,
    return_rule,
    save_rule,
    withdraw_rule,
)
from tanzhao.screening.actions.stopping import stop_trial
from tanzhao.screening.actions.trying import MADE_UP, ask_for_trial
from tanzhao.screening.forms import ReasonForm
from tanzhao.screening.forms_rules import LONGEST, NameForm, RuleForm, initial_of
from tanzhao.screening.linting import findings_in, typed
from tanzhao.screening.linting_words import said_of
from tanzhao.screening.models import OfficeRule
from tanzhao.screening.queries.office_rules import (
    comparisons_to_try_on,
    differences,
    version_before,
    versions_of,
    versions_under_way,
)
from tanzhao.screening.rulebook import known_rule, rulebook
from tanzhao.screening.rules.office_rules import (
    may_approve_rule,
    may_change_rule,
    may_propose_rule,
    may_stop_trial,
    may_withdraw_rule,
)
from tanzhao.screening.views.working import page_of_work, step_taken

EDIT, PAGE = "screening/rule_edit.html", "screening/office_rule.html"
# What a new rule begins with: the columns that every result has.
FIRST_SQL = """SELECT
    person_key,
    sum(amount_cents) AS amount_cents,
    min(paid_date) AS first_date,
    max(paid_date) AS last_date,
    max(person_basis) AS match_basis,
    count(*) AS payments
FROM payments
WHERE person_key IS NOT NULL
GROUP BY person_key
HAVING count(*) > 24
"""
FIRST_EVIDENCE = """SELECT
    hits.person_key,
    'payment' AS role,
    payments.source_key,
    payments.row_number
FROM hits
INNER JOIN payments ON hits.person_key = payments.person_key
"""
FIRST_SHEET: dict[str, Any] = {
    "title_zh": "", "title_en": "", "group": "benefits", "result": "hits", "risk": "medium",
    "tables": ["payments"], "key": ["person_key"], "facts": {"payments": "whole"},
    "thresholds": {}, "why_zh": "", "why_en": "",
    **{f"{name}_{language}": "" for name in ("purpose", "basis", "blind", "verify")
       for language in ("zh", "en")},
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Action.RULE_WRITE)
def begin(request: SignedInRequest) -> HttpResponse:
    """Begin a rule that does not exist yet, or go on with one."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if name in rulebook():
            form.add_error("name", _("There is a rule of this name. Begin a version of it there."))
        else:
            rule = begin_rule(
                name=name,
                sheet=FIRST_SHEET,
                sql=FIRST_SQL,
                evidence_sql=FIRST_EVIDENCE,
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("screening:edit_rule", rule.pk)
    context = {"form": form, "under_way": versions_under_way(request.user)}
    status = 422 if form.errors else 200
    return render(request, "screening/rule_begin.html", context, status=status)


@require_POST
@requires(Action.RULE_WRITE)
def begin_version(request: SignedInRequest, name: str) -> HttpResponse:
    """Begin a version of a rule that is in use."""
    known = rulebook().get(name)
    if known is None:
        raise Http404
    rule = begin_rule(
        name=name,
        sheet=known.body,
        sql=known.sql,
        evidence_sql=known.evidence_sql,
        actor=request.user,
        at=timezone.now(),
    )
    return redirect("screening:office_rule", rule.pk)


@require_http_methods(["GET", "POST"])
@requires(Action.RULE_WRITE)
def edit(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Show a draft as a form, and save what was written."""
    rule = _found(request, rule_id)
    writing = may_change_rule(request.user, rule)
    if not writing:
        return _page(request, rule_id, writing.reason)
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid():
            return _saved(request, rule, form)
    else:
        form = RuleForm(initial=initial_of(rule.sheet, rule.sql, rule.evidence_sql, rule.note))
    form.lint_at(reverse("screening:lint_rule", args=[rule.pk]))
    context = {"rule": rule, "form": form, "findings": _said(rule)}
    return render(request, EDIT, context, status=422 if form.errors else 200)


def _saved(request: SignedInRequest, rule: OfficeRule, form: RuleForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        save_rule(
            rule_id=rule.pk,
            sheet={**form.sheet(), "source": rule.sheet.get("source", "")},
            sql=values["sql"],
            evidence_sql=values["evidence_sql"],
            note=values["note"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, rule.pk, refusal.reason)
    messages.success(request, _("Saved."))
    place = "screening:edit_rule" if "stay" in request.POST else "screening:office_rule"
    return redirect(place, rule.pk)


@require_POST
@requires(Action.RULE_WRITE)
def lint(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Say what is not portable in the SQL that is being typed. Nothing is saved."""
    rule = _found(request, rule_id)
    form = RuleForm(request.POST)
    sql, evidence = (request.POST.get(name, "")[:LONGEST] for name in ("sql", "evidence_sql"))
    findings = _said(typed(rule, form.rough_sheet(), sql, evidence))
    return render(request, f"{EDIT}#findings", {"rule": rule, "findings": findings})


@require_safe
@requires(Action.COMPARISON_SEE)
def office_rule(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Show a version beside the one in use: what differs, and what both give."""
    return _page(request, rule_id)


@require_POST
@requires(Action.RULE_WRITE)
def try_(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Try a draft, on made-up rows or on the data of a comparison."""
    asked = request.POST.get("on", "")
    try:
        comparison_id = UUID(asked) if asked and asked != MADE_UP else None
    except ValueError:
        raise Http404 from None
    known = {one.pk for one in comparisons_to_try_on(request.user)}
    if comparison_id is not None and comparison_id not in known:
        raise Http404
    return _step(request, rule_id, partial(ask_for_trial, comparison_id=comparison_id))


@require_POST
@requires(Action.RULE_WRITE)
def stop(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Stop the trial."""
    return _step(request, rule_id, stop_trial)


@require_POST
@requires(Action.RULE_WRITE)
def propose(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Put a draft before an approver."""
    return _step(request, rule_id, propose_rule, _("Proposed. Somebody else approves it."))


@require_POST
@requires(Action.RULE_APPROVE)
def approve(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Take a version into use."""
    return _step(request, rule_id, approve_rule, _("In use from now on."))


@require_POST
@requires(Action.RULE_APPROVE)
def send_back(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Give a version back to who wrote it."""
    return _with_reason(request, rule_id, return_rule, _("Sent back."))


@require_POST
@requires(Action.RULE_APPROVE)
def withdraw(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Take a version out of use."""
    return _with_reason(request, rule_id, withdraw_rule, _("Taken out of use."))


@require_POST
@requires(Action.RULE_WRITE)
def discard(request: SignedInRequest, rule_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    rule = _found(request, rule_id)
    try:
        discard_rule(rule_id=rule_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, rule_id, refusal.reason)
    messages.success(request, _("The draft was thrown away."))
    in_use = rule.name in rulebook()
    return redirect("screening:rule", rule.name) if in_use else redirect("screening:rules")


def _with_reason(
    request: SignedInRequest, rule_id: UUID, action: Callable[..., object], said: str
) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, rule_id, _("Say why."))
    return _step(request, rule_id, partial(action, reason=form.cleaned_data["reason"]), said)


def _step(
    request: SignedInRequest, rule_id: UUID, action: Callable[..., object], said: str = ""
) -> HttpResponse:
    rule = _found(request, rule_id)
    return step_taken(
        request,
        partial(action, rule_id=rule.pk),
        address=reverse("screening:office_rule", args=[rule.pk]),
        refused=partial(_page, request, rule.pk),
        said=said,
    )


def _page(request: SignedInRequest, rule_id: UUID, refusal: str = "") -> HttpResponse:
    rule = _found(request, rule_id)
    return page_of_work(
        request,
        PAGE,
        {"rule": rule},
        run=rule.run,
        stopping=may_stop_trial(request.user, rule),
        refusal=refusal,
        rest=partial(_rest, request, rule),
    )


def _rest(request: SignedInRequest, rule: OfficeRule) -> dict[str, Any]:
    findings = findings_in(rule)
    before = version_before(rule)
    return {
        "known": known_rule(rule),
        "before": before,
        "differences": [
            ("rule.sql", differences(before.sql if before else "", rule.sql)),
            ("evidence.sql", differences(before.evidence_sql if before else "", rule.evidence_sql)),
        ],
        "findings": [(one, said_of(one)) for one in findings],
        "failed": rule.run is not None and rule.run.state == RunState.FAILED and not rule.trial,
        "writing": may_change_rule(request.user, rule),
        "proposing": may_propose_rule(request.user, rule, findings),
        "approving": may_approve_rule(request.user, rule),
        "withdrawing": may_withdraw_rule(request.user, rule),
        "comparisons": comparisons_to_try_on(request.user),
        "versions": versions_of(request.user, rule.name),
        "reason_form": ReasonForm(),
    }


def _said(rule: OfficeRule) -> list[tuple[object, str]]:
    return [(one, said_of(one)) for one in findings_in(rule)]


def _found(request: SignedInRequest, rule_id: UUID) -> OfficeRule:
    rows = OfficeRule.objects.visible_to(request.user)
    rows = rows.select_related("run__started_by", "made_by", "approved_by", "trial_on")
    return get_object_or_404(rows, pk=rule_id)
