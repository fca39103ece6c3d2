"""What the first screen is measured against: a bare Textual app with one filled table.

Run as a script: `python bare_screen.py`.
"""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("Time", "Kind", "Patient", "Born", "Min", "Outcome")
ROWS = 30


class Bare(App[None]):
    """One table, filled before anything is shown."""

    def compose(self) -> ComposeResult:
        """The table alone."""
        yield DataTable()

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        for number in range(1, ROWS + 1):
            table.add_row("09:10", "Referral", f"Patient {number}", "4/9/2012", "20", "Consult booked")


if __name__ == "__main__":
    Bare().run()
