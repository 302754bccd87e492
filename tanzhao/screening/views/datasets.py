"""The register of data sets: what was handed over, how it was read, when it goes."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.models import Round
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.verdict import Refused
from tanzhao.screening.actions.datasets import load_again, receive_data_set
from tanzhao.screening.actions.stopping import stop_loading
from tanzhao.screening.forms import DataSetForm
from tanzhao.screening.models import DataSet
from tanzhao.screening.queries.datasets import (
    FAULT_ORDER,
    ORDER,
    data_sets_of,
    faults_in,
    is_used,
)
from tanzhao.screening.rulebook import table_label, tables
from tanzhao.screening.rules.datasets import is_running, may_load, may_stop_loading
from tanzhao.screening.views.tabs import tabs
from tanzhao.screening.views.working import page_of_work, step_taken
from tanzhao.screening.wording import LEFT_OUT, fault_in_words, note_of, problem_of

PAGE = "screening/data_set.html"
# Said of every file already, by the table it was read as.
BY_HEADINGS = "by_headings"


@require_safe
@requires(Action.DATASET_SEE)
def data_sets(request: SignedInRequest) -> HttpResponse:
    """Show the register, the latest first."""
    found = data_sets_of(request.user)
    page = page_of(found, order=ORDER, after=request.GET.get("after", ""))
    lines = [
        (row, [table_label(name) for name in row.tables], is_running(row.run)) for row in page.rows
    ]
    context = {
        "page": page,
        "lines": lines,
        "total": DataSet.objects.visible_to(request.user).count(),
        "tabs": tabs(request.user, "data_sets"),
        "may_add": request.user.holds(Action.DATASET_TAKE),
    }
    return render(request, "screening/data_sets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.DATASET_TAKE)
def add(request: SignedInRequest) -> HttpResponse:
    """Register the files that came under one letter, and have them read."""
    rounds = Round.objects.visible_to(request.user).select_related("term")
    posted = request.method == "POST"
    form = DataSetForm(
        request.POST if posted else None, request.FILES if posted else None, rounds=rounds
    )
    if posted and form.is_valid():
        values = form.cleaned_data
        files = [(one.file, one.name) for one in values.pop("uploads")]
        try:
            made = receive_data_set(
                files=files,
                round_=values.pop("round"),
                actor=request.user,
                at=timezone.now(),
                **values,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("screening:data_set", made.pk)
    context = {"form": form, "tables": _tables()}
    return render(request, "screening/data_set_add.html", context, status=422 if posted else 200)


@require_safe
@requires(Action.DATASET_SEE)
def data_set(request: SignedInRequest, data_set_id: UUID) -> HttpResponse:
    """Show one data set, how far its reading is, and what is doubtful in it."""
    return _page(request, data_set_id)


@require_POST
@requires(Action.DATASET_TAKE)
def load(request: SignedInRequest, data_set_id: UUID) -> HttpResponse:
    """Have the files read once more."""
    return _step(request, data_set_id, partial(load_again, data_set_id=data_set_id))


@require_POST
@requires(Action.DATASET_TAKE)
def stop(request: SignedInRequest, data_set_id: UUID) -> HttpResponse:
    """Stop the reading."""
    return _step(request, data_set_id, partial(stop_loading, data_set_id=data_set_id))


def _step(request: SignedInRequest, data_set_id: UUID, step: Callable[..., object]) -> HttpResponse:
    found = _found(request, data_set_id)
    address = reverse("screening:data_set", args=[found.pk])
    return step_taken(request, step, address=address, refused=partial(_page, request, found.pk))


def _page(request: SignedInRequest, data_set_id: UUID, refusal: str = "") -> HttpResponse:
    found = _found(request, data_set_id)
    return page_of_work(
        request,
        PAGE,
        {"data_set": found},
        run=found.run,
        stopping=may_stop_loading(request.user, found),
        refusal=refusal,
        rest=partial(_rest, request, found),
    )


def _rest(request: SignedInRequest, found: DataSet) -> dict[str, Any]:
    counts = sorted(found.fault_counts.items(), key=lambda pair: (-pair[1], pair[0]))
    asked = request.GET.get("fault", "")[:60].replace("\x00", "")
    faults = faults_in(found, asked)
    page = page_of(faults, order=FAULT_ORDER, after=request.GET.get("after", ""))
    return {
        "files": found.files.select_related("file"),
        "sources": [(one, table_label(one["table"])) for one in found.sources],
        "refused": [_refused(one) for one in found.refused if not one.get("note")],
        "passed_over": [
            (one["file"], note_of(one["code"], one["values"]))
            for one in found.refused
            if one.get("note") and one["code"] != BY_HEADINGS
        ],
        "kinds": [
            (code, fault_in_words(code), count)
            for code, count in counts
            if not code.endswith(LEFT_OUT)
        ],
        "left_out": [
            (fault_in_words(code), count) for code, count in counts if code.endswith(LEFT_OUT)
        ],
        "asked": asked,
        "page": page,
        "lines": [(fault, fault_in_words(fault.fault)) for fault in page.rows],
        "total": faults.count(),
        "kept": faults_in(found).count(),
        "all_faults": sum(count for code, count in counts if not code.endswith(LEFT_OUT)),
        "loading": may_load(request.user, found, is_used=is_used(found)),
        "comparisons": found.comparisons.visible_to(request.user)[:20],
    }


def _refused(one: dict[str, Any]) -> tuple[str, str]:
    return one["file"], problem_of(one["code"], one.get("values", {}))


def _found(request: SignedInRequest, data_set_id: UUID) -> DataSet:
    visible = DataSet.objects.visible_to(request.user)
    rows = visible.select_related("run__started_by", "registered_by", "round__term")
    return get_object_or_404(rows, pk=data_set_id)


def _tables() -> list[str]:
    return [table_label(name) for name in tables()]
