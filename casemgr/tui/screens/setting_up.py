"""The screens of the first start: what to begin with, the practice, the demo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Static

from casemgr.clock import local
from casemgr.errors import CasemgrError, Locked, ParseError
from casemgr.services.demo import DEMO_PASSPHRASE, OWNER
from casemgr.services.desk import open_desk, open_unlocked
from casemgr.services.first_start import demo_home, demo_places, make_demo_apart
from casemgr.services.setup import (
    check_free,
    check_zone,
    known_zones,
    likely_login,
    likely_zone,
    login_for,
)
from casemgr.services.unlocking import unlock
from casemgr.settings import Settings
from casemgr.tui.messages import Opened, Refused
from casemgr.tui.notices import tell_error
from casemgr.tui.screens.menu import Answer, Answers
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.screens.secret import SecretScreen
from casemgr.tui.screens.step import Step
from casemgr.tui.text import shown
from casemgr.tui.widgets.fields import Choice, FieldRow, Spec
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.go_on import GoOn
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult


WORDS = (
    "The log of a dental case manager: what you did, for whom, how long it took, what came of it, and what "
    "is to be done next. Claims and the month's workbook are made from it.\n\n"
    "There is no practice here yet."
)


class Unwanted(Exception):
    """What is being made is not wanted any more."""


@dataclass
class Stopped(Message):
    """It was stopped; nothing stays of it."""


@dataclass
class Free(Message):
    """There can be such a practice here."""

    values: Mapping[str, str]
    """Its particulars, by field."""


@dataclass
class Doing(Message):
    """What is being done just now."""

    words: str


class ChoiceScreen(Step):
    """A practice, the demo, or nothing."""

    HELP = "What to begin with: a practice of your own, or the demo to look around in."
    BINDING_GROUP_TITLE = "First start"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "choose('1')", "Set up", tooltip="Set up my practice", id="welcome.practice"),
        Binding("2", "choose('2')", "Demo", tooltip="Look around in the demo", id="welcome.demo"),
        Binding("q,escape", "app.quit", "Leave", tooltip="Leave; nothing is made", id="welcome.leave",
                key_display="q"),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """What this is, and what can be done."""
        places = self.first.settings.places
        kept = (
            f"A practice would be kept in {shown(str(places.data))},\n"
            f"the demo apart from it in {shown(str(demo_home(places)))}."
        )
        panel = Vertical(Static(WORDS), Answers("answers"), Static(Content(kept), id="kept"), classes="panel")
        panel.border_title = "Welcome to casemgr"
        yield panel
        yield Foot()

    def on_mount(self) -> None:
        """Show what can be done."""
        there = demo_places(self.first.settings.places).database.exists()
        demo = "Go back to the demo" if there else "Look around in the demo first"
        choices = (
            Answer("1", "Set up my practice; it takes a minute"),
            Answer("2", f"{demo}: everybody in it is made up"),
            Answer("q", "Leave; nothing is made"),
        )
        answers = self.query_one(Answers)
        answers.styles.height = len(choices)
        answers.show(tuple(each.key for each in choices), {each.key: each for each in choices})
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
    """The practice's particulars; once they are right, the passphrase is chosen."""

    CSS_PATH = "form.tcss"
    HELP = "What a new practice needs. Enter goes from field to field, and at the end to the passphrase."
    BINDING_GROUP_TITLE = "Setting up a practice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f9", "go_on", "Go on", priority=True, key_display="ctrl+s",
                tooltip="Go on to the passphrase (f9 as well)", id="welcome.go_on"),
        Binding("escape", "dismiss", "Back", key_display="esc", tooltip="Back; nothing is made",
                id="welcome.back"),
    ]  # fmt: skip

    _checking = False
    _proposed = ""
    """The login that was made of the name."""

    def compose(self) -> ComposeResult:
        """Fields, where it will be, and the last step."""
        yield Static("Set up my practice", id="title")
        yield Static(
            "Enter goes on; * marks what is needed. NPI, address and the like can come later under Settings; "
            "only the login never changes.",
            id="words",
        )
        with VerticalScroll(id="fields", can_focus=False), Vertical(classes="column"):
            for spec in self._fields():
                yield FieldRow(spec)
            yield GoOn("Go on to the passphrase")
            yield Static(self._kept(), id="kept")
        yield Foot()

    def on_mount(self) -> None:
        """Begin with the name."""
        self.query(FieldRow).first().enter()

    def _fields(self) -> tuple[Spec, ...]:
        zones = tuple(Choice(name, name) for name in known_zones())
        return (
            Spec("name", "Practice", "", "such as Riverside Community Dental", required=True),
            Spec("owner_name", "Your name", "", "such as Marisol Rivera", required=True),
            Spec("credential", "Credential", "", "such as CDHC; printed behind your name"),
            Spec("login", "Login", self.first.login, "such as mrivera; signs your work", required=True),
            Spec("time_zone", "Time zone", likely_zone(), "such as America/New_York", "choice", zones,
                 required=True, reads=self._time_there),
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
        )

    def row(self, name: str) -> FieldRow:
        """The row of a field."""
        return next(row for row in self.query(FieldRow) if row.spec.name == name)

    @on(FieldRow.Changed)
    def _changed(self, message: FieldRow.Changed) -> None:
        """Propose a login for the name, unless somebody wrote one."""
        login = self.row("login")
        if message.name == "owner_name" and not self.first.login and login.text == self._proposed:
            named = self.row("owner_name").text
            self._proposed = (login_for(named) or likely_login()) if named.strip() else ""
            login.write(self._proposed)

    @on(Button.Pressed)
    def action_go_on(self) -> None:
        """Go on, unless something is missing, which is said beside its field."""
        missing = [row for row in self.query(FieldRow) if row.spec.required and not row.text.strip()]
        for row in missing:
            row.complain("this is needed")
        if missing:
            missing[0].enter()
        elif not self._checking:
            self._checking = True
            self.do(partial(self._check, {row.spec.name: row.value for row in self.query(FieldRow)}))

    def _check(self, values: Mapping[str, str]) -> Free:
        zone = values["time_zone"].strip()
        login = check_free(self.first.settings.places, values["name"], zone, values["login"])
        return Free({**values, "time_zone": zone, "login": login})

    @on(Free)
    def _free(self, message: Free) -> None:
        self._checking = False
        self.app.push_screen(SecretScreen(message.values))

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        """It cannot be made: say why, beside the field if one is to blame."""
        self._checking = False
        error = message.error
        if error.field:
            row = self.row(error.field)
            near = f": did you mean {' or '.join(error.candidates[:3])}?" if error.candidates else ""
            row.complain(f"{error.title}{near}")
            row.enter()
        else:
            tell_error(self, error)

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

    HELP = "The demo is being made; it opens as soon as it is complete."
    BINDING_GROUP_TITLE = "Making the demo"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "stop", "Back", key_display="esc", tooltip="Stop; nothing stays", id="welcome.stop"
        ),
    ]

    _wanted = True

    def compose(self) -> ComposeResult:
        """What it is, where, and how far it has come."""
        home = demo_home(self.first.settings.places)
        panel = Vertical(
            Static(
                "A practice to try things on. Everybody in it is made up, and nothing that you do there "
                "touches your own."
            ),
            Static(Content(f"It is kept in {shown(str(home))}."), id="kept"),
            Static("", id="doing"),
            classes="panel",
        )
        panel.border_title = "The demo"
        yield panel
        yield Foot()

    def on_mount(self) -> None:
        """Begin."""
        self.do(self._make)

    def on_unmount(self) -> None:
        """Whoever leaves does not wait for it."""
        self._wanted = False

    def _make(self) -> Message:
        app = self.first
        try:
            places = make_demo_apart(app.settings.places, self._say, app.clock)
        except Unwanted:
            return Stopped()
        demo = Settings(places, "")
        try:
            return Opened(open_desk(demo, clock=app.clock))
        except Locked:
            # Its passphrase is for everybody to know.
            return Opened(open_unlocked(demo, unlock(places, OWNER, DEMO_PASSPHRASE), app.clock))

    def _say(self, words: str) -> None:
        """Tell what is being done, from the thread that does it."""
        if not self._wanted:
            raise Unwanted
        self.post_message(Doing(words))

    @on(Doing)
    def _doing(self, message: Doing) -> None:
        if self._wanted:
            self.query_one("#doing", Static).update(message.words)

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        """It cannot be made: back to the choice, and say why."""
        self.dismiss()
        tell_error(self, message.error)

    @on(Stopped)
    def _stopped(self) -> None:
        self.dismiss()

    def action_stop(self) -> None:
        """Stop at the next step, and go back then."""
        self._wanted = False
        self.query_one("#doing", Static).update("Stopping …")
