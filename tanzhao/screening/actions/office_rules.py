"""Writing rules of the office's own: begun, saved, proposed, approved by another, taken out."""

import difflib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import GRANTS, Action
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.locking import locked
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import Refused, require
from tanzhao.notices.actions import tell
from tanzhao.notices.states import NoticeKind
from tanzhao.screening.linting import findings_in
from tanzhao.screening.models import OfficeRule
from tanzhao.screening.rulebook import rulebook
from tanzhao.screening.rules.office_rules import (
    may_approve_rule,
    may_change_rule,
    may_propose_rule,
    may_withdraw_rule,
    may_write_rule,
)
from tanzhao.screening.states import OfficeRuleState

UNDER_WAY = (OfficeRuleState.DRAFT, OfficeRuleState.PROPOSED)


@transaction.atomic
def begin_rule(
    *, name: str, sheet: Mapping[str, Any], sql: str, evidence_sql: str, actor: User, at: datetime
) -> OfficeRule:
    """Begin a version of a rule, new or known. If one is being written, give that one.

    Raises: Refused.
    """
    require(may_write_rule(actor))
    take_turns("screening.rules")
    begun = OfficeRule.objects.filter(name=name, state__in=UNDER_WAY).first()
    if begun is not None:
        return begun
    rule = OfficeRule.objects.create(
        name=name,
        version=_next_version(name, at),
        sheet=dict(sheet),
        sql=sql,
        evidence_sql=evidence_sql,
        made_by=actor,
        changed_at=at,
    )
    _record(Verb.RULE_BEGUN, rule, actor, at)
    return rule


@transaction.atomic
def save_rule(
    *,
    rule_id: UUID,
    sheet: Mapping[str, Any],
    sql: str,
    evidence_sql: str,
    note: str,
    actor: User,
    at: datetime,
) -> OfficeRule:
    """Save what was written into a draft. A trial of another wording counts no more.

    Raises: OfficeRule.DoesNotExist, Refused.
    """
    rule = _locked(rule_id, actor)
    require(may_change_rule(actor, rule))
    before = (rule.sheet, rule.sql, rule.evidence_sql)
    if before == (dict(sheet), sql, evidence_sql) and rule.note == note:
        return rule
    if before != (dict(sheet), sql, evidence_sql):
        rule.trial, rule.trial_on = {}, None
    changed = _changed_lines(rule.sql, sql)
    rule.sheet, rule.sql, rule.evidence_sql, rule.note = dict(sheet), sql, evidence_sql, note
    rule.changed_at = at
    rule.save()
    _record(Verb.RULE_CHANGED, rule, actor, at, lines=changed)
    return rule


@transaction.atomic
def propose_rule(*, rule_id: UUID, actor: User, at: datetime) -> OfficeRule:
    """Put a draft before an approver.

    Raises: OfficeRule.DoesNotExist, Refused: it is not portable, or this wording was not tried.
    """
    rule = _locked(rule_id, actor)
    require(may_propose_rule(actor, rule, findings_in(rule)))
    rule.state, rule.returned_reason = OfficeRuleState.PROPOSED, ""
    rule.save()
    _record(Verb.RULE_PROPOSED, rule, actor, at)
    tell(
        to=User.objects.filter(role__in=GRANTS[Action.RULE_APPROVE], is_active=True).exclude(
            pk=actor.pk
        ),
        kind=NoticeKind.RULE_PROPOSED,
        values={"person": str(actor), "rule": str(rule)},
        address=reverse("screening:office_rule", args=[rule.pk]),
        key=f"rule-proposed-{rule.pk}-{at.isoformat()}",
        at=at,
    )
    return rule


@transaction.atomic
def approve_rule(*, rule_id: UUID, actor: User, at: datetime) -> OfficeRule:
    """Take a proposed version into use. The version of ours that was in use is replaced.

    Raises: OfficeRule.DoesNotExist, Refused.
    """
    rule = _locked(rule_id, actor)
    require(may_approve_rule(actor, rule))
    former = OfficeRule.objects.filter(name=rule.name, state=OfficeRuleState.IN_USE)
    former.update(state=OfficeRuleState.REPLACED)
    rule.state = OfficeRuleState.IN_USE
    rule.approved_by, rule.approved_at = actor, at
    rule.save()
    _record(Verb.RULE_APPROVED, rule, actor, at)
    return rule


@transaction.atomic
def return_rule(*, rule_id: UUID, reason: str, actor: User, at: datetime) -> OfficeRule:
    """Give a proposed version back to who wrote it.

    Raises: OfficeRule.DoesNotExist, Refused.
    """
    rule = _locked(rule_id, actor)
    require(may_approve_rule(actor, rule))
    rule.state, rule.returned_reason = OfficeRuleState.DRAFT, reason
    rule.save()
    _record(Verb.RULE_RETURNED, rule, actor, at, reason=reason)
    return rule


@transaction.atomic
def withdraw_rule(*, rule_id: UUID, reason: str, actor: User, at: datetime) -> OfficeRule:
    """Take a version out of use. The shipped rule of that name, if there is one, applies again.

    Raises: OfficeRule.DoesNotExist, Refused.
    """
    rule = _locked(rule_id, actor)
    require(may_withdraw_rule(actor, rule))
    rule.state = OfficeRuleState.WITHDRAWN
    rule.save()
    _record(Verb.RULE_WITHDRAWN, rule, actor, at, reason=reason)
    return rule


@transaction.atomic
def discard_rule(*, rule_id: UUID, actor: User, at: datetime) -> None:
    """Throw a draft away that was never in use.

    Raises: OfficeRule.DoesNotExist, Refused.
    """
    rule = _locked(rule_id, actor)
    require(may_change_rule(actor, rule))
    _record(Verb.RULE_DISCARDED, rule, actor, at)
    rule.delete()


def _locked(rule_id: UUID, actor: User) -> OfficeRule:
    return locked(OfficeRule.objects.visible_to(actor).select_related("made_by"), rule_id)


def _next_version(name: str, at: datetime) -> str:
    """Give the first version of this year that neither the packs nor we ever had."""
    year = timezone.localdate(at).year
    known = set(OfficeRule.objects.filter(name=name).values_list("version", flat=True))
    if shipped := rulebook().get(name):
        known.add(shipped.version)
    newest = max(known, key=_as_numbers, default=f"{year}.0")
    first, second = _as_numbers(newest)
    return f"{year}.1" if first < year else f"{first}.{second + 1}"


def _as_numbers(version: str) -> tuple[int, int]:
    first, _dot, second = version.partition(".")
    if not (first.isdecimal() and second.isdecimal()):
        raise Refused(_("The version %(version)s cannot be counted on.") % {"version": version})
    return int(first), int(second)


def _changed_lines(before: str, after: str) -> int:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in lines)


def _record(verb: Verb, rule: OfficeRule, actor: User, at: datetime, **details: Any) -> None:
    record(
        verb=verb,
        actor=actor,
        target=rule,
        at=at,
        rule=rule.name,
        version=rule.version,
        **details,
    )
