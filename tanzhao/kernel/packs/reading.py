"""Reading a pack from its folder, checked against the schema of its kind."""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tanzhao
from tanzhao.kernel.packs.fields import Columns
from tanzhao.kernel.packs.schemas import HEADER, SCHEMAS, Schema

SHIPPED = Path(str(tanzhao.__file__)).parent.parent / "packs"
FILE = "pack.toml"


class BadPack(Exception):
    """A pack cannot be used. The text is a sentence that names the file and the key."""


@dataclass(frozen=True)
class Pack:
    """One pack as read; `body` holds what stands in pack.toml besides the header."""

    name: str
    kind: str
    version: str
    title_zh: str
    title_en: str
    source: str
    body: Mapping[str, Any]
    folder: Path

    def table(self, name: str) -> list[dict[str, str]]:
        """Read a CSV table that stands beside pack.toml: its rows in order, every cell as text.

        Raises:
            BadPack: there is no such table, or a row has more or fewer cells than the heading.
        """
        return _read_table(self.folder / Path(name).name)[1]

    def has_table(self, name: str) -> bool:
        """Tell whether a table of that name stands beside pack.toml."""
        return (self.folder / Path(name).name).is_file()


def read_pack(folder: Path, kind: str) -> Pack:
    """Read the pack in `folder`, which must be of `kind`, and check all of it.

    Raises:
        BadPack: it is not there, not of that kind, or breaks the schema. Every fault is named.
    """
    path = folder / FILE
    content = _read_toml(path)
    if content.get("kind") != kind:
        raise BadPack(f"{path}: kind is {content.get('kind')!r} but {kind!r} was asked for.")
    schema = SCHEMAS.get(kind)
    if schema is None:
        raise BadPack(f"{path}: kind {kind!r} is unknown; known are {', '.join(sorted(SCHEMAS))}.")
    faults = list(schema.whole.faults(content, ""))
    if faults:
        raise BadPack(f"{path}: {'; '.join(faults)}.")
    body = {key: value for key, value in content.items() if key not in HEADER}
    header = {key: content[key] for key in HEADER}
    pack = Pack(name=folder.name, folder=folder, body=MappingProxyType(body), **header)
    _check_tables(pack, schema)
    return pack


def packs_of_kind(kind: str, root: Path = SHIPPED) -> list[Pack]:
    """Read every pack of `kind` under `root`, however deep, in the order of their names.

    Raises:
        BadPack: one of them is bad, or two have the same name.
    """
    folders = sorted((path.parent for path in root.rglob(FILE)), key=lambda f: (f.name, str(f)))
    packs = [read_pack(f, kind) for f in folders if _read_toml(f / FILE).get("kind") == kind]
    for one, next_one in pairwise(packs):
        if one.name == next_one.name:
            raise BadPack(f"{next_one.folder / FILE}: {one.folder} has the same name and kind.")
    return packs


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadPack(f"{path}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPack(f"{path}: is not TOML in UTF-8 ({error}).") from error


def _read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    try:
        # Excel puts a mark before the first heading; utf-8-sig takes it away.
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadPack(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadPack(f"{path}: is not text in UTF-8 ({error}).") from error
    try:
        lines = [line for line in csv.reader(io.StringIO(text), strict=True) if line]
    except csv.Error as error:
        raise BadPack(f"{path}: is not CSV ({error}).") from error
    if not lines:
        raise BadPack(f"{path}: has no heading.")
    header, *cells = lines
    for number, line in enumerate(cells, 2):
        if len(line) != len(header):
            raise BadPack(f"{path}: row {number} has {len(line)} cells, not {len(header)}.")
    return header, [dict(zip(header, line, strict=True)) for line in cells]


def _check_tables(pack: Pack, schema: Schema) -> None:
    tables: dict[str, list[dict[str, str]]] = {}
    for name, columns in schema.tables.items():
        if columns.must_exist or pack.has_table(name):
            tables[name] = _checked_rows(pack.folder / name, columns)
    faults = [fault for check in schema.checks for fault in check(pack.body, tables)]
    if faults:
        raise BadPack(f"{pack.folder / FILE}: {'; '.join(faults)}.")


def _checked_rows(path: Path, columns: Columns) -> list[dict[str, str]]:
    header, rows = _read_table(path)
    faults = list(columns.faults(rows, header))
    if faults:
        raise BadPack(f"{path}: {'; '.join(faults)}.")
    return rows
