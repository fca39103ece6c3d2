"""Everything that was ever done to a record, as a difference to read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from casemgr.core.dates import format_us
from casemgr.tui import jobs_history
from casemgr.tui.commands import hidden
from casemgr.tui.jobs_history import StoryTold
from casemgr.tui.screens.page import Page
from casemgr.tui.text import shown
from casemgr.tui.widgets.facts import Fact, Facts, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult

    from casemgr.services.telling import Difference, Story, Told
    from casemgr.tui.seat import Seat

GONE, NEW = "strike $text-error", "bold $text-success"

INDENT = 2


class Steps(VerticalScroll):
    """The history, to scroll in."""

    HELP = (
        "Everything that was ever done to this record, the newest first: when, who, why, and which entry of "
        "the ledger holds it. Below stands what changed, before and after the arrow; in longer texts "
        "[−what went] and [+what came] stand in their place."
    )
    BINDING_GROUP_TITLE = "History"
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("up,k", "scroll_up", "Up", "Scroll up", "history.up", "↑"),
        hidden("down,j", "scroll_down", "Down", "Scroll down", "history.down", "↓"),
        hidden("home,g", "scroll_home", "First", "To the newest entry", "history.first"),
        hidden("end,G", "scroll_end", "Last", "To the oldest entry", "history.last"),
    ]


class HistoryScreen(Page):
    """A record's history over the screen that it was asked from."""

    CSS_PATH = "history.tcss"
    HELP = Steps.HELP
    BINDING_GROUP_TITLE = "History"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", key_display="esc", tooltip="Back to where you were",
                id="history.leave"),
        Binding("y", "copy", "Copy", tooltip="Copy the history to the clipboard", id="history.copy"),
    ]  # fmt: skip

    def __init__(self, seat: Seat, entity: str, record_id: str) -> None:
        """Of a record, as the ledger calls what it is: activity, patient, case, claim, follow_up, …"""
        super().__init__(seat)
        self._entity = entity
        self._record_id = record_id
        self._story: Story | None = None

    def body(self) -> ComposeResult:
        """Which record, and its steps."""
        yield Static("", id="whose")
        with Steps():
            yield Facts()

    def on_mount(self) -> None:
        """Begin where one can scroll."""
        self.set_focus(self.query_one(Steps))
        self.look()

    def look(self) -> None:
        """Have the history read anew."""
        self.ask(
            partial(jobs_history.tell, entity=self._entity, record_id=self._record_id), replaces="history"
        )

    @on(StoryTold)
    def _told(self, message: StoryTold) -> None:
        self.pulse, self._story = message.pulse, message.story
        count = len(message.story.steps)
        self.query_one("#whose", Static).update(Content.styled(shown(message.story.title), "bold"))
        self.query_one(Steps).border_title = "1 entry" if count == 1 else f"{count} entries, the newest first"
        self.query_one(Facts).parts = tuple(drawn(message.story))

    def action_copy(self) -> None:
        """Copy the history as plain text, through the terminal."""
        if self._story is not None:
            self.app.copy_to_clipboard(as_text(self._story))
            self.notify("The history is on the clipboard.", markup=False, timeout=2)


def drawn(story: Story) -> Iterator[Content | Fact]:
    """The parts that show a history."""
    for place, step in enumerate(story.steps):
        made = place == len(story.steps) - 1
        yield Content.assemble(
            (shown(step.did), "bold $text-accent"),
            f"  {when(step)}  ",
            (shown(step.who), "bold"),
            (f"  ledger {step.place}", "$foreground-muted"),
        )
        if step.reason:
            yield Fact("why", paragraph(step.reason, "italic"), INDENT)
        for one in step.differences:
            yield Fact(one.label, paragraph(one.after) if made else changed(one), INDENT)
        if not step.differences:
            yield Content.styled(" " * INDENT + "what it says stayed the same", "$foreground-muted")
        yield Content("")


def when(step: Told) -> str:
    """`Wed 10/21/2026 12:40`."""
    return f"{step.when:%a} {format_us(step.when.date())} {step.when:%H:%M}"


def changed(one: Difference) -> Content:
    """A field before and after: signs say what the colours say."""
    if not one.runs:
        empty = Content.styled("(empty)", "$foreground-muted")
        before = paragraph(one.before, GONE) if one.before else empty
        after = paragraph(one.after, NEW) if one.after else empty
        return Content.assemble(before, (" → ", "$text-accent"), after)
    parts: list[Content | tuple[str, str]] = []
    followed_by = [*(run.fate for run in one.runs[1:]), "kept"]
    for (fate, text), following in zip(one.runs, followed_by, strict=True):
        if fate == "kept":
            parts.append(_lines(text))
            continue
        sign, style = ("−", GONE) if fate == "gone" else ("+", NEW)
        bare = text.strip()
        leading, trailing = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        parts += [_lines(leading), ("[" + sign, style), _lines(bare, style), ("]", style)]
        parts.append(_lines(trailing or (" " if following == "new" else "")))
    return Content.assemble(*parts)


def _lines(text: str, style: str = "") -> Content:
    """A piece of people's text with its blanks and line breaks."""
    return Content.styled("\n".join(shown(line) for line in text.split("\n")), style)


def as_text(story: Story) -> str:
    """A history for the clipboard."""
    lines = [shown(story.title)]
    for step in story.steps:
        lines += ["", f"{when(step)}  {shown(step.did)} by {shown(step.who)}  ledger {step.place}"]
        lines += [f"  why: {shown(step.reason)}"] if step.reason else []
        for one in step.differences:
            before = f"{shown(one.before)} → " if one.before else ""
            lines.append(f"  {shown(one.label)}: {before}{shown(one.after) or '(empty)'}")
    return "\n".join(lines)
