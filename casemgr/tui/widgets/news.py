"""What's new, as the changelog tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.tui.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

    from casemgr.services.news import Release

WIDEST = 96
"""Wider lines are hard to read."""


class NewsPage(Widget):
    """The newest sections of the changelog, as high as they are."""

    can_focus = False

    releases: reactive[Sequence[Release]] = reactive((), layout=True)
    """What to show, the newest first."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """So many lines at that width."""
        return len(news_lines(self.releases, width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(news_lines(self.releases, self.content_size.width))


def news_lines(releases: Sequence[Release], width: int) -> list[Content]:
    """The lines at a width."""
    width = max(24, min(width, WIDEST))
    if not releases:
        return Content("This program was installed without its changelog.").wrap(width)
    lines: list[Content] = []
    for release in releases:
        lines += [Content.styled(shown(release.title), "bold"), Content("")]
        for news in release.news:
            first, *others = Content(shown(news)).wrap(width - 4)
            lines.append(Content.assemble(("  · ", "$text-accent"), first))
            lines += [Content("    ") + other for other in others]
        lines.append(Content(""))
    return lines[:-1]
