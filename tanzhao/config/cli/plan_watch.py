"""Watching a search of the planner: when it stops, and what a terminal shows of it meanwhile."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tanzhao.engines.planner.search import Limit, OnProgress, Progress, tell_nobody

STOPPING = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Watch:
    """What a search is given: its limit, whom it tells, and whether somebody stopped it."""

    limit: Limit
    on_progress: OnProgress = tell_nobody
    asked_to_stop: threading.Event = field(default_factory=threading.Event)

    @property
    def was_stopped(self) -> bool:
        return self.asked_to_stop.is_set()


@contextmanager
def watched(*, seconds: float | None, steps: int | None) -> Iterator[Watch]:
    """Limit a search by processor seconds and steps, let Ctrl-C or SIGTERM end it with the best
    so far, and show on a terminal how far it has come. A second Ctrl-C ends the program at once.
    """
    asked = threading.Event()
    limit = Limit(seconds=seconds, steps=steps, stopwatch=time.process_time, stop=asked.is_set)
    with ExitStack() as stack:
        stack.enter_context(_stopped_by_signals(asked))
        show = stack.enter_context(_shown(time.process_time()))
        yield Watch(limit, show, asked)


@contextmanager
def _stopped_by_signals(asked: threading.Event) -> Iterator[None]:
    if not hasattr(signal, "sigwait"):  # Windows
        before = signal.signal(signal.SIGINT, lambda *_: asked.set())
        yield
        signal.signal(signal.SIGINT, before)
        return
    # Solvers set handlers of their own and do not put ours back. Blocked signals never reach
    # them: a thread takes them out instead.
    done = threading.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, {*STOPPING, signal.SIGUSR1})
    waiter = threading.Thread(target=_wait_for_signals, args=(asked, done), daemon=True)
    waiter.start()
    try:
        yield
    finally:
        done.set()
        signal.pthread_kill(waiter.ident or 0, signal.SIGUSR1)
        waiter.join()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {*STOPPING, signal.SIGUSR1})


def _wait_for_signals(asked: threading.Event, done: threading.Event) -> None:
    while True:
        number = signal.sigwait({*STOPPING, signal.SIGUSR1})
        if done.is_set():
            return
        if number == signal.SIGUSR1:
            continue
        if asked.is_set():
            os._exit(128 + number)
        asked.set()


@contextmanager
def _shown(began: float) -> Iterator[OnProgress]:
    """Give a callback that keeps one line of a terminal up to date; it does nothing elsewhere."""
    if not sys.stderr.isatty():
        yield tell_nobody
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    last: list[Progress] = []

    def line() -> Text:
        return Text(progress_line(last[-1] if last else None, time.process_time() - began))

    console = Console(stderr=True, highlight=False)
    with Live(get_renderable=line, console=console, refresh_per_second=4, transient=True):
        yield last.append


def progress_line(progress: Progress | None, seconds: float) -> str:
    """Say in one line how far a search has come."""
    at = _("%(seconds)s s of processor time") % {"seconds": f"{seconds:.1f}"}
    if progress is None:
        return "  ".join([_("preparing the search"), at])
    if progress.cost is None:
        found = _("no plan yet, none can cost less than %(bound)s") % {
            "bound": f"{progress.bound:,}"
        }
        return "  ".join([found, at])
    return "  ".join([cost_line(progress.cost, progress.bound), at])


def cost_line(cost: int, bound: int) -> str:
    """Say what a plan costs, and how far from the best it may be at most."""
    gap = f"{100 * (cost - bound) / bound:.2f} %" if bound > 0 else "–"
    return _("cost %(cost)s, proven bound %(bound)s, gap %(gap)s") % {
        "cost": f"{cost:,}",
        "bound": f"{bound:,}",
        "gap": gap,
    }


def peak_memory_mb() -> int | None:
    """Say how many MB this process has held at most; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)
