"""Amounts as people write them."""

from django import template

register = template.Library()
CENTS = 100


@register.filter
def yuan(cents: int | None) -> str:
    """Show cents as yuan, in groups of three; nothing for no amount."""
    if not cents:
        return ""
    whole, part = divmod(abs(cents), CENTS)
    sign = "-" if cents < 0 else ""
    return f"{sign}{whole:,}.{part:02d}"


@register.filter
def grouped(number: int | None) -> str:
    """Show a count in groups of three."""
    return f"{number or 0:,}"
