"""Keyset paging: a page of a list is found by the last row of the page before it.

Page 800 of a register is as quick as page 1, and a row added meanwhile moves nothing.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True)
class Page[M: Model]:
    """Rows of one page. `after` is the token of the next page, "" on the last one."""

    rows: list[M]
    after: str


def page_of[M: Model](
    queryset: QuerySet[M], *, order: Sequence[str], after: str = "", size: int = 50
) -> Page[M]:
    """Give the rows that follow the token `after`, in this order.

    Args:
        order: field names, "-" before one that falls; the last must be unique; none may be null.
        after: a token of an earlier page; one that cannot be read gives the first page.
        size: rows to a page, 1 to 500.
    """
    ordered = queryset.order_by(*order)
    key = _key_of(after, len(order))
    if key is not None:
        try:
            ordered = ordered.filter(_beyond(order, key))
        except (ValidationError, ValueError, TypeError, OverflowError):
            pass  # a token of another list, or made up
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _token(rows[-1], order) if more else "")


def _beyond(order: Sequence[str], key: Sequence[Any]) -> Q:
    """(a, b) > (x, y), written out because the parts may run in different directions."""
    beyond, same = Q(pk__in=[]), Q()
    for name, value in zip(order, key, strict=True):
        field, step = name.removeprefix("-"), "lt" if name.startswith("-") else "gt"
        beyond |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    return beyond


def _token(row: Model, order: Sequence[str]) -> str:
    values = [_value(row, name.removeprefix("-")) for name in order]
    text = json.dumps(values, default=_plain, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> str:
    # All digits of a moment: Django's own encoder keeps three, and rows would be skipped.
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def _key_of(token: str, length: int) -> list[Any] | None:
    if not token:
        return None
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        key = json.loads(text)
    except ValueError:
        return None
    fits = isinstance(key, list) and len(key) == length
    fits = fits and all(isinstance(v, str | int | float | bool) for v in cast("list[Any]", key))
    # PostgreSQL holds no NUL in a text.
    return key if fits and "\x00" not in "".join(map(str, key)) else None
