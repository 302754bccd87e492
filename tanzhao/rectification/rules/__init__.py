"""Who may know of which items and likenesses, and who may take which step."""

from tanzhao.rectification.rules.items import (
    may_assess,
    may_claim,
    may_close,
    may_fall_due,
    may_import_ledger,
    may_judge_plan,
    may_plan,
    may_reopen,
    may_report_progress,
    may_rest_on,
    may_verify,
    next_steps,
    visible_items,
)

__all__ = [
    "may_assess",
    "may_claim",
    "may_close",
    "may_fall_due",
    "may_import_ledger",
    "may_judge_plan",
    "may_plan",
    "may_reopen",
    "may_report_progress",
    "may_rest_on",
    "may_verify",
    "next_steps",
    "visible_items",
]
