"""What is said and how: data to standard output, messages to standard error, JSON where it is asked for."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casemgr.errors import CasemgrError


def coloured(stream_is_terminal: bool) -> bool:
    """Whether to use colour: on a terminal, and not where NO_COLOR says otherwise."""
    return stream_is_terminal and not os.environ.get("NO_COLOR")


def show_error(error: CasemgrError) -> None:
    """A title, what happened, what to do, and the candidates, on standard error."""
    colour = coloured(sys.stderr.isatty())
    click.echo(
        click.style(printable(error.title), fg="red", bold=True) if colour else printable(error.title),
        err=True,
    )
    for line in (error.detail, error.todo):
        if line:
            click.echo(printable(line), err=True)
    if error.candidates:
        click.echo("To choose from:" if len(error.candidates) > 1 else "The nearest:", err=True)
    for candidate in error.candidates:
        click.echo(f"  {printable(candidate)}", err=True)


def say(message: str) -> None:
    """A message about what was done, on standard error."""
    click.echo(printable(message), err=True)


def warn(message: str) -> None:
    """Something to look at again, on standard error."""
    text = f"Look again: {printable(message)}"
    click.echo(click.style(text, fg="yellow") if coloured(sys.stderr.isatty()) else text, err=True)


def show(text: str = "") -> None:
    """Data, on standard output."""
    click.echo(printable(text))


def show_json(value: object) -> None:
    """Data as JSON, on standard output; names stay as they are written."""
    click.echo(json.dumps(value, ensure_ascii=not unicode_output(), indent=2))


def unicode_output() -> bool:
    """Whether standard output can carry every character."""
    return (sys.stdout.encoding or "").lower().replace("-", "") in {"utf8", "utf16", "utf32"}


def printable(text: str) -> str:
    """Text without control characters, so that a note cannot steer a terminal; line breaks stay."""
    return "".join(ch if ch == "\n" or (ch >= " " and not "\x7f" <= ch <= "\x9f") else "�" for ch in text)


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
            heading,
            justify="right" if heading in right else "left",
            overflow="fold" if terminal else "ignore",
            no_wrap=not terminal,
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
            click.echo(line.rstrip())


def show_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Labelled facts about one thing, a line each; empty ones are left out."""
    kept = [(label, str(value)) for label, value in facts if str(value)]
    width = max((len(label) for label, _ in kept), default=0)
    for label, value in kept:
        first, *rest = printable(value).split("\n")
        click.echo(f"{label:<{width}}  {first}")
        for line in rest:
            click.echo(f"{'':<{width}}  {line}")
