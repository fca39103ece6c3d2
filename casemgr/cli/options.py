"""Options and arguments that many commands share."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.output import say
from casemgr.errors import InputRefused, Locked, ParseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from casemgr.core.dates import Month
    from casemgr.services.access import Unlocked
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings

IN_THE_CLEAR = (
    "Anyone who gets this file can read it; with --recipient it can be encrypted. "
    "You are asked this once.\nWrite it in the clear?"
)

recipient_option = click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="WHO",
    help="Encrypt for them: a name of `casemgr recipient list`, a key, a file of keys; may be repeated.",
)

DAMAGED = "The data file is damaged, and only read until it is mended: see `casemgr verify`."

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def with_desk(command: Callable[..., Any]) -> Callable[..., Any]:
    """Open the practice, hand the desk to the command as first argument, and close it again. Adds `--as`."""

    @click.option("--as", "acting", metavar="LOGIN", help="Who acts.")
    @click.pass_context
    @wraps(command)
    def opened(ctx: click.Context, /, *args: Any, acting: str | None, **options: Any) -> Any:
        desk = opened_desk(acting or ctx.find_root().obj or "")
        try:
            if desk.damaged is not None:
                say(DAMAGED)
            done = command(desk, *args, **options)
            unsaid = "" if desk.has_daily_backup() else begin_backup(desk)
        finally:
            desk.close()
        if unsaid:
            say(unsaid)
        return done

    return opened


def opened_desk(acting: str = "") -> Desk:
    """The practice, in the name of who has unlocked it; a terminal asks for a passphrase where nobody has.

    Args:
        acting: a login that was named.

    Raises:
        Locked: it is locked, and there is no terminal to ask on.
    """
    # Imported here, so that help and completion need only click.
    from casemgr.services.desk import open_desk
    from casemgr.settings import read_settings

    settings = read_settings()
    try:
        return open_desk(settings, acting)
    except Locked:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        from casemgr.cli.access import opened_with_passphrase

        return opened_with_passphrase(settings, acting or settings.staff)


def begin_backup(desk: Desk) -> str:
    """Begin the day's backup, and say what kept the last one from being made."""
    # Imported here, since nobody else should wait for it.
    from casemgr.services.daily import begin_daily

    return begin_daily(desk)


def unlocked_by(settings: Settings, acting: str = "") -> Unlocked:
    """Who has unlocked the data, and its key, also where there is no data to open; a terminal asks.

    Args:
        settings: where the practice is, and the login from the environment.
        acting: a login that was named.

    Raises:
        Locked: it is locked, and there is no terminal to ask on.
    """
    from casemgr.services.access import unlocked

    acting = acting or settings.staff
    try:
        return unlocked(settings.places, acting)
    except Locked:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        from casemgr.cli.access import with_passphrase

        return with_passphrase(settings.places, acting)


def with_content(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand our content and the practice's own to the command as its first argument; no practice is needed."""

    @wraps(command)
    def opened(*args: Any, **options: Any) -> Any:
        from casemgr.services.content import ContentDesk
        from casemgr.settings import read_settings

        return command(ContentDesk(read_settings().places), *args, **options)

    return opened


def release_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Hand how a file is to leave to the command as `wish`; below with_desk.

    Where it would leave in the clear for the first time, who acts is asked on a terminal, and the command
    runs again: it has done nothing by then.
    """

    @recipient_option
    @click.option("--clear", is_flag=True, help="Let it leave in the clear; said once, it counts for good.")
    @click.option("--sent-to", default="", metavar="WHOM", help="To whom it goes, for the record.")
    @click.option("--purpose", default="", help="Why, for the record; else payment or operations.")
    @wraps(command)
    def told(
        desk: Desk,
        /,
        *args: Any,
        recipients: tuple[str, ...],
        clear: bool,
        sent_to: str,
        purpose: str,
        **options: Any,
    ) -> Any:
        from casemgr.services.releases import ClearNotAllowed, ReleaseWish

        wish = ReleaseWish(recipients, clear, sent_to, purpose)
        try:
            return command(desk, *args, wish=wish, **options)
        except ClearNotAllowed:
            if not (sys.stdin.isatty() and sys.stderr.isatty() and click.confirm(IN_THE_CLEAR, err=True)):
                raise
        return command(desk, *args, wish=wish._replace(clear=True), **options)

    return told


def the_date(desk: Desk, text: str, what: str = "date", future: bool = False) -> date:
    """A date as people write it.

    Raises:
        InputRefused: it cannot be read.
    """
    from casemgr.core.dates import parse_date

    try:
        return parse_date(text, desk.today(), prefer="future" if future else "past")
    except ParseError as error:
        raise InputRefused(
            f"{what}: {error}", "Nothing was saved.", "Write it as 2026-10-21 or 10/21/2026."
        ) from error


def the_month(desk: Desk, text: str) -> Month:
    """A month as people write it; empty means the present one."""
    from casemgr.core.dates import Month

    if not text:
        today = desk.today()
        return Month(today.year, today.month)
    try:
        return Month.parse(text)
    except ParseError as error:
        raise InputRefused(f"month: {error}", "Nothing was done.", "Write it as 2026-10.") from error


def the_patient(desk: Desk, text: str) -> str:
    """The id of the patient whom a text means.

    Raises:
        InputRefused: nobody, or several; the candidates are named.
    """
    from casemgr.services.patients import the_patient_id

    return the_patient_id(desk, text)


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """`field=value` arguments as a dictionary."""
    found = {}
    for value in values:
        name, equals, content = value.partition("=")
        if not equals or not name.strip():
            raise InputRefused(
                f"“{value}” is not field=value", "Nothing was saved.", "Write it as --set vendor=“City Cab”."
            )
        found[name.strip()] = content.strip()
    return found


def _printers(context: click.Context, param: click.Parameter, begun: str) -> list[str]:
    """What the shell offers to go on with."""
    from casemgr.services.spooling import printers_beginning

    return list(printers_beginning(begun))


printer_option = click.option(
    "--printer",
    metavar="NAME",
    shell_complete=_printers,
    help="Print on this printer and write no file; a name that no printer has lists those that there are.",
)
copies_option = click.option("--copies", type=click.IntRange(1, 99), help="How many the printer makes.")
