"""Asking for a passphrase: on a terminal, from a file or from a descriptor, never as an argument."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.output import say
from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TRIES = 3
"""How often a terminal asks before it gives up."""


def passphrase_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--passphrase-file` and `--passphrase-fd`."""
    for option in (
        click.option(
            "--passphrase-fd",
            "descriptor",
            type=click.IntRange(0, 1_000_000),
            metavar="N",
            help="Read it from this open file descriptor; 0 is standard input.",
        ),
        click.option(
            "--passphrase-file",
            "file",
            type=click.Path(path_type=Path),
            help="Read it from the first line of this file.",
        ),
    ):
        command = option(command)
    return command


def given(file: Path | None, descriptor: int | None) -> list[str]:
    """The passphrases from a file or a descriptor, at most two; none where neither was named.

    Raises:
        InputRefused: it cannot be read, or is empty.
    """
    from casemgr.services.passphrases import of_file, of_stream

    if descriptor is not None:
        try:
            with os.fdopen(os.dup(descriptor), encoding="utf-8") as stream:
                return of_stream(stream, f"descriptor {descriptor}")
        except OSError as error:
            raise InputRefused(
                "The passphrase cannot be read",
                f"There is no open descriptor {descriptor}. Nothing was done.",
                "Open it in the shell, such as with `3< file`.",
            ) from error
    return of_file(file) if file is not None else []


def ask(prompt: str) -> str:
    """Ask on the terminal, without showing what is typed.

    Raises:
        InputRefused: there is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputRefused(
            "The passphrase has to be asked for, and there is no terminal",
            "Nothing was done.",
            "Name a file with --passphrase-file or in CASEMGR_PASSPHRASE_FILE, "
            "or a descriptor with --passphrase-fd.",
        )
    answer: str = click.prompt(prompt, hide_input=True, err=True, prompt_suffix=": ")
    return answer


def ask_new(others: tuple[str, ...] = ()) -> str:
    """Ask for a new passphrase twice, and say what is wrong with it until it is good.

    Args:
        others: what is easily guessed here: login, name, practice.
    """
    from casemgr.services.passphrases import SHORTEST, suggested, weakness

    say(
        f"A passphrase is a sentence or some words, {SHORTEST} characters or more; for example: {suggested()}"
    )
    while True:
        wanted = ask("New passphrase")
        wrong = weakness(wanted, others)
        if wrong:
            say(f"{wrong}. Take another one.")
        elif ask("Once more") != wanted:
            say("These were not the same. Once more from the beginning.")
        else:
            return wanted


def new_passphrase(file: Path | None, descriptor: int | None, others: tuple[str, ...] = ()) -> str:
    """A new passphrase from where it was named, else asked for; never from CASEMGR_PASSPHRASE_FILE.

    What that names opens the data; it is not to become somebody else's.
    """
    named = given(file, descriptor)
    return named[0] if named else ask_new(others)
