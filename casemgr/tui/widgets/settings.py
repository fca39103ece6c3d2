"""The parts of the settings: the sections, colours, defaults, staff, and what is only to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message

from casemgr.core.dates import format_us
from casemgr.services.preferences import FILE_NAME, Setting
from casemgr.tui.text import shown
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.facts import Facts
from casemgr.tui.widgets.listing import Listing
from casemgr.tui.widgets.news import NewsPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.records import Staff


ONE_LINE = 80
"""From this width on, in cells, what a setting is for fits one line."""

TITLES = {
    "whose": "Whose work",
    "forgotten_timer_minutes": "When a timer counts as forgotten",
    "lock_after": "When it locks itself",
    "daily_backup": "A backup each day",
    "default_kind": "Kind of a new activity",
    "default_method": "Contact method of a new activity",
}


class Section(NamedTuple):
    """A part of the settings."""

    key: str
    title: str


SECTIONS = (
    Section("theme", "Colours"),
    Section("keys", "Keys"),
    Section("defaults", "Defaults"),
    Section("practice", "Practice"),
    Section("staff", "Staff"),
    Section("access", "Access"),
    Section("roles", "Roles"),
    Section("doctor", "Check-up"),
    Section("news", "What's new"),
    Section("about", "About"),
)


class SectionList(Listing[Section]):
    """The parts."""

    HELP = "The parts of the settings. What belongs to the marked one stands beside it; enter goes there."
    BINDING_GROUP_TITLE = "Settings, by parts"

    def draw(self, row: Section, width: int) -> Sequence[Content]:
        """Its title."""
        return (Content(f" {row.title}"),)


class Theme(NamedTuple):
    """A choice of colours."""

    value: str
    title: str
    about: str
    kept: bool


class ThemeList(Listing[Theme]):
    """Colours, to be seen while moving."""

    HELP = (
        "Dark, light, or as the terminal is. Moving shows each at once; enter keeps the marked one, and "
        "leaving the list without enter brings the kept one back."
    )
    BINDING_GROUP_TITLE = "Colours"

    class Left(Message):
        """Whatever was only looked at is not wanted."""

    def draw(self, row: Theme, width: int) -> Sequence[Content]:
        """Whether it is kept, what it is called, and what it means."""
        sign = ("● ", "$text-success") if row.kept else ("  ", "")
        return (Content.assemble(sign, (f"{row.title:<22}", "bold"), (row.about, "$foreground-muted")),)

    def on_blur(self) -> None:
        """Say that it was left."""
        super().on_blur()
        self.post_message(self.Left())


class SettingList(Listing[Setting]):
    """Defaults with what counts now, each with what it is for."""

    HELP = (
        "What new forms and screens begin with. Enter changes the marked one, and delete lets the default "
        "count again. They stand in settings.toml, where you may write as well."
    )
    BINDING_GROUP_TITLE = "Defaults"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "unset", "Default", tooltip="Let the default count again", id="setting.unset"),
    ]

    @dataclass
    class Unset(Message):
        """The default is to count again."""

        name: str

    def row_lines(self, width: int) -> int:
        """Name and value, then one line or two for what it is, and one to part them."""
        return 3 if width >= ONE_LINE else 4

    def draw(self, row: Setting, width: int) -> Sequence[Content]:
        """Name, value where it is said, and what it is for."""
        source = "" if row.source == "default" else f"  {row.source}"
        value = Content.assemble(
            (shown(readable(row.value)) or "none", "bold $text-accent" if source else ""),
            (shown(source) if row.source != FILE_NAME else "", "$foreground-muted"),
        ).truncate(max(8, width // 2), ellipsis=True)
        name = text(titled(row.name), "bold")
        blanks = max(2, width - name.cell_length - value.cell_length - 2)
        about = Content.styled(row.about, "$foreground-muted").wrap(max(8, width - 2))
        return (
            Content.assemble(" ", name, " " * blanks, value),
            *(Content(" ") + each for each in about[:2]),
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the file says can be taken out of it."""
        if action == "unset":
            return self.marked is not None and self.marked.source == FILE_NAME
        return super().check_action(action, parameters)

    def action_unset(self) -> None:
        """Ask for the default."""
        if one := self.marked:
            self.post_message(self.Unset(one.name))


class StaffList(Listing["Staff"]):
    """Who works here, and who did."""

    HELP = (
        "Who works here, those included who have left. Enter or e changes what is kept about the marked one, "
        "such as the last day of somebody who leaves; a adds somebody."
    )
    BINDING_GROUP_TITLE = "Staff"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", tooltip="Add a member of staff", id="staff.add"),
        Binding("e", "choose", "Edit", tooltip="Change what is kept about the marked one", id="staff.edit"),
    ]

    columns = (
        Column("Name", 14, 40, 2),
        Column("Login", 8, 16),
        Column("Credential", 8, 16, from_width=76),
        Column("Role", 12, 24, from_width=92),
        Column("Access", 12, from_width=58),
        Column("Here", 14, 30),
    )

    class Add(Message):
        """Somebody is to be added."""

    def __init__(self, id: str) -> None:
        """Nobody yet."""
        super().__init__(id)
        self.today = ""
        """ISO date, which tells who has left."""

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.columns, fit(self.columns, width))

    def draw(self, row: Staff, width: int) -> Sequence[Content]:
        """One member of staff; those who have left in grey."""
        here = row.works_on(self.today)
        style = "" if here else "$foreground-muted"
        cells = {
            "Name": text(row.name, "bold" if here else style),
            "Login": text(row.id, style),
            "Credential": text(row.credential, style),
            "Role": text(row.role, style),
            "Access": text(row.access, style),
            "Here": text(here_words(row, self.today), style),
        }
        return (line(self.columns, fit(self.columns, width), cells),)

    def action_add(self) -> None:
        """Ask for somebody new."""
        self.post_message(self.Add())


class ReadPane(VerticalScroll):
    """What is only to be read: facts, scrolled where they are long."""

    HELP = "Which version this is, where everything is kept, and where the record stands. The arrows scroll."
    BINDING_GROUP_TITLE = "About"

    def __init__(self, id: str) -> None:
        """Nothing yet."""
        self.facts = Facts()
        super().__init__(self.facts, id=id, can_focus=True)


class NewsPane(VerticalScroll):
    """What is new."""

    HELP = "What is new in this version and those before it. The arrows scroll."
    BINDING_GROUP_TITLE = "What's new"

    def __init__(self, id: str) -> None:
        """Nothing yet."""
        self.page = NewsPage()
        super().__init__(self.page, id=id, can_focus=True)


class PracticePane(ReadPane):
    """The practice's particulars."""

    HELP = "What documents and workbooks show of the practice. Enter or e changes it."
    BINDING_GROUP_TITLE = "Practice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "edit", "Edit", key_display="e", tooltip="Change the practice's particulars",
                id="practice.edit"),
    ]  # fmt: skip

    class Edit(Message):
        """It is to be changed."""

    def action_edit(self) -> None:
        """Ask for the form."""
        self.post_message(self.Edit())


def titled(name: str) -> str:
    """A setting or a choice, in words."""
    return TITLES.get(name) or name.replace("_", " ").capitalize()


def readable(value: str | int | bool) -> str:
    """A setting's value as people write it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def here_words(member: Staff, today: str) -> str:
    """`since 3/2/2026`, `left 10/31/2026`, `until 12/31/2026`."""
    if member.active_to:
        return f"{'left' if member.active_to < today else 'until'} {format_us(member.active_to)}"
    return f"since {format_us(member.active_from)}" if member.active_from else ""
