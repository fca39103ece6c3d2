"""Payers' answers, typed in from their notices: pay and deny."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.claim_shown import on_option, read_cents, tell_answered, the_day, unreadable
from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.billing_commands import AnsweredLine
    from casemgr.services.desk import Desk


def answer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a payer's notice says besides its amounts."""
    for option in (
        click.argument("number"),
        click.option("--rarc", "remarks", multiple=True, help="A remark code, such as N706."),
        click.option("--check", "check_number", default="", help="Check or trace number."),
        click.option("--payer-number", default="", help="The payer's own number of the claim."),
        on_option("Date of the check or notice"),
        click.option("--appeal-by", metavar="DATE", help="The last day for an appeal, as the notice says."),
        click.option("--note", default="", help="Anything else worth keeping."),
        json_option,
    ):
        command = option(command)
    return command


@click.command()
@answer_options
@click.option("--paid", help="What was paid, in dollars.")
@click.option("--allowed", help="What the payer allows; the rest is taken off by contract (CO-45).")
@click.option(
    "--adjust", "adjustments", multiple=True, metavar="GROUP-CARC=AMOUNT", help="Such as CO-45=15.00."
)
@click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="DATE:CODE[=PAID[,ADJUST…]]",
    help="What was said of a line, such as 2026-10-21:D9992=45.00,CO-45=15.00.",
)
@click.option("--reversal", is_flag=True, help="It takes back an earlier answer; its amounts are negative.")
@with_desk
def pay(
    desk: Desk,
    number: str,
    paid: str | None,
    allowed: str | None,
    adjustments: tuple[str, ...],
    lines: tuple[str, ...],
    remarks: tuple[str, ...],
    check_number: str,
    payer_number: str,
    on: str | None,
    appeal_by: str | None,
    note: str,
    reversal: bool,
    as_json: bool,
) -> None:
    """Book what a payer paid for a claim, and what it took off; the claim goes where its money says.

    \b
    Examples:
      casemgr claim pay K7Q2-2026-0001 --paid 45 --adjust CO-45=15 --check 4711 --on 11/20
      casemgr claim pay K7Q2-2026-0001 --paid 45 --allowed 50 --adjust PR-3=5
      casemgr claim pay K7Q2-2026-0001 --line 10/21:D9992=45,CO-45=15 --line 10/22:D9991=0,CO-197=20
    """
    from casemgr.core.billing_commands import AnswerClaim
    from casemgr.services.remittances import answer

    wish = AnswerClaim(
        number,
        the_day(desk, on),
        said_lines(desk, paid, allowed, adjustments, lines),
        remarks,
        check_number,
        payer_number,
        the_date(desk, appeal_by, "appeal-by", future=True) if appeal_by else None,
        reversal,
        note,
    )
    tell_answered(desk, answer(desk, wish), as_json)


def said_lines(
    desk: Desk, paid: str | None, allowed: str | None, adjustments: tuple[str, ...], lines: tuple[str, ...]
) -> tuple[AnsweredLine, ...]:
    """What was typed about lines, or about the claim as a whole."""
    from casemgr.core.answer_text import parse_adjustment, parse_answered, parse_key
    from casemgr.core.billing_commands import AnsweredLine
    from casemgr.core.claim_money import WHOLE

    try:
        if any("=" in line for line in lines):
            if paid is not None or allowed is not None or adjustments:
                raise click.UsageError("Say amounts within --line, or with --paid and --adjust, not both.")
            return tuple(parse_answered(line, desk.today()) for line in lines)
        if len(lines) > 1:
            raise click.UsageError("Of several lines, say what was paid of each: --line DATE:CODE=45.00.")
        if paid is None:
            raise click.UsageError("Say what was paid: --paid 45, or --paid 0.")
        key = parse_key(lines[0], desk.today()) if lines else WHOLE
        return (
            AnsweredLine(
                key,
                read_cents(paid, "paid"),
                tuple(map(parse_adjustment, adjustments)),
                read_cents(allowed, "allowed") if allowed is not None else None,
            ),
        )
    except ParseError as error:
        raise unreadable(str(error)) from error


@click.command()
@answer_options
@click.option("--carc", required=True, help="The reason's code, such as 197.")
@click.option("--group", default="CO", show_default=True, help="Who bears it: CO, PR, OA, PI.")
@click.option("--line", "lines", multiple=True, metavar="DATE:CODE", help="Only this line; all unless said.")
@with_desk
def deny(
    desk: Desk,
    number: str,
    carc: str,
    group: str,
    lines: tuple[str, ...],
    remarks: tuple[str, ...],
    check_number: str,
    payer_number: str,
    on: str | None,
    appeal_by: str | None,
    note: str,
    as_json: bool,
) -> None:
    """Book that a payer denied a claim, or some of its lines, and say what can be done about it.

    \b
    Examples:
      casemgr claim deny K7Q2-2026-0001 --carc 197 --rarc N706 --on 11/20 --appeal-by 1/19/2027
      casemgr claim deny K7Q2-2026-0001 --carc 96 --group PR --line 10/21:D9992
    """
    from casemgr.core.answer_text import parse_key
    from casemgr.core.billing_commands import DenyClaim
    from casemgr.services.remittances import deny as book

    try:
        keys = tuple(parse_key(line, desk.today()) for line in lines)
    except ParseError as error:
        raise unreadable(str(error)) from error
    wish = DenyClaim(
        number,
        the_day(desk, on),
        carc,
        group,
        remarks,
        keys,
        check_number,
        payer_number,
        the_date(desk, appeal_by, "appeal-by", future=True) if appeal_by else None,
        note,
    )
    tell_answered(desk, book(desk, wish), as_json)


COMMANDS = (pay, deny)
"""What this file adds to `claim`."""
