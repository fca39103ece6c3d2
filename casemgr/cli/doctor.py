"""One page about the installation and the practice's files, with advice."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option
from casemgr.cli.output import say, show, show_json
from casemgr.errors import VerificationFailed

if TYPE_CHECKING:
    from casemgr.core.health import Checked

STATE_WIDTH = 7
NARROWEST = 40
"""Columns that a finding gets on the narrowest of terminals."""

SUMMARY = {
    "ok": "All is well.",
    "unknown": "Nothing is wrong, as far as can be told.",
    "advice": "Nothing is lost or open to others; some of it should be done.",
    "trouble": "Something is in trouble: see to that first.",
}


@click.command(name="doctor")
@json_option
def doctor_command(as_json: bool) -> None:
    """Look at program, files, backups and who gets in, and say what to do. Nothing is changed.

    \b
    Examples:
      casemgr doctor
      casemgr doctor --json

    It works while the practice is locked, damaged or not there yet; unlocked, it sees more. The exit code is
    8 where there is trouble: data can be lost, read by others, or not be opened.
    """
    from casemgr.services.doctor import examine
    from casemgr.settings import read_settings

    found = examine(read_settings().places)
    if as_json:
        checks = {
            each.name: {"state": each.state, "said": each.said, "todo": each.todo.splitlines()}
            for each in found.checks
        }
        show_json({"ok": found.ok, "state": found.state, "checks": checks})
    else:
        for each in found.checks:
            put(each, max(len(one.name) for one in found.checks))
        say(SUMMARY[found.state])
    sys.exit(0 if found.ok else VerificationFailed.exit_code)


def put(found: Checked, label: int) -> None:
    """A finding: its state, what it is about, what was found, and below that what to do.

    On a terminal it fits the width; piped, every line is whole.
    """
    begun = f"{found.state:<{STATE_WIDTH}}  {found.name.replace('_', ' '):<{label}}  "
    terminal = sys.stdout.isatty()
    width = max(shutil.get_terminal_size().columns - len(begun), NARROWEST) if terminal else sys.maxsize
    lines = wrapped(found.said, width)
    for todo in found.todo.splitlines():
        first, *rest = wrapped(todo, width - 2)
        lines += [f"→ {first}", *(f"  {each}" for each in rest)]
    for number, line in enumerate(lines):
        show((begun if number == 0 else " " * len(begun)) + line)


def wrapped(text: str, width: int) -> list[str]:
    """Text in lines; what is to be copied, such as a path, stays in one piece."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
