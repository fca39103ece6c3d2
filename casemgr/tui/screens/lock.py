"""The lock: nothing is seen but the question for a passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import Screen
from textual.widgets import Input, Label, Static

from casemgr.errors import Locked
from casemgr.tui.messages import Refused
from casemgr.tui.screens.menu import shown_lines
from casemgr.tui.text import typeable
from casemgr.tui.unlocking import try_passphrase
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.passphrase import PassphraseInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget

    from casemgr.clock import Clock
    from casemgr.settings import Settings

LEAVING = (
    "ctrl+q leaves the program; what is written is kept.\n"
    "Forgotten? The owner gives you another, under Settings, Access. The owner leaves and types "
    "`casemgr staff passphrase --recovery`, which asks for the recovery words."
)


class LockScreen(Screen[None]):
    """Asks for a passphrase. Who gives one gets Opened to the app; until then no other key does anything."""

    CSS_PATH = "lock.tcss"
    HELP = "Type your passphrase and press enter."
    BINDING_GROUP_TITLE = "Locked"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "somebody_else", "Somebody else", id="lock.somebody_else",
                tooltip="Unlock as somebody else; the program begins anew for them"),
        Binding("escape", "back", "Back", key_display="esc", tooltip="Take back what is typed",
                id="lock.back"),
    ]  # fmt: skip

    login = query_one("#login", Input)
    passphrase = query_one(PassphraseInput)
    complaint = query_one("#complaint", Static)

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        here: str = "",
        since: str = "",
        why: str = "",
        likely: str = "",
    ) -> None:
        """Ask.

        Args:
            settings: the practice.
            clock: what tells the present to the desk that is opened.
            here: the login of who was here; empty at the start, where the login is asked for too.
            since: since when it is locked; empty where nobody knows.
            why: what else is to be said: what it is locked for, or how the demo is unlocked.
            likely: the login that is proposed where it is asked for.
        """
        super().__init__()
        self._settings = settings
        self._clock = clock
        self._here = here
        self._since = since
        self._why = why
        self._likely = likely
        self._trying = False
        self._said = ""
        self._wait = 0
        """Seconds until the next can be tried."""
        self._counting: Timer | None = None

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Without the panels and tooltips that other screens have: they tell of what lies below."""

    def compose(self) -> ComposeResult:
        """Words, the fields, what is wrong, and what to do when it is forgotten."""
        words = "Nobody has unlocked the data yet."
        if self._here:
            words = (
                f"Locked{self._since and f' since {self._since}'}. Everything is as it was left.\n"
                "The passphrase of who was here goes on with it."
            )
        if self._why:
            words += f"\n\n{self._why}"
        panel = Vertical(
            Static(Content(shown_lines(words)), id="words"),
            Label("Login", classes="login"),
            Input(typeable(self._likely), placeholder="such as mrivera", compact=True, id="login",
                  classes="login", select_on_focus=True),
            Label("Passphrase"),
            PassphraseInput("type it, and press enter"),
            Static("", id="complaint"),
            Static(LEAVING, id="leaving", markup=False),
            classes="panel",
        )  # fmt: skip
        panel.border_title = "casemgr is locked"
        yield panel
        yield Foot()

    def on_mount(self) -> None:
        """Begin at the passphrase, or at the login where nobody can tell it."""
        self._ask_login(not self._here)

    def _ask_login(self, asked: bool) -> None:
        self.set_class(asked, "-login")
        self.set_focus(self.login if asked and not self.login.value else self.passphrase)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Somebody else is asked for once."""
        return not self.has_class("-login") if action == "somebody_else" else True

    def action_somebody_else(self) -> None:
        """Ask for a login too."""
        self.login.value = ""
        self._ask_login(True)

    def action_back(self) -> None:
        """Take back what is typed; where nothing is, who else was asked for; at the start, leave."""
        if self.passphrase.value:
            self.passphrase.value = ""
        elif self.has_class("-login") and self._here:
            self._ask_login(False)
        elif not self._here:
            self.app.exit()

    @on(Input.Submitted, "#login")
    def _go_on(self) -> None:
        self.set_focus(self.passphrase)

    @on(Input.Submitted, "PassphraseInput")
    def _try(self) -> None:
        passphrase = self.passphrase.value
        if self._trying or not passphrase or self._wait:
            return
        self._trying = True
        self.passphrase.value = ""
        self._say("Opening …")
        login = self.login.value.strip() if self.has_class("-login") else self._here
        try_passphrase(self, self._settings, self._clock, login, passphrase)

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        """It does not open: say why, and when to try again."""
        error = message.error
        self._trying = False
        self.passphrase.password = True
        if error.field == "login":
            self._ask_login(True)
        self._wait = error.wait_seconds if isinstance(error, Locked) else 0
        if isinstance(error, Locked):
            self._said = f"{error.title}. Nothing is lost."
        else:
            self._said = "\n".join(part for part in (error.title, error.detail, error.todo) if part)
        self._count(0)

    def _count(self, seconds: int = 1) -> None:
        """Say what was wrong, and how long the next try has to wait."""
        self._wait = max(0, self._wait - seconds)
        waits = f"\nThe next can be tried in {self._wait} s." if self._wait else ""
        self._say(self._said + waits, wrong=True)
        if self._counting is not None:
            self._counting.stop()
        self._counting = self.set_timer(1, self._count) if self._wait else None

    def _say(self, words: str, wrong: bool = False) -> None:
        self.complaint.set_class(wrong, "-wrong")
        self.complaint.update(Content(shown_lines(words)))
