"""All keys, each with what it does, to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.message import Message

from casemgr.core.text import words
from casemgr.core.wording import counted
from casemgr.tui.keys import key_words
from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.content import Content

    from casemgr.tui.keymap import Key


class KeyRow(NamedTuple):
    """A binding as it is now."""

    id: str
    group: str
    tooltip: str
    keys: str
    """Those that count now, with commas between them."""
    ours: str
    """Those that count where nothing was changed."""

    @property
    def changed(self) -> bool:
        """Whether people put others in the place of ours."""
        return self.keys != self.ours

    def fits(self, typed: tuple[str, ...]) -> bool:
        """Whether each folded word begins a word of it."""
        there = (*words(f"{self.tooltip} {self.group} {self.id}"), key_words(self.keys).lower())
        return all(any(word.startswith(part) for word in there) for part in typed)


class KeyList(Listing[KeyRow]):
    """What every key does and where, those that were changed in the accent's colour."""

    HELP = (
        "Every key with what it does and where. Enter puts another key in the place of the marked one's, "
        "a gives it one more, and delete brings ours back. / finds by any word."
    )
    BINDING_GROUP_TITLE = "Keys"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "One more", tooltip="Give it one more key", id="key.add"),
        Binding("delete", "reset", "Ours", tooltip="Bring the key back that it had at first", id="key.reset"),
    ]

    columns = (
        Column("Key", 10, 18),
        Column("What it does", 20, 70, 4),
        Column("Where", 10, 26, 2, from_width=72),
        Column("Id", 12, 24, from_width=100),
    )

    @dataclass
    class Wanted(Message):
        """Another key is wanted, or one more."""

        row: KeyRow
        more: bool

    @dataclass
    class Reset(Message):
        """Ours is to count again."""

        row: KeyRow

    def show_keys(self, known: Mapping[str, Key], changed: Mapping[str, str], typed: str) -> None:
        """Show those that fit what is typed."""
        said = words(typed)
        rows = {
            key.id: KeyRow(
                key.id, key.group, key.binding.tooltip, changed.get(key.id, key.binding.key), key.binding.key
            )
            for key in known.values()
        }
        kept = {key: row for key, row in rows.items() if row.fits(said)}
        count = sum(row.changed for row in rows.values())
        found = f"{len(kept)} of {len(rows)}" if said else counted(len(rows), "key")
        self.border_title = f"{found} · {count} changed" if count else found
        self.show(tuple(kept), kept)

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.columns, fit(self.columns, width))

    def draw(self, row: KeyRow, width: int) -> Sequence[Content]:
        """One binding."""
        cells = {
            "Key": text(key_words(row.keys), "bold $text-accent" if row.changed else "bold"),
            "What it does": text(row.tooltip),
            "Where": text(row.group, "$foreground-muted"),
            "Id": text(row.id, "$foreground-muted"),
        }
        return (line(self.columns, fit(self.columns, width), cells),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Changing needs a row, and bringing back one that was changed."""
        if action == "reset":
            return self.marked is not None and self.marked.changed
        return self.marked is not None if action == "add" else super().check_action(action, parameters)

    def action_choose(self) -> None:
        """Ask for another key."""
        if one := self.marked:
            self.post_message(self.Wanted(one, more=False))

    def action_add(self) -> None:
        """Ask for one more key."""
        if one := self.marked:
            self.post_message(self.Wanted(one, more=True))

    def action_reset(self) -> None:
        """Ask for ours."""
        if one := self.marked:
            self.post_message(self.Reset(one))
