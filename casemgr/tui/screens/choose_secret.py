"""Choosing a passphrase in the open program: one's own anew, or a first one for somebody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from casemgr.tui.messages import Acted, Refused
from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.screens.menu import shown_lines
from casemgr.tui.text import cell
from casemgr.tui.widgets.new_passphrase import NewPassphrase
from casemgr.tui.widgets.passphrase import PassphraseInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.desk import Desk
    from casemgr.tui.lane import Lane

SaveSecret = Callable[["Desk", str, str], Acted]
"""Saves a passphrase: the old one, empty where none is asked for, and the new one."""


class ChooseSecretScreen(ModalScreen[Acted | None], Leaving):
    """Closes with what was done, or None where it was left."""

    CSS_PATH = "choose_secret.tcss"
    HELP = "Type the new passphrase twice; enter then saves it. Esc leaves everything as it is."
    BINDING_GROUP_TITLE = "A new passphrase"
    AUTO_FOCUS = "PassphraseInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,f9", "save", "Save", priority=True, key_display="ctrl+s",
                tooltip="Save the passphrase (f9 as well)", id="secret.save"),
        Binding("escape", "dismiss(None)", "Leave", key_display="esc",
                tooltip="Leave; everything stays as it is", id="secret.leave"),
    ]  # fmt: skip

    def __init__(
        self,
        lane: Lane,
        title: str,
        words: str,
        known: tuple[str, ...],
        save: SaveSecret,
        asks_old: bool = False,
    ) -> None:
        """Ask.

        Args:
            lane: what saves it.
            title: whose passphrase it is.
            words: what to know first.
            known: what is easily guessed of them.
            save: saves it.
            asks_old: whether the old one is asked for.
        """
        super().__init__()
        self._lane = lane
        self._title_words = title
        self._words = words
        self._known = known
        self._save = save
        self._asks_old = asks_old
        self._saving = False

    def compose(self) -> ComposeResult:
        """The old one where it is asked for, and the new one."""
        with Vertical(classes="panel") as panel:
            panel.border_title = cell(self._title_words)
            panel.border_subtitle = "⏎ saves · esc leaves"
            yield Static(Content(shown_lines(self._words)))
            if self._asks_old:
                yield Label("The one you have")
                yield PassphraseInput("type it", id="old")
            yield NewPassphrase(lambda: self._known)
            yield Static("", classes="complaint")

    @on(Input.Submitted, "#old")
    def _go_on(self) -> None:
        self.query_one(NewPassphrase).first.focus()

    @on(NewPassphrase.Chosen)
    def action_save(self) -> None:
        """Save it, unless something is wrong with it."""
        old = self.query_one("#old", PassphraseInput).value if self._asks_old else ""
        if self._asks_old and not old:
            self.query_one("#old").focus()
            return
        new = "" if self._saving else self.query_one(NewPassphrase).chosen()
        if new:
            self._saving = True
            self._lane.ask(self, partial(_saved, save=self._save, old=old, new=new))

    @on(Acted)
    def _acted(self, message: Acted) -> None:
        message.stop()
        self.dismiss(message)

    @on(Refused)
    def _refused(self, message: Refused) -> None:
        self._saving = False
        error = message.error
        told = "\n".join(part for part in (error.title, error.detail, error.todo) if part)
        self.query_one(".complaint", Static).update(Content(shown_lines(told)))


def _saved(desk: Desk, save: SaveSecret, old: str, new: str) -> Acted:
    return save(desk, old, new)
