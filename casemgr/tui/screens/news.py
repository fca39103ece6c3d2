"""What's new, over whatever is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.widgets.news import NewsPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from casemgr.services.news import Release


class NewsScroll(VerticalScroll):
    """Holds the news, and scrolls them."""

    HELP = "What is new in this version and those before it. The arrows scroll, esc closes."
    BINDING_GROUP_TITLE = "What's new"


class NewsScreen(ModalScreen[None], Leaving):
    """The newest sections of the changelog."""

    CSS_PATH = "help.tcss"
    HELP = NewsScroll.HELP
    BINDING_GROUP_TITLE = NewsScroll.BINDING_GROUP_TITLE
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", key_display="esc", tooltip="Close it", id="news.close"),
    ]

    def __init__(self, releases: Sequence[Release]) -> None:
        """Show some releases."""
        super().__init__()
        self._releases = releases

    def compose(self) -> ComposeResult:
        """All in one panel."""
        page = NewsPage()
        page.releases = self._releases
        panel = NewsScroll(page, id="page", classes="panel")
        panel.border_title = "What's new"
        panel.border_subtitle = "↑ ↓ scroll · esc closes"
        yield panel
