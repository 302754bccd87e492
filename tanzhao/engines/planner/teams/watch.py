"""When a search over teams has to end, and telling how far it has come."""

import math

from tanzhao.engines.planner.search import Limit, OnProgress, Progress, tell_nobody


class Watch:
    """The caller's limit from the moment of making; steps are counted here."""

    def __init__(self, limit: Limit | None, on_progress: OnProgress | None = None) -> None:
        self._limit = limit or Limit()
        self._tell = on_progress or tell_nobody
        self._began = self._limit.stopwatch()
        self.steps = 0

    @property
    def seconds(self) -> float:
        return self._limit.stopwatch() - self._began

    def is_over(self) -> bool:
        """Whether to end at once: out of seconds, or told to stop."""
        most = self._limit.seconds
        return self._limit.stop() or (most is not None and self.seconds >= most)

    def may_step(self) -> bool:
        """Whether another step of improvement may begin."""
        most = self._limit.steps
        return not self.is_over() and (most is None or self.steps < most)

    def share_left(self, share: float) -> "Watch":
        """A watch that ends with this one, or when `share` of the seconds left has gone."""
        limit = self._limit
        seconds = None if limit.seconds is None else share * max(0.0, limit.seconds - self.seconds)
        return Watch(
            Limit(seconds=seconds, stopwatch=limit.stopwatch, stop=self.is_over), self._tell
        )

    def tell(self, cost: int | None, bound: int) -> None:
        self._tell(Progress(self.seconds, self.steps, cost, bound))


def whole_bound(value: float) -> int:
    """The least whole cost that a proven bound of a solver allows, its tolerances allowed for."""
    return math.ceil(value - 0.01) if math.isfinite(value) else 0
