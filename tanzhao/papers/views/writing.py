"""Beginning a paper and writing it, alone or with somebody else at the same time."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.queries import team_role_of
from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.forms import (
    BaseFactFormSet,
    BeginForm,
    PaperForm,
    fact_form_set,
    handler_choices,
    initial_facts,
    initial_of,
    method_choices,
    wording_from,
)
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.queries import (
    METHODS,
    lead_to_write,
    members_of,
    questions,
    revision_wording,
    whole_papers,
    wording_of,
)
from tanzhao.papers.rules import may_begin
from tanzhao.papers.views.differences import rows_of
from tanzhao.papers.views.reading import shown_again
from tanzhao.papers.wording import Wording, merged
from tanzhao.taxonomy.queries import codes_of

PAGE = "papers/edit.html"
LONGEST_COUNT = 4


@require_http_methods(["GET", "POST"])
@requires(Action.PAPER_WRITE)
def begin(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Begin a paper on an engagement."""
    engagements = Engagement.objects.visible_to(request.user)
    engagement = get_object_or_404(
        engagements.select_related("unit", "round__term", "team"), pk=engagement_id
    )
    verdict = may_begin(request.user, engagement, team_role_of(request.user, engagement))
    lead = lead_to_write(request.user, engagement, request.GET.get("lead", ""))
    form = BeginForm(
        request.POST or None,
        initial={
            "paper_id": uuid4(),
            **({"lead_id": lead.pk, "title": lead.title} if lead else {}),
        },
        handlers=handler_choices(list(members_of(engagement)), request.user.inspector_id),
    )
    if request.method == "POST" and form.is_valid():
        try:
            paper = actions.begin_paper(
                engagement_id=engagement_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("papers:edit", paper.pk)
    context = {"engagement": engagement, "form": form, "beginning": verdict, "lead": lead}
    return render(request, "papers/begin.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.PAPER_WRITE)
def edit(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Show a paper as a form, and save what was written."""
    get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    if request.method == "POST":
        return _save(request, paper_id)
    try:
        paper, others = actions.open_for_writing(
            paper_id=paper_id, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return shown_again(request, paper_id, refusal=refusal.reason)
    form, facts = _forms(paper, wording=wording_of(paper))
    context = {"paper": paper, "form": form, "facts": facts, "others": others}
    return render(request, PAGE, context)


@require_POST
@requires(Action.PAPER_WRITE)
def editing(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    """Note that the form is still open, and say who else has it open."""
    paper = get_object_or_404(WorkingPaper.objects.visible_to(request.user), pk=paper_id)
    context: dict[str, Any] = {"paper": paper}
    try:
        context["others"] = actions.note_editing(
            paper_id=paper_id, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        context["presence_refusal"] = refusal.reason
    return render(request, f"{PAGE}#editors", context)


def _save(request: SignedInRequest, paper_id: UUID) -> HttpResponse:
    paper = get_object_or_404(whole_papers(request.user), pk=paper_id)
    if "more" in request.POST:
        form, facts = _forms(paper, data=_with_one_more_row(request.POST))
        return render(request, PAGE, {"paper": paper, "form": form, "facts": facts})
    form, facts = _forms(paper, data=request.POST)
    context: dict[str, Any] = {"paper": paper, "form": form, "facts": facts}
    if not (form.is_valid() and facts.is_valid()):
        return render(request, PAGE, context, status=422)
    version = form.cleaned_data["version"]
    mine = _with_their_choices(request.POST, paper, version, wording_from(form, facts))
    try:
        saved = actions.save_paper(
            paper_id=paper_id,
            actor=request.user,
            at=timezone.now(),
            version=version,
            wording=mine,
        )
    except actions.Outdated as outdated:
        return _both_versions(request, paper_id, mine, version, outdated.reason)
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return render(request, PAGE, context, status=422)
    messages.success(request, _("Saved as version %(version)s.") % {"version": saved.version})
    return redirect("papers:edit" if "stay" in request.POST else "papers:paper", paper_id)


def _both_versions(
    request: SignedInRequest, paper_id: UUID, mine: Wording, version: int, reason: str
) -> HttpResponse:
    """Show what both wrote side by side, put together as far as it can be without asking."""
    paper = get_object_or_404(whole_papers(request.user), pk=paper_id)
    theirs = wording_of(paper)
    wording, differences = merged(revision_wording(paper, version), mine, theirs)
    form, facts = _forms(paper, wording=wording)
    context = {
        "paper": paper,
        "form": form,
        "facts": facts,
        "refusal": reason,
        "differences": rows_of(differences, paper),
    }
    return render(request, PAGE, context, status=422)


def _with_their_choices(
    data: QueryDict, paper: WorkingPaper, version: int, mine: Wording
) -> Wording:
    """Take from the saved version what the person chose there, after looking at both."""
    keys = {
        name.removeprefix("take-")
        for name, value in data.items()
        if name.startswith("take-") and value == "theirs"
    }
    theirs = revision_wording(paper, version) if keys else None
    return merged(None, mine, theirs, frozenset(keys))[0] if theirs else mine


def _with_one_more_row(data: QueryDict) -> QueryDict:
    more = data.copy()
    rows = data.get("facts-TOTAL_FORMS", "")
    count = int(rows) if rows.isascii() and rows.isdigit() and len(rows) < LONGEST_COUNT else 0
    more["facts-TOTAL_FORMS"] = str(count + 1)
    return more


def _forms(
    paper: WorkingPaper, *, data: QueryDict | None = None, wording: Wording | None = None
) -> tuple[PaperForm, BaseFactFormSet]:
    handlers = handler_choices(list(members_of(paper.engagement)))
    methods = method_choices(list(codes_of(METHODS)))
    rows = fact_form_set(spare=1 if wording is None or wording.facts else 2)
    initial = initial_of(wording, paper.version) if wording else None
    form = PaperForm(data, initial=initial, handlers=handlers, questions=questions())
    facts = rows(
        data,
        initial=initial_facts(wording) if wording else None,
        prefix="facts",
        form_kwargs={"methods": methods},
    )
    return form, facts
