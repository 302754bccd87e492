"""The form of a volume: which files it holds, what they are called. Known to writer and checker.

Imports nothing but the standard library: the checker runs where Django is not installed.
"""

import json
import re
from typing import Any

FORM = "tanzhao-volume-1"
CATALOGUE = "catalogue.json"
SHEET = "卷内目录.xlsx"
TRAIL = "trail.json"
HOW_TO_CHECK = "怎样核对.txt"
DIGESTS = "SHA256SUMS"
OWN_FILES = (SHEET, CATALOGUE, TRAIL, HOW_TO_CHECK)
CHUNK = 1 << 20
# The digest of every byte before it, at the very end of the zip, as the zip's comment.
ENVELOPE = b"tanzhao-volume-1 sha256="
DIGEST_LENGTH = 64
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST_TITLE = 50


def piece_name(folder: str, number: int, title: str, ending: str) -> str:
    """Give the name of a piece inside the zip, fit for every file system.

    Args:
        ending: with its dot, or "".
    """
    plain = "".join(c for c in _NOT_IN_NAMES.sub("_", title) if c.isprintable())
    return f"{folder}/{number:04d}_{plain[:_LONGEST_TITLE].strip('._') or 'file'}{ending}"


def dump(value: Any) -> bytes:
    """Write JSON the same way every time."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode()
