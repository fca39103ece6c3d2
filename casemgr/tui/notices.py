"""What people are told besides what they asked for, in panels that go away by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemgr.tui.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import App
    from textual.screen import Screen

    from casemgr.errors import CasemgrError


def tell_error(screen: Screen[Any], error: CasemgrError) -> None:
    """What happened, what it means, the choices, and what to do."""
    parts = (error.detail, *error.candidates, error.todo)
    words = "\n".join(shown(line) for part in parts for line in part.splitlines())
    title = shown(error.title)
    # While its panel stands, an error met again and again is not piled up.
    if all(str(toast.render()) != f"{title}\n{words}" for toast in screen.query("Toast")):
        screen.notify(words, title=title, severity="error", timeout=10, markup=False)


def tell_damage(app: App[None], damage: CasemgrError | None) -> None:
    """What is left of a damaged file, and what to do; it stands long enough to be copied."""
    if damage is not None:
        words = "\n".join(shown(line) for line in f"{damage.detail}\n{damage.todo}".splitlines())
        app.notify(words, title=shown(damage.title), severity="error", timeout=60, markup=False)


def tell_settings(app: App[None], trouble: CasemgrError | None, wrong_keys: Iterable[str]) -> None:
    """What of the settings cannot be used; ours count instead."""
    if trouble is not None:
        words = "\n".join(shown(line) for line in f"{trouble.detail}\n{trouble.todo}".splitlines())
        app.notify(words, title=shown(trouble.title), severity="warning", timeout=12, markup=False)
    if wrong := "\n".join(map(shown, wrong_keys)):
        words = f"{wrong}\nFor these our own count. Settings has all keys, and changes them."
        app.notify(words, title="Some keys cannot be used", severity="warning", timeout=12, markup=False)


def tell_warnings(screen: Screen[Any], warnings: Iterable[str]) -> None:
    """What should be looked at again; it stands in the way of nothing."""
    for warning in warnings:
        screen.notify(shown(warning), title="Look again", severity="warning", markup=False)
