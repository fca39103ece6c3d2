"""The recovery key, as words on a page: shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.cli.output import say, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.services.desk import Desk

COLUMNS = 3


def show_recovery(desk: Desk, words: Sequence[str]) -> None:
    """Print the page; data, so that it can be sent to a printer."""
    show()
    show(f"RECOVERY KEY of {desk.house.name}, made {desk.today():%m/%d/%Y}")
    show()
    rows = -(-len(words) // COLUMNS)
    for row in range(rows):
        cells = [(row + rows * column + 1, words[row + rows * column]) for column in range(COLUMNS)]
        show("   " + "".join(f"{number:>2}. {word:<12}" for number, word in cells).rstrip())
    show()
    show("Write these words on paper and lock the paper away, apart from this machine. With them,")
    show("`casemgr staff passphrase --recovery` gives the owner a new passphrase. Whoever has them and the")
    show("data can read all of it. They are shown this once and kept nowhere.")
    show()
    say("Without a passphrase and without these words, nobody can read the data: neither you nor we.")
