"""What a list is narrowed to: the fields of the bar above it (web/filters.html)."""

from collections.abc import Mapping
from typing import Any

from django import forms


class ListFilter(forms.Form):
    """What a list is narrowed to and, by `sort`, ordered by. A wrong value is as if not there."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="f-%s")

    def values(self) -> dict[str, Any]:
        """Give the values that can be used, None for the others."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}

    @property
    def narrows(self) -> bool:
        """Whether anything is left out of the list."""
        return any(value for name, value in self.values().items() if name != "sort")
