"""Watching a run of rules: Ctrl-C ends it cleanly, and a terminal shows how far it has come."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tanzhao.engines.screening.running.report import OnProgress, Progress

STOPPING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Watch:
    """What a run is given."""

    show: OnProgress
    stopped: Callable[[], bool]


@contextmanager
def watched(titles: Mapping[str, str]) -> Iterator[Watch]:
    """Let Ctrl-C or SIGTERM stop a run, and show on a terminal which rule it is at.

    A second Ctrl-C ends the program as Python does.

    Args:
        titles: what to call each rule.
    """
    asked = threading.Event()
    before = {int(number): signal.getsignal(number) for number in STOPPING}

    def ask(number: int, _frame: object) -> None:
        asked.set()
        signal.signal(number, before[number])

    with ExitStack() as stack:
        for number in STOPPING:
            signal.signal(number, ask)
            stack.callback(signal.signal, number, before[number])
        show = stack.enter_context(_shown(titles))
        yield Watch(show, asked.is_set)


@contextmanager
def _shown(titles: Mapping[str, str]) -> Iterator[OnProgress]:
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    console = Console(stderr=True, highlight=False)
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(progress: Progress) -> None:
            doing = titles.get(progress.rule, progress.rule) or _("writing")
            found = _("%(n)s hits") % {"n": f"{progress.hits:,}"}
            bars.update(
                task,
                completed=progress.done,
                total=progress.of,
                description=f"{found}  {doing}",
            )

        yield show
