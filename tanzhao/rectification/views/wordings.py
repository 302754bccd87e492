"""Templates and allowed wording that the office keeps: the list, adding, retiring."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification import actions
from tanzhao.rectification.forms_likeness import WordingForm
from tanzhao.rectification.models import CommonPassage, KeptWording
from tanzhao.rectification.queries.wordings import wording_lines, wordings_of_pack
from tanzhao.rectification.rules.likeness import may_retire_wording
from tanzhao.rectification.states import WordingKind
from tanzhao.rectification.views.tabs import tabs

PAGE = "rectification/wordings.html"


@require_safe
@requires(Action.WORDING_KEEP)
def wordings(request: SignedInRequest) -> HttpResponse:
    """List what the office keeps, and what its pack brings."""
    return _page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.WORDING_KEEP)
def add(request: SignedInRequest) -> HttpResponse:
    """Keep a template or allowed wording; the text of a common passage may be its beginning."""
    form = WordingForm(request.POST or None, request.FILES or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.keep_wording(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", refusal.reason)
        else:
            return redirect("rectification:wordings")
    status = 422 if form.errors else 200
    return render(request, "rectification/wording_add.html", {"form": form}, status=status)


@require_POST
@requires(Action.WORDING_KEEP)
def retire(request: SignedInRequest, wording_id: UUID) -> HttpResponse:
    """Take a wording out of use."""
    get_object_or_404(KeptWording.objects.visible_to(request.user), pk=wording_id)
    try:
        actions.retire_wording(wording_id=wording_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, refusal.reason)
    return redirect("rectification:wordings")


def _initial(request: SignedInRequest) -> dict[str, Any]:
    try:
        key = UUID(request.GET.get("common", ""))
    except ValueError:
        return {}
    common = CommonPassage.objects.visible_to(request.user).filter(pk=key).first()
    return {"text": common.text, "kind": WordingKind.ALLOWED} if common else {}


def _page(request: SignedInRequest, refusal: str = "") -> HttpResponse:
    context = {
        "tabs": tabs(request.user, "wordings"),
        "lines": [
            (line, may_retire_wording(request.user, line.wording))
            for line in wording_lines(request.user)
        ],
        "shipped": wordings_of_pack(),
        "refusal": refusal,
    }
    return render(request, PAGE, context, status=422 if refusal else 200)
