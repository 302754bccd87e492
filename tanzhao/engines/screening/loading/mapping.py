"""MAP.toml: on whose order files are compared, and what their headings do not say."""

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tanzhao.engines.screening.store import Order
from tanzhao.engines.screening.tables import Datasets

ORDER = ("purpose", "approver", "legal_basis", "expires")
SOURCE = ("files", "table", "sheet", "given_by", "letter", "columns", "constant")


class BadMap(Exception):
    """The map cannot be used. `code` names the sentence, `values` are its places."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Said:
    """What the map says of some files. An empty table or sheet is found by the headings."""

    files: str = "*"
    table: str = ""
    sheet: str = ""
    given_by: str = ""
    letter: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # heading to column; "": not used
    constant: Mapping[str, str] = field(default_factory=dict)  # column to text

    def is_of(self, file: str) -> bool:
        """Tell whether a file is meant, named by its path below the folder."""
        name = file.rpartition("/")[2]
        return fnmatchcase(file, self.files) or fnmatchcase(name, self.files)


@dataclass(frozen=True)
class Map:
    """A map that holds together with the datasets pack."""

    order: Order
    sources: tuple[Said, ...] = ()
    text: bytes = b""  # as in the file, if it came from one

    @property
    def sha256(self) -> str:
        """Tell this map from others."""
        text = self.text or repr((self.order, self.sources)).encode()
        return hashlib.sha256(text).hexdigest()

    def of(self, file: str) -> tuple[Said, ...]:
        """Give what is said of a file, named by its path below the folder."""
        return tuple(said for said in self.sources if said.is_of(file))


def read_map(file: Path, datasets: Datasets) -> Map:
    """Read MAP.toml.

    Raises: BadMap for the first thing that is wrong with it.
    """
    try:
        text = file.read_bytes()
    except OSError as error:
        raise BadMap("map_missing", file=file) from error
    try:
        body = tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadMap("map_encoding", file=file) from error
    except tomllib.TOMLDecodeError as error:
        raise BadMap("map_toml", file=file, why=str(error)) from error
    return map_from(body, datasets, text)


def map_from(body: Mapping[str, Any], datasets: Datasets, text: bytes = b"") -> Map:
    """Make a map of what stands in MAP.toml.

    Raises: BadMap.
    """
    _only(body, ("order", "source"), where="MAP.toml")
    order = _order(body.get("order"))
    sources = body.get("source", [])
    if not isinstance(sources, list):
        raise BadMap("map_sources")
    return Map(order, tuple(_said(n, one, datasets) for n, one in enumerate(sources, 1)), text)


def _order(body: object) -> Order:
    if not isinstance(body, dict):
        raise BadMap("map_order")
    _only(body, ORDER, where="[order]")
    for name in ORDER[:3]:
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise BadMap("map_order_text", name=name)
    expires = body.get("expires")
    if not isinstance(expires, dt.date) or isinstance(expires, dt.datetime):
        raise BadMap("map_expires")
    return Order(body["purpose"], body["approver"], body["legal_basis"], expires)


def _said(number: int, body: object, datasets: Datasets) -> Said:
    where = f"[[source]] {number}"
    if not isinstance(body, dict):
        raise BadMap("map_sources")
    _only(body, SOURCE, where=where)
    for name in SOURCE[:5]:
        if not isinstance(body.get(name, ""), str):
            raise BadMap("map_text", where=where, name=name)
    for name in SOURCE[5:]:
        pairs = body.get(name, {})
        if not isinstance(pairs, dict) or not all(isinstance(one, str) for one in pairs.values()):
            raise BadMap("map_pairs", where=where, name=name)
    if not body.get("files"):
        raise BadMap("map_files", where=where)
    said = Said(**body)
    if said.table and said.table not in datasets.tables:
        raise BadMap("map_table", where=where, table=said.table, known=", ".join(datasets.tables))
    if (said.columns or said.constant) and not said.table:
        raise BadMap("map_needs_table", where=where)
    _check_columns(said, datasets, where)
    return said


def _check_columns(said: Said, datasets: Datasets, where: str) -> None:
    if not said.table:
        return
    known = {column.name for column in datasets.tables[said.table].columns}
    named = {*said.constant, *filter(None, said.columns.values())}
    for name in sorted(named - known):
        values = {"table": said.table, "column": name, "known": ", ".join(sorted(known))}
        raise BadMap("map_column", where=where, **values)
    taken = list(filter(None, said.columns.values()))
    for name in taken:
        if taken.count(name) > 1 or name in said.constant:
            raise BadMap("map_column_twice", where=where, column=name)


def _only(body: Mapping[str, Any], known: tuple[str, ...], *, where: str) -> None:
    for name in body:
        if name not in known:
            raise BadMap("map_unknown", where=where, name=name, known=", ".join(known))
