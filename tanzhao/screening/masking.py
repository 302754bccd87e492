"""Masking numbers of persons and accounts, wherever a page or a file shows a cell.

What a column holds says whether its cells are masked. Where nobody knows what a column holds,
whatever looks like such a number is.
"""

import re

# Kinds of the canonical tables (pack kind `datasets`) whose values are kept from the eye.
SECRET_KINDS = frozenset({"person", "account"})
_PERSON = re.compile(r"\d{14,17}[\dXx]")
# Any other run as long as an account or a card; digits may stand in groups.
_LONG = re.compile(r"(?<![\dA-Za-z])(?:\d[ -]?){11,22}[\dXx](?![\dA-Za-z])")
SHOWN_AHEAD, SHOWN_BEHIND = 6, 4


def masked(value: str) -> str:
    """Mask one number: an ID number keeps place and last four characters, another its last four."""
    text = value.strip()
    if len(text) <= SHOWN_BEHIND:
        return "*" * len(text)
    ahead = SHOWN_AHEAD if _PERSON.fullmatch(text) else 0
    hidden = len(text) - ahead - SHOWN_BEHIND
    return text[:ahead] + "*" * max(hidden, 4) + text[-SHOWN_BEHIND:]


def masked_text(text: str) -> str:
    """Mask whatever in a free text looks like an ID number or an account."""
    return _LONG.sub(lambda found: masked(re.sub(r"[ -]", "", found.group())), text)


def looks_secret(text: str) -> bool:
    """Say whether something in a cell looks like an ID number or an account."""
    return bool(_LONG.search(text))
