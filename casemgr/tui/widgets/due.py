"""What is still to be done, coloured and worded by its age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
        super().__init__("due")
        self._login = login

    def watch_due(self, due: tuple[Aged, ...]) -> None:
        """Fill it anew."""
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
        """All of it needs something marked."""
        if action in {"finish", "snooze", "copy"}:
            return self.marked is not None
        return super().check_action(action, parameters)

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


def age_words(one: Aged) -> str:
    """`9 d late`, `today`, `in 3 d`: the colour never says it alone."""
    if one.state == "overdue":
        return f"{one.age_days} d late"
    return "today" if one.state == "due" else f"in {-one.age_days} d"
