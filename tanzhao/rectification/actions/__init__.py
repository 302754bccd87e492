"""Every change to rectification items, by the stage of their life."""

from tanzhao.rectification.actions.feedback import issue_feedback_and_open_items
from tanzhao.rectification.actions.importing import LedgerRow, take_ledger_rows
from tanzhao.rectification.actions.looking import note_file_seen, note_register_exported
from tanzhao.rectification.actions.planning import accept_plan, plan_item, return_plan
from tanzhao.rectification.actions.rounds import assess_round
from tanzhao.rectification.actions.verifying import (
    close_item,
    reopen_item,
    return_item,
    verify_item,
)
from tanzhao.rectification.actions.working import claim_done, report_progress

__all__ = [
    "LedgerRow",
    "accept_plan",
    "assess_round",
    "claim_done",
    "close_item",
    "issue_feedback_and_open_items",
    "note_file_seen",
    "note_register_exported",
    "plan_item",
    "reopen_item",
    "report_progress",
    "return_item",
    "return_plan",
    "take_ledger_rows",
    "verify_item",
]
