"""Storing files and reading their texts, and the steps of a background run."""

from tanzhao.documents.actions.files import erase_content, store_file
from tanzhao.documents.actions.runs import (
    Outcome,
    begin_run,
    cancel_run,
    carry_out,
    carry_out_reading,
    fail_run,
    finish_run,
    note_progress,
    start_run,
    stop_run,
)
from tanzhao.documents.actions.texts import (
    hash_of_text,
    keep_prints,
    keep_typed_text,
    read_texts_of,
)

__all__ = [
    "Outcome",
    "begin_run",
    "cancel_run",
    "carry_out",
    "carry_out_reading",
    "erase_content",
    "fail_run",
    "finish_run",
    "hash_of_text",
    "keep_prints",
    "keep_typed_text",
    "note_progress",
    "read_texts_of",
    "start_run",
    "stop_run",
    "store_file",
]
