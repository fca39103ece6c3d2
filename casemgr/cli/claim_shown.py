"""What the commands about a claim's life and money share: which claims, which day, and how it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import the_date, the_month
from casemgr.cli.output import show, show_facts, show_json, warn
from casemgr.errors import InputRefused, ParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from casemgr.core.billing import Claim
    from casemgr.core.claim_money import Money
    from casemgr.services.answers import Answered
    from casemgr.services.claim_moves import Moved
    from casemgr.services.desk import Desk

reason_option = click.option("--reason", default="", help="Why; it stays in the record.")


def on_option(what: str) -> Callable[..., Any]:
    """The day of something; today unless said."""
    return click.option("--on", metavar="DATE", help=f"{what}; today unless said.")


def several(command: Callable[..., Any]) -> Callable[..., Any]:
    """Claims by number, or those of a month's run."""
    command = click.option("--month", help="Every claim of a run that can, such as 2026-10.")(command)
    return click.argument("numbers", nargs=-1)(command)


named = click.argument("numbers", nargs=-1, required=True)
"""Claims by number alone: what is not done to a whole month at once."""


def chosen(desk: Desk, numbers: tuple[str, ...], month: str | None, verb: str) -> tuple[str, ...]:
    """The numbers that were typed, or those of the month's claims that can take the step."""
    from casemgr.services.claim_moves import numbers_in

    if bool(numbers) == bool(month):
        raise click.UsageError("Name claims by their numbers, or a month with --month.")
    return numbers or numbers_in(desk, the_month(desk, month or ""), verb)


def the_day(desk: Desk, text: str | None, what: str = "on") -> date:
    """A date as it was typed, or today."""
    return the_date(desk, text, what) if text else desk.today()


def read_cents(text: str, what: str) -> int:
    """An amount in dollars, as cents."""
    from casemgr.core.money import parse_cents

    try:
        return parse_cents(text)
    except ParseError as error:
        raise unreadable(f"{what}: {error}") from error


def unreadable(message: str) -> InputRefused:
    """Something that was typed cannot be read."""
    return InputRefused(message, "Nothing was saved.")


def tell_moved(moved: Sequence[Moved], as_json: bool) -> None:
    """Where claims went, and what to look at."""
    from casemgr.cli.claim import claim_value
    from casemgr.core.claim_life import status_label

    if as_json:
        show_json(
            [
                {**claim_value(one.claim), "before": one.before, "warnings": list(one.warnings)}
                for one in moved
            ]
        )
        return
    for one in moved:
        before, after = status_label(one.before), status_label(one.claim.status)
        show(f"{one.claim.number}  {before}" + (f" → {after}" if after != before else ""))
    for one in moved:
        for text in one.warnings:
            warn(text)


def tell_answered(desk: Desk, done: Answered, as_json: bool) -> None:
    """Where an answer led its claim, its money, and what was denied and why."""
    from casemgr.cli.claim import claim_value
    from casemgr.core.claim_life import status_label
    from casemgr.services.denials import advice_for_claim, told

    if as_json:
        show_json(
            {
                **claim_value(done.claim),
                "before": done.before,
                "remittance_id": done.remittance.id,
                "money": money_value(done.money),
                "warnings": list(done.warnings),
            }
        )
        return
    show(f"{done.claim.number}  {status_label(done.before)} → {status_label(done.claim.status)}")
    show(money_words(done.money))
    for line in told(advice_for_claim(desk, done.claim)):
        show(line)
    for text in done.warnings:
        warn(text)


def account_value(desk: Desk, claim: Claim) -> dict[str, Any]:
    """A claim's money, answers and denials as JSON; cents."""
    from casemgr.services.claim_money import account_of
    from casemgr.services.denials import advice_for_claim

    account = account_of(desk, claim)
    return {
        "money": money_value(account.money),
        "remittances": [one.model_dump(mode="json") for one in account.remittances],
        "payments": [one.model_dump(mode="json") for one in account.payments],
        "denials": [one._asdict() for one in advice_for_claim(desk, claim, account.remittances).reasons],
    }


def show_account(desk: Desk, claim: Claim) -> None:
    """What became of a claim that was sent: its sendings, its money, what was denied, what is next."""
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.claim_money import account_of
    from casemgr.services.denials import advice_for_claim, told

    if not claim.submissions:
        return
    account = account_of(desk, claim)
    money, last = account.money, claim.submissions[-1]
    corrected = "corrected, " if last.kind == "corrected" else ""
    receipt = f", {last.reference}" if last.reference else ""
    waits = claim.status in ("submitted", "accepted") and account.remittances
    again = ", as answered before it was sent again" if waits else ""
    show()
    show_facts(
        (
            ("Sent", f"{format_us(last.sent_on)}, {corrected}{last.method}, {last.control_number}{receipt}"),
            ("Payer's number", claim.payer_claim_number),
            ("Owed", "a corrected claim: the log changed since it was sent" if claim.amendment_owed else ""),
            ("Money", money_words(money) + again),
            ("Insurer owes", format_cents(money.insurer_cents)),
            ("Patient owes", format_cents(money.patient_balance_cents) if money.patient_cents else ""),
            ("Appealed", format_us(claim.appealed_on)),
            (
                "Next",
                f"{claim.next_action}, {format_us(claim.next_action_on)}" if claim.next_action else "",
            ),
        )
    )
    for text in told(advice_for_claim(desk, claim, account.remittances)):
        show(text)
    if money.overpaid_cents:
        warn(f"It is overpaid by {format_cents(money.overpaid_cents)}: the payer may ask for it back")


def show_denial(desk: Desk, number: str) -> None:
    """What stands denied on a claim, and what to do about it; nothing where nothing does."""
    from casemgr.services.claims import the_claim
    from casemgr.services.denials import advice_for_claim, told

    lines = told(advice_for_claim(desk, the_claim(desk, number)))
    if lines:
        show()
    for text in lines:
        show(text)


def money_value(money: Money) -> dict[str, int]:
    """A claim's money as JSON; cents."""
    return {
        **{name: cents for name, cents in money._asdict().items() if name != "finished"},
        "insurer_cents": money.insurer_cents,
        "patient_balance_cents": money.patient_balance_cents,
    }


def money_words(money: Money) -> str:
    """A claim's money in a line."""
    from casemgr.core.money import format_cents

    parts = (
        ("paid", money.paid_cents),
        ("by contract", money.contractual_cents),
        ("the patient's", money.patient_cents),
        ("written off", money.written_off_cents),
        ("denied", money.denied_cents),
        ("not answered", money.pending_cents),
    )
    told = ", ".join(f"{format_cents(cents)} {what}" for what, cents in parts if cents)
    return f"Of {format_cents(money.charge_cents)}: {told or 'nothing yet'}"
