"""Money as integer cents, shown in US dollars."""

from __future__ import annotations


def format_cents(cents: int) -> str:
    """Cents as dollars: `$45.00`, `$1,234.50`, `-$5.00`."""
    dollars, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${dollars:,}.{rest:02}"
