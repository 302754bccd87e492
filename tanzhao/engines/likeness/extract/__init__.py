"""The text of a file, whatever a Chinese office sends: told by its content, read or refused.

Files come from outside. Each is read in a child process with limits of time and memory, so that
a hostile one costs one `Unreadable` and nothing else; readers are loaded there and only there.
"""

from collections.abc import Generator, Iterable
from pathlib import Path

from tanzhao.engines.likeness.extract.limits import LIMITS, Limits
from tanzhao.engines.likeness.extract.refusals import CODES, Unreadable
from tanzhao.engines.likeness.texts import Extracted

__all__ = ["CODES", "LIMITS", "Limits", "Unreadable", "extract_file", "extract_files"]


def extract_file(path: Path, *, limits: Limits = LIMITS) -> Extracted:
    """Read the text of one file.

    For many files use `extract_files`: this starts a process for the one.

    Raises: Unreadable, with the reason as a code and its values.
    """
    ((_path, read),) = extract_files([path], limits=limits, workers=1)
    if isinstance(read, Unreadable):
        raise read
    return read


def extract_files(
    paths: Iterable[Path], *, limits: Limits = LIMITS, workers: int = 2
) -> Generator[tuple[Path, Extracted | Unreadable], None, None]:
    """Read many files with a few child processes, each of which reads one file after another.

    A child that dies or meets a limit costs the file it had in hand; another takes its place.
    Whoever does not take all of the answers closes them (`contextlib.closing`), which ends the
    children at once.

    Args:
        paths: taken one by one, never far ahead of what is given back.
        workers: how many children; two read about twice as fast on two cores.

    Returns: (path, text or refusal) in the order of `paths`. The answer for a file does not hang
        on the files before it.
    """
    from tanzhao.engines.likeness.extract.children import read_all

    return read_all(paths, limits, workers)
