"""Loading: a folder of extracts as offices hand them over becomes a store, or says why not.

Readers of files are loaded when `load` is first called.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanzhao.engines.screening.loading.mapping import Map
    from tanzhao.engines.screening.loading.report import OnProgress, Report
    from tanzhao.engines.screening.tables import Datasets


def load(
    folder: Path,
    the_map: "Map",
    datasets: "Datasets",
    out: Path,
    *,
    strict: bool = False,
    replace: bool = False,
    on_progress: "OnProgress | None" = None,
) -> "Report":
    """Read every file below `folder` and build a store at `out`.

    Args:
        strict: one refused file, and there is no store.
        replace: a store that stands at `out` gives way once the new one is complete.

    Returns: what was taken and what was refused, each with its reason. There is no store
        (`report.store` is None) if nothing could be taken, or if `strict` forbids it.

    Raises: CannotLoad if there is nothing to read or `out` is taken.
    """
    from tanzhao.engines.screening.loading.building import build

    return build(
        folder, the_map, datasets, out, strict=strict, replace=replace, on_progress=on_progress
    )
