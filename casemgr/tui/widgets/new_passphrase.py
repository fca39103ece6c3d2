"""Choosing a passphrase: twice, with what is wrong with it said while it is typed, and words to take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Label, Static

from casemgr.services.passphrases import SHORTEST, suggested, weakness
from casemgr.tui.text import shown
from casemgr.tui.widgets.passphrase import PassphraseInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.timer import Timer

SETTLE_SECONDS = 0.2
"""How long it stands still before it is looked at."""

HOW = (
    f"Take a sentence, or words that do not belong together: {SHORTEST} characters or more. "
    "Nobody can tell it to you again."
)


class NewPassphrase(Vertical):
    """Gives a passphrase that is long enough, hard to guess, and typed twice the same."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "take", "Take these words", tooltip="Take the suggested words", id="passphrase.take"),
        Binding("f6", "renew", "Others", tooltip="Suggest other words", id="passphrase.renew"),
    ]
    BINDING_GROUP_TITLE = "Choosing a passphrase"

    DEFAULT_CSS = """
    NewPassphrase {
        height: auto;

        Label {
            margin-top: 1;
            color: $text-muted;
        }
        Static {
            height: auto;
        }
        #suggestion {
            margin-top: 1;
        }
        #sameness, #strength.-weak {
            color: $text-warning;
        }
        #strength.-good {
            color: $text-success;
        }
    }
    """

    first = query_one("#first", PassphraseInput)
    again = query_one("#again", PassphraseInput)
    strength = query_one("#strength", Static)

    class Chosen(Message):
        """Enter was pressed after it was typed a second time."""

    @dataclass
    class Weighed(Message):
        """What is wrong with what was typed."""

        text: str
        weak: str

    def __init__(self, others: Callable[[], tuple[str, ...]]) -> None:
        """Begin.

        Args:
            others: tells what is easily guessed here: login, name, practice.
        """
        super().__init__()
        self._others = others
        self._suggestion = ""
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        """What it should be, words to take, and two lines."""
        yield Static(HOW)
        yield Static("", id="suggestion")
        yield Label("Passphrase")
        yield PassphraseInput("type it", id="first")
        yield Static("", id="strength")
        yield Label("Once more")
        yield PassphraseInput("the same again, then enter", id="again")
        yield Static("", id="sameness")

    def on_mount(self) -> None:
        """Suggest words."""
        self.action_renew()

    def action_renew(self) -> None:
        """Suggest other words."""
        self._suggestion = suggested()
        self.query_one("#suggestion", Static).update(
            Content.assemble(("f5 takes  ", "$foreground-muted"), (self._suggestion, "bold"))
        )

    def action_take(self) -> None:
        """Take the suggested words; they are shown, so that they can be written down or learned."""
        for line in (self.first, self.again):
            line.value = self._suggestion
            line.password = False
        self.again.focus()

    def chosen(self) -> str:
        """What was chosen; empty where something is wrong with it, which is said."""
        first, again = self.first.value, self.again.value
        self.query_one("#sameness", Static).update("")
        weak = weakness(first, self._others())
        if weak:
            self._tell(f"{weak}.", weak=True)
            self.first.focus()
        elif not again.strip():
            self.again.focus()
        elif again.strip() != first.strip():
            self.again.value = ""
            self.query_one("#sameness", Static).update("These were not the same. Once more.")
            self.again.focus()
        else:
            return first
        return ""

    def refuse(self, words: str) -> None:
        """Say why it was not taken."""
        self._tell(words, weak=True)
        self.first.focus()

    @on(Input.Submitted, "#first")
    def _go_on(self) -> None:
        self.again.focus()

    @on(Input.Submitted, "#again")
    def _done(self) -> None:
        self.post_message(self.Chosen())

    @on(Input.Changed, "#first")
    def _changed(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE_SECONDS, self._weigh)

    def _weigh(self) -> None:
        text = self.first.value
        if text:
            others = self._others()
            self.run_worker(partial(self._weighed, text, others), thread=True, exclusive=True)
        else:
            self._tell("")

    def _weighed(self, text: str, others: tuple[str, ...]) -> None:
        self.post_message(self.Weighed(text, weakness(text, others)))

    @on(Weighed)
    def _show(self, message: Weighed) -> None:
        if message.text == self.first.value:
            self._tell(f"{message.weak}." if message.weak else "Hard to guess ✓", weak=bool(message.weak))

    def _tell(self, words: str, weak: bool = False) -> None:
        self.strength.set_class(weak, "-weak")
        self.strength.set_class(not weak, "-good")
        self.strength.update(Content(shown(words)))
