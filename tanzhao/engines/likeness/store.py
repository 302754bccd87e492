"""A store of compared documents: what stands in its store.json. Light: nothing is loaded.

docs/operations/likeness-format.md §4 says what lies where. What store.json does not name is no
part of a store: files of a batch are written first, and store.json, last, makes them count.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tanzhao.engines.likeness.settings import Settings

FORMAT = 1
FILE = "store.json"


class NoStore(Exception):
    """The folder cannot be used as a store. `code` names the sentence, `values` are its places."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(f"{code} {values}")
        self.code, self.values = code, values


@dataclass(frozen=True)
class Batch:
    """Documents that were added together: documents/NAME.parquet, and the same in prints, texts."""

    name: str
    documents: int
    prints: int


@dataclass(frozen=True)
class Store:
    """What stands in store.json, and where the store is.

    Attributes:
        settings: what the prints and pairs were made by.
        wording: a hash of the allowed texts and the templates, for the same reason.
        pack: name and version of the pack, for people.
        batches: in the order in which they were added.
        following: the order that the next document gets; that of one forgotten is not used again.
        changes: how often the store was changed.
    """

    folder: Path
    settings: Settings
    wording: str
    pack: str
    batches: tuple[Batch, ...] = ()
    following: int = 0
    changes: int = 0

    @property
    def documents(self) -> int:
        return sum(batch.documents for batch in self.batches)

    def file(self, table: str, batch: str) -> Path:
        return self.folder / table / f"{batch}.parquet"

    @property
    def pairs(self) -> Path:
        """The pairs as they are after the last change."""
        return self.file("pairs", f"{self.changes:06}")

    def changed(self, **values: Any) -> "Store":
        return replace(self, changes=self.changes + 1, **values)


def wording_of(allowed: Iterable[str], templates: Mapping[str, str]) -> str:
    """Give a hash of allowed texts and templates; their order does not matter."""
    body = json.dumps([sorted(allowed), sorted(templates.items())])
    return hashlib.sha256(body.encode()).hexdigest()


def open_store(folder: Path) -> Store:
    """Read store.json of `folder`.

    Raises: NoStore("missing", "unreadable" or "other_format").
    """
    try:
        body: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NoStore("missing", folder=str(folder)) from error
    except (OSError, ValueError) as error:
        raise NoStore("unreadable", folder=str(folder)) from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise NoStore("other_format", folder=str(folder), format=FORMAT)
    try:
        return Store(
            folder=folder,
            settings=Settings(**body["settings"]),
            wording=body["wording"],
            pack=body["pack"],
            batches=tuple(Batch(**batch) for batch in body["batches"]),
            following=body["following"],
            changes=body["changes"],
        )
    except (KeyError, TypeError) as error:
        # Settings that this version does not know, or lacks: another program's store.
        raise NoStore("other_format", folder=str(folder), format=FORMAT) from error


def write_store(store: Store) -> None:
    """Write store.json, whole or not at all."""
    body = {
        "format": FORMAT,
        "pack": store.pack,
        "settings": asdict(store.settings),
        "wording": store.wording,
        "following": store.following,
        "changes": store.changes,
        "batches": [asdict(batch) for batch in store.batches],
    }
    draft = store.folder / f"{FILE}.draft"
    draft.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    draft.replace(store.folder / FILE)


def must_fit(store: Store, settings: Settings, wording: str) -> None:
    """Refuse a store whose pairs were made by other settings, allowed texts or templates.

    Raises: NoStore("other_settings") with the names of those that differ, or "other_wording".
    """
    mine, asked = asdict(store.settings), asdict(settings)
    names = [name for name in asked if mine[name] != asked[name]]
    if names:
        raise NoStore("other_settings", folder=str(store.folder), names=", ".join(names))
    if store.wording != wording:
        raise NoStore("other_wording", folder=str(store.folder))
