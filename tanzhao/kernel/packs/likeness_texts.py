"""Reading a pack of likeness: its settings as plain values, allowed texts and templates.

The one way to them, for the commands and for the product alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanzhao.kernel.packs.reading import SHIPPED, BadPack, read_pack

KIND = "likeness"
USUAL = "county"


@dataclass(frozen=True)
class LikenessPack:
    """A pack of likeness as plain values.

    Attributes:
        comparing: the values of the engine's Settings, by name.
        reading: the values of the engine's Limits of reading files, by name.
        allowed: wordings that many documents may have; each line of the files is one.
        templates: text by name of its file, without its ending.
    """

    name: str
    version: str
    comparing: Mapping[str, Any]
    reading: Mapping[str, Any]
    allowed: tuple[str, ...]
    templates: Mapping[str, str]


def read_likeness(folder: Path = SHIPPED / KIND / USUAL) -> LikenessPack:
    """Read the pack of likeness in `folder`, texts in the order of their names.

    Raises: BadPack if it breaks its schema, or a text is blank or not UTF-8.
    """
    pack = read_pack(folder, KIND)
    return LikenessPack(
        name=pack.name,
        version=pack.version,
        comparing=_values(pack.body["comparing"]),
        reading=_values(pack.body["reading"]),
        allowed=tuple(
            line for text in texts_in(folder / "allowed").values() for line in wordings(text)
        ),
        templates=texts_in(folder / "templates"),
    )


def wordings(text: str) -> list[str]:
    """Give the allowed wordings of a text: one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def texts_in(folder: Path) -> dict[str, str]:
    """Read the texts of a folder (*.txt): name without its ending to text, by name.

    Raises: BadPack if one of them is blank or not UTF-8.
    """
    return {file.stem: text_in(file) for file in sorted(folder.glob("*.txt"))}


def _values(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, int | float | bool]:
    return {name: _value(entry["value"], entry["unit"]) for name, entry in settings.items()}


def _value(value: int, unit: str) -> int | float | bool:
    if unit == "flag":
        return bool(value)
    return value / 100 if unit == "percent" else value


def text_in(file: Path) -> str:
    """Read one text. Raises: BadPack if it is blank or not UTF-8."""
    try:
        # Notepad puts a mark before the first letter; utf-8-sig takes it away.
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise BadPack(f"{file}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadPack(f"{file}: is not text in UTF-8 ({error}).") from error
    if not text.strip():
        raise BadPack(f"{file}: is blank.")
    return text
