"""The end of a store's rows: what leads back to persons is deleted, and the store says so."""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from tanzhao.engines.screening.store import NoStore, Store, open_store, write_store

KEPT = "store.json"


class NotDue(Exception):
    """The day has not come, and no reason was given. `values` are the places of the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}")
        self.code, self.values = code, values


@dataclass(frozen=True)
class Expiry:
    """What was deleted, and the store as it is now."""

    store: Store
    files: int
    rows: int


def expire(folder: Path, on: dt.date, *, because: str = "") -> Expiry:
    """Delete all of a store but its store.json, which says so.

    That is the extracts as they were, the rows made of them, the numbers their keys stand for,
    what linking proposed, and the texts of faulty cells. Hits are kept elsewhere. Safe
    to run twice: what one that was interrupted left is deleted.

    Args:
        on: the day of deletion; on or after the day of expiry, unless `because` says why earlier.

    Raises: NotDue if the day has not come or the folder is no store.
    """
    try:
        store = open_store(folder)
    except NoStore as error:
        raise NotDue("no_store", folder=folder) from error
    if store.expired_on is None:
        if on < store.order.expires and not because.strip():
            raise NotDue("not_due", expires=store.order.expires.isoformat())
        # Said first: nobody may run rules over a store that is half deleted.
        store = store.with_rows_gone(on, because=because.strip())
        write_store(store)
    gone = [file for file in folder.rglob("*") if file.is_file() and file != folder / KEPT]
    for file in gone:
        file.unlink()
    for place in sorted(folder.iterdir()):
        if place.is_dir():
            shutil.rmtree(place)
    return Expiry(store, len(gone), store.expired_rows)
