"""The standing words of official papers, from packs that an office may change."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tanzhao.kernel.packs import SHIPPED, BadPack, read_pack

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrases:
    """The texts of one pack."""

    name: str
    texts: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Give a text with its places filled in.

        Raises:
            BadPack: the pack has no such text, or the text has a place that is not given.
        """
        if key not in self.texts:
            raise BadPack(f"documents/{self.name}: there is no text {key}.")

        def fill(place: re.Match[str]) -> str:
            if place[1] not in values:
                raise BadPack(f"documents/{self.name}: {key} cannot say {place[0]}.")
            return values[place[1]]

        return _PLACE.sub(fill, self.texts[key].strip())


def phrases(name: str, root: Path = SHIPPED / "documents") -> Phrases:
    """Read the standing words of one kind of paper, as they are at this moment.

    Raises:
        BadPack: the pack is not there or breaks its schema.
    """
    return Phrases(name, read_pack(root / name, kind="document").body["texts"])
