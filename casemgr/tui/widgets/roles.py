"""Who may do what, as a table, and who has which role."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from casemgr.core.roles import PERMISSIONS, ROLES
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.facts import Fact, laid_out, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

    from casemgr.core.records import AccessRole

NAME_WIDTH = max(len(one.name) for one in PERMISSIONS)

TITLES = tuple(role.capitalize() for role in ROLES)
SHORT_TITLES = ("Case", "Bill", "Sup", "Own")
"""For less width than the whole ones need."""

WHOLE_FROM = NAME_WIDTH + sum(len(title) + 2 for title in TITLES)
REST = "Everybody may see everything, and undo and redo what is their own."


class Held(NamedTuple):
    """A role, and who has it."""

    role: AccessRole
    names: tuple[str, ...]


class RoleTable(Widget):
    """Who is what, and a row for each thing that some may do."""

    held: reactive[Sequence[Held]] = reactive((), layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """So many lines at that width."""
        return len(self.lines(width))

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self.lines(self.content_size.width))

    def lines(self, width: int) -> list[Content]:
        """The lines at a width; what belongs to a permission stands under its name."""
        facts = [
            Fact(held.role.capitalize(), paragraph(", ".join(held.names) or "nobody")) for held in self.held
        ]
        titles = TITLES if width >= WHOLE_FROM else SHORT_TITLES
        columns = (Column("May", NAME_WIDTH), *(Column(title, len(title)) for title in titles))
        widths = fit(columns, width)
        found = [*laid_out(facts, width), Content(""), heading(columns, widths).stylize("$foreground-muted")]
        for one in PERMISSIONS:
            ticks = zip(ROLES, titles, strict=True)
            cells = {title: text("✓", "$text-success") for role, title in ticks if role in one.roles}
            found.append(line(columns, widths, {"May": text(one.name, "bold"), **cells}))
            more = Content.styled(one.more, "$foreground-muted")
            found += (Content("  ") + each for each in more.wrap(max(8, width - 2)) if one.more)
        return [*found, Content(""), *Content(REST).wrap(max(8, width))]


class RolesPane(VerticalScroll):
    """Who may do what."""

    HELP = (
        "What each of the four roles may do, and who has which. A refusal is recorded. Only an owner gives "
        "another role: under Staff, in the form of somebody. The arrows scroll."
    )
    BINDING_GROUP_TITLE = "Who may do what"

    def __init__(self, id: str) -> None:
        """Nobody yet."""
        self.table = RoleTable()
        super().__init__(self.table, id=id, can_focus=True)
