"""The list of follow-ups on their own screen, and all that is known around the marked one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from casemgr.core.dates import format_us
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.detail import WholeDetail
from casemgr.tui.widgets.due import STYLES, DueList, age_words
from casemgr.tui.widgets.facts import Fact, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casemgr.core.due import Aged
    from casemgr.core.ladder import Ladder
    from casemgr.services.follow_up_view import Around
    from casemgr.services.today import DayRow
    from casemgr.tui.jobs_follow_ups import FollowUpsSeen

GROUPS = {"overdue": "Overdue", "due": "Today", "ahead": "Later", "done": "Done"}
"""What each state is headed by."""

COLUMNS = (
    Column("", 7),
    Column("Due", 10),
    Column("Patient", 12, 28, 1),
    Column("Born", 10),
    Column("Chart", 6, from_width=104),
    Column("To do", 14, 200, 3),
)
WHOSE = Column("Whose", 8)


class FollowUpList(DueList):
    """Follow-ups by age, each age headed by its name."""

    HELP = (
        "What is still to be done, the longest overdue first. Enter logs what was done about the marked one, "
        "with patient and kind filled in, and closes it; d closes it without logging. Space ticks, to put "
        "off, hand over or close several at once."
    )
    BINDING_GROUP_TITLE = "The list of follow-ups"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "clear", "Untick", tooltip="Take every tick away", id="due.untick"),
    ]

    TICKS = True

    def __init__(self, login: str) -> None:
        """An empty list for a login."""
        super().__init__(login)
        self._seen: FollowUpsSeen | None = None
        self._headed: frozenset[str] = frozenset()

    def see(self, seen: FollowUpsSeen) -> None:
        """Show what was read."""
        narrowed = self._seen is None or self._seen.wish != seen.wish
        self._seen = seen
        rows = list(seen.rows.values())
        firsts = [after.row.id for before, after in pairwise(rows) if before.state != after.state]
        self._headed = frozenset((*(one.row.id for one in rows[:1]), *firsts))
        if narrowed and self.key not in seen.rows:
            self.at = 0
        self.show(tuple(seen.rows), seen.rows)
        self.say_title()

    def say_title(self) -> None:
        """Say whose they are, how many of each age there are, and how many are ticked."""
        if self._seen is not None:
            self.border_title = title_of(self._seen, len(self.ticked))

    def row_lines(self, width: int) -> int:
        """One: what has no room stands beside the list."""
        return 1

    def columns_at(self) -> tuple[Column, ...]:
        """The columns; whose one is stands there where it may be anybody's."""
        return (*COLUMNS, WHOSE) if self._seen is not None and not self._seen.staff else COLUMNS

    def head(self, width: int) -> Content:
        """The columns' titles."""
        columns = self.columns_at()
        return heading(columns, fit(columns, width))

    def draw(self, row: Aged, width: int) -> Sequence[Content]:
        """One follow-up in one line; the first of an age says which age that is."""
        record, style = row.row, STYLES.get(row.state, "$text-success")
        columns = self.columns_at()
        found = {
            "": Content.styled(GROUPS[row.state] if record.id in self._headed else "", style),
            "Due": Content.styled(age_words(row), style),
            "Patient": text(record.patient, "bold"),
            "Born": text(format_us(record.birth_date)),
            "Chart": text(f"#{record.chart_number}" if record.chart_number else "", "$foreground-muted"),
            "To do": text(record.what, "$foreground-muted" if row.state == "done" else ""),
            "Whose": text(record.assigned_to, "$foreground-muted"),
        }
        return (line(columns, fit(columns, width), found),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Taking ticks away needs some."""
        return bool(self.ticked) if action == "clear" else super().check_action(action, parameters)

    def action_clear(self) -> None:
        """Take every tick away."""
        self.untick()
        self.say_title()


def title_of(seen: FollowUpsSeen, ticked: int) -> Content:
    """`Yours · 3 overdue · 2 today · 5 later · 2 ticked`."""
    counts = dict.fromkeys(GROUPS, 0)
    for one in seen.rows.values():
        counts[one.state] += 1
    parts = [f"{count} {GROUPS[state].lower()}" for state, count in counts.items() if count]
    if seen.capped:
        parts.append("and more")
    title = Content(" · ".join(map(shown, (seen.whose, *(parts or ["nothing is waiting"])))))
    return Content.assemble(title, (f" · {ticked} ticked", "$text-accent")) if ticked else title


class AroundFollowUp(WholeDetail):
    """All that is known around one follow-up, to scroll in where it is long."""

    HELP = (
        "All that is known around the marked follow-up: what it comes from, and where a visit was missed the "
        "attempts to reach the patient so far. The arrows scroll; tab goes back to the list."
    )
    BINDING_GROUP_TITLE = "The marked follow-up"

    def show(self, around: Around | None) -> None:
        """Show a follow-up, or nothing."""
        self.say(tuple(facts(around)) if around is not None else ())


def facts(around: Around) -> Iterator[Content | Fact]:
    """A follow-up line by line; what is empty is left out."""
    row = around.one.row
    if row.patient:
        yield Content.assemble(
            (shown(row.patient), "bold"), f"  {format_us(row.birth_date)}  #{shown(row.chart_number)}"
        )
    yield paragraph(row.what, "bold")
    style = STYLES.get(around.one.state, "$text-success")
    yield Content.assemble((age_words(around.one), style), f" · due {format_us(row.due_date)}")
    yield Content("")
    if around.ladder is not None:
        yield from _attempts(around.ladder)
    yield Fact("Whose", paragraph(around.whose))
    if row.done_on:
        note = f": {row.done_note}" if row.done_note else ""
        yield Fact("Done", paragraph(f"{format_us(row.done_on)} by {around.done_by}{note}"))
    if around.done_with is not None:
        yield Fact("Done with", _activity(around.done_with))
    if around.comes_from is not None:
        yield Fact("Comes from", _activity(around.comes_from))


def _activity(one: DayRow) -> Content:
    row = one.row
    told = f"{one.kind_title}, {format_minutes(row.minutes)}, {format_us(row.service_date)}"
    outcome = f"\n→ {row.outcome_words}" if row.outcome_words else ""
    note = f"\n“{row.note}”" if row.note else ""
    return paragraph(f"{told}{outcome}{note}")


def _attempts(ladder: Ladder) -> Iterator[Content | Fact]:
    """The attempts to reach a patient so far, the oldest first."""
    missed = f" since the visit missed on {format_us(ladder.missed_on)}" if ladder.missed_on else ""
    yield Content.styled(f"Tried so far{missed}", "bold")
    for number, each in enumerate(ladder.attempts, start=1):
        when = f"{format_us(each.service_date)} {each.start}".rstrip()
        parts = (when, method_label(each.method), each.outcome, each.staff_name)
        yield Fact(f"Attempt {number}", paragraph(" · ".join(part for part in parts if part)))
    yield Content("")
