"""One at a time changes a store. The lock ends with its process, so none is left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tanzhao.engines.likeness.store import NoStore

FILE = "lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the store in `folder`, which is made if it is missing.

    Raises: NoStore("busy") if somebody else is changing it; NoStore("unwritable").
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / FILE).open("a+b")
    except OSError as error:
        raise NoStore("unwritable", folder=str(folder)) from error
    with file:
        try:
            _hold(file)
        except OSError as error:
            raise NoStore("busy", folder=str(folder)) from error
        yield


def _hold(file: IO[bytes]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
