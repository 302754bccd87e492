"""Small marks that every page uses."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def state(row: Any, field: str = "state") -> SafeString:
    """Show the state of a row as its word, with a colour the style sheet gives the state."""
    return badge(getattr(row, field), getattr(row, f"get_{field}_display")())


@register.simple_tag
def badge(value: str, word: str) -> SafeString:
    """Show a word with the colour that the style sheet gives to `value`."""
    return format_html('<span class="state" data-state="{}">{}</span>', value, word)


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """Give this page's query with some of its values changed, and back on the first page."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
