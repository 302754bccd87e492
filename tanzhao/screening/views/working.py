"""Pages of something that is worked on in the background: a data set, a comparison, a rule."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh

from tanzhao.access.http import SignedInRequest
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.kernel.verdict import Refused, Verdict
from tanzhao.screening.rules.datasets import is_running


def step_taken(
    request: SignedInRequest,
    step: Callable[..., object],
    *,
    address: str,
    refused: Callable[[str], HttpResponse],
    said: str = "",
) -> HttpResponse:
    """Take a step and go back to the page at `address`, or show it with why it was refused.

    Args:
        step: takes the actor and the time. said: what the page then says of it.
    """
    try:
        step(actor=request.user, at=timezone.now())
    except Refused as refusal:
        return refused(refusal.reason)
    if said:
        messages.success(request, said)
    return redirect(address)


def page_of_work(
    request: SignedInRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    run: Run | None,
    stopping: Verdict,
    refusal: str,
    rest: Callable[[], Mapping[str, Any]],
) -> HttpResponse:
    """Show a page, or, as it asks while its run goes on, the part that says how far that is.

    Args:
        context: what both want. rest: gives what only the whole page wants.
        stopping: whether this reader may stop the run.
    """
    running = is_running(run)
    if request.htmx and not running:
        return HttpResponseClientRefresh()
    status = 422 if refusal else 200
    of_work = {
        "run": run,
        "running": running,
        "failed": run is not None and run.state == RunState.FAILED,
        "stopping": stopping,
        "refusal": refusal,
    }
    if request.htmx:
        part = {**context, **of_work}
        return render(request, f"{template}#progress", part, status=status)
    return render(request, template, {**context, **of_work, **rest()}, status=status)
