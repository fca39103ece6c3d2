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
from casemgr.tui.jobs_settings import Preferred, SettingsRead, read_settings, save_setting, unset_setting
from casemgr.tui.keymap import known_keys
from casemgr.tui.keys import key_words, split
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.page import Page
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.text import shown
from casemgr.tui.widgets.facts import Fact, paragraph
from casemgr.tui.widgets.find import FindLine
from casemgr.tui.widgets.key_list import KeyList, KeyRow
from casemgr.tui.widgets.settings import (
    SECTIONS,
    NewsPane,
    PracticePane,
    ReadPane,
    SectionList,
    SettingList,
    StaffList,
    Theme,
    ThemeList,
    readable,
    titled,
)

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.core.records import Practice
    from casemgr.services.preferences import Setting
    from casemgr.tui.app import CasemgrApp
    from casemgr.tui.seat import Seat

THEMES = (
    ("auto", "As the terminal is", "light where the terminal says so, else dark"),
    ("dark", "Dark", ""),
    ("light", "Light", ""),
)


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
    keys_shown = query_one(KeyList)

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
                    yield Vertical(ThemeList("themes"), Static(sample(), id="sample"), id="theme")
                    yield Vertical(FindLine("/ finds a key by what it does"), KeyList("key_list"), id="keys")
                    yield Vertical(SettingList("setting_list"), id="defaults")
                    yield PracticePane("practice")
                    yield Vertical(StaffList("staff_list"), id="staff")
                    yield NewsPane("news")
                    yield ReadPane("about")

    def on_mount(self) -> None:
        """Begin at the parts."""
        rows = {section.key: section for section in SECTIONS}
        self.sections.show(tuple(rows), rows)
        self.sections.focus()
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
        themes = {
            value: Theme(value, title, about, value == read.values.theme) for value, title, about in THEMES
        }
        self.query_one(ThemeList).show(tuple(themes), themes)
        settings = {one.name: one for one in read.settings if is_default(one)}
        self.query_one(SettingList).show(tuple(settings), settings)
        staff = self.query_one(StaffList)
        staff.today = read.today.isoformat()
        here = sum(member.works_on(staff.today) for member in read.staff)
        staff.border_title = f"{here} here" + (f" · {left} left" if (left := len(read.staff) - here) else "")
        staff.show([member.id for member in read.staff], {member.id: member for member in read.staff})
        self.query_one(PracticePane).facts.parts = practice_parts(read.practice)
        self.query_one("#about", ReadPane).facts.parts = [
            Fact(label, paragraph(words)) for label, words in read.about
        ]
        self.query_one(NewsPane).page.releases = read.news
        if self.switcher.current == "keys":
            self.show_keys()
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
            self.show_keys()
        self.refresh_bindings()

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
        self.sections.focus()

    # Colours

    @on(ThemeList.Moved, "#themes")
    def _look_at_theme(self) -> None:
        themes = self.query_one(ThemeList)
        if themes.has_focus and themes.marked is not None:
            self.the_app.show_theme(themes.marked.value)

    @on(ThemeList.Left)
    def _theme_left(self) -> None:
        if self.read is not None:
            self.the_app.show_theme(self.read.values.theme)
            self.query_one(ThemeList).mark(self.read.values.theme)

    @on(ThemeList.Chosen, "#themes")
    def _keep_theme(self, message: ThemeList.Chosen) -> None:
        title = next(title for value, title, _ in THEMES if value == message.key)
        self.ask(partial(save_setting, name="theme", value=message.key, words=f"Colours: {title}"))

    @on(Preferred)
    def _preferred(self, message: Preferred) -> None:
        """A setting was changed: it counts at once."""
        if self.read is not None:
            self.read.values = message.values
        self.the_app.prefer(message.values)
        self.did(f"set {message.at} ✓", message.words)
        self.look()

    # Keys

    def show_keys(self) -> None:
        """Show all keys that fit what is typed."""
        self.keys_shown.show_keys(known_keys(), self.the_app.changed_keys, self.query_one(FindLine).value)

    def action_find(self) -> None:
        """Go to the line that narrows the keys."""
        self.query_one(FindLine).focus()

    @on(FindLine.Typed)
    def _typed(self) -> None:
        self.show_keys()

    @on(FindLine.Left)
    def _into(self) -> None:
        self.keys_shown.focus()

    @on(KeyList.Wanted)
    def _key_wanted(self, message: KeyList.Wanted) -> None:
        from casemgr.tui.screens.press import PressScreen

        row = message.row
        does = f"{row.tooltip} ({row.group}). Now: {key_words(row.keys)}"
        screen = PressScreen(row.id, does, self.the_app.changed_keys)
        self.app.push_screen(screen, partial(self._pressed, row, message.more))

    def _pressed(self, row: KeyRow, more: bool, key: str | None) -> None:
        if key is None:
            return
        keys = tuple(dict.fromkeys((*split(row.keys), key))) if more else (key,)
        if keys == split(row.ours):
            self._reset(KeyList.Reset(row))
            return
        wanted = ",".join(keys)
        words = f"{row.tooltip}: {key_words(wanted)}"
        self.ask(partial(save_setting, name=f"keys.{row.id}", value=wanted, words=words))

    @on(KeyList.Reset)
    def _reset(self, message: KeyList.Reset) -> None:
        row = message.row
        words = f"{row.tooltip}: {key_words(row.ours)} again"
        self.ask(partial(unset_setting, name=f"keys.{row.id}", words=words))

    # Defaults

    @on(SettingList.Chosen, "#setting_list")
    def _change_setting(self) -> None:
        one = self.query_one(SettingList).marked
        if one is None:
            return
        if one.choices:
            options = [Option(choice, titled(choice)) for choice in one.choices]
            picker = PickScreen(titled(one.name), options)
            self.app.push_screen(picker, lambda option: self._set(one, option and option.key))
        else:
            from casemgr.tui.screens.ask import AskScreen

            question = AskScreen(titled(one.name), one.about, value=readable(one.value))
            self.app.push_screen(question, lambda value: self._set(one, value))

    def _set(self, one: Setting, value: str | None) -> None:
        if value is not None:
            words = f"{titled(one.name)}: {value}"
            self.ask(partial(save_setting, name=one.name, value=value, words=words))

    @on(SettingList.Unset)
    def _unset(self, message: SettingList.Unset) -> None:
        words = f"{titled(message.name)}: the default"
        self.ask(partial(unset_setting, name=message.name, words=words))

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

    @property
    def the_app(self) -> CasemgrApp:
        """The app, which colours and keys belong to."""
        return cast("CasemgrApp", self.app)


def is_default(one: Setting) -> bool:
    """Whether a setting stands among the defaults; colours and keys have parts of their own."""
    return one.name != "theme" and not one.name.startswith("keys")


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


def sample() -> Content:
    """What colours mean, to be seen while choosing them."""
    return Content.assemble(
        ("Riverside Community Dental", "bold"),
        "\nText, ",
        ("what is beside the point", "$foreground-muted"),
        ", ",
        ("keys and what leads somewhere", "$text-accent"),
        "\n",
        ("saved ✓", "$text-success"),
        "   ",
        ("due today", "$text-warning"),
        "   ",
        ("9 d late", "bold $text-error"),
    )
