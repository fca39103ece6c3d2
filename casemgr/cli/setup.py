"""Making a practice, or a synthetic one to try things on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option
from casemgr.cli.output import say, show_facts, show_json
from casemgr.cli.passphrase import passphrase_options
from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="init")
@click.option("--practice", metavar="NAME", help="The practice's name.")
@click.option(
    "--timezone", metavar="ZONE", help="Its time zone, such as America/New_York; service dates are its dates."
)
@click.option("--owner", metavar="LOGIN", help="Who acts unless somebody else is named; else your own login.")
@click.option("--owner-name", metavar="NAME", help="That person's name.")
@passphrase_options
def init_command(
    practice: str | None,
    timezone: str | None,
    owner: str | None,
    owner_name: str | None,
    file: Path | None,
    descriptor: int | None,
) -> None:
    """Make a new practice: an encrypted data file, and its owner's passphrase.

    \b
    Examples:
      casemgr init --practice "Riverside Community Dental" --timezone America/New_York \\
          --owner mrivera --owner-name "Marisol Rivera" --passphrase-file passphrase.txt
      casemgr init                         asks, on a terminal

    At the end it prints the recovery key, twelve words: keep them on paper, apart from the machine.
    """
    from casemgr.cli.passphrase import new_passphrase
    from casemgr.cli.recovery import show_recovery
    from casemgr.services.key_slots import make_recovery
    from casemgr.services.setup import check_free, create_practice, likely_login, likely_zone
    from casemgr.settings import read_settings

    if not (practice and timezone):
        if not sys.stdin.isatty():
            raise InputRefused(
                "A practice needs a name and a time zone",
                "Nothing was made.",
                "Give --practice NAME and --timezone ZONE, or run `casemgr init` on a terminal.",
            )
        practice = practice or click.prompt("Name of the practice", err=True)
        timezone = timezone or click.prompt(
            "Time zone", default=likely_zone(), value_proc=asked_zone, err=True
        )
        owner = owner or click.prompt("Your login", default=likely_login(), err=True)
        owner_name = owner_name or click.prompt("Your name", default=owner, err=True)
    places = read_settings().places
    login = owner or likely_login()
    named = owner_name or login
    # Nobody thinks of a passphrase for what cannot be.
    check_free(places, practice, timezone, login)
    passphrase = new_passphrase(file, descriptor, (login, named, practice))
    desk = create_practice(places, practice, timezone, login, named, passphrase=passphrase)
    try:
        show_facts((("Practice", practice), ("Data", places.database), ("Owner", f"{named} ({desk.login})")))
        show_recovery(desk, make_recovery(desk))
    finally:
        desk.close()


@click.command(name="demo")
@json_option
def demo_command(as_json: bool) -> None:
    """Make a synthetic practice in CASEMGR_HOME and run a month of work on it: log, claims, workbook, PDFs.

    \b
    Examples:
      CASEMGR_HOME=./try casemgr demo

    All people in it are made up. It is never put where a practice is already.
    """
    from casemgr.services.demo import make_demo
    from casemgr.settings import read_settings

    made = make_demo(read_settings().places, say)
    if as_json:
        show_json({name: str(value) for name, value in made.facts})
        return
    show_facts(made.facts)


def asked_zone(text: str) -> str:
    """A time zone that was typed; an unknown one is asked for again, and nothing else is lost."""
    from casemgr.services.setup import check_zone

    try:
        return check_zone(text.strip()).key
    except InputRefused as error:
        near = f" The nearest: {', '.join(error.candidates)}." if error.candidates else ""
        raise click.UsageError(f"{error.title}.{near}") from error
