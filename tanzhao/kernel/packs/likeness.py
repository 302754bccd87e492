"""The schema of likeness: how documents are compared and read.

docs/operations/likeness-format.md §2 says what the settings mean. What is allowed to stand in many
documents, and what they may have been made from, are texts beside pack.toml.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tanzhao.kernel.packs.checks import Rows
from tanzhao.kernel.packs.fields import Choice, MapOf, Table, Whole
from tanzhao.kernel.packs.parts import ABOUT, LABELS, Schema

MOST = 2**40  # bytes are counted too
SECTIONS = ("comparing", "reading")
UNITS = (
    *("letters", "characters", "documents", "places", "pages", "bytes", "seconds"),
    *("percent", "flag"),  # kept as whole numbers, and given as a share and as yes or no
)
NUMBER = Whole(0, MOST)
SETTING = Table(
    {
        **LABELS,
        **ABOUT,
        "unit": Choice(*UNITS),
        "value": NUMBER,
        "least": NUMBER,
        "most": NUMBER,
    }
)


def _values_lie_in_range(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    for section in SECTIONS:
        for name, entry in body[section].items():
            if not entry["least"] <= entry["value"] <= entry["most"]:
                yield (
                    f"{section}.{name}.value is {entry['value']} but must be "
                    f"from {entry['least']} to {entry['most']}"
                )


LIKENESS = Schema(
    keys={section: MapOf(SETTING, least=1) for section in SECTIONS},
    checks=(_values_lie_in_range,),
)
