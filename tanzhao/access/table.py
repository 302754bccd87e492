"""The permission table: which role may do what at all. Rows and moments are the rules' business."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    DIRECTOR = "director", _("office director")
    STAFF = "staff", _("office staff")
    INSPECTOR = "inspector", _("inspector")
    CONTACT = "contact", _("unit contact")
    SUPERVISOR = "supervisor", _("rectification supervisor")
    LEADING_GROUP = "leading_group", _("leading group member")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    AUDIT_ADMIN = "audit_admin", _("audit administrator")


class Action(StrEnum):
    WORKBENCH_SEE = "workbench.see"
    PROFILE_CHANGE = "profile.change"
    ACCOUNT_SEE = "account.see"
    ACCOUNT_CHANGE = "account.change"
    TRAIL_SEE = "trail.see"
    RUN_SEE = "run.see"
    UNIT_SEE = "unit.see"
    UNIT_IMPORT = "unit.import"
    NOTICE_SEE = "notice.see"
    INSPECTOR_SEE = "inspector.see"
    INSPECTOR_UNMASK = "inspector.unmask"
    INSPECTOR_IMPORT = "inspector.import"
    RECUSAL_DECLARE = "recusal.declare"
    PLAN_SEE = "plan.see"
    PLAN_MAKE = "plan.make"
    PLAN_APPROVE = "plan.approve"
    ROUND_SEE = "round.see"
    ROUND_PLAN = "round.plan"
    ROUND_APPROVE = "round.approve"
    ROUND_ADVANCE = "round.advance"
    TEAM_COMPOSE = "team.compose"
    WAIVER_REQUEST = "waiver.request"
    WAIVER_DECIDE = "waiver.decide"
    AUTHORISATION_DRAFT = "authorisation.draft"
    AUTHORISATION_APPROVE = "authorisation.approve"
    AUTHORISATION_SEE = "authorisation.see"
    LEAD_SEE = "lead.see"
    LEAD_CAPTURE = "lead.capture"
    LEAD_ASSIGN = "lead.assign"
    LEAD_VERIFY = "lead.verify"
    LEAD_REOPEN = "lead.reopen"
    DATASET_SEE = "dataset.see"
    DATASET_TAKE = "dataset.take"
    COMPARISON_SEE = "comparison.see"
    COMPARISON_REQUEST = "comparison.request"
    COMPARISON_APPROVE = "comparison.approve"
    RULE_WRITE = "rule.write"
    RULE_APPROVE = "rule.approve"
    HIT_SEE = "hit.see"
    HIT_VERIFY = "hit.verify"
    HIT_CONFIRM = "hit.confirm"
    HIT_ASSIGN = "hit.assign"
    HIT_UNMASK = "hit.unmask"
    HIT_EXPORT = "hit.export"
    PAPER_SEE = "paper.see"
    PAPER_WRITE = "paper.write"
    PAPER_REVIEW = "paper.review"
    PAPER_CHECK = "paper.check"
    EVIDENCE_SEE = "evidence.see"
    FINDING_SEE = "finding.see"
    FINDING_MAKE = "finding.make"
    FINDING_EXPORT = "finding.export"
    REPORT_SEE = "report.see"
    REPORT_MAKE = "report.make"
    REPORT_APPROVE = "report.approve"
    FEEDBACK_SEE = "feedback.see"
    FEEDBACK_ISSUE = "feedback.issue"
    LEDGER_IMPORT = "ledger.import"
    ITEM_SEE = "item.see"
    ITEM_PLAN = "item.plan"
    ITEM_ACCEPT_PLAN = "item.accept_plan"
    ITEM_PROGRESS = "item.progress"
    ITEM_CLAIM = "item.claim"
    ITEM_VERIFY = "item.verify"
    ITEM_CLOSE = "item.close"
    ITEM_REOPEN = "item.reopen"
    ITEM_EXPORT = "item.export"
    LIKENESS_SEE = "likeness.see"
    LIKENESS_ANSWER = "likeness.answer"
    LIKENESS_REPLY = "likeness.reply"
    LIKENESS_SCAN = "likeness.scan"
    LIKENESS_EXPORT = "likeness.export"
    WORDING_KEEP = "wording.keep"
    ARCHIVE_SEE = "archive.see"
    ARCHIVE_MAKE = "archive.make"


_EVERYBODY = frozenset(Role)
_OFFICE = frozenset({Role.DIRECTOR, Role.STAFF})
_OFFICE_AND_TEAMS = _OFFICE | {Role.INSPECTOR}
_APPROVERS = frozenset({Role.DIRECTOR, Role.LEADING_GROUP})
_UNIT = frozenset({Role.CONTACT})
_READERS_OF_FINDINGS = _OFFICE_AND_TEAMS | {Role.SUPERVISOR, Role.LEADING_GROUP}

GRANTS: dict[Action, frozenset[Role]] = {
    Action.WORKBENCH_SEE: _EVERYBODY,
    Action.PROFILE_CHANGE: _EVERYBODY,
    Action.ACCOUNT_SEE: frozenset({Role.SYSTEM_ADMIN}),
    Action.ACCOUNT_CHANGE: frozenset({Role.SYSTEM_ADMIN}),
    Action.TRAIL_SEE: frozenset({Role.AUDIT_ADMIN}),
    Action.RUN_SEE: _OFFICE_AND_TEAMS,
    Action.UNIT_SEE: _READERS_OF_FINDINGS,
    Action.UNIT_IMPORT: _OFFICE,
    Action.NOTICE_SEE: _EVERYBODY,
    Action.INSPECTOR_SEE: _OFFICE,
    Action.INSPECTOR_UNMASK: _OFFICE,
    Action.INSPECTOR_IMPORT: _OFFICE,
    Action.RECUSAL_DECLARE: _OFFICE_AND_TEAMS,
    Action.PLAN_SEE: _OFFICE | {Role.LEADING_GROUP},
    Action.PLAN_MAKE: _OFFICE,
    Action.PLAN_APPROVE: _APPROVERS,
    Action.ROUND_SEE: _OFFICE_AND_TEAMS | {Role.LEADING_GROUP},
    Action.ROUND_PLAN: _OFFICE,
    Action.ROUND_APPROVE: _APPROVERS,
    Action.ROUND_ADVANCE: _OFFICE,
    Action.TEAM_COMPOSE: _OFFICE,
    Action.WAIVER_REQUEST: _OFFICE,
    Action.WAIVER_DECIDE: _APPROVERS,
    Action.AUTHORISATION_DRAFT: _OFFICE,
    Action.AUTHORISATION_APPROVE: _APPROVERS,
    Action.AUTHORISATION_SEE: _OFFICE_AND_TEAMS | {Role.LEADING_GROUP},
    Action.LEAD_SEE: _OFFICE_AND_TEAMS,
    Action.LEAD_CAPTURE: _OFFICE_AND_TEAMS,
    Action.LEAD_ASSIGN: _OFFICE_AND_TEAMS,
    Action.LEAD_VERIFY: _OFFICE_AND_TEAMS,
    Action.LEAD_REOPEN: _OFFICE,
    Action.DATASET_SEE: _OFFICE,
    Action.DATASET_TAKE: _OFFICE,
    Action.COMPARISON_SEE: _OFFICE,
    Action.COMPARISON_REQUEST: _OFFICE,
    Action.COMPARISON_APPROVE: frozenset({Role.DIRECTOR}),
    Action.RULE_WRITE: _OFFICE,
    Action.RULE_APPROVE: frozenset({Role.DIRECTOR}),
    Action.HIT_SEE: _OFFICE_AND_TEAMS,
    Action.HIT_VERIFY: _OFFICE_AND_TEAMS,
    Action.HIT_CONFIRM: _OFFICE,
    Action.HIT_ASSIGN: _OFFICE,
    Action.HIT_UNMASK: _OFFICE_AND_TEAMS,
    Action.HIT_EXPORT: _OFFICE,
    Action.PAPER_SEE: _OFFICE_AND_TEAMS,
    Action.PAPER_WRITE: frozenset({Role.INSPECTOR}),
    Action.PAPER_REVIEW: frozenset({Role.INSPECTOR}),
    Action.PAPER_CHECK: _OFFICE,
    Action.EVIDENCE_SEE: _OFFICE_AND_TEAMS,
    Action.FINDING_SEE: _READERS_OF_FINDINGS,
    Action.FINDING_MAKE: frozenset({Role.INSPECTOR}),
    Action.FINDING_EXPORT: _READERS_OF_FINDINGS,
    Action.REPORT_SEE: _OFFICE_AND_TEAMS | {Role.LEADING_GROUP},
    Action.REPORT_MAKE: frozenset({Role.INSPECTOR}),
    Action.REPORT_APPROVE: _APPROVERS,
    Action.FEEDBACK_SEE: _READERS_OF_FINDINGS | _UNIT,
    Action.FEEDBACK_ISSUE: _OFFICE,
    Action.LEDGER_IMPORT: _OFFICE,
    Action.ITEM_SEE: _READERS_OF_FINDINGS | _UNIT,
    Action.ITEM_PLAN: _UNIT,
    Action.ITEM_ACCEPT_PLAN: _OFFICE,
    Action.ITEM_PROGRESS: _UNIT,
    Action.ITEM_CLAIM: _UNIT,
    Action.ITEM_VERIFY: _OFFICE | {Role.SUPERVISOR},
    Action.ITEM_CLOSE: _OFFICE | {Role.SUPERVISOR},
    Action.ITEM_REOPEN: _OFFICE | {Role.SUPERVISOR},
    Action.ITEM_EXPORT: _READERS_OF_FINDINGS | _UNIT,
    Action.LIKENESS_SEE: _OFFICE_AND_TEAMS | {Role.SUPERVISOR},
    Action.LIKENESS_ANSWER: _OFFICE | {Role.SUPERVISOR},
    Action.LIKENESS_REPLY: _OFFICE,
    Action.LIKENESS_SCAN: _OFFICE,
    Action.LIKENESS_EXPORT: _OFFICE,
    Action.WORDING_KEEP: _OFFICE,
    Action.ARCHIVE_SEE: _OFFICE,
    Action.ARCHIVE_MAKE: _OFFICE,
}
