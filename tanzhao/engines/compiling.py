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
        if b"import compiled" in source:
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
    folder = _kept_in(Path(function.__code__.co_filename).parent)
    if not folder:
        return cast("F", numba.njit(nogil=True)(function))
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = folder
    try:
        return cast("F", numba.njit(cache=True, nogil=True)(function))
    finally:
        _CONFIG.CACHE_DIR = before
