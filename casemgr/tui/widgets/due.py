"""What is still to be done, coloured and worded by its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from casemgr.core.dates import format_us
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from textual import events

    from casemgr.services.follow_ups import Aged

WIDE = 64
"""From this width on, in cells, an item fits one line."""

AGE = 10
"""Cells for how late or how far ahead one is."""

STYLES = {"overdue": "bold $text-error", "due": "bold $text-warning", "ahead": "$foreground-muted"}


class DueList(OptionList):
    """Follow-ups by due date, the longest overdue first. It keeps its mark whatever is written meanwhile."""

    HELP = (
        "Follow-ups that are overdue, due today or due within a week. The days in front say how late one is, "
        "or how far ahead. Log the call itself in the entry line; d says that a follow-up is done."
    )
    BINDING_GROUP_TITLE = "Due"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "finish", "Done", tooltip="The marked follow-up is done", id="due.done"),
        Binding("s", "snooze", "Snooze", tooltip="Put the marked follow-up off by a day", id="due.snooze"),
        Binding("y", "copy", "Copy", tooltip="Copy the marked follow-up to the clipboard", id="due.copy"),
    ]

    due: reactive[tuple[Aged, ...]] = reactive(())
    """What to show."""

    @dataclass
    class Finish(Message):
        """A follow-up is done."""

        follow_up_id: str

    @dataclass
    class Snooze(Message):
        """A follow-up is to be put off by a day."""

        follow_up_id: str
        due_date: date

    def __init__(self, login: str) -> None:
        """An empty list for a login: what is somebody else's to do says whose."""
        super().__init__(id="due", compact=True, markup=False)
        self._login = login
        self._width = 0

    @property
    def marked(self) -> Aged | None:
        """The follow-up that is marked."""
        at = self.highlighted
        return self.due[at] if at is not None and at < len(self.due) else None

    def watch_due(self, old: tuple[Aged, ...], due: tuple[Aged, ...]) -> None:
        """Fill it anew, and find the follow-up again that was marked."""
        late = sum(one.state == "overdue" for one in due)
        self.border_title = (
            f"Due · {len(due)}" + (f" · {late} overdue" if late else "") if due else "Nothing is due"
        )
        # Before it has a width nothing fits.
        if self._width and old != due:
            self._fill(old)

    def on_resize(self, event: events.Resize) -> None:
        """One line an item where there is room."""
        if event.size.width != self._width:
            self._width = event.size.width
            self._fill(self.due)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All of it needs something marked."""
        return action not in {"finish", "snooze", "copy"} or self.marked is not None

    def action_finish(self) -> None:
        """Say that the marked one is done."""
        if one := self.marked:
            self.post_message(self.Finish(one.row.id))

    def action_snooze(self) -> None:
        """Ask to put the marked one off."""
        if one := self.marked:
            self.post_message(self.Snooze(one.row.id, date.fromisoformat(one.row.due_date)))

    def action_copy(self) -> None:
        """Copy the marked one, its parts separated by tabs, through the terminal."""
        if one := self.marked:
            parts = (
                format_us(one.row.due_date),
                one.row.patient,
                format_us(one.row.birth_date),
                one.row.what,
            )
            self.app.copy_to_clipboard("\t".join(shown(part) for part in parts))
            self.notify("The follow-up is on the clipboard.", markup=False, timeout=2)

    def _fill(self, old: tuple[Aged, ...]) -> None:
        at, scrolled = self.highlighted, self.scroll_y
        wanted = old[at].row.id if at is not None and at < len(old) else ""
        self.clear_options()
        # Blanks on either side, and the bar that scrolls.
        width = self._width - 3
        self.add_options(Option(_line(one, width, self._login), one.row.id) for one in self.due)
        places = {one.row.id: place for place, one in enumerate(self.due)}
        if self.due:
            self.highlighted = places.get(wanted, min(at or 0, len(self.due) - 1))
            self.scroll_to(y=scrolled, animate=False)
        self.refresh_bindings()


def age_words(one: Aged) -> str:
    """`9 d late`, `today`, `in 3 d`: the colour never says it alone."""
    if one.state == "overdue":
        return f"{one.age_days} d late"
    return "today" if one.state == "due" else f"in {-one.age_days} d"


def _line(one: Aged, width: int, login: str) -> Content:
    """An item in one line or two; a name may be cut, the birth date that tells namesakes apart never."""
    row = one.row
    born = f" {format_us(row.birth_date)}" if row.birth_date else ""
    name = Content.styled(shown(row.patient), "bold")
    if width < WIDE:
        name = name.truncate(max(8, width - AGE - len(born)), ellipsis=True)
    start = Content.assemble(
        (f"{age_words(one):<{AGE}}", STYLES.get(one.state, "")), name, (born, "$foreground-muted")
    )
    whose = "" if row.assigned_to == login else f"   {shown(row.assigned_to)}"
    between = "   " if width >= WIDE else f"\n{'':{AGE}}"
    return Content.assemble(start, between, shown(row.what), (whose, "$foreground-muted"))
