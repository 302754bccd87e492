"""Asking for a comparison, and somebody else's answer."""

import datetime as dt
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import GRANTS, Action
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import start_run
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.inspections.models import Round
from tanzhao.kernel.locking import locked
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import Refused, require
from tanzhao.notices.actions import tell
from tanzhao.notices.states import NoticeKind
from tanzhao.screening import tasks
from tanzhao.screening.models import Comparison, DataSet
from tanzhao.screening.rulebook import rulebook
from tanzhao.screening.rules.comparisons import (
    may_compare,
    may_decide,
    may_request,
    may_run_again,
    may_set,
)
from tanzhao.screening.states import ComparisonState


@transaction.atomic
def request_comparison(
    *,
    purpose: str,
    legal_basis: str,
    data_set_ids: Collection[UUID],
    rules: Mapping[str, Mapping[str, int]],
    expires: dt.date,
    actor: User,
    at: datetime,
    round_: Round | None = None,
    takes_links: bool = False,
    key: UUID | None = None,
) -> Comparison:
    """Ask that rules be run over data sets. Nothing is compared before somebody else approves.

    Args:
        rules: name of each rule to the thresholds that differ from its pack's.
        takes_links: whether rows without a usable number are brought together by other facts.
        key: given by the form, so that a form sent twice asks once.
    Raises: Refused.
    """
    require(may_request(actor))
    if key is not None:
        made = Comparison.objects.visible_to(actor).filter(pk=key).first()
        if made is not None:
            return made
    visible = DataSet.objects.visible_to(actor).select_related("run")
    data_sets = [locked(visible, one) for one in sorted(_known(actor, data_set_ids))]
    known = rulebook()
    chosen = [known[name] for name in known if name in rules]
    if len(chosen) != len(rules) or len(data_sets) != len(set(data_set_ids)):
        raise Refused(_("That could not be read. Choose from the list on this page."))
    require(may_compare(data_sets, chosen, expires=expires, today=timezone.localdate(at)))
    for rule in chosen:
        require(may_set(rule, rules[rule.name]))
    take_turns("screening.comparisons")
    last = Comparison.objects.aggregate(last=Max("number"))["last"] or 0
    comparison = Comparison(
        number=last + 1,
        purpose=purpose.strip(),
        legal_basis=legal_basis.strip(),
        round=round_,
        rules=[
            {
                "name": rule.name,
                "version": rule.version,
                "thresholds": {t.name: t.default for t in rule.thresholds} | dict(rules[rule.name]),
            }
            for rule in chosen
        ],
        takes_links=takes_links,
        expires=expires,
        requested_by=actor,
        requested_at=at,
    )
    if key is not None:
        comparison.pk = key
    comparison.save(force_insert=True)
    comparison.data_sets.set(data_sets)
    record(
        verb=Verb.COMPARISON_REQUESTED,
        actor=actor,
        target=comparison,
        at=at,
        purpose=comparison.purpose,
        legal_basis=comparison.legal_basis,
        data_sets=[one.number for one in data_sets],
        rules=comparison.rules,
        takes_links=takes_links,
        expires=expires.isoformat(),
    )
    tell(
        to=_approvers().exclude(pk=actor.pk),
        kind=NoticeKind.COMPARISON_REQUESTED,
        values={
            "person": str(actor),
            "count": len(data_sets),
            "purpose": comparison.purpose,
        },
        address=_address(comparison),
        key=f"comparison-requested-{comparison.pk}",
        at=at,
    )
    return comparison


@transaction.atomic
def approve_comparison(*, comparison_id: UUID, actor: User, at: datetime) -> Comparison:
    """Approve a comparison that somebody else asked for, and have it made.

    Raises: Comparison.DoesNotExist, Refused.
    """
    comparison = _locked(comparison_id, actor)
    require(may_decide(actor, comparison))
    data_sets = list(comparison.data_sets.select_related("run"))
    known = rulebook()
    chosen = [known[rule["name"]] for rule in comparison.rules if rule["name"] in known]
    today = timezone.localdate(at)
    require(may_compare(data_sets, chosen, expires=comparison.expires, today=today))
    comparison.state = ComparisonState.APPROVED
    comparison.decided_by, comparison.decided_at = actor, at
    comparison.save(update_fields=["state", "decided_by", "decided_at"])
    _note_decision(comparison, actor, at, is_approved=True)
    _ask_for_comparing(comparison, comparison.requested_by, at)
    return comparison


@transaction.atomic
def refuse_comparison(*, comparison_id: UUID, reason: str, actor: User, at: datetime) -> Comparison:
    """Refuse a comparison that somebody else asked for.

    Raises: Comparison.DoesNotExist, Refused.
    """
    comparison = _locked(comparison_id, actor)
    require(may_decide(actor, comparison))
    if not reason.strip():
        raise Refused(_("Say why it is refused."))
    comparison.state = ComparisonState.REFUSED
    comparison.decided_by, comparison.decided_at = actor, at
    comparison.decision_reason = reason.strip()
    comparison.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    _note_decision(comparison, actor, at, is_approved=False)
    return comparison


@transaction.atomic
def compare_again(*, comparison_id: UUID, actor: User, at: datetime) -> Run:
    """Try an approved comparison once more that was stopped or failed.

    Raises: Comparison.DoesNotExist, Refused.
    """
    comparison = _locked(comparison_id, actor)
    require(may_run_again(actor, comparison))
    return _ask_for_comparing(comparison, actor, at)


def _known(actor: User, keys: Collection[UUID]) -> set[UUID]:
    visible = DataSet.objects.visible_to(actor)
    return set(visible.filter(pk__in=list(keys)).values_list("pk", flat=True))


def _locked(comparison_id: UUID, actor: User) -> Comparison:
    visible = Comparison.objects.visible_to(actor).select_related("requested_by", "run")
    return locked(visible, comparison_id)


def _note_decision(comparison: Comparison, actor: User, at: datetime, *, is_approved: bool) -> None:
    reason = comparison.decision_reason
    record(
        verb=Verb.COMPARISON_DECIDED,
        actor=actor,
        target=comparison,
        at=at,
        approved=is_approved,
        reason=reason,
    )
    tell(
        to=[comparison.requested_by],
        kind=NoticeKind.COMPARISON_DECIDED,
        values={
            "person": str(actor),
            "number": comparison.number,
            "is_approved": is_approved,
            "reason": reason,
        },
        address=_address(comparison),
        key=f"comparison-decided-{comparison.pk}",
        at=at,
    )


def _ask_for_comparing(comparison: Comparison, actor: User, at: datetime) -> Run:
    run = start_run(
        kind=RunKind.COMPARISON_RUN,
        actor=actor,
        at=at,
        subject_id=comparison.pk,
        subject_name=str(comparison),
    )
    comparison.run = run
    comparison.save(update_fields=["run"])
    transaction.on_commit(partial(tasks.run_comparison.enqueue, str(run.pk)))
    return run


def _approvers() -> QuerySet[User]:
    return User.objects.filter(role__in=GRANTS[Action.COMPARISON_APPROVE], is_active=True)


def _address(comparison: Comparison) -> str:
    return reverse("screening:comparison", args=[comparison.pk])
