"""The recovery words: shown once, to be written down, and asked for to see that they were."""

from __future__ import annotations

from secrets import SystemRandom
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Label, Static

from casemgr.tui.screens.leaving import Leaving
from casemgr.tui.widgets.foot import Foot
from casemgr.tui.widgets.go_on import GoOn

if TYPE_CHECKING:
    from textual.app import ComposeResult

COLUMNS = 3
ASKED = 2
"""So many of the words are to be typed."""

WORDS = (
    "With these words, `casemgr staff passphrase --recovery` gives the owner another passphrase. Write them "
    "on paper and lock it away, apart from this machine: with them and the data, all of it can be read.\n\n"
    "They are shown this once, and kept nowhere. Without a passphrase and without them, nobody can read the "
    "data any more: neither you nor we."
)


class RecoveryScreen(Leaving):
    """Shows the words, and has some of them typed. Closes with True once they were right."""

    CSS_PATH = "recovery.tcss"
    HELP = "Write the words down; enter goes on, and asks for two of them."
    BINDING_GROUP_TITLE = "Recovery key"
    AUTO_FOCUS = "GoOn"

    def __init__(self, words: tuple[str, ...]) -> None:
        """Show these."""
        super().__init__()
        self.words = words

    def compose(self) -> ComposeResult:
        """The words, what they are for, and the way on."""
        panel = Vertical(
            Static(numbered(self.words), id="list"),
            Static(WORDS, markup=False),
            GoOn("They are on paper"),
            classes="panel",
        )
        panel.border_title = "Your recovery key"
        yield panel
        yield Foot()

    @on(GoOn.Pressed)
    def _ask(self) -> None:
        self.app.push_screen(WordsAskedScreen(self.words), self._answered)

    def _answered(self, right: bool | None) -> None:
        if right:
            self.dismiss(True)


class WordsAskedScreen(Leaving):
    """Asks for two of the words. Closes with True once they are right, with None to see the words again."""

    CSS_PATH = "recovery.tcss"
    HELP = "Type the two words from your paper. Enter goes on; esc shows all of them again."
    BINDING_GROUP_TITLE = "Words of the recovery key"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "The words again", key_display="esc",
                tooltip="Show the words again", id="recovery.back"),
    ]  # fmt: skip

    complaint = query_one("#complaint", Static)

    def __init__(self, words: tuple[str, ...]) -> None:
        """Ask for some of these."""
        super().__init__()
        self._words = words
        self.asked = sorted(SystemRandom().sample(range(1, len(words) + 1), ASKED))
        """The numbers of the words that are to be typed."""

    def compose(self) -> ComposeResult:
        """A line for each."""
        lines = [
            part
            for number in self.asked
            for part in (
                Label(f"Word {number}"),
                Input(placeholder="as it stands on your paper", compact=True, id=f"word_{number}"),
            )
        ]
        panel = Vertical(
            Static("Type two of the words from your paper, to see that they can be read."),
            *lines,
            Static("", id="complaint"),
            classes="panel",
        )
        panel.border_title = "Two of them"
        yield panel
        yield Foot()

    @on(Input.Submitted)
    def _typed(self) -> None:
        for number in self.asked:
            line = self.query_one(f"#word_{number}", Input)
            if line.value.strip().lower() != self._words[number - 1]:
                if line.value.strip():
                    self.complaint.update(
                        f"Word {number} is another. Look at your paper; esc shows the words again."
                    )
                    line.value = ""
                # At once, so that what is typed next arrives there.
                self.set_focus(line)
                return
        self.dismiss(True)


def numbered(words: tuple[str, ...]) -> Content:
    """The words in columns, each with its number."""
    rows = -(-len(words) // COLUMNS)
    lines = []
    for row in range(rows):
        cells = []
        for column in range(COLUMNS):
            at = row + rows * column
            cells += [(f"{at + 1:>2}. ", "$foreground-muted"), (f"{words[at]:<14}", "bold")]
        lines.append(Content.assemble(*cells))
    return Content("\n").join(lines)
