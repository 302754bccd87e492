"""What people do with a likeness: read both, answer it, ask a keeper, and reply for one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import GRANTS, Action
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require
from tanzhao.notices.actions import tell
from tanzhao.notices.states import NoticeKind
from tanzhao.rectification.actions.stepping import note_in_trail
from tanzhao.rectification.models import (
    CommonPassage,
    Inquiry,
    Likeness,
    LikenessAnswer,
    RectificationItem,
)
from tanzhao.rectification.queries.likeness import sees_both, with_both
from tanzhao.rectification.rules.likeness import may_answer, may_ask, may_reply
from tanzhao.rectification.states import LikenessOutcome


@transaction.atomic
def answer_likeness(
    *,
    likeness_id: UUID,
    outcome: LikenessOutcome,
    reason: str,
    actor: User,
    at: datetime,
    key: UUID | None = None,
) -> Likeness:
    """Say what a likeness is, with the reason. Answering anew keeps what was said before.

    Args:
        key: given by the form, so that a form sent twice answers once.
    Raises: Likeness.DoesNotExist, Refused.
    """
    likeness = _locked(likeness_id, actor)
    require(may_answer(actor, likeness, sees_both=sees_both(actor, likeness)))
    if not reason.strip():
        raise Refused(_("Say what you looked at, and why this answer."))
    answer = LikenessAnswer(
        likeness=likeness, outcome=outcome, reason=reason.strip(), by=actor, at=at
    )
    if key is not None:
        if LikenessAnswer.objects.filter(pk=key).exists():
            return likeness
        answer.pk = key
    answer.save(force_insert=True)
    likeness.answer, likeness.answered_by, likeness.answered_at = outcome, actor, at
    likeness.save(update_fields=["answer", "answered_by", "answered_at"])
    note_in_trail(
        Verb.LIKENESS_ANSWERED, _item(likeness), actor=actor, at=at,
        likeness=str(likeness.pk), answer=LikenessOutcome(outcome).value, reason=answer.reason,
    )  # fmt: skip
    return likeness


@transaction.atomic
def ask_keeper(
    *, likeness_id: UUID, question: str, actor: User, at: datetime, key: UUID | None = None
) -> Inquiry:
    """Ask those who may read both documents about the one that is not open to the actor.

    Args:
        key: given by the form, so that a form sent twice asks once.
    Raises: Likeness.DoesNotExist, Refused.
    """
    likeness = _locked(likeness_id, actor)
    asked = Inquiry.objects.filter(likeness=likeness, asked_by=actor)
    if key is not None and (known := asked.filter(pk=key).first()) is not None:
        return known
    waiting = asked.filter(replied_at__isnull=True).exists()
    require(may_ask(actor, sees_both=sees_both(actor, likeness), is_waiting=waiting))
    if not question.strip():
        raise Refused(_("Write down what you want to know."))
    inquiry = Inquiry(likeness=likeness, question=question.strip(), asked_by=actor, asked_at=at)
    if key is not None:
        inquiry.pk = key
    inquiry.save(force_insert=True)
    note_in_trail(
        Verb.LIKENESS_ASKED, _item(likeness), actor=actor, at=at,
        likeness=str(likeness.pk), question=inquiry.question,
    )  # fmt: skip
    keepers = User.objects.filter(role__in=GRANTS[Action.LIKENESS_REPLY], is_active=True)
    tell(
        to=[one for one in keepers.exclude(pk=actor.pk) if sees_both(one, likeness)],
        kind=NoticeKind.LIKENESS_ASKED,
        values={"person": str(actor), "question": inquiry.question},
        address=_address(likeness),
        key=f"likeness-asked-{inquiry.pk}",
        at=at,
    )
    return inquiry


@transaction.atomic
def reply_for_keeper(*, inquiry_id: UUID, reply: str, actor: User, at: datetime) -> Inquiry:
    """Tell somebody who may read only one of two documents what they need to know of the other.

    Raises: Inquiry.DoesNotExist, Refused.
    """
    visible = Inquiry.objects.visible_to(actor)
    inquiry = locked(
        visible.select_related("asked_by", "likeness__later__item__finding"), inquiry_id
    )
    likeness = inquiry.likeness
    require(may_reply(actor, inquiry, sees_both=sees_both(actor, likeness)))
    if not reply.strip():
        raise Refused(_("Write down what they may know."))
    inquiry.reply, inquiry.replied_by, inquiry.replied_at = reply.strip(), actor, at
    inquiry.save(update_fields=["reply", "replied_by", "replied_at"])
    note_in_trail(
        Verb.LIKENESS_REPLIED, _item(likeness), actor=actor, at=at,
        likeness=str(likeness.pk), reply=inquiry.reply,
    )  # fmt: skip
    tell(
        to=[inquiry.asked_by],
        kind=NoticeKind.LIKENESS_REPLIED,
        values={"person": str(actor), "reply": inquiry.reply},
        address=_address(likeness),
        key=f"likeness-replied-{inquiry.pk}",
        at=at,
    )
    return inquiry


@transaction.atomic
def note_likeness_seen(*, likeness_id: UUID, actor: User, at: datetime) -> Likeness:
    """Note that the actor looks at two documents side by side, or at the one they may read.

    Raises:
        Likeness.DoesNotExist: there is none, or the actor may not know of it.
    """
    likeness = with_both(Likeness.objects.visible_to(actor)).get(pk=likeness_id)
    note_in_trail(
        Verb.LIKENESS_SEEN, _item(likeness), actor=actor, at=at, likeness=str(likeness.pk)
    )
    return likeness


@transaction.atomic
def note_common_seen(*, common_id: UUID, actor: User, at: datetime) -> CommonPassage:
    """Note that the actor looks at a common passage and those of its holders they may know of.

    Raises:
        CommonPassage.DoesNotExist: there is none, or none of its holders is open to the actor.
    """
    common = CommonPassage.objects.visible_to(actor).get(pk=common_id)
    record(verb=Verb.COMMON_SEEN, actor=actor, target=common, at=at)
    return common


@transaction.atomic
def note_likenesses_exported(*, actor: User, at: datetime, rows: int, filters: str) -> None:
    """Note that the actor took a list of likenesses away as a file."""
    record(
        verb=Verb.LIST_EXPORTED, actor=actor, target=actor, at=at,
        list="likeness", rows=rows, filters=filters,
    )  # fmt: skip


def _locked(likeness_id: UUID, actor: User) -> Likeness:
    return locked(with_both(Likeness.objects.visible_to(actor)), likeness_id)


def _item(likeness: Likeness) -> RectificationItem:
    item = likeness.later.item
    assert item is not None  # noqa: S101  a template is never the later one
    return item


def _address(likeness: Likeness) -> str:
    return reverse("rectification:likeness", args=[likeness.pk])
