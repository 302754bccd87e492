"""Registering and comparing data, and answering the hits."""

from tanzhao.screening.actions.comparing import carry_out_comparison
from tanzhao.screening.actions.comparisons import (
    approve_comparison,
    compare_again,
    refuse_comparison,
    request_comparison,
)
from tanzhao.screening.actions.datasets import load_again, receive_data_set
from tanzhao.screening.actions.expiring import delete_expired_rows
from tanzhao.screening.actions.hits import (
    Answer,
    assign_hits,
    confirm_outcome,
    propose_outcome,
    reopen_hit,
    send_outcome_back,
)
from tanzhao.screening.actions.leads import note_lead, take_up_hit
from tanzhao.screening.actions.loading import carry_out_loading
from tanzhao.screening.actions.looking import note_hit_seen, note_hits_exported, unmask_number
from tanzhao.screening.actions.stopping import stop_comparing, stop_loading, stop_trial

__all__ = [
    "Answer",
    "approve_comparison",
    "assign_hits",
    "carry_out_comparison",
    "carry_out_loading",
    "compare_again",
    "confirm_outcome",
    "delete_expired_rows",
    "load_again",
    "note_hit_seen",
    "note_hits_exported",
    "note_lead",
    "propose_outcome",
    "receive_data_set",
    "refuse_comparison",
    "reopen_hit",
    "request_comparison",
    "send_outcome_back",
    "stop_comparing",
    "stop_loading",
    "stop_trial",
    "take_up_hit",
    "unmask_number",
]
