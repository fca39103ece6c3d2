"""Writes the README's table of who may do what anew, from the table by which the program goes.

Run with `python -m tests.roles`.
"""

from __future__ import annotations

from casemgr.core.roles import PERMISSIONS, ROLES
from tests.support import ROOT

PAGE = ROOT / "README.md"
BEGIN = "<!-- written by python -m tests.roles -->\n"
END = "<!-- up to here -->\n"


def table() -> str:
    """The table as Markdown."""
    lines = [f"| may | {' | '.join(ROLES)} |", f"| --- |{' :-: |' * len(ROLES)}"]
    for one in PERMISSIONS:
        what = f"{one.name}: {one.more}" if one.more else one.name
        lines.append(f"| {what} | {' | '.join('✓' if role in one.roles else ' ' for role in ROLES)} |")
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """The page with the table as it is now between its marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
