"""Telling the page how far background work is, and hearing that it shall stop."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from tanzhao.documents.actions import note_progress

SECONDS_BETWEEN_NOTES = 1.0


class Watch:
    """Notes how far a run is, at most once a second."""

    def __init__(self, run_id: UUID, stopwatch: Callable[[], float]) -> None:
        self.stopwatch = stopwatch
        self._run_id = run_id
        self._said: dict[str, Any] = {}
        self._noted: float | None = None
        self._stopped = False

    def note(self, values: Mapping[str, Any]) -> None:
        """Say how far the work is."""
        self._said = dict(values)
        self.is_stopped()

    def is_stopped(self) -> bool:
        """Say whether somebody has asked the work to stop; asked once a second, not oftener."""
        now = self.stopwatch()
        if self._noted is None or now >= self._noted + SECONDS_BETWEEN_NOTES:
            self._noted = now
            self._stopped = note_progress(run_id=self._run_id, progress=self._said)
        return self._stopped
