"""What rectification keeps in the memory of a worker, and when it lets go of it."""

import logging
import sys

from django.apps import AppConfig
from django.tasks.signals import task_started

AT_HAND = "tanzhao.rectification.prints_at_hand"
log = logging.getLogger(__name__)


class RectificationConfig(AppConfig):
    name = "tanzhao.rectification"

    def ready(self) -> None:
        # A worker does one task after the other: nothing looks at the prints in between.
        task_started.connect(_forget_what_was_erased, dispatch_uid=AT_HAND)


def _forget_what_was_erased(**_sent: object) -> None:
    """Drop the prints of erased texts before any task, in a process that has compared: what was
    erased in another process is then nowhere in this one."""
    at_hand = sys.modules.get(AT_HAND)  # not loaded for this: it needs numpy
    if at_hand is None:
        return
    try:
        at_hand.forget_erased()
    except Exception:
        # It is tried again before the next task, and this one is none the worse.
        log.exception("the prints of erased texts could not be dropped")
