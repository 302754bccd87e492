"""The arithmetic of the trail: plain values in, hashes out. The archive's checker uses it too."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

START = "0" * 64
FIELDS = (
    "position", "at", "verb", "actor", "actor_name", "target_type", "target_id",
    "target_name", "scope_id", "details", "previous_hash",
)  # fmt: skip


def hash_of(values: Mapping[str, Any]) -> str:
    """Give the SHA-256, as hex, of an entry's immutable fields in a fixed spelling.

    Args:
        values: every one of FIELDS, as text, number, mapping or None.
    """
    fixed = {name: values[name] for name in FIELDS}
    text = json.dumps(fixed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: dt.datetime) -> str:
    """Spell a moment the same way whichever database it comes from."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def seal_of(position: int, hash_: str, key: str) -> str:
    """Give the keyed seal of the trail's end."""
    return hmac.new(key.encode(), f"{position}:{hash_}".encode(), hashlib.sha256).hexdigest()
