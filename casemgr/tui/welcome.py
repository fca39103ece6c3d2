"""The first start, while there is no practice yet: set one up, or look around in the demo.

There is no desk here, and so no lane: it ends with one, on which the terminal UI proper opens.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Static

from casemgr.clock import local
from casemgr.errors import CasemgrError, ParseError
from casemgr.services.desk import Desk, open_desk
from casemgr.services.first_start import demo_home, make_demo_apart
from casemgr.services.setup import (
    check_zone,
    create_practice,
    known_zones,
    likely_login,
    likely_zone,
)
from casemgr.settings import Settings
from casemgr.tui.screens.menu import Answer, Answers
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.text import shown
from casemgr.tui.themes import DARK, LIGHT
from casemgr.tui.widgets.fields import Choice, FieldRow, Spec
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from casemgr.clock import Clock

WORDS = (
    "The log of a dental case manager: what you did, for whom, how long it took and what came of it. "
    "Follow-ups, claims and the month's workbook come from it.\n\n"
    "There is no practice here yet."
)

CHOICES = (
    Answer("1", "Set up my practice; it takes a minute"),
    Answer("2", "Look around in the demo first: everybody in it is made up"),
    Answer("q", "Leave; nothing is made"),
)


class Stopped(Exception):
    """The demo is not wanted any more."""


class Step(Screen[None]):
    """A step of the first start."""

    @property
    def first(self) -> WelcomeApp:
        """The application."""
        assert isinstance(self.app, WelcomeApp)
        return self.app

    def told(self, error: CasemgrError) -> None:
        """Say what cannot be done, in a panel."""
        words = "\n".join(part for part in (error.detail, *error.candidates, error.todo) if part)
        self.notify(
            "\n".join(map(shown, words.splitlines())),
            title=shown(error.title), severity="error", timeout=10, markup=False,
        )  # fmt: skip


class ChoiceScreen(Step):
    """A practice, the demo, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "app.quit", "Leave", tooltip="Leave; nothing is made", id="welcome.leave",
                key_display="q"),
        Binding("1", "choose('1')", "Set up", tooltip="Set up my practice", id="welcome.practice"),
        Binding("2", "choose('2')", "Demo", tooltip="Look around in the demo", id="welcome.demo"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """What this is, and what can be done."""
        answers = Answers("answers")
        answers.styles.height = len(CHOICES) + 1
        places = self.first.settings.places
        kept = Static(
            Content.styled(
                f"A practice would be kept in {shown(str(places.data))},\n"
                f"the demo apart from it in {shown(str(demo_home(places)))}.",
                "$foreground-muted",
            ),
            id="kept",
        )
        panel = Vertical(Static(WORDS), answers, kept, classes="panel")
        panel.border_title = "Welcome to casemgr"
        yield panel
        yield Foot()

    def on_mount(self) -> None:
        """Show what can be done."""
        answers = self.query_one(Answers)
        answers.show(tuple(each.key for each in CHOICES), {each.key: each for each in CHOICES})
        answers.focus()

    @on(Listing.Chosen)
    def _chosen(self, message: Listing.Chosen) -> None:
        self.action_choose(message.key)

    def action_choose(self, key: str) -> None:
        """Go on to what was chosen."""
        if key == "1":
            self.app.push_screen("practice")
        elif key == "2":
            self.app.push_screen(DemoScreen())
        else:
            self.app.exit()


class PracticeScreen(Step):
    """The practice's particulars; it is made at once, whole, when they are right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f9", "make", "Make the practice", priority=True, key_display="ctrl+s",
                tooltip="Make the practice (f9 as well)", id="welcome.make"),
        Binding("escape", "dismiss", "Back", key_display="esc", tooltip="Back; nothing is made",
                id="welcome.back"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """Fields, where it will be, and the last step."""
        yield Static("Set up my practice", id="title")
        yield Static("* is needed; all of it can be changed later. Enter goes on.", id="words")
        yield Static("", id="trouble", classes="-none")
        with VerticalScroll(id="fields", can_focus=False):
            for spec in self._fields():
                yield FieldRow(spec)
            yield Button("Make the practice", id="make", compact=True)
            yield Static(self._kept(), id="kept")
        yield Foot()

    def on_mount(self) -> None:
        """Begin with the name."""
        self.query(FieldRow).first().enter()

    def _fields(self) -> tuple[Spec, ...]:
        zone, login = likely_zone(), self.first.acting or likely_login()
        zones = tuple(Choice(name, name) for name in known_zones())
        return (
            Spec("name", "Practice", "", "such as Riverside Community Dental", required=True),
            Spec("owner_name", "Your name", "", "such as Marisol Rivera", required=True),
            Spec("credential", "Credential", "", "such as CDHC; printed behind your name"),
            Spec("time_zone", "Time zone", zone, "such as America/New_York", "choice", zones, required=True,
                 reads=self._time_there),
            Spec("login", "Login", login, "such as mrivera", required=True,
                 remark="stands beside all that you log"),
            Spec("npi", "Practice's NPI", "", "ten digits; it may come later"),
        )  # fmt: skip

    def _time_there(self, zone: str) -> str:
        try:
            there = local(self.first.clock.now(), check_zone(zone))
        except CasemgrError as error:
            raise ParseError(error.title) from error
        return f"{there:%H:%M} now"

    def _kept(self) -> Content:
        places = self.first.settings.places
        return Content.assemble(
            ("Everything stays on this machine, encrypted:\n", "bold"),
            ("  data  ", "$foreground-muted"),
            shown(str(places.database)),
            ("\n  key   ", "$foreground-muted"),
            shown(str(places.key)),
            "\nWithout the key file nobody can read the data or its backups. Keep a copy of it in a safe "
            "place apart from them, such as a stick in a locked drawer.",
        )

    def row(self, name: str) -> FieldRow:
        """The row of a field."""
        return self.query_one(f"#field_{name}", FieldRow)

    @on(Button.Pressed)
    def action_make(self) -> None:
        """Make it, unless something is missing, which is said beside its field."""
        missing = [row for row in self.query(FieldRow) if row.spec.required and not row.text.strip()]
        for row in missing:
            row.complain("this is needed")
        if missing:
            missing[0].enter()
        elif not self.query_one(Button).disabled:
            self.query_one(Button).disabled = True
            values = {row.spec.name: row.value for row in self.query(FieldRow)}
            self.run_worker(partial(self._make, values), thread=True)

    def _make(self, values: Mapping[str, str]) -> None:
        """Make the practice, off the event loop."""
        try:
            desk = create_practice(
                self.first.settings.places,
                values["name"],
                values["time_zone"].strip(),
                values["login"],
                values["owner_name"],
                self.first.clock,
                credential=values["credential"],
                npi=values["npi"],
            )
        except CasemgrError as error:
            self.app.call_from_thread(self.refused, error)
        else:
            self.app.call_from_thread(self.first.exit, desk)

    def refused(self, error: CasemgrError) -> None:
        """It was not made: say why, beside the field if one is to blame."""
        self.query_one(Button).disabled = False
        if error.field:
            row = self.row(error.field)
            near = f": did you mean {' or '.join(error.candidates[:3])}?" if error.candidates else ""
            row.complain(f"{error.title}{near}")
            row.enter()
        else:
            self.told(error)

    @on(FieldRow.Choosing)
    def _choosing(self, message: FieldRow.Choosing) -> None:
        row = message.row
        options = [Option(choice.value, choice.label) for choice in row.spec.choices]
        self.app.push_screen(PickScreen(row.spec.label, options), partial(self._chosen, row))

    def _chosen(self, row: FieldRow, option: Option | None) -> None:
        if option is not None:
            row.write(option.key)
            row.enter()


class DemoScreen(Step):
    """Makes the demo, and says what it is doing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "stop", "Back", key_display="esc", tooltip="Stop; nothing stays", id="welcome.stop"
        ),
    ]

    def compose(self) -> ComposeResult:
        """What it is, where, and how far it has come."""
        home = demo_home(self.first.settings.places)
        panel = Vertical(
            Static(
                "A practice to try things on. Everybody in it is made up, and nothing that you do there "
                "touches your own."
            ),
            Static(Content.styled(f"It is kept in {shown(str(home))}; delete that folder when you are done.",
                                  "$foreground-muted")),
            Static("", id="doing"),
            classes="panel",
        )  # fmt: skip
        panel.border_title = "The demo"
        yield panel
        yield Foot()

    def on_mount(self) -> None:
        """Begin."""
        self._wanted = True
        self.run_worker(self._make, thread=True)

    def say(self, words: str) -> None:
        """Tell what is being done, from the thread that does it."""
        if not self._wanted:
            raise Stopped
        self.app.call_from_thread(self.query_one("#doing", Static).update, Content(words))

    def _make(self) -> None:
        app = self.first
        try:
            places = make_demo_apart(app.settings.places, self.say, app.clock)
            desk = open_desk(Settings(places, ""), clock=app.clock)
        except Stopped:
            app.call_from_thread(self.dismiss)
        except CasemgrError as error:
            app.call_from_thread(self.refused, error)
        else:
            app.call_from_thread(app.exit, desk)

    def refused(self, error: CasemgrError) -> None:
        """It cannot be made: back to the choice, and say why."""
        self.dismiss()
        self.told(error)

    def action_stop(self) -> None:
        """Stop at the next step, and go back then."""
        self._wanted = False
        self.query_one("#doing", Static).update("Stopping …")


class WelcomeApp(App[Desk]):
    """What `casemgr` opens where there is nothing yet; it gives an open desk, or None where it was left."""

    TITLE = "casemgr"
    CSS_PATH = ["app.tcss", "screens/form.tcss", "welcome.tcss"]  # noqa: RUF012 - not declared as such there
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, tooltip="Leave", id="welcome.quit"),
        Binding("f2", "turn", "Light or dark", show=False, priority=True, tooltip="Turn light or dark",
                id="welcome.theme"),
    ]  # fmt: skip

    # Kept while it is left, so that nothing that was written is lost by going back.
    SCREENS = {"practice": PracticeScreen}  # noqa: RUF012

    def __init__(self, settings: Settings, acting: str, clock: Clock) -> None:
        """Begin; acting is the login that was named on the command line, or empty."""
        super().__init__()
        self.settings = settings
        self.acting = acting
        self.clock = clock
        self.fault: BaseException | None = None
        """What made the program fail, if it did."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Ask what is wanted."""
        self.push_screen(ChoiceScreen())

    def action_turn(self) -> None:
        """Turn light or dark."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, which would show what variables hold, such as names."""
        self.fault = self._exception
        self._close_messages_no_wait()


def welcome(settings: Settings, acting: str, clock: Clock, mouse: bool = True) -> WelcomeApp:
    """Lead through the first start; what it gives stands in `return_value`, what made it fail in `fault`."""
    app = WelcomeApp(settings, acting, clock)
    app.run(mouse=mouse)
    return app
