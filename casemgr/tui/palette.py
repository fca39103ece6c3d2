"""The palette's screen: Textual's, which is left once, however often it is clicked or entered."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class Palette(CommandPalette):
    """Finds what can be done; how it looks and what it finds is the app's."""

    def dismiss(self, result: object = None) -> AwaitComplete:
        """Leave it, unless it is left already: a second click would end the screen below."""
        return super().dismiss(None) if self.is_active else AwaitComplete()
