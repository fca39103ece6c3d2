"""The log's list of activities, and the line that narrows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from casemgr.core.dates import format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.wording import counted
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.day import BORN, BY, DATE, KIND, MINUTES, OUTCOME, PATIENT, TIME, ActivityList, cells
from casemgr.tui.widgets.find import FindLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.services.today import DayRow
    from casemgr.tui.jobs_log import Copied, LogSeen

DAY, WEEKDAY = Column("Date", 5), Column("Date", 9)
WEEKDAY_FROM, TIME_FROM = 84, 104
"""From these widths on, in cells, there is room for the weekday and for the time."""

STATUS = Column("Status", 7, from_width=96)
STYLES = {"draft": "bold $text-warning", "voided": "$text-error", "claimed": "$text-accent"}


class LogList(ActivityList):
    """Activities of a month or of all time, the newest first, to act on one or on several."""

    HELP = (
        "The log, the newest first. Enter amends the marked activity; space ticks it, to void, sign or copy "
        "several at once. The letters below act on those that are ticked, else on the marked one."
    )
    BINDING_GROUP_TITLE = "The log's list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "ask('amend')", "Amend", tooltip="Amend the marked activity (enter as well)",
                id="log.amend"),
        Binding("x", "ask('void')", "Void", tooltip="Void what is ticked or marked, with a reason",
                id="log.void"),
        Binding("s", "ask('sign')", "Sign", tooltip="Sign the drafts among what is ticked or marked",
                id="log.sign"),
        Binding("h", "ask('history')", "History", tooltip="Show all that was done to the marked activity",
                id="log.history"),
        Binding("u", "clear", "Untick", tooltip="Take every tick away", id="log.untick"),
    ]  # fmt: skip

    TICKS = True

    @dataclass
    class Asked(Message):
        """Something is to be done to what is ticked or marked."""

        what: str
        keys: tuple[str, ...]

    def __init__(self) -> None:
        """An empty list."""
        super().__init__("log")
        self._seen: LogSeen | None = None

    def see(self, seen: LogSeen) -> None:
        """Show what was read."""
        # Whoever narrows the list wants its first match, unless the marked one is among them.
        narrowed = self._seen is None or self._seen.wish != seen.wish
        self._seen = seen
        if narrowed and self.key not in seen.keys.ids:
            self.at = 0
        self.show(seen.keys.ids, seen.rows)
        self.say_title()

    def say_title(self) -> None:
        """Say what is shown, how many there are, and how many are ticked."""
        if self._seen is not None:
            self.border_title = title_of(self._seen, len(self.ticked))

    def columns_at(self, width: int) -> tuple[Column, ...]:
        """The columns for what is shown; in a month the days need no year."""
        seen = self._seen
        day = DATE if seen is None or seen.month is None else WEEKDAY if width >= WEEKDAY_FROM else DAY
        return (
            *((day, TIME) if width >= TIME_FROM else (day,)),
            *(KIND, PATIENT, BORN, MINUTES, OUTCOME, STATUS),
            *((BY,) if seen is not None and not seen.staff else ()),
        )

    def head(self, width: int) -> Content:
        """The columns' titles."""
        columns = self.columns_at(width)
        return heading(columns, fit(columns, width))

    def draw(self, row: DayRow, width: int) -> Sequence[Content]:
        """One activity in one line; how it stands is told in words where there is no column for it."""
        columns = self.columns_at(width)
        widths = fit(columns, width)
        found = cells(row, widths.get("Kind", 0))
        status = row.row.status
        found["Status"] = text(status, STYLES.get(status, "$foreground-muted"))
        if columns[0] is not DATE:
            found["Date"] = text(in_month(row.row.service_date, columns[0] is WEEKDAY))
        if "Status" not in widths and status in {"draft", "voided"} and row.outcome:
            found["Outcome"] = Content.assemble((status, STYLES[status]), " · ", found["Outcome"])
        drawn = line(columns, widths, found)
        return (drawn.stylize("dim strike") if status == "voided" else drawn,)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Acting needs something to act on."""
        if action == "ask":
            return bool(self.keys)
        return bool(self.ticked) if action == "clear" else super().check_action(action, parameters)

    def action_ask(self, what: str) -> None:
        """Ask for something to be done to what is ticked or marked."""
        if self.chosen:
            self.post_message(self.Asked(what, self.chosen))

    def action_copy(self) -> None:
        """Ask for a copy of what is ticked or marked."""
        self.action_ask("copy")

    def copied(self, copied: Copied) -> None:
        """Put what was copied on the clipboard, through the terminal, and say so."""
        self.app.copy_to_clipboard(copied.text)
        what = "The activity is" if copied.count == 1 else f"{copied.count} activities are"
        self.notify(f"{what} on the clipboard.", markup=False, timeout=2)

    def action_clear(self) -> None:
        """Take every tick away."""
        self.untick()
        self.say_title()


def title_of(seen: LogSeen, ticked: int) -> Content:
    """`October 2026 · Tam Chen · 164 activities · 31 h 20 · 3 ticked`."""
    where = seen.month.title if seen.month else "All time"
    if seen.empty_month:
        where = f"Nothing in {seen.empty_month.title}, so all time"
    newest = "the newest " if seen.keys.capped else ""
    voided = seen.keys.count - seen.count
    parts = (
        where,
        seen.whose,
        *((seen.only,) if seen.only else ()),
        newest + counted(seen.count, "activity") if seen.count else "nothing",
        *((format_minutes(seen.minutes),) if seen.count else ()),
        *((f"{voided:,} voided" if voided else "none voided",) if seen.wish.voided else ()),
    )
    title = Content(" · ".join(map(shown, parts)))
    return Content.assemble(title, (f" · {ticked} ticked", "$text-accent")) if ticked else title


def in_month(iso: str, weekday: bool) -> str:
    """`10/21`, or `Wed 10/21`."""
    day = date.fromisoformat(iso)
    plain = format_us(day).rpartition("/")[0]
    return f"{day:%a} {plain}" if weekday else plain


class FilterLine(FindLine):
    """What narrows the log, with every key."""

    HELP = (
        "Type to narrow the log: beginnings of words in names, notes, outcomes and whatever else is written, "
        "or a chart number. The name of a kind, such as transport, narrows to that kind, drafts to what is "
        "not signed; in quotes they are words like any others. Where the month has nothing, all time is "
        "looked through; f6 does so at once. Enter and the down arrow go to the list, which stays narrowed; "
        "esc empties the line and goes there too."
    )
    BINDING_GROUP_TITLE = "The log's filter"
