"""Patients' payments: add, list, void."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.claim_shown import money_value, money_words, on_option, read_cents, reason_option, the_day
from casemgr.cli.options import json_option, the_month, with_desk
from casemgr.cli.output import say, show, show_json, show_table, warn
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


@click.group(name="payment")
def payment_command() -> None:
    """Add, list and take back what patients pay towards their part of a claim.

    \b
    Examples:
      casemgr payment add K7Q2-2026-0001 --amount 5 --method card
      casemgr payment list --month 2026-11
    """


@payment_command.command()
@click.argument("number")
@click.option("--amount", required=True, help="In dollars; negative for money that goes back.")
@on_option("The day on which it came")
@click.option("--method", default="", help="Such as card, cash, check.")
@click.option("--note", default="", help="Anything else worth keeping.")
@json_option
@with_desk
def add(desk: Desk, number: str, amount: str, on: str | None, method: str, note: str, as_json: bool) -> None:
    """Book a patient's payment.

    \b
    Examples:
      casemgr payment add K7Q2-2026-0001 --amount 5.00 --on 11/20 --method card
    """
    from casemgr.core.billing_commands import AddPayment
    from casemgr.core.money import format_cents
    from casemgr.services.payments import add_payment

    wish = AddPayment(number, read_cents(amount, "amount"), the_day(desk, on), method, note)
    done = add_payment(desk, wish)
    if as_json:
        show_json(
            {
                **done.payment.model_dump(mode="json"),
                "claim": done.claim.number,
                "money": money_value(done.money),
                "warnings": list(done.warnings),
            }
        )
        return
    show(
        f"{done.claim.number}  {format_cents(done.payment.cents)} booked; "
        f"the patient's balance is {format_cents(done.money.patient_balance_cents)}"
    )
    show(money_words(done.money))
    for text in done.warnings:
        warn(text)


@payment_command.command(name="list")
@click.option("--month", help="Received in this month, such as 2026-11; all of them unless said.")
@click.option("--claim", default="", help="Payments towards this claim.")
@click.option("--all", "include_voided", is_flag=True, help="Voided ones too.")
@json_option
@with_desk
def list_payments(desk: Desk, month: str | None, claim: str, include_voided: bool, as_json: bool) -> None:
    """List patients' payments by the day on which they came.

    \b
    Examples:
      casemgr payment list --month 2026-11 --json
    """
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.payments import listed

    rows = listed(desk, the_month(desk, month) if month else None, claim, include_voided)
    if as_json:
        show_json(
            [
                {
                    **row.payment.model_dump(mode="json"),
                    "claim": row.claim.number,
                    "patient": row.claim.patient,
                }
                for row in rows
            ]
        )
        return
    show_table(
        ("Received", "Claim", "Patient", "Amount", "How", "Note", "", "Id"),
        (
            (
                format_us(row.payment.received_on),
                row.claim.number,
                row.claim.patient,
                format_cents(row.payment.cents),
                row.payment.method,
                row.payment.note,
                "voided" if row.payment.voided else "",
                short(row.payment.id),
            )
            for row in rows
        ),
        right=("Amount",),
    )
    total = sum(row.payment.cents for row in rows if not row.payment.voided)
    say(f"{'1 payment' if len(rows) == 1 else f'{len(rows):,} payments'}, {format_cents(total)}.")


@payment_command.command(name="void")
@click.argument("payment")
@reason_option
@with_desk
def void_payment(desk: Desk, payment: str, reason: str) -> None:
    """Take a patient's payment back; it stays in the record.

    \b
    Examples:
      casemgr payment void 3f9c2a --reason "the check came back"
    """
    from casemgr.core.money import format_cents
    from casemgr.services.payments import void_payment as withdraw

    show(f"Voided the payment of {format_cents(withdraw(desk, payment, reason).cents)}.")
