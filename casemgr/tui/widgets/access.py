"""Who may unlock the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.message import Message

from casemgr.tui.widgets.columns import Column, fit, heading, line, text
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content


class Entrant(NamedTuple):
    """Somebody on the staff, and whether they have a passphrase."""

    login: str
    name: str
    role: str
    has: bool
    is_self: bool


class AccessList(Listing[Entrant]):
    """The staff, each with whether they have a passphrase."""

    HELP = (
        "Who can unlock the data. Each has a passphrase of their own, and acts under their own login. e "
        "changes yours. The owner gives others a first one with a, takes one away with x (the data gets "
        "another key then), and makes new recovery words with R."
    )
    BINDING_GROUP_TITLE = "Access"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "change", "Change yours", tooltip="Change your own passphrase", id="access.change"),
        Binding("a", "invite", "Invite", tooltip="Give the marked one a first passphrase",
                id="access.invite"),
        Binding("x", "take_away", "Take away", tooltip="Take the marked one's passphrase away",
                id="access.take_away"),
        Binding("R", "words", "Recovery words", tooltip="Make new recovery words", id="access.words"),
    ]  # fmt: skip

    columns = (
        Column("Name", 14, 40, 2),
        Column("Login", 8, 16),
        Column("Role", 12, 14, from_width=58),
        Column("Passphrase", 10, 14),
    )

    class Change(Message):
        """One's own passphrase is to be changed."""

    class Invite(Message):
        """The marked one is to be given a passphrase."""

    class TakeAway(Message):
        """The marked one's passphrase is to go."""

    class Words(Message):
        """New recovery words are wanted."""

    def head(self, width: int) -> Content:
        """The columns' titles."""
        return heading(self.columns, fit(self.columns, width))

    def draw(self, row: Entrant, width: int) -> Sequence[Content]:
        """One of the staff; those without a passphrase in grey."""
        style = "" if row.has else "$foreground-muted"
        has = "yours" if row.is_self and row.has else "yes" if row.has else "none"
        cells = {
            "Name": text(row.name, "bold" if row.has else style),
            "Login": text(row.login, style),
            "Role": text(row.role, style),
            "Passphrase": text(has, style),
        }
        return (line(self.columns, fit(self.columns, width), cells),)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can be done depends on whether the marked one has a passphrase."""
        row = self.marked
        if action == "invite":
            return row is not None and not row.has
        if action == "take_away":
            return row is not None and row.has and not row.is_self
        return super().check_action(action, parameters)

    def action_change(self) -> None:
        """Ask for it."""
        self.post_message(self.Change())

    def action_invite(self) -> None:
        """Ask for it."""
        self.post_message(self.Invite())

    def action_take_away(self) -> None:
        """Ask for it."""
        self.post_message(self.TakeAway())

    def action_words(self) -> None:
        """Ask for them."""
        self.post_message(self.Words())
