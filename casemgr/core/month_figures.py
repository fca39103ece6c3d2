"""The figures of a month's workbook of record as people read them."""

from __future__ import annotations

from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents

TOLD = {
    "activities.rows": "Activities",
    "activities.minutes": "Minutes",
    "billing_lines.rows": "Billing lines",
    "billing_lines.charge_cents": "Charges",
    "left_out.rows": "Left out",
}
"""Those that are told of every month; others only where they differ from what was frozen."""


def figure_name(figure: str) -> str:
    """A figure by its name in words: `by_staff.minutes` is `by staff, minutes`."""
    return TOLD.get(figure) or figure.replace("_cents", "").replace(".", ", ").replace("_", " ")


def figure_words(figure: str, value: int) -> str:
    """A figure's value in words: minutes as hours, cents as dollars."""
    if figure.endswith("_cents"):
        return format_cents(value)
    return format_minutes(value) if figure.endswith("minutes") else f"{value:,}"
