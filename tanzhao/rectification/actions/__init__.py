"""Every change to rectification items, by the stage of their life."""

from tanzhao.rectification.actions.feedback import issue_feedback_and_open_items
from tanzhao.rectification.actions.importing import LedgerRow, take_ledger_rows
from tanzhao.rectification.actions.likeness import (
    answer_likeness,
    ask_keeper,
    note_common_seen,
    note_likeness_seen,
    note_likenesses_exported,
    reply_for_keeper,
)
from tanzhao.rectification.actions.looking import note_file_seen, note_register_exported
from tanzhao.rectification.actions.planning import accept_plan, plan_item, return_plan
from tanzhao.rectification.actions.rounds import assess_round
from tanzhao.rectification.actions.scanning import scan_round, stop_scan
from tanzhao.rectification.actions.verifying import (
    close_item,
    reopen_item,
    return_item,
    verify_item,
)
from tanzhao.rectification.actions.wordings import keep_wording, retire_wording
from tanzhao.rectification.actions.working import claim_done, report_progress

__all__ = [
    "LedgerRow",
    "accept_plan",
    "answer_likeness",
    "ask_keeper",
    "assess_round",
    "claim_done",
    "close_item",
    "issue_feedback_and_open_items",
    "keep_wording",
    "note_common_seen",
    "note_file_seen",
    "note_likeness_seen",
    "note_likenesses_exported",
    "note_register_exported",
    "plan_item",
    "reopen_item",
    "reply_for_keeper",
    "report_progress",
    "retire_wording",
    "return_item",
    "return_plan",
    "scan_round",
    "stop_scan",
    "take_ledger_rows",
    "verify_item",
]
