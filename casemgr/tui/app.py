"""The application: its screens, themes, keys that work everywhere, and what happens when it fails itself."""

from __future__ import annotations

import gc
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.events import InputEvent, Paste

from casemgr.services.preferences import preferences
from casemgr.services.today import day_view, is_unbegun
from casemgr.tui.commands import Deeds, Leaves
from casemgr.tui.keys import key_words
from casemgr.tui.locking import LockableApp
from casemgr.tui.notices import tell_damage, tell_settings
from casemgr.tui.presence import Presence
from casemgr.tui.screens.page import Page
from casemgr.tui.screens.today import TodayScreen
from casemgr.tui.seat import Seat
from casemgr.tui.terminal import steady
from casemgr.tui.text import shown
from casemgr.tui.themes import DARK, LIGHT, theme_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.driver import Driver
    from textual.events import Event

    from casemgr.core.preferences import Preferences
    from casemgr.services.desk import Desk
    from casemgr.services.today import DayView
    from casemgr.tui.jobs_settings import BackupFailed, LookedRound
    from casemgr.tui.messages import Faulted, Go, LooksForgotten

HOUR = 3600
"""In seconds; so often it is looked whether another day's backup is due."""

SCREENS = {
    "log": "log:LogScreen",
    "patients": "patients:PatientsScreen",
    "follow_ups": "follow_ups:FollowUpsScreen",
    "claims": "claims:ClaimsScreen",
    "month": "month:MonthScreen",
    "insights": "insights:InsightsScreen",
    "codes": "codes:CodesScreen",
    "settings": "settings:SettingsScreen",
}
"""Module and class of each place but the first, which alone is imported before there is something to see."""


class CasemgrApp(LockableApp):
    """The terminal UI on an open practice."""

    TITLE = "casemgr"
    BINDING_GROUP_TITLE = "Everywhere"
    # With that of the first screen, so that the stylesheets are put together only once before it is seen.
    CSS_PATH = ["app.tcss", "screens/today.tcss"]  # noqa: RUF012 - not declared as such there
    DEFAULT_MODE = "today"
    COMMANDS = {Deeds, Leaves}  # noqa: RUF012 - not declared as such there
    # To mypy, Textual does not declare these as class variables, so they cannot be annotated as such.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True, tooltip="Leave, also while typing",
                id="app.quit"),
        Binding("ctrl+p", "command_palette", "Everything", priority=True, id="app.palette",
                tooltip="Find what can be done, a place, a patient, a claim"),
        Binding(
            "question_mark",
            "explain",
            "Help",
            key_display="?",
            tooltip="What the focused part is for, and its keys",
            id="app.help",
        ),
        Binding(
            "f1",
            "explain",
            "Help",
            show=False,
            priority=True,
            tooltip="The help, also while typing",
            id="app.help_typing",
        ),
        Binding(
            "f2", "turn", "Light or dark", show=False, priority=True, tooltip="Turn light or dark",
            id="app.theme",
        ),
        Binding("ctrl+l", "lock", "Lock", priority=True, id="app.lock",
                tooltip="Lock: hide everything until you give your passphrase"),
    ]  # fmt: skip

    def __init__(self, desk: Desk, begins: bool = False) -> None:
        """Take over the desk; its connection is used by the lane alone from now on.

        With `begins`, a practice where nothing was ever logged is led to its first patient and activity.
        """
        super().__init__(desk)
        self.fault: BaseException | None = None
        """What made the program fail, if it did."""
        self.changed_keys: dict[str, str] = {}
        """Keys that people put in the place of ours, by the ids of what they do."""
        found = preferences(desk.places).values
        # Read before there is a screen, so that the first one drawn is the useful one.
        first = day_view(desk, mine=found.whose == "mine")
        begins = begins and not first.month.activities and is_unbegun(desk)
        self.seat = Seat.at(desk)
        self.lane.watcher = self
        self.presence = Presence(self, self.seat)
        self.add_mode("today", partial(self._first_day if begins else TodayScreen, self.seat, first))
        for name in SCREENS:
            self.add_mode(name, self._opener(name))
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.prefer(found)

    def _first_day(self, seat: Seat, first: DayView) -> TodayScreen:
        from casemgr.tui.screens.first_day import FirstDay

        return FirstDay(seat, first)

    def _opener(self, name: str) -> Callable[[], Page]:
        """Imports a screen when it is first gone to."""

        def open_it() -> Page:
            module, _, kind = SCREENS[name].partition(":")
            page = getattr(import_module(f"casemgr.tui.screens.{module}"), kind)(self.seat)
            assert isinstance(page, Page)
            return page

        return open_it

    def on_ready(self) -> None:
        """Look for garbage again once the first screen is drawn, but not among what start-up made."""
        self.call_after_refresh(look_for_garbage)
        self.call_after_refresh(self.presence.begin)
        self.call_after_refresh(self._look_round)
        self.call_after_refresh(self._begin_backup)
        self.set_interval(HOUR, self._begin_backup)

    def _look_round(self) -> None:
        from casemgr.tui.jobs_settings import look_round

        self.lane.ask(self, look_round)

    def on_looked_round(self, message: LookedRound) -> None:
        """Say calmly what of the settings cannot be used, and in few words that the program was updated."""
        if message.wrong_keys:
            self.change_keys(message.keys)
        tell_settings(self, message.trouble, message.wrong_keys)
        tell_damage(self, message.damage)
        # The answer may come when the last screen is gone.
        page = next(iter(self.screen_stack), None)
        if message.updated_from and isinstance(page, Page):
            page.did(f"updated from {message.updated_from}: see What's new in ctrl+p")

    def _begin_backup(self) -> None:
        """Begin the day's backup: also where the program is left open from one day to the next."""
        from casemgr.tui.jobs_settings import begin_backup

        self.lane.ask(self, begin_backup, replaces="daily backup")

    def on_backup_failed(self, message: BackupFailed) -> None:
        """Say once that there is none."""
        self.notify(shown(message.words), title="No backup", severity="warning", timeout=30, markup=False)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from casemgr.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(placeholder="what to do, a place, a patient, a claim"))

    def show_news(self) -> None:
        """Open what is new."""
        from casemgr.services.news import releases
        from casemgr.tui.screens.news import NewsScreen

        self.push_screen(NewsScreen(releases()))

    async def on_event(self, event: Event) -> None:
        """Whatever is pressed says that somebody is there; after long quiet it does nothing but lock."""
        if isinstance(event, InputEvent | Paste) and not (event.is_forwarded or self.is_locked):
            if self.presence.is_over:
                self.lock()
                return
            self.presence.sign()
        await super().on_event(event)

    def on_looks_forgotten(self, message: LooksForgotten) -> None:
        """Ask about a timer that runs on without anybody."""
        from casemgr.tui.screens.timer import ask_forgotten

        page = next((each for each in reversed(self.screen_stack) if isinstance(each, Page)), None)
        if page is not None and not self.presence.asking:
            self.presence.asking = True
            ask_forgotten(page, message, self.presence.answered)

    async def on_go(self, message: Go) -> None:
        """Go to a place, and there to what is meant; what is open over it is left if one is there already."""
        if self.is_locked:
            self.once_back(partial(self.post_message, message))
            return
        there = message.place == self.current_mode
        if not there:
            await self.switch_mode(message.place)
        if there or message.at:
            self._uncover()
        page = self.screen_stack[0]
        if message.at and isinstance(page, Page):
            page.arrive(message.at)

    def _uncover(self) -> None:
        """Leave what is open over a place as esc does: a form keeps its draft, a question is not answered."""
        while len(self.screen_stack) > 1:
            self.screen.dismiss()

    def prefer(self, values: Preferences) -> None:
        """Be as people want it: colours, keys, and when it locks itself."""
        self.presence.lock_minutes = values.lock_after
        self.show_theme(values.theme)
        self.change_keys(values.keys)

    def show_theme(self, wanted: str) -> None:
        """Show colours: dark, light, or auto."""
        self.theme = theme_for(wanted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where it is locked, or a key is asked for by pressing it, none does what it does elsewhere."""
        if self.is_locked:
            return action == "quit"
        return not (self.screen_stack and getattr(self.screen, "GRABS_KEYS", False))

    def change_keys(self, changed: Mapping[str, str]) -> None:
        """Put keys in the place of ours, by the ids of what they do; those not named have ours again."""
        self.changed_keys = dict(changed)
        self.set_keymap(self.changed_keys)

    def get_driver_class(self) -> type[Driver]:
        """The terminal, whatever it sends."""
        return steady(super().get_driver_class())

    def get_key_display(self, binding: Binding) -> str:
        """A key as people read it: `ctrl+p`, `⏎`."""
        return binding.key_display or key_words(binding.key)

    def action_explain(self) -> None:
        """Open the help for what has the focus, or close it."""
        from casemgr.tui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            self.push_screen(HelpScreen(self.screen, self.screen.focused))

    def action_turn(self) -> None:
        """Turn light or dark, for the next start too."""
        from casemgr.tui.jobs_settings import keep_theme

        wanted = "light" if self.current_theme.dark else "dark"
        self.show_theme(wanted)
        self.lane.ask(self.screen, partial(keep_theme, theme=wanted))

    def on_faulted(self, message: Faulted) -> None:
        """A job of the lane failed as no job should."""
        raise message.error

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, which would show what variables hold, such as names."""
        self.fault = self._exception
        self._close_messages_no_wait()


def look_for_garbage() -> None:
    """Undo what open_terminal_ui did for a quick start; elsewhere nothing."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def run(desk: Desk, mouse: bool = True) -> BaseException | None:
    """Run until it is left, for one after the other who unlocks it; the desk is closed then.

    Returns:
        What made the program fail, if anything did.
    """
    next_desk: Desk | None = desk
    fault = None
    while next_desk is not None and fault is None:
        app = CasemgrApp(next_desk, begins=True)
        try:
            app.run(mouse=mouse)
        finally:
            app.lane.close()
        next_desk, fault = app.successor, app.fault
    return fault
