"""Reading the fields of a JSON document, each with what belongs there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard


class BadInstance(ValueError):
    """The document is not what the format asks for. `where` and `wanted` say what to mend.

    `wanted` keeps the places for `values` open, so that it can be put into another language.
    """

    def __init__(self, where: str, wanted: str, **values: int) -> None:
        super().__init__(f"{where}: {wanted % values}")
        self.where, self.wanted, self.values = where, wanted, values


MISSING = "this field is missing"
_NONE = object()
# Solvers count in 64 bits; sums of products of two such numbers still fit.
MOST = 10**9


def is_whole(value: Any) -> TypeGuard[int]:
    """Say whether `value` is a whole number, true and false apart, that solvers can count with."""
    return isinstance(value, int) and not isinstance(value, bool) and -MOST <= value <= MOST


class Fields:
    """The fields of one JSON object; `where` names it in what is said of a wrong one."""

    def __init__(self, document: Any, where: str) -> None:
        if not isinstance(document, Mapping):
            raise BadInstance(where, "an object")
        self._document: Mapping[str, Any] = document
        self._where = where

    def wrong(self, name: str, wanted: str, **values: int) -> BadInstance:
        return BadInstance(f"{self._where}.{name}", wanted, **values)

    def has(self, name: str) -> bool:
        return self._document.get(name) is not None

    def whole_number(self, name: str, default: Any = _NONE, *, least: int | None = None) -> int:
        value = self._value(name, default)
        if not is_whole(value):
            raise self.wrong(name, "a whole number")
        if least is not None and value < least:
            raise self.wrong(name, "a whole number of %(least)s or more", least=least)
        return value

    def maybe_number(self, name: str) -> int | None:
        return self.whole_number(name) if self.has(name) else None

    def number(self, name: str) -> float:
        value = self._value(name, _NONE)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(name, "a number")
        if not -MOST <= value <= MOST:  # nor NaN, which is within no limits
            raise self.wrong(name, "a number")
        return float(value)

    def text(self, name: str, default: Any = _NONE) -> str:
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def truth(self, name: str, default: Any = _NONE) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def mapping(self, name: str, default: Any = _NONE) -> Mapping[str, Any]:
        value = self._value(name, default)
        if not isinstance(value, Mapping):
            raise self.wrong(name, "an object")
        return value

    def numbers(self, name: str, default: Any = _NONE) -> tuple[int, ...]:
        values = self.values(name, default)
        if not all(map(is_whole, values)):
            raise self.wrong(name, "a list of whole numbers")
        return tuple(values)

    def texts(self, name: str, default: Any = _NONE) -> tuple[str, ...]:
        values = self.values(name, default)
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(name, "a list of texts")
        return tuple(values)

    def rows(self, name: str, default: Any = _NONE) -> Iterator["Fields"]:
        for index, value in enumerate(self.values(name, default)):
            yield Fields(value, f"{name}[{index}]")

    def values(self, name: str, default: Any = _NONE) -> Sequence[Any]:
        values = self._value(name, default)
        if not isinstance(values, list | tuple):
            raise self.wrong(name, "a list")
        return values

    def _value(self, name: str, default: Any) -> Any:
        value = self._document.get(name, default)
        if value is _NONE:
            raise self.wrong(name, MISSING)
        return value
