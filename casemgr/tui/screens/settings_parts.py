"""The parts of the settings that change something: colours, keys and defaults."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from casemgr.tui.keymap import known_keys
from casemgr.tui.keys import key_words, split
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.screens.press import PressScreen
from casemgr.tui.widgets.find import FindLine
from casemgr.tui.widgets.key_list import KeyList, KeyRow
from casemgr.tui.widgets.settings import SettingList, Theme, ThemeList, readable, titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from casemgr.services.preferences import Setting
    from casemgr.tui.app import CasemgrApp

THEMES = (
    ("auto", "As the terminal is", "light if it says so, else dark"),
    ("dark", "Dark", ""),
    ("light", "Light", ""),
)


@dataclass
class Change(Message):
    """A setting is to be changed, or given back to its default."""

    name: str
    value: str | None
    """None for the default."""
    words: str
    """What is said once it is done."""


class Part(Vertical):
    """One part of the settings."""

    @property
    def the_app(self) -> CasemgrApp:
        """The app, which colours and keys belong to."""
        return cast("CasemgrApp", self.app)


class ThemePart(Part):
    """Colours, to be seen while one chooses."""

    themes = query_one(ThemeList)
    kept = "auto"
    """What counts when nothing is chosen."""

    def compose(self) -> ComposeResult:
        """The choices, and a sample."""
        yield ThemeList("themes")
        yield Static(sample(), id="sample")

    def show_kept(self, kept: str) -> None:
        """Show which one counts."""
        self.kept = kept
        rows = {value: Theme(value, title, about, value == kept) for value, title, about in THEMES}
        self.themes.show(tuple(rows), rows)

    @on(ThemeList.Moved, "#themes")
    def _look(self) -> None:
        if self.themes.has_focus and self.themes.marked is not None:
            self.the_app.show_theme(self.themes.marked.value)

    @on(ThemeList.Left)
    def _left(self) -> None:
        self.the_app.show_theme(self.kept)
        self.themes.mark(self.kept)

    @on(ThemeList.Chosen, "#themes")
    def _keep(self, message: ThemeList.Chosen) -> None:
        self.kept = message.key
        title = next(title for value, title, _ in THEMES if value == message.key)
        self.post_message(Change("theme", message.key, f"Colours: {title}"))


class KeysPart(Part):
    """Every key, to be changed by pressing another."""

    keys_shown = query_one(KeyList)
    find_line = query_one(FindLine)

    def compose(self) -> ComposeResult:
        """A line that narrows, and the keys."""
        yield FindLine("/ finds a key by what it does")
        yield KeyList("key_list")

    @on(FindLine.Typed)
    def show_keys(self) -> None:
        """Show all keys that fit what is typed."""
        self.keys_shown.show_keys(known_keys(), self.the_app.changed_keys, self.find_line.value)

    @on(FindLine.Left)
    def _into(self) -> None:
        self.keys_shown.focus()

    @on(KeyList.Wanted)
    def _wanted(self, message: KeyList.Wanted) -> None:
        row = message.row
        does = f"{row.tooltip} ({row.group}). Now: {key_words(row.keys)}"
        screen = PressScreen(row.id, does, self.the_app.changed_keys)
        self.app.push_screen(screen, partial(self._pressed, row, message.more))

    def _pressed(self, row: KeyRow, more: bool, key: str | None) -> None:
        if key is None:
            return
        keys = tuple(dict.fromkeys((*split(row.keys), key))) if more else (key,)
        if keys == split(row.ours):
            self._bring_back(row)
        else:
            wanted = ",".join(keys)
            self.post_message(Change(f"keys.{row.id}", wanted, f"{row.tooltip}: {key_words(wanted)}"))

    @on(KeyList.Reset)
    def _reset(self, message: KeyList.Reset) -> None:
        self._bring_back(message.row)

    def _bring_back(self, row: KeyRow) -> None:
        self.post_message(Change(f"keys.{row.id}", None, f"{row.tooltip}: {key_words(row.ours)} again"))


class DefaultsPart(Part):
    """What new forms and screens begin with."""

    listing = query_one(SettingList)

    def compose(self) -> ComposeResult:
        """The settings."""
        yield SettingList("setting_list")

    def show_settings(self, settings: Sequence[Setting]) -> None:
        """Show those that have no part of their own."""
        shown = {one.name: one for one in settings if one.name != "theme" and not one.name.startswith("keys")}
        self.listing.show(tuple(shown), shown)

    @on(SettingList.Chosen, "#setting_list")
    def _change(self) -> None:
        one = self.listing.marked
        if one is None:
            return
        if one.choices:
            options = [Option(choice, titled(choice)) for choice in one.choices]
            picker = PickScreen(titled(one.name), options)
            self.app.push_screen(picker, lambda option: self._set(one, option and option.key))
        else:
            question = AskScreen(titled(one.name), one.about, value=readable(one.value))
            self.app.push_screen(question, lambda value: self._set(one, value))

    def _set(self, one: Setting, value: str | None) -> None:
        if value is not None:
            self.post_message(Change(one.name, value, f"{titled(one.name)}: {value}"))

    @on(SettingList.Unset)
    def _unset(self, message: SettingList.Unset) -> None:
        self.post_message(Change(message.name, None, f"{titled(message.name)}: the default"))


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
