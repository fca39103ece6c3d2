"""Recipients: for whom files are encrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, with_content
from casemgr.cli.output import say, show_json, show_table

if TYPE_CHECKING:
    from casemgr.services.content import ContentDesk


@click.group(name="recipient")
def recipient_command() -> None:
    """Add, list and remove those for whom files are encrypted.

    \b
    Examples:
      casemgr recipient add harbor-audit age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
      casemgr export month 2026-10 --recipient harbor-audit

    A recipient makes a key with `age-keygen`, keeps the secret part and gives you the public one; an SSH key
    serves as well. Ask them by telephone what it begins and ends with before you use it. They stand in the
    file recipients.toml of the config folder.
    """


@recipient_command.command(name="list")
@json_option
@with_content
def list_(desk: ContentDesk, as_json: bool) -> None:
    """List them, with their keys in short.

    \b
    Examples:
      casemgr recipient list
      casemgr recipient list --json
    """
    from casemgr.services.recipients import known_recipients

    found = known_recipients(desk.places)
    if as_json:
        show_json([one._asdict() for one in found])
        return
    show_table(("Name", "Key", "Note"), ((one.name, one.short, one.note) for one in found))
    if not found:
        say("There are none yet: casemgr recipient add NAME KEY")


@recipient_command.command()
@click.argument("name")
@click.argument("key")
@click.option("--note", default="", help="Who it is, and when you asked them for the key.")
@with_content
def add(desk: ContentDesk, name: str, key: str, note: str) -> None:
    """Add one by name and public key.

    \b
    Examples:
      casemgr recipient add harbor-audit age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p
      casemgr recipient add jlee "ssh-ed25519 AAAAC3Nza…" --note "outside billing, read out 10/2/2026"
    """
    from casemgr.services.recipients import add_recipient

    say(f"Added {add_recipient(desk.places, name, key, note)}.")


@recipient_command.command()
@click.argument("name")
@with_content
def remove(desk: ContentDesk, name: str) -> None:
    """Remove one; what was encrypted for them before stays theirs to read.

    \b
    Examples:
      casemgr recipient remove harbor-audit
    """
    from casemgr.services.recipients import remove_recipient

    remove_recipient(desk.places, name)
    say(f"Removed {name}.")
