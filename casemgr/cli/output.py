"""What is said and how: data to standard output, messages to standard error, JSON where it is asked for."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from casemgr.core.text import STEERING
from casemgr.errors import NotWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from casemgr.core.sheets import Sheet
    from casemgr.errors import CasemgrError

_STEERS = re.compile(f"[\x00-\x09\x0b-\x1f{STEERING}\u2028\u2029]")
_ESCAPED_IN_JSON = re.compile(f"[{STEERING}\u2028\u2029]")
"""What JSON itself would let stand within a text."""

SLOW_SECONDS = 1.0
"""What takes longer shows how far it is."""


def coloured(stream_is_terminal: bool) -> bool:
    """Whether to use colour: on a terminal, and not where NO_COLOR says otherwise."""
    return stream_is_terminal and not os.environ.get("NO_COLOR")


def show_error(error: CasemgrError) -> None:
    """A title, what happened, what to do, and the candidates, on standard error."""
    colour = coloured(sys.stderr.isatty())
    _tell(click.style(printable(error.title), fg="red", bold=True) if colour else printable(error.title))
    for line in (error.detail, error.todo):
        if line:
            say(line)
    if error.candidates:
        say("To choose from:" if len(error.candidates) > 1 else "The nearest:")
    for candidate in error.candidates:
        say(f"  {candidate}")


def say(message: str) -> None:
    """A message about what was done, on standard error."""
    _tell(printable(message))


def warn(message: str) -> None:
    """Something to look at again, on standard error."""
    text = f"Look again: {printable(message)}"
    _tell(click.style(text, fg="yellow") if coloured(sys.stderr.isatty()) else text)


def _tell(text: str) -> None:
    # What was done stays done where nobody can be told of it.
    with suppress(OSError):
        click.echo(text, err=True)


def silence_output() -> None:
    """Let standard output lead nowhere, so that what could not be written is not tried again at the end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unshown(error: OSError) -> NotWritten:
    """What was done cannot be shown, since standard output takes no more."""
    silence_output()
    return NotWritten(
        "It was done, but could not be shown",
        f"Standard output takes nothing: {(error.strerror or 'it is closed').lower()}.",
        "Do not do it again before you have looked at what is there, as with `casemgr activity list`.",
    )


def _put(text: str) -> None:
    try:
        click.echo(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unshown(error) from error


def show(text: str = "") -> None:
    """Data, on standard output."""
    _put(printable(text))


def show_json(value: object) -> None:
    """Data as JSON, on standard output; names stay as they are written, and what would steer is escaped."""
    said = json.dumps(value, ensure_ascii=not unicode_output(), indent=2)
    _put(_ESCAPED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", said))


def unicode_output() -> bool:
    """Whether standard output can carry every character."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def printable(text: str) -> str:
    """Text that cannot steer a terminal, nor read other than it is written; line breaks stay."""
    return _STEERS.sub("�", text)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[str] = ()) -> None:
    """A table for reading; `right` names the columns that line up on the right.

    On a terminal it fits the width; piped, every cell is whole.
    """
    # Only lists pay for the import.
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(
            # As text: brackets in a heading, such as a kind's own title, are no markup.
            Text(printable(heading)),
            justify="right" if heading in right else "left",
            # What is never to be folded is not lined up either; numbers are short enough for both.
            overflow="fold" if terminal or heading in right else "ignore",
            no_wrap=not terminal and heading not in right,
        )
    for row in rows:
        table.add_row(*(Text(printable(str(cell)).replace("\n", " ")) for cell in row))
    console = Console(
        file=sys.stdout,
        width=None if terminal else 10_000,
        color_system="auto" if coloured(terminal) else None,
        highlight=False,
        soft_wrap=not terminal,
    )
    if terminal:
        console.print(table)
    else:
        with console.capture() as captured:
            console.print(table)
        for line in captured.get().splitlines():
            _put(line.rstrip())


@contextmanager
def slow_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error for work that takes more than a second, on a terminal.

    Yields:
        What is to be told how many of how many are done.
    """
    began = time.monotonic()
    terminal = sys.stderr.isatty()
    with ExitStack() as shown:
        bar: Any = None

        def told(done: int, of: int) -> None:
            nonlocal bar
            if bar is None:
                if not terminal or time.monotonic() - began < SLOW_SECONDS:
                    return
                bar = shown.enter_context(click.progressbar(length=of, label=label, file=sys.stderr))
            bar.update(done - bar.pos)

        yield told


def show_sheet(sheet: Sheet) -> None:
    """A page about one thing: facts and tables, and on standard error what to look at again."""
    show_facts(sheet.facts)
    for table in sheet.tables:
        if table.rows:
            show()
            show_table(table.headings, table.rows, table.right)
    for fact in sheet.more:
        show()
        show_facts((fact,))
    if sheet.warning:
        warn(sheet.warning)


def show_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Labelled facts about one thing, a line each; empty ones are left out."""
    kept = [(label, str(value)) for label, value in facts if str(value)]
    width = max((len(label) for label, _ in kept), default=0)
    for label, value in kept:
        first, *rest = printable(value).split("\n")
        _put(f"{label:<{width}}  {first}")
        for line in rest:
            _put(f"{'':<{width}}  {line}")
