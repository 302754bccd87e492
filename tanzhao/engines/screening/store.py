"""A store: a folder of canonical tables that can be moved, and what stands in its store.json.

docs/operations/screening-format.md §2 says what lies where.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

FORMAT = 1


class NoStore(Exception):
    """The folder is no store, or one of another format. The message is a sentence."""


@dataclass(frozen=True)
class Order:
    """Why this comparison may be made, by whom it was approved, and until when rows are kept."""

    purpose: str
    approver: str
    legal_basis: str
    expires: dt.date


@dataclass(frozen=True)
class Source:
    """One sheet, or one file without sheets, that was taken."""

    key: int
    file: str  # below the folder that was loaded, with "/" between the parts
    sha256: str
    sheet: str  # "" for a file without sheets
    table: str
    rows: int  # taken
    doubtful: int  # rows with a fault, taken all the same
    headings: tuple[str, ...]  # as in the sheet, in its order: the columns of raw/KEY.parquet
    given_by: str = ""
    letter: str = ""
    read: int = 0  # rows under the headings, those left out (totals, notes) among them
    # Code to number, of faulty cells and of rows that were left out (their codes end in "_row").
    faults: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Store:
    """What stands in store.json, and where the store is."""

    folder: Path
    order: Order
    datasets: str  # version of the datasets pack
    fingerprint: str
    tables: Mapping[str, int]  # table name to number of rows
    sources: tuple[Source, ...]
    expired_on: dt.date | None = None  # the day on which the rows were deleted
    expired_because: str = ""  # why sooner than ordered
    expired_rows: int = 0  # how many there were, over all tables

    def table(self, name: str) -> Path:
        return self.folder / "tables" / f"{name}.parquet"

    def numbers(self, kind: str) -> Path:
        """Give the file of `person_numbers`, `account_numbers` and so on, by kind of key."""
        return self.folder / "keys" / f"{kind}.parquet"

    def raw(self, source_key: int) -> Path:
        return self.folder / "raw" / f"{source_key}.parquet"

    @property
    def quality(self) -> Path:
        return self.folder / "quality.parquet"

    @property
    def links(self) -> Path:
        return self.folder / "links.parquet"

    def with_rows_gone(self, on: dt.date, *, because: str) -> "Store":
        rows = sum(self.tables.values())
        return replace(self, expired_on=on, expired_because=because, expired_rows=rows)


def open_store(folder: Path) -> Store:
    """Read store.json of `folder`.

    Raises: NoStore if there is none that this version can read.
    """
    try:
        body: dict[str, Any] = json.loads((folder / "store.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NoStore(f"{folder} is no store: store.json cannot be read.") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise NoStore(f"{folder} has another format than {FORMAT}, which this version reads.")
    order = body["order"]
    expired_on = body["expired_on"]
    return Store(
        folder=folder,
        order=Order(**{**order, "expires": dt.date.fromisoformat(order["expires"])}),
        datasets=body["datasets"],
        fingerprint=body["fingerprint"],
        tables=body["tables"],
        sources=tuple(
            Source(**{**source, "headings": tuple(source["headings"])})
            for source in body["sources"]
        ),
        expired_on=dt.date.fromisoformat(expired_on) if expired_on else None,
        expired_because=body.get("expired_because", ""),
        expired_rows=body.get("expired_rows", 0),
    )


def write_store(store: Store) -> None:
    """Write store.json, whole or not at all."""
    body = {
        "format": FORMAT,
        "order": {**asdict(store.order), "expires": store.order.expires.isoformat()},
        "datasets": store.datasets,
        "fingerprint": store.fingerprint,
        "tables": dict(store.tables),
        "sources": [asdict(source) for source in store.sources],
        "expired_on": store.expired_on.isoformat() if store.expired_on else None,
        "expired_because": store.expired_because,
        "expired_rows": store.expired_rows,
    }
    draft = store.folder / "store.json.draft"
    draft.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    draft.replace(store.folder / "store.json")
