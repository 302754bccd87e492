"""Headers and footers of office documents: each line once, and no page numbers."""

import re
from collections.abc import Iterable

_PAGE_NUMBER = re.compile(r"[\s\d—–\-－·•./／第共页頁]*(?:page|of)?[\s\d/of]*", re.I)


def without_page_numbers(lines: Iterable[str]) -> list[str]:
    """Give each line once, in their order, those left out that only number pages."""
    return [line for line in dict.fromkeys(lines) if not _PAGE_NUMBER.fullmatch(line)]
