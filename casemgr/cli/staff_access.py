"""Who of the staff has a passphrase: inviting, changing one's own, leaving, and the recovery key."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.cli.output import say, show_json, warn
from casemgr.cli.passphrase import ask, ask_new, given, new_passphrase, passphrase_options
from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk


@click.command()
@click.argument("login")
@passphrase_options
@with_desk
def invite(desk: Desk, login: str, file: Path | None, descriptor: int | None) -> None:
    """Give somebody on the staff a first passphrase, which they change themselves.

    \b
    Examples:
      casemgr staff invite tchen
      casemgr staff invite tchen --passphrase-file first.txt

    Let them type it, or tell it to them in person; they change it with `casemgr staff passphrase`.
    """
    from casemgr.services import key_slots

    member = key_slots.invitable(desk, login)
    key_slots.invite(desk, member.id, new_passphrase(file, descriptor, key_slots.known_words(desk, member)))
    say(f"{member.name} can unlock the data now: casemgr --as {member.id} unlock")


@click.command()
@click.option("--recovery", is_flag=True, help="With the recovery key: the owner's passphrase was forgotten.")
@click.option("--as", "acting", metavar="LOGIN", help="Whose it is.")
@passphrase_options
@click.pass_context
def passphrase(
    ctx: click.Context, recovery: bool, acting: str | None, file: Path | None, descriptor: int | None
) -> None:
    """Change your own passphrase; the old one is asked for.

    \b
    Examples:
      casemgr staff passphrase
      casemgr staff passphrase --recovery                       asks for the twelve words
      casemgr staff passphrase --recovery --passphrase-file new.txt < words.txt

    With --recovery the practice's owner gets a new passphrase, in exchange for the recovery key. In a file,
    the first line is the old passphrase and the second the new one; with --recovery, the first is the new one
    and the words come from standard input.
    """
    if recovery:
        recovered(file, descriptor)
        return
    from casemgr.cli.options import opened_desk
    from casemgr.services.key_slots import change_passphrase, known_words

    desk = opened_desk(acting or ctx.find_root().obj or "")
    try:
        named = given(file, descriptor)
        if len(named) == 1:
            raise InputRefused(
                "There is one passphrase, and two are needed",
                "The old one stands on the first line, the new one on the second. Nothing was changed.",
                "Write both, or let the terminal ask.",
            )
        old = named[0] if named else ask(f"Passphrase of {desk.login} until now")
        change_passphrase(desk, old, named[1] if named else ask_new(known_words(desk, desk.staff)))
    finally:
        desk.close()
    say("The passphrase is changed. Backups made before still open with the one of then.")


def recovered(file: Path | None, descriptor: int | None) -> None:
    """Exchange the recovery key for a new passphrase of the owner."""
    from casemgr.core.key_slots import words_in
    from casemgr.services.key_slots import recover
    from casemgr.services.passphrases import refuse_no_words
    from casemgr.settings import read_settings

    if sys.stdin.isatty():
        say("Type the twelve words of the recovery key, in their order, with spaces between.")
    words = words_in(sys.stdin.readline(4096))
    refuse_no_words(words)
    desk = recover(read_settings(), words, new_passphrase(file, descriptor))
    try:
        say(f"{desk.sitter.name} ({desk.login}) has a new passphrase; the old one opens nothing any more.")
        say("If somebody else may have read the words: make new ones with `casemgr staff recovery`.")
    finally:
        desk.close()


@click.command()
@click.argument("login")
@click.option("--on", "day", metavar="DATE", help="The last day here; today unless said.")
@click.option(
    "--stays", is_flag=True, help="Only the passphrase goes: the person works on, and can be invited anew."
)
@json_option
@with_desk
def leave(desk: Desk, login: str, day: str | None, stays: bool, as_json: bool) -> None:
    """Take somebody's passphrase away, give the data another key, check it, and note their last day.

    \b
    Examples:
      casemgr staff leave tchen
      casemgr staff leave tchen --on 10/31/2026
      casemgr staff leave tchen --stays            the passphrase is forgotten: invite them again

    Everything stays readable for everybody else, with their own passphrases. Other windows ask for one again.
    Backups made before keep their key: whoever has a copy of one and a passphrase of then can read that copy.
    """
    from casemgr.core.commands import EditStaff
    from casemgr.services.key_slots import standing
    from casemgr.services.rekeying import take_away
    from casemgr.services.staff import duties, edit_staff

    if no_longer_known(desk, login):
        tell_of_older_pages(take_away(desk, login, checking))
        say(f"{login}, whom the practice does not know, has no passphrase here any more.")
        return
    member = desk.member(login)
    last = the_date(desk, day, "on", future=True) if day else desk.today()
    # Where an earlier try was cut short, the slot may be gone, and the last day yet to be noted.
    again = not stays and member.id not in standing(desk.places, desk.store.key).logins
    whole = again or take_away(desk, member.id, checking)
    if not stays and member.active_to != last.isoformat():
        edit_staff(desk, EditStaff(member.id, {"active_to": last.isoformat()}))
    waiting = duties(desk, member.id).follow_ups
    if as_json:
        show_json({"login": member.id, "left": not stays, "open_follow_ups": waiting})
    say(
        f"{member.name} has no passphrase here any more."
        if again
        else f"{member.name}'s passphrase opens nothing any more; the data has another key, and holds."
    )
    tell_of_older_pages(whole)
    if waiting and not stays:
        theirs = "1 follow-up is" if waiting == 1 else f"{waiting} follow-ups are"
        warn(f"{theirs} still theirs; see `casemgr follow-up list --staff {member.id}`.")


def no_longer_known(desk: Desk, login: str) -> bool:
    """Whether somebody has a slot of whom the data knows nothing, as after an older backup was put back."""
    from casemgr.services.key_slots import standing
    from casemgr.services.staff import listed

    login = login.strip().lower()
    known = {member.id for member in listed(desk, include_left=True)}
    return login not in known and login in standing(desk.places, desk.store.key).logins


@click.command()
@with_desk
def recovery(desk: Desk) -> None:
    """Make a new recovery key and print its page; the one before opens nothing any more.

    \b
    Examples:
      casemgr staff recovery
      casemgr staff recovery | lp
    """
    from casemgr.cli.recovery import show_recovery
    from casemgr.services.key_slots import make_recovery

    show_recovery(desk, make_recovery(desk))


@click.command()
@with_desk
def rekey(desk: Desk) -> None:
    """Give the data another key and check it: after a copy may have got into the wrong hands.

    \b
    Examples:
      casemgr staff rekey

    Nobody's passphrase changes. Whoever has a copy and a passphrase of now can still read that copy.
    """
    from casemgr.services.rekeying import change_key

    whole = change_key(desk, checking)
    say("The data has another key, and holds under it. Other windows ask for a passphrase again.")
    tell_of_older_pages(whole)


def checking(what: str) -> None:
    """Say what is being checked, where somebody watches."""
    if sys.stderr.isatty():
        say(f"Checking {what} …")


def tell_of_older_pages(whole: bool) -> None:
    """Say that another window keeps pages under the old key in the file, if one does."""
    if not whole:
        warn("another window still holds pages under the old key in the file: close it, and they go.")
