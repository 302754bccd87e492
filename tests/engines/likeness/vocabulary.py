"""Words of made-up papers, read from vocabulary.toml."""

import tomllib
from pathlib import Path

_POOLS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
TOPICS = {topic: text.split() for topic, text in _POOLS.pop("topics").items()}
WORDS = {name: text.split() for name, text in _POOLS.items()}
# These are letters, not words.
SURNAMES, GIVEN, LETTERS = ("".join(WORDS.pop(name)) for name in ("surnames", "given", "letters"))
