"""Kernels: functions over arrays that numba compiles, and keeps where it may write."""

from collections.abc import Callable
from typing import Any, cast

import numba


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile `function` when it is first called; keep the result beside the source if possible."""
    try:
        kernel: Any = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Neither the source's folder nor the user's own may be written to.
        kernel = numba.njit(nogil=True)(function)
    return cast("F", kernel)
