"""What is still to be done, coloured and worded by its age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from casemgr.core.dates import format_us
from casemgr.core.due import Aged
from casemgr.tui.text import shown
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE = 64
"""From this width on, in cells, a follow-up fits one line."""

AGE = 10
"""Cells for how late or how far ahead one is."""

STYLES = {"overdue": "bold $text-error", "due": "bold $text-warning", "ahead": "$foreground-muted"}


class DueList(Listing[Aged]):
    """Follow-ups by due date, the longest overdue first, in one line or two."""

    HELP = (
        "Follow-ups that are overdue, due today or due within a week. The days in front say how late one is, "
        "or how far ahead. Enter logs what was done about it, with patient and kind filled in, and closes "
        "it; d closes it without logging anything."
    )
    BINDING_GROUP_TITLE = "Due"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "ask('done')", "Done", tooltip="It is done, and nothing is to be logged", id="due.done"),
        Binding("s", "ask('snooze')", "Snooze", tooltip="Put it off to another day", id="due.snooze"),
        Binding("r", "ask('assign')", "Hand over", tooltip="Give it to somebody else to do",
                id="due.assign"),
        Binding("h", "ask('history')", "History", show=False, tooltip="Show all that was done to it",
                id="due.history"),
        Binding("y", "copy", "Copy", tooltip="Copy it to the clipboard", id="due.copy"),
    ]  # fmt: skip

    due: reactive[tuple[Aged, ...] | None] = reactive(None)
    """What to show; None until it was read."""

    @dataclass
    class Asked(Message):
        """Something is to be done to what is ticked or marked: done, snooze, assign or history."""

        listing: DueList
        what: str
        keys: tuple[str, ...]

        @property
        def control(self) -> DueList:
            """By which `on` may tell lists apart."""
            return self.listing

    def __init__(self, login: str) -> None:
        """An empty list for a login: what is somebody else's to do says whose."""
        super().__init__("due")
        self._login = login

    def watch_due(self, due: tuple[Aged, ...] | None) -> None:
        """Fill it anew; before anything was read it does not claim that there is nothing."""
        if due is None:
            self.border_title = "…"
            return
        late = sum(one.state == "overdue" for one in due)
        self.border_title = (
            f"Due · {len(due)}" + (f" · {late} overdue" if late else "") if due else "Nothing is due"
        )
        rows = {one.row.id: one for one in due}
        self.show(tuple(rows), rows)

    def row_lines(self, width: int) -> int:
        """Two where one has no room for all."""
        return 1 if width >= WIDE else 2

    def draw(self, row: Aged, width: int) -> Sequence[Content]:
        """How late, whom, and what is to be done. A name may be cut, its birth date never."""
        record = row.row
        born = f" {format_us(record.birth_date)}" if record.birth_date else ""
        name = Content.styled(shown(record.patient), "bold")
        room = max(8, width - AGE - len(born)) if width < WIDE else width // 3
        name = name.truncate(room, ellipsis=True)
        whose = "" if record.assigned_to == self._login else f"   {shown(record.assigned_to)}"
        age = (f"{age_words(row):<{AGE}}", STYLES.get(row.state, ""))
        what = Content.assemble(shown(record.what), (whose, "$foreground-muted"))
        if not record.patient:
            return Content.assemble(age, what), Content("")
        who = Content.assemble(age, name, (born, "$foreground-muted"))
        if width >= WIDE:
            return (Content.assemble(who, "   ", what),)
        return who, Content.assemble(" " * AGE, what)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All of it needs something marked, and what is done already only has a history."""
        if action == "copy":
            return bool(self.chosen)
        if action == "ask":
            one = self.marked
            return one is not None and (one.state != "done" or parameters == ("history",))
        return super().check_action(action, parameters)

    def action_ask(self, what: str) -> None:
        """Ask for something to be done to what is ticked or marked."""
        if self.chosen:
            self.post_message(self.Asked(self, what, self.chosen))

    def action_copy(self) -> None:
        """Copy what is ticked or marked, one a line, its parts separated by tabs, through the terminal."""
        rows = [row for key in self.chosen if (row := self.row(key)) is not None]
        self.app.copy_to_clipboard("\n".join(map(as_tabbed, rows)))
        what = "The follow-up is" if len(rows) == 1 else f"{len(rows)} follow-ups are"
        self.notify(f"{what} on the clipboard.", markup=False, timeout=2)


def as_tabbed(one: Aged) -> str:
    """A follow-up for the clipboard, its parts separated by tabs."""
    row = one.row
    parts = (format_us(row.due_date), row.patient, format_us(row.birth_date), row.what)
    return "\t".join(shown(part) for part in parts)


def age_words(one: Aged) -> str:
    """`9 d late`, `today`, `in 3 d`, `done 10/20`: the colour never says it alone."""
    if one.state == "done":
        return f"done {format_us(one.row.done_on).rpartition('/')[0]}"
    if one.state == "overdue":
        return f"{one.age_days} d late"
    return "today" if one.state == "due" else f"in {-one.age_days} d"
