"""The children that read files: asked one file after another, ended and replaced if they fail.

A child meets its limits of processor time and memory by itself (child.py). The clock here is the
last resort for one that does nothing at all.
"""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.refusals import CODES, Unreadable, size_of
from tanzhao.engines.likeness.texts import Extracted, Part

_ROOT = Path(__file__).resolve().parents[4]
_START = (
    "import sys; sys.path.insert(0, {root!r}); "
    "from tanzhao.engines.likeness.extract.child import main; main()"
)
_AHEAD = 8  # files in hand or waiting, for each child
_LIFE = 2000  # files, after which a child is replaced: what a library leaks goes with it

_GOING = {"going": True}  # a sign of life between two scans
_LONGEST_ANSWER = 512 << 20
_OUT_OF_MEMORY = 3  # how a child ends itself, see child.py
_TIME_IS_UP = -24  # SIGXCPU
_KILLED = -9  # by the system, where all memory is gone
# Answers that may be due to what the child had read before.
_OF_THE_CHILD = {"crashed", "too_hungry"}

Read = Extracted | Unreadable


def read_all(
    paths: Iterable[Path], limits: Limits, workers: int
) -> Generator[tuple[Path, Read], None, None]:
    """Read files with so many children; see `extract_files`."""
    readers = [Reader(limits) for _ in range(max(workers, 1))]
    free = deque(readers)
    scans = ScanReader(limits)

    def read(path: Path) -> Read:
        reader = free.popleft()  # there are as many as threads
        try:
            answer = reader.read(path)
        finally:
            free.append(reader)
        if limits.ocr and isinstance(answer, Unreadable) and answer.code == "needs_ocr":
            return scans.read(path)
        return answer

    waiting: deque[tuple[Path, Future[Read]]] = deque()
    pool = ThreadPoolExecutor(len(readers))
    try:
        for path in paths:
            waiting.append((path, pool.submit(read, path)))
            if len(waiting) >= _AHEAD * len(readers):
                done, answer = waiting.popleft()
                yield done, answer.result()
        while waiting:
            done, answer = waiting.popleft()
            yield done, answer.result()
    finally:
        for _path, left in waiting:
            left.cancel()
        # A reader that is at work is ended with what it has in hand: nobody waits for it.
        for reader in (*readers, scans.reader):
            reader.stop()
        pool.shutdown()
        for reader in (*readers, scans.reader):
            reader.end()


class Reader:
    """One child, started when it is first needed and again when it has ended."""

    def __init__(self, limits: Limits, *, scans: bool = False):
        self.limits = limits
        self.scans = scans
        self.child: subprocess.Popen[bytes] | None = None
        self.served = 0
        self.closed = self.stuck = self.busy = False
        self.signs = 0  # of life, for the watch
        self.ended = Event()

    def read(self, path: Path) -> Read:
        """Give the text of a file or why there is none; never raises for the file's sake."""
        fresh = self.served == 0
        answer = self._ask(path)
        if not fresh and isinstance(answer, Unreadable) and answer.code in _OF_THE_CHILD:
            # What it had read before may have brought it down: the file is asked for once more.
            self.end()
            answer = self._ask(path)
        if self.served >= _LIFE:
            self.end()
        return answer

    def stop(self) -> None:
        """End the child, even if it is at work, and start no other."""
        self.closed = True
        if child := self.child:
            child.kill()

    def end(self) -> None:
        """End the child and let go of what it had; another starts when one is needed."""
        child, self.child, self.served = self.child, None, 0
        if child is None:
            return
        self.ended.set()
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            try:
                if stream:
                    stream.close()
            except OSError:  # what was not yet sent to it
                pass

    def _ask(self, path: Path) -> Read:
        if self.closed:
            return Unreadable("crashed")
        child = self.child = self.child or self._start()
        self.served += 1
        self.signs += 1
        self.busy = True
        _send(child, path)
        answer: dict[str, Any] | None = _GOING
        while answer == _GOING:
            answer = _receive(child)
            self.signs += 1
        self.busy = False
        if answer is not None:
            return _answer(answer)
        code = child.wait()
        stuck = self.stuck
        self.end()
        if stuck:
            return Unreadable("stuck", {"seconds": self.limits.waiting_seconds})
        return _death(code, self.limits, scans=self.scans)

    def _start(self) -> subprocess.Popen[bytes]:
        child = _start(self.limits, scans=self.scans)
        self.stuck, self.ended = False, Event()
        Thread(target=self._watch, args=(child, self.ended), daemon=True).start()
        return child

    def _watch(self, child: subprocess.Popen[bytes], ended: Event) -> None:
        """End the child if it has given no sign between two looks at it."""
        last = -1
        while not ended.wait(self.limits.waiting_seconds):
            if self.busy and self.signs == last:
                self.stuck = True
                child.kill()
                return
            last = self.signs


class ScanReader:
    """The one child that does OCR: its models take half a gigabyte, and all cores anyway."""

    def __init__(self, limits: Limits):
        self.reader = Reader(limits, scans=True)
        self.lock = Lock()

    def read(self, path: Path) -> Read:
        with self.lock:
            return self.reader.read(path)


def _start(limits: Limits, *, scans: bool) -> subprocess.Popen[bytes]:
    # -I: neither the environment nor the folder we stand in has a say in what is imported.
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START.format(root=str(_ROOT))]
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    _write(child, {"limits": asdict(limits), "scans": scans})
    return child


def _send(child: subprocess.Popen[bytes], path: Path) -> None:
    _write(child, {"path": str(path.absolute())})


def _write(child: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
    try:
        if child.stdin:
            child.stdin.write(json.dumps(message).encode() + b"\n")
            child.stdin.flush()
    except OSError:  # it has ended, which its answer will show
        pass


def _receive(child: subprocess.Popen[bytes]) -> dict[str, Any] | None:
    """Give the next answer; None if the child has ended."""
    if child.stdout is None:
        return None
    length = int.from_bytes(child.stdout.read(8), "little")
    if not 0 < length < _LONGEST_ANSWER:
        return None
    body = child.stdout.read(length)
    if len(body) < length:
        return None
    answer: dict[str, Any] = json.loads(body)
    return answer


def _answer(answer: dict[str, Any]) -> Read:
    if code := answer.get("code"):
        return Unreadable(code if code in CODES else "crashed", answer["values"])
    parts = tuple(map(Part._make, answer["parts"]))
    left_out = tuple((kind, count) for kind, count in answer["left_out"])
    return Extracted(
        answer["text"], parts, answer["kind"], answer["readable"], answer["how"], left_out
    )


def _death(code: int, limits: Limits, *, scans: bool) -> Unreadable:
    if code == _TIME_IS_UP:
        return Unreadable("too_slow", {"seconds": limits.seconds})
    if code in (_OUT_OF_MEMORY, _KILLED):
        most = limits.scan_memory_bytes if scans else limits.memory_bytes
        return Unreadable("too_hungry", {"most": size_of(most)})
    return Unreadable("crashed")
