"""What can be done on the month's page: drafting, workbooks, closing it for everybody, opening it again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from casemgr.tui import jobs_month
from casemgr.tui.folders import show_folder
from casemgr.tui.jobs_month import Exported, ProfilesRead
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.monthly import month_keys
from casemgr.tui.screens.pick import PickScreen
from casemgr.tui.screens.releasing import Releasing
from casemgr.tui.screens.working import WorkingPage
from casemgr.tui.widgets.month_standing import closing_words, reason_needed

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.services.month_view import MonthView
    from casemgr.services.releases import ReleaseWish
    from casemgr.tui.screens.pick import Option
    from casemgr.tui.seat import Seat

NOTHING_LEFT = "Nothing was written, and nothing is left behind."


class MonthDeeds(WorkingPage, Releasing):
    """The deeds of the month's page; what it shows is read elsewhere."""

    BINDING_GROUP_TITLE = "Month"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("E", "export", "Export", tooltip="Write the month's workbook", id="month.export"),
        Binding("D", "draft", "Draft", tooltip="Draft claims of what can be billed", id="month.draft"),
        Binding("l", "lock", "Lock", tooltip="Lock: close the month for everybody, or open it again",
                id="month.lock"),
        Binding("W", "workbooks", "Workbooks", tooltip="Write another workbook of the month",
                id="month.workbooks"),
        Binding("O", "folder", "Folder", tooltip="Open the folder of the workbook", id="month.folder"),
        Binding("escape", "stop", "Stop", key_display="esc", tooltip="Stop writing", id="month.stop"),
        *month_keys("month"),
    ]  # fmt: skip

    def __init__(self, seat: Seat) -> None:
        """The present month."""
        super().__init__(seat)
        self.seen: MonthView | None = None
        """The month as it was read last."""
        self._path: Path | None = None
        """The workbook that was written last."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One thing runs at a time; drafting is over once the month is closed."""
        if action in {"export", "workbooks", "lock", "draft"}:
            idle = self.course is None and self.seen is not None
            return idle and not (action == "draft" and self.seen is not None and self.seen.state.closed)
        return super().check_action(action, parameters)

    @on(Exported)
    def _exported(self, message: Exported) -> None:
        self._path = message.path or self._path
        self.ended()
        self.acted(message.acted)

    def action_draft(self) -> None:
        """Draft the month's claims."""
        assert self.seen is not None
        self.ask(partial(jobs_month.draft, month=self.seen.month))

    def action_export(self) -> None:
        """Write the workbook."""
        assert self.seen is not None
        self.release(partial(self._export, self.seen))

    def _export(self, view: MonthView, wish: ReleaseWish) -> None:
        if self.course is None:
            course = self.begin(self._writing, view.rows_to_write, NOTHING_LEFT)
            self.ask(partial(jobs_month.export, month=view.month, course=course, wish=wish))

    @property
    def _writing(self) -> str:
        return f"Writing the workbook of {self.months.shown.title}"

    def action_workbooks(self) -> None:
        """Ask which of the other workbooks is wanted."""
        self.ask(jobs_month.read_profiles)

    @on(ProfilesRead)
    def _profiles_read(self, message: ProfilesRead) -> None:
        title = f"Which workbook of {self.months.shown.title}?"
        self.app.push_screen(PickScreen(title, message.options), self._profile_picked)

    def _profile_picked(self, option: Option | None) -> None:
        if option is not None:
            self.release(partial(self._export_profile, self.months.shown, option))

    def _export_profile(self, month: Month, option: Option, wish: ReleaseWish) -> None:
        if self.course is None:
            course = self.begin(f"Writing {option.title}", 0, NOTHING_LEFT)
            profile = option.key
            self.ask(
                partial(jobs_month.export_profile, month=month, profile=profile, course=course, wish=wish)
            )

    def action_lock(self) -> None:
        """Ask whether the month is to be closed, or, where it is closed, opened again."""
        view = self.seen
        assert view is not None
        if view.state.closed:
            words = (
                "Its activities and claims can be changed again. What came too late for it comes back to it, "
                "unless it is on a claim of a later month already."
            )
            ask = AskScreen(f"Open {view.month.title} again?", words, "why")
            self.app.push_screen(ask, partial(self._open_again, view))
            return
        needed = reason_needed(view)
        hint = "why" if needed else ""
        ask = AskScreen(f"Close {view.month.title}?", closing_words(view), hint, optional=not needed)
        self.app.push_screen(ask, partial(self._close, view))

    def _open_again(self, view: MonthView, why: str | None) -> None:
        if why:
            self.ask(partial(jobs_month.reopen, month=view.month, why=why))

    def _close(self, view: MonthView, reason: str | None) -> None:
        if reason is not None:
            self.release(partial(self._close_and_write, view, reason))

    def _close_and_write(self, view: MonthView, reason: str, wish: ReleaseWish) -> None:
        if self.course is None:
            stopped = f"{view.month.title} is closed all the same. E writes its workbook."
            course = self.begin(self._writing, view.rows_to_write, stopped)
            self.ask(partial(jobs_month.close, month=view.month, reason=reason, course=course, wish=wish))

    def action_folder(self) -> None:
        """Open the folder of the workbooks, or say where it is."""
        folder = self._path.parent if self._path else self.seat.exports
        if not show_folder(folder):
            self.app.copy_to_clipboard(str(folder))
            self.notify(
                f"{folder}\nIts name is on the clipboard.", title="The workbooks are in", markup=False
            )
