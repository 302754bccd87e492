"""What every search is given and tells: when to stop, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass


def _no_time() -> float:
    return 0.0


def never() -> bool:
    """Be the `stop` of a search that nobody stops."""
    return False


@dataclass(frozen=True, slots=True)
class Limit:
    """When a search stops: whichever comes first. Best found until then is its answer.

    An engine reads no clock of its own: the caller gives the stopwatch, as a rule
    `time.process_time`, since wall clocks lie on a busy office PC. The same seed and the same
    `steps` give the same plan on every machine; `seconds` only decides how many steps are made.

    Attributes:
        seconds: by `stopwatch`, counted from the start of the search; None for no limit.
        steps: improvement steps of the search; None for no limit, 0 for the first plan only.
        stop: asked between steps; True ends the search.
    """

    seconds: float | None = None
    steps: int | None = None
    stopwatch: Callable[[], float] = _no_time
    stop: Callable[[], bool] = never


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come.

    Attributes:
        seconds: by the caller's stopwatch, since the start.
        steps: improvement steps made.
        cost: of the best plan that breaks no rule; None before there is one.
        bound: no plan can cost less.
    """

    seconds: float
    steps: int
    cost: int | None
    bound: int


type OnProgress = Callable[[Progress], None]


def tell_nobody(_: Progress) -> None:
    """Be the callback of a search that nobody watches."""
