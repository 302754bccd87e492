"""Kernels: functions over arrays that numba compiles, and keeps for the next process."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import numba


@cache
def _kept_in(package: Path) -> str:
    """Give a folder for the compiled kernels of a package that may be written to; "" for none.

    Numba looks at the file of a kernel only to see whether it has changed. Kernels call those of
    other files, so that the folder is named by what stands in all of them.
    """
    stamp = sha256()
    for file in sorted(package.glob("*.py")):
        source = file.read_bytes()
        if b"engines.compiling import" in source:
            stamp.update(source)
    name = f"kernels-{stamp.hexdigest()[:16]}"
    for folder in (package / "__pycache__" / name, Path.home() / ".cache" / "tanzhao" / name):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "written").touch()
        except OSError:
            continue
        return str(folder)
    return ""


_CONFIG: Any = numba.config


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile `function` when it is first called, and keep the result if that is possible."""
    return _compiled(function, nogil=True)


def compiled_bare[F: Callable[..., Any]](function: F) -> F:
    """Compile a kernel that makes no arrays; to count who holds each would take most of its time.

    All that it calls is `inlined`.
    """
    return _compiled(function, nogil=True, _nrt=False)


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Compile `function`, which makes no arrays, into the kernels that call it."""
    return _compiled(function, nogil=True, _nrt=False, forceinline=True)


def _compiled[F: Callable[..., Any]](function: F, **how: Any) -> F:
    folder = _kept_in(Path(function.__code__.co_filename).parent)
    if not folder:
        return cast("F", numba.njit(**how)(function))
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = folder
    try:
        return cast("F", numba.njit(cache=True, **how)(function))
    finally:
        _CONFIG.CACHE_DIR = before
