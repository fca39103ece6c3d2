"""Leaving a screen: that one, once, whatever lies over it by then."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.screen import Screen


class Leaving(Screen[Any]):
    """A screen that is left by `dismiss`. Textual's own takes whichever screen is on top instead.

    A panel names it after ModalScreen: styles reach a class through the first of its bases only.
    """

    _leaves_with: tuple[object] | None = None
    """What it is left with once it is on top again."""
    _is_left = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave it: at once, or once it is on top again; a second time does nothing."""
        if self._is_left:
            return AwaitComplete()
        if not self.is_active:
            self._leaves_with = (result,)
            if self in self.app.screen_stack:
                self.pop_until_active()
            return AwaitComplete()
        self._is_left = True
        return super().dismiss(result)

    def on_screen_resume(self) -> None:
        """It is on top again: be gone, if that was wanted meanwhile."""
        if self._leaves_with is not None:
            self.dismiss(self._leaves_with[0])
