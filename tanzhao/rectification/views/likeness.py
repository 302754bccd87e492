"""One likeness: both documents side by side, its answer, and asking a keeper."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.models import FileText
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification import actions
from tanzhao.rectification.forms_likeness import AnswerForm, AskForm, ReplyForm
from tanzhao.rectification.models import CommonPassage, Inquiry, Likeness, Writing
from tanzhao.rectification.queries.common_passages import holders_of
from tanzhao.rectification.queries.likeness import (
    likenesses_of,
    place_of,
    title_beside,
    title_of,
)
from tanzhao.rectification.queries.wordings import hidden_in
from tanzhao.rectification.rules.likeness import may_answer, may_ask, may_reply
from tanzhao.rectification.side_by_side import Piece, changed_spans, lines_of, pieces_of

PAGE = "rectification/likeness.html"
# Beyond this a text is too long for a page; its file can still be opened.
MOST_CHARACTERS = 400_000


class Side(NamedTuple):
    """One document of a likeness as the page shows it. No pieces: its text was deleted. `hidden`:
    what of its file is not in the text, since nobody sees it."""

    writing: Writing
    title: str
    place: str
    pieces: list[Piece]
    share: int
    hidden: str


@require_safe
@requires(Action.LIKENESS_SEE)
def likeness(request: SignedInRequest, likeness_id: UUID) -> HttpResponse:
    """Show a likeness; the look is recorded. Whoever may not read the other document sees only
    that there is one."""
    try:
        actions.note_likeness_seen(likeness_id=likeness_id, actor=request.user, at=timezone.now())
    except Likeness.DoesNotExist as missing:
        raise Http404 from missing
    return _page(request, likeness_id)


@require_POST
@requires(Action.LIKENESS_ANSWER)
def answer(request: SignedInRequest, likeness_id: UUID) -> HttpResponse:
    """Answer a likeness, or answer it anew."""
    form = AnswerForm(request.POST)
    return _step(request, likeness_id, form, actions.answer_likeness, "answer")


@require_POST
@requires(Action.LIKENESS_SEE)
def ask(request: SignedInRequest, likeness_id: UUID) -> HttpResponse:
    """Ask the keeper of the document that is not open to the reader."""
    return _step(request, likeness_id, AskForm(request.POST), actions.ask_keeper, "ask")


@require_POST
@requires(Action.LIKENESS_REPLY)
def reply(request: SignedInRequest, inquiry_id: UUID) -> HttpResponse:
    """Reply to somebody who may read only one of the two documents."""
    inquiry = get_object_or_404(Inquiry.objects.visible_to(request.user), pk=inquiry_id)
    form = ReplyForm(request.POST, auto_id=f"reply_{inquiry.pk}_%s")
    if form.is_valid():
        try:
            actions.reply_for_keeper(
                inquiry_id=inquiry_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("rectification:likeness", inquiry.likeness_id)
    return _page(request, inquiry.likeness_id, replies={inquiry.pk: form})


@require_safe
@requires(Action.LIKENESS_SEE)
def common(request: SignedInRequest, common_id: UUID) -> HttpResponse:
    """Show a common passage with those of its holders that are open to the reader."""
    try:
        found = actions.note_common_seen(common_id=common_id, actor=request.user, at=timezone.now())
    except CommonPassage.DoesNotExist as missing:
        raise Http404 from missing
    holders = list(holders_of(found, request.user))
    context = {
        "common": found,
        "holders": [(one, title_of(one.writing)) for one in holders],
        "unit_count": len({one.writing.item.unit_id for one in holders if one.writing.item}),
        "may_keep": request.user.holds(Action.WORDING_KEEP),
    }
    return render(request, "rectification/common.html", context)


def _step(
    request: SignedInRequest,
    likeness_id: UUID,
    form: forms.Form,
    step: Callable[..., object],
    name: str,
) -> HttpResponse:
    get_object_or_404(Likeness.objects.visible_to(request.user), pk=likeness_id)
    if form.is_valid():
        try:
            step(
                likeness_id=likeness_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("rectification:likeness", likeness_id)
    return _page(request, likeness_id, {name: form})


def _page(
    request: SignedInRequest,
    likeness_id: UUID,
    filled: Mapping[str, forms.Form] | None = None,
    replies: Mapping[UUID, forms.Form] | None = None,
) -> HttpResponse:
    """Show a likeness. `filled`: forms that were refused, by "answer" or "ask"; `replies` by the
    key of the inquiry."""
    filled = filled or {}
    found = get_object_or_404(likenesses_of(request.user), pk=likeness_id)
    is_open: bool = found.is_open  # type: ignore[attr-defined]  # annotated by the query
    replies = replies or {}
    inquiries = Inquiry.objects.visible_to(request.user).filter(likeness=found)
    inquiries_ = list(inquiries.select_related("asked_by", "replied_by"))
    waiting = any(
        one.asked_by_id == request.user.pk and one.replied_at is None for one in inquiries_
    )
    entries = [
        {
            "inquiry": one,
            "verdict": may_reply(request.user, one, sees_both=is_open),
            "form": replies.get(one.pk) or ReplyForm(auto_id=f"reply_{one.pk}_%s"),
        }
        for one in inquiries_
    ]
    awaits_reply = any(
        one.replied_at is None and may_reply(request.user, one, sees_both=is_open)
        for one in inquiries_
    )
    context: dict[str, Any] = {
        "likeness": found,
        "item": found.later.item,
        "is_open": is_open,
        "title": title_beside(found.later, found.earlier) if is_open else title_of(found.later),
        "answers": found.answers.select_related("by"),
        "answering": may_answer(request.user, found, sees_both=is_open),
        "answer_form": filled.get("answer") or AnswerForm(),
        "asking": may_ask(request.user, sees_both=is_open, is_waiting=waiting),
        "ask_form": filled.get("ask") or AskForm(),
        "inquiries": entries,
        "may_reply": awaits_reply,
        # What is asked and replied is all that a reader of one document has.
        "inquiries_first": awaits_reply or not is_open,
    }
    if is_open:
        context |= _both(found)
    failed = bool(filled or replies)
    return render(request, PAGE, context, status=422 if failed else 200)


def _both(found: Likeness) -> dict[str, Any]:
    """Cut both texts at their passages, for a reader who may read both."""
    later, earlier = found.later, found.earlier
    rows = FileText.objects.filter(sha256__in=[later.sha256, earlier.sha256])
    texts = {row.sha256: row for row in rows.defer("prints")}
    left, right = texts.get(later.sha256), texts.get(earlier.sha256)
    if left is None or right is None or not left.text or not right.text:
        return {"is_erased": True, "sides": [], "other_title": title_beside(earlier, later)}
    ours = [(one[0], one[1]) for one in found.passages]
    theirs = [(one[2], one[3]) for one in found.passages]
    pairs = list(zip(ours, theirs, strict=True))
    changed = [span for a, b in pairs for span in changed_spans(left.text, a, right.text, b)]
    changed_there = sorted(
        span for a, b in pairs for span in changed_spans(right.text, b, left.text, a)
    )
    sides = [
        Side(later, title_of(later), place_of(later),
             pieces_of(left.text[:MOST_CHARACTERS], ours, changed),
             round(found.later_share * 100), hidden_in(left)),
        Side(earlier, title_of(earlier), place_of(earlier),
             pieces_of(right.text[:MOST_CHARACTERS], theirs, changed_there),
             round(found.earlier_share * 100), hidden_in(right)),
    ]  # fmt: skip
    return {
        "sides": sides,
        "other_title": title_beside(earlier, later),
        "lines": lines_of(found.passages, left.text, left.parts, right.parts),
        "was_read_by_eye": "ocr" in {left.how, right.how},
    }
