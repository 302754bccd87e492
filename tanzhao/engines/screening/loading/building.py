"""A store built beside its place and moved there whole."""

import shutil
import tempfile
from pathlib import Path

from tanzhao.engines.screening.loading.finishing import finish
from tanzhao.engines.screening.loading.mapping import Map
from tanzhao.engines.screening.loading.pieces import Shelf
from tanzhao.engines.screening.loading.report import (
    CannotLoad,
    OnProgress,
    Progress,
    Report,
    tell_nobody,
)
from tanzhao.engines.screening.loading.taking import Desk
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import Datasets


def build(
    folder: Path,
    the_map: Map,
    datasets: Datasets,
    out: Path,
    *,
    strict: bool,
    replace: bool,
    on_progress: OnProgress | None,
) -> Report:
    """Load a folder; see `tanzhao.engines.screening.loading.load`."""
    _check_place(folder, out, replace=replace)
    files = files_below(folder, out)
    _check_files(the_map, [file.relative_to(folder).as_posix() for file in files])
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as work:
            shelf = Path(work, "pieces")
            shelf.mkdir()
            desk = Desk(folder, the_map, datasets, Path(work), Shelf(shelf))
            (desk.work / "store/raw").mkdir(parents=True)
            _take(desk, files, on_progress or tell_nobody)
            if not desk.taken or (strict and desk.refused):
                return _report(desk, out, None)
            store = finish(desk, out)
            _move(desk.work / "store", out, desk.work)
    except OSError as error:
        raise CannotLoad("cannot_write", why=error.strerror or str(error)) from error
    return _report(desk, out, store)


def _check_place(folder: Path, out: Path, *, replace: bool) -> None:
    if not folder.is_dir():
        raise CannotLoad("no_folder", folder=folder)
    if out.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise CannotLoad("out_holds_folder", out=out)
    if out.exists() and not replace:
        raise CannotLoad("store_exists", out=out)
    if out.exists() and not (out / "store.json").is_file():
        raise CannotLoad("not_a_store", out=out)


def files_below(folder: Path, out: Path) -> list[Path]:
    """List the files to load, in the order of their names.

    Passed over: what begins with a dot or with ~$ (Excel's locks), maps (.toml), and stores.

    Raises: CannotLoad if there are none.
    """
    passed_over = {file.parent for file in folder.rglob("store.json")} | {out}
    files = [
        file
        for file in sorted(folder.rglob("*"), key=lambda one: one.as_posix())
        if file.is_file()
        and not any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
        and passed_over.isdisjoint(file.parents)
        and file.suffix.lower() != ".toml"
    ]
    if not files:
        raise CannotLoad("no_files", folder=folder)
    return files


def _check_files(the_map: Map, names: list[str]) -> None:
    """Refuse a map that speaks of files that are not there: most likely a slip of the pen."""
    for said in the_map.sources:
        if not any(said.is_of(name) for name in names):
            raise CannotLoad("map_no_file", files=said.files)


def _take(desk: Desk, files: list[Path], tell: OnProgress) -> None:
    for done, file in enumerate(files):
        rows = sum(one.source.rows for one in desk.taken)
        tell(Progress(file.relative_to(desk.folder).as_posix(), done, len(files), rows))
        desk.take(file)


def _move(built: Path, out: Path, work: Path) -> None:
    """Put the new store in its place; the old one goes once the new one stands."""
    old = work / "old"
    if out.exists():
        out.rename(old)
    try:
        built.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _report(desk: Desk, out: Path, store: Store | None) -> Report:
    counts: dict[str, int] = {}
    for taken in desk.taken:
        for code, number in taken.source.faults.items():
            counts[code] = counts.get(code, 0) + number
    sources = [taken.source for taken in desk.taken]
    return Report(
        folder=out,
        store=store,
        refused=tuple(desk.refused),
        notes=tuple(desk.notes),
        faults=dict(sorted(counts.items())),
        rows=sum(source.read for source in sources),
        taken=sum(source.rows for source in sources),
        doubtful=sum(source.doubtful for source in sources),
    )
