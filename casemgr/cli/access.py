"""Unlocking and locking the data."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from casemgr.cli.output import say
from casemgr.cli.passphrase import MOST_TRIES, ask, given, new_passphrase, passphrase_options
from casemgr.errors import InputRefused, Locked

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.access import Unlocked
    from casemgr.services.desk import Desk
    from casemgr.settings import Places, Settings

_SPAN = re.compile(r"(\d{1,4})\s*(h|m|min)?", re.ASCII)


@click.command(name="unlock")
@click.option(
    "--for", "span", metavar="TIME", default="8h", show_default=True, help="Such as 4h or 30m; at most 24h."
)
@click.option("--keyring", is_flag=True, help="Keep it in the operating system's keyring.")
@click.option("--as", "acting", metavar="LOGIN", help="Whose passphrase it is.")
@passphrase_options
@click.pass_context
def unlock_command(
    ctx: click.Context,
    span: str,
    keyring: bool,
    acting: str | None,
    file: Path | None,
    descriptor: int | None,
) -> None:
    """Give your passphrase, so that commands work for a while; who unlocks is who acts.

    \b
    Examples:
      casemgr unlock
      casemgr --as tchen unlock --for 2h
      casemgr unlock --passphrase-file /run/secrets/casemgr
      casemgr unlock --passphrase-fd 3 3< passphrase.txt

    It is kept in memory, in your own runtime folder, never on the disk, until the time is over, you lock it
    with `casemgr lock`, or the machine stops; without such a folder, or where you say so, in the operating
    system's keyring, until the time is over or you lock it. Wrong passphrases make the next try wait, and are
    recorded.
    """
    from casemgr.services.access import Unlocked, begin_session
    from casemgr.services.passphrases import of_file
    from casemgr.settings import passphrase_file, read_settings

    hours = hours_in(span)
    settings = read_settings()
    login = acting or ctx.find_root().obj or settings.staff
    named = given(file, descriptor)
    if not named and (script := passphrase_file()):
        named = of_file(script)
    desk = opened_with_passphrase(settings, login, named[0] if named else "")
    try:
        where = begin_session(settings.places, Unlocked(desk.login, desk.store.key), hours, keyring=keyring)
        say(f"Unlocked for {desk.sitter.name} ({desk.login}), for {span}; kept in {where}.")
    finally:
        desk.close()


@click.command(name="lock")
def lock_command() -> None:
    """Forget every key: the next command or the terminal UI asks for a passphrase.

    \b
    Examples:
      casemgr lock

    Whatever you have unlocked is locked, also of another practice, and in the keyring. A terminal UI that is
    open locks itself, after a while and on its own key.
    """
    from casemgr.services.access import lock_everything

    say("Locked." if lock_everything() else "It was locked already.")


def hours_in(text: str) -> float:
    """A span of time in hours.

    Raises:
        InputRefused: it is none, or too long.
    """
    from casemgr.services.access import LONGEST_HOURS

    found = _SPAN.fullmatch(text.strip().lower())
    hours = int(found[1]) / (60 if (found[2] or "h").startswith("m") else 1) if found else 0
    if not 0 < hours <= LONGEST_HOURS:
        raise InputRefused(
            f"“{text}” is no time to stay unlocked",
            "Nothing was done.",
            f"Write it as 8h or 30m; {LONGEST_HOURS}h is the longest.",
        )
    return hours


def opened_with_passphrase(settings: Settings, login: str, passphrase: str = "") -> Desk:
    """The practice, opened with a passphrase that was given, or that the terminal asks for.

    A practice that is older than passphrases is led to one.

    Raises:
        Locked: it was the wrong one, or one time too many.
        InputRefused: there is no terminal to ask on.
    """
    from casemgr.services.desk import open_unlocked, refuse_no_practice

    refuse_no_practice(settings.places)
    places = settings.places
    if not places.slots.exists() and places.key.exists():
        return taken_up(settings, passphrase)
    desk = open_unlocked(settings, with_passphrase(places, login, passphrase))
    if places.key.exists():
        from casemgr.services.rekeying import finish_take_up

        if finish_take_up(desk):
            say("The key file that lay about is gone: it opens nothing but copies of the data from before.")
    return desk


def with_passphrase(places: Places, login: str, passphrase: str = "") -> Unlocked:
    """Who a passphrase lets in: the one that was given, or what the terminal asks for, a few times.

    Raises:
        Locked: it was the wrong one, or one time too many.
        InputRefused: there is no terminal to ask on.
    """
    from casemgr.services.unlocking import likely_person, unlock

    login = login.strip().lower()
    if passphrase:
        return unlock(places, login, passphrase)
    whose = login or likely_person(places)
    for left in reversed(range(MOST_TRIES)):
        try:
            return unlock(places, login, ask(f"Passphrase of {whose}" if whose else "Passphrase"))
        except Locked as error:
            if not left or error.wait_seconds > 1:
                raise
            say(f"{error.title}. Once more.")
        except InputRefused as error:
            if error.field != "login" or not sys.stdin.isatty():
                raise
            whose = login = click.prompt("Your login", err=True).strip().lower()
    raise AssertionError  # The last try returns or raises.


def taken_up(settings: Settings, passphrase: str) -> Desk:
    """Lead the owner of a practice with a key file to a passphrase."""
    from casemgr.cli.recovery import show_recovery
    from casemgr.services.key_slots import make_recovery
    from casemgr.services.rekeying import take_up_key_file

    say("This practice still opens with a key file. From now on its owner opens it with a passphrase.")
    desk = take_up_key_file(settings, passphrase or new_passphrase(None, None))
    say(f"{desk.sitter.name} ({desk.login}) has a passphrase now; the data has another key.")
    say("The key file is gone: copies of it open nothing but copies of the data from before.")
    show_recovery(desk, make_recovery(desk))
    return desk
