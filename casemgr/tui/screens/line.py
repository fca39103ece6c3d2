"""A screen with the one line in which work is logged."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.getters import query_one

from casemgr.tui import drafts, jobs
from casemgr.tui.messages import DraftFound, LineRead, LineRefused, LineTimed, Saved
from casemgr.tui.notices import tell_error, tell_warnings
from casemgr.tui.screens.page import About, Page
from casemgr.tui.widgets.entry import EntryLine
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.preview import Preview

if TYPE_CHECKING:
    from casemgr.tui.messages import Acted
    from casemgr.tui.seat import Seat

LINE = "line"
"""What the half-typed line is kept under."""


class LinePage(Page):
    """Understands the line while it is typed, keeps it, and saves it. A subclass says where both stand."""

    entry_line = query_one(EntryLine)
    preview = query_one(Preview)

    def __init__(self, seat: Seat) -> None:
        """Nothing is typed yet."""
        super().__init__(seat)
        self._tried = ""
        """The line that was refused last, of which every fault is told."""
        self._last = ""
        """What was done last, in words."""
        self._found = ""
        """The line that was half typed when the program ended, as it was found."""
        self._kept_at = ""
        """When that was kept."""

    def on_mount(self) -> None:
        """Begin at the line, and look whether one was half typed."""
        self.preview.rest()
        self.set_focus(self.entry_line)
        self.ask(partial(drafts.find, form=LINE))

    def show_new(self, activity_id: str) -> None:
        """Something was written: mark it where it is listed."""

    @on(DraftFound)
    def _draft_found(self, message: DraftFound) -> None:
        """What was half typed stands in the line again."""
        if (text := message.body.get("text", "")) and not self.entry_line.value:
            self._found, self._kept_at = text, message.at
            self.entry_line.value = text

    @on(EntryLine.Changed)
    def _changed(self, message: EntryLine.Changed) -> None:
        if message.value != self._found:
            self._found = ""
            self.ask(
                partial(drafts.keep, form=LINE, body={"text": message.value}), replaces="draft", due=True
            )

    @on(EntryLine.Typed)
    def _typed(self, message: EntryLine.Typed) -> None:
        if message.text.strip():
            self.ask(partial(jobs.understand, text=message.text), replaces="line")
        else:
            self.preview.rest(self._last)

    @on(LineRead)
    def _line_read(self, message: LineRead) -> None:
        # An answer about a line that has changed since says nothing.
        if message.text == self.entry_line.value and self.pulse is not None:
            refused = message.text == self._tried
            kept_at = self._kept_at if message.text == self._found else ""
            self.preview.read(message.entry, message.outcome, self.pulse.today, refused, kept_at)

    @on(EntryLine.Submitted)
    def _submitted(self, message: EntryLine.Submitted) -> None:
        if message.value.strip():
            self.ask(partial(jobs.save_line, text=message.value, form=LINE))

    @on(EntryLine.Form)
    def _form(self, message: EntryLine.Form) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        form = ActivityScreen(self.seat, line=message.text)
        self.app.push_screen(form, partial(self._form_left, message.text))

    def _form_left(self, text: str, acted: Acted | None) -> None:
        if acted is not None:
            self.entry_line.saved(text)
        self._came_back(acted)

    def _came_back(self, acted: Acted | None) -> None:
        super()._came_back(acted)
        if acted is not None:
            self.show_new(acted.record_id)

    @on(Saved)
    def _saved(self, message: Saved) -> None:
        self._tried = ""
        self.entry_line.saved(message.text)
        self.did(f"saved {message.at} ✓", f"saved: {message.words}")
        tell_warnings(self, message.warnings)
        self.show_new(message.activity_id)
        self.look()

    @on(LineRefused)
    def _line_refused(self, message: LineRefused) -> None:
        self._tried = message.text
        self.entry_line.refused(message.text)
        if message.error.exit_code != 3:
            tell_error(self, message.error)
        self.ask(partial(jobs.understand, text=message.text), replaces="line")

    def action_timer(self) -> None:
        """Start timing what the half-typed line says, or what is marked; or open what there is."""
        typing = self.entry_line.has_focus
        self.press_timer(About() if typing else self.about(), self.entry_line.value if typing else "")

    @on(LineTimed)
    def _line_timed(self, message: LineTimed) -> None:
        if message.used:
            self.entry_line.saved(message.text)
        self.acted(message.acted)

    def action_new(self) -> None:
        """Go to the line."""
        self.set_focus(self.entry_line)

    def did(self, status: str, words: str = "") -> None:
        """Say what was done, below and, until something is typed, under the line."""
        self._last = words
        self.query_one(Foot).status = status
        if not self.entry_line.value.strip():
            self.preview.rest(words)
