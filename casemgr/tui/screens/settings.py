"""Settings: colours, keys, defaults, the practice and its staff, what is new, and where everything is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import ContentSwitcher, Static

from casemgr.tui.forms_house import practice_form, staff_form
from casemgr.tui.jobs_doctor import Examined, look_over
from casemgr.tui.jobs_settings import Preferred, SettingsRead, read_settings, save_setting, unset_setting
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.page import Page
from casemgr.tui.screens.settings_access import AccessPart
from casemgr.tui.screens.settings_parts import Change, DefaultsPart, KeysPart, ThemePart
from casemgr.tui.text import shown
from casemgr.tui.widgets.doctor import DoctorPane
from casemgr.tui.widgets.facts import Fact, paragraph
from casemgr.tui.widgets.find import FindLine
from casemgr.tui.widgets.roles import RolesPane
from casemgr.tui.widgets.settings import (
    SECTIONS,
    NewsPane,
    PracticePane,
    ReadPane,
    SectionList,
    StaffList,
)

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.core.records import Practice
    from casemgr.tui.app import CasemgrApp
    from casemgr.tui.seat import Seat


class SettingsScreen(Page):
    """The parts to the left, what belongs to one of them to the right."""

    PLACE = "settings"
    CSS_PATH = "settings.tcss"
    HELP = (
        "How the program is to be, and who and what the practice is. Choose a part to the left; enter or tab "
        "goes into it, esc comes back. What is changed here counts at once."
    )
    BINDING_GROUP_TITLE = "Settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", key_display="/", tooltip="Find a key by what it does",
                id="settings.find"),
        Binding("escape", "parts", "Parts", key_display="esc", tooltip="Back to the parts of the settings",
                id="settings.parts"),
    ]  # fmt: skip

    sections = query_one(SectionList)
    switcher = query_one(ContentSwitcher)
    keys = query_one(KeysPart)

    read: reactive[SettingsRead | None] = reactive(None)
    """What is shown, as it was read last."""

    def __init__(self, seat: Seat) -> None:
        """Nothing is read yet."""
        super().__init__(seat)
        self._wanted = ""

    def body(self) -> ComposeResult:
        """The parts, and one of them."""
        with Horizontal(id="settings_work"):
            yield SectionList("sections")
            with Vertical(id="part"):
                yield Static("", id="settings_trouble", classes="-none")
                with ContentSwitcher(initial="theme"):
                    yield ThemePart(id="theme")
                    yield KeysPart(id="keys")
                    yield DefaultsPart(id="defaults")
                    yield PracticePane("practice")
                    yield Vertical(StaffList("staff_list"), id="staff")
                    yield AccessPart(id="access")
                    yield RolesPane("roles")
                    yield DoctorPane("doctor")
                    yield NewsPane("news")
                    yield ReadPane("about")

    def on_mount(self) -> None:
        """Begin at the parts."""
        rows = {section.key: section for section in SECTIONS}
        self.sections.show(tuple(rows), rows)
        self.set_focus(self.sections)
        self.look()

    def look(self) -> None:
        """Have everything read anew."""
        self.ask(read_settings, replaces="view")

    @on(SettingsRead)
    def _read(self, message: SettingsRead) -> None:
        self.pulse = message.pulse
        self.read = message

    def watch_read(self, read: SettingsRead | None) -> None:
        """Hand the parts down."""
        if read is None:
            return
        trouble = self.query_one("#settings_trouble", Static)
        trouble.set_class(read.trouble is None, "-none")
        if read.trouble is not None:
            told = (read.trouble.title, read.trouble.detail, read.trouble.todo)
            trouble.update(Content("\n".join(shown(row) for words in told for row in words.splitlines())))
        self.query_one(ThemePart).show_kept(read.values.theme)
        self.query_one(DefaultsPart).show_settings(read.settings)
        staff = self.query_one(StaffList)
        staff.today = read.today.isoformat()
        here = sum(member.works_on(staff.today) for member in read.staff)
        staff.border_title = f"{here} here" + (f" · {left} left" if (left := len(read.staff) - here) else "")
        staff.show([member.id for member in read.staff], {member.id: member for member in read.staff})
        self.query_one(AccessPart).show_entrants(read.entrants, read.recovery)
        self.query_one(RolesPane).table.held = read.held
        self.query_one(PracticePane).facts.parts = practice_parts(read.practice)
        self.query_one("#about", ReadPane).facts.parts = [
            Fact(label, paragraph(words)) for label, words in read.about
        ]
        self.query_one(NewsPane).page.releases = read.news
        if self.switcher.current == "keys":
            self.keys.show_keys()
        if self._wanted:
            self.arrive(self._wanted)

    def arrive(self, at: str) -> None:
        """Go into a part."""
        self._wanted = at
        if self.read is not None and at in {section.key for section in SECTIONS}:
            self._wanted = ""
            self.sections.mark(at)
            self._show(at)
            self.call_after_refresh(self._enter)

    # Between the parts

    @on(SectionList.Moved, "#sections")
    def _section(self) -> None:
        if self.sections.key and self.switcher.current != self.sections.key:
            self._show(self.sections.key)

    def _show(self, part: str) -> None:
        self.switcher.current = part
        if part == "keys":
            self.keys.show_keys()
        if part == "doctor":
            self.ask(look_over, replaces="doctor")
        self.refresh_bindings()

    @on(Examined)
    def _examined(self, message: Examined) -> None:
        self.query_one(DoctorPane).show(message.checks)

    @on(SectionList.Chosen, "#sections")
    def _enter(self) -> None:
        part = self.switcher.visible_content
        if part is not None:
            inside = [part, *part.query("*")]
            next(each for each in inside if each.can_focus and not isinstance(each, FindLine)).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Finding is for keys, and coming back for whoever went into a part."""
        if action == "find":
            return self.switcher.current == "keys"
        if action == "parts":
            return not self.sections.has_focus
        return super().check_action(action, parameters)

    def action_parts(self) -> None:
        """Go back to the parts."""
        self.set_focus(self.sections)

    # What is changed

    def action_find(self) -> None:
        """Go to the line that narrows the keys."""
        self.set_focus(self.keys.find_line)

    @on(Change)
    def _change(self, message: Change) -> None:
        if message.value is None:
            self.ask(partial(unset_setting, name=message.name, words=message.words))
        else:
            self.ask(partial(save_setting, name=message.name, value=message.value, words=message.words))

    @on(Preferred)
    def _preferred(self, message: Preferred) -> None:
        """A setting was changed: it counts at once."""
        cast("CasemgrApp", self.app).prefer(message.values)
        self.did(f"set {message.at} ✓", message.words)
        self.look()

    # Practice and staff

    @on(PracticePane.Edit)
    def _edit_practice(self) -> None:
        if self.read is not None:
            self.open(FormScreen(self.seat, practice_form(self.read.practice, self.read.staff)))

    @on(StaffList.Chosen, "#staff_list")
    def _edit_staff(self) -> None:
        member = self.query_one(StaffList).marked
        if member is not None and self.read is not None:
            self.open(FormScreen(self.seat, staff_form(self.read.today, member)))

    @on(StaffList.Add)
    def _add_staff(self) -> None:
        if self.read is not None:
            self.open(FormScreen(self.seat, staff_form(self.read.today)))


def practice_parts(practice: Practice) -> list[Content | Fact]:
    """The practice's particulars; what is missing says so, since documents show it."""
    facts = (
        ("Name", practice.name),
        ("Address", practice.address),
        ("Phone", practice.phone),
        ("NPI", practice.npi),
        ("Tax id", practice.tax_id),
        ("Time zone", practice.time_zone),
        ("Owner", practice.owner),
    )
    missing = Content.styled("not stated", "$foreground-muted")
    return [Fact(label, paragraph(words) if words else missing) for label, words in facts]
