"""A list in sections: headings part the rows, and the cursor passes over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from textual.content import Content

from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")


class Heading(NamedTuple):
    """A line above the rows of a section."""

    title: str


class Sectioned(Listing[T | Heading], Generic[T]):
    """Rows under headings. A subclass says how a row is drawn."""

    BINDING_GROUP_TITLE = "Every list in sections"

    def draw_row(self, row: T, width: int) -> Content:
        """A row in one line."""
        raise NotImplementedError

    def show_sections(self, sections: Iterable[tuple[str, Sequence[tuple[str, T]]]]) -> None:
        """Show sections: a title each, and rows by their keys; those without rows are left out."""
        rows: dict[str, T | Heading] = {}
        for title, inside in sections:
            if inside:
                rows[f"# {title}"] = Heading(title)
                rows |= dict(inside)
        self.show(tuple(rows), rows)

    @property
    def marked_row(self) -> T | None:
        """The marked row."""
        return None if isinstance(self.marked, Heading) else self.marked

    @property
    def count(self) -> int:
        """How many rows there are, headings aside."""
        return sum(not key.startswith("# ") for key in self.keys)

    def validate_at(self, at: int) -> int:
        """Step over a heading, in the direction of the move where there is a row."""
        if not (0 <= at < len(self.keys)) or not self.keys[at].startswith("# "):
            return at
        return at - 1 if 0 < at < self.at else at + 1

    def scroll_to_cursor(self) -> None:
        """Show the first heading with the first row below it."""
        super().scroll_to_cursor()
        if self.at == 1:
            self.scroll_to(y=0, animate=False, force=True)

    def draw(self, row: T | Heading, width: int) -> Sequence[Content]:
        """A heading, or a row further in."""
        if isinstance(row, Heading):
            return (Content.styled(row.title, "$foreground-muted"),)
        return (Content("  ") + self.draw_row(row, width - 2),)
