"""The texts of the story, which are data: packs/samples/lanshui/story."""

import tomllib
from typing import Any

from tanzhao.kernel.packs import SHIPPED

COUNTY = SHIPPED / "samples" / "lanshui"


def story(name: str) -> dict[str, Any]:
    """Read one file of the story, its places not filled yet."""
    content: dict[str, Any] = tomllib.loads((COUNTY / "story" / f"{name}.toml").read_text("utf-8"))
    return content
