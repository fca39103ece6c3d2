"""What people are told besides what they asked for, in panels that go away by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemgr.tui.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen

    from casemgr.errors import CasemgrError


def tell_error(screen: Screen[Any], error: CasemgrError) -> None:
    """What happened, what it means, the choices, and what to do."""
    parts = (error.detail, *error.candidates, error.todo)
    words = "\n".join(shown(line) for part in parts for line in part.splitlines())
    screen.notify(words, title=shown(error.title), severity="error", timeout=10, markup=False)


def tell_warnings(screen: Screen[Any], warnings: Iterable[str]) -> None:
    """What should be looked at again; it stands in the way of nothing."""
    for warning in warnings:
        screen.notify(shown(warning), title="Look again", severity="warning", markup=False)
