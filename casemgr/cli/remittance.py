"""Payers' answers: add, list, show, void."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.answer import pay
from casemgr.cli.claim_shown import reason_option
from casemgr.cli.options import json_option, the_month, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.core.account_rows import ListedRemittance
    from casemgr.services.desk import Desk


ADD_SHORT = "Type in a payer's answer to a claim."
ADD_HELP = f"""{ADD_SHORT} It is the same as `claim pay`; `claim deny` is shorter where nothing was paid.

\b
Examples:
  casemgr remittance add K7Q2-2026-0001 --paid 45 --adjust CO-45=15 --check 4711 --on 11/20
"""


@click.group(name="remittance")
def remittance_command() -> None:
    """Type in, list, show and take back payers' answers; `import remittance` reads them from a file.

    \b
    Examples:
      casemgr remittance list --month 2026-11
      casemgr remittance list --unmatched
      casemgr remittance show 3f9c2a
    """


remittance_command.add_command(
    click.Command("add", params=pay.params, callback=pay.callback, help=ADD_HELP, short_help=ADD_SHORT)
)


@remittance_command.command(name="list")
@click.option("--month", help="Received in this month, such as 2026-11; all of them unless said.")
@click.option("--claim", default="", help="Answers to this claim.")
@click.option("--unmatched", is_flag=True, help="What files said and could not be booked.")
@click.option("--all", "include_voided", is_flag=True, help="Voided ones too.")
@json_option
@with_desk
def list_(
    desk: Desk, month: str | None, claim: str, unmatched: bool, include_voided: bool, as_json: bool
) -> None:
    """List payers' answers by the day on which they came.

    \b
    Examples:
      casemgr remittance list --claim K7Q2-2026-0001
    """
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.answers import reasons_in_words
    from casemgr.services.remittances import listed

    if unmatched:
        show_unmatched(desk, as_json)
        return
    rows = listed(desk, the_month(desk, month) if month else None, claim, include_voided)
    if as_json:
        show_json([remittance_value(row) for row in rows])
        return
    show_table(
        ("Received", "Claim", "Patient", "Payer", "Check", "Paid", "Taken off", "", "Id"),
        (
            (
                format_us(row.remittance.received_on),
                row.claim.number,
                row.claim.patient,
                row.claim.payer_name,
                row.remittance.check_number,
                format_cents(row.remittance.paid_cents),
                reasons_in_words(row.remittance.lines),
                "voided" if row.remittance.voided else "reversal" if row.remittance.reversal else "",
                short(row.remittance.id),
            )
            for row in rows
        ),
        right=("Paid",),
    )
    paid = sum(row.remittance.paid_cents for row in rows if not row.remittance.voided)
    say(f"{'1 answer' if len(rows) == 1 else f'{len(rows):,} answers'}, {format_cents(paid)} paid.")


def remittance_value(row: ListedRemittance) -> dict[str, Any]:
    """An answer as JSON; money in cents."""
    return {
        **row.remittance.model_dump(mode="json"),
        "paid_cents": row.remittance.paid_cents,
        "claim": row.claim.number,
        "patient": row.claim.patient,
        "payer_name": row.claim.payer_name,
    }


def show_unmatched(desk: Desk, as_json: bool) -> None:
    """What files of answers said and could not be booked."""
    from casemgr.services.importing_remittances import unmatched

    rows = unmatched(desk)
    if as_json:
        show_json([{"file": row.file, **row.row.model_dump(mode="json")} for row in rows])
        return
    show_table(
        ("File", "Where", "What", "Why"),
        ((row.file, f"{row.row.sheet}, {row.row.row}", row.row.said, row.row.reason) for row in rows),
    )
    say("Nothing waits." if not rows else f"{len(rows)} to look at; mended, import the file again.")


@remittance_command.command(name="show")
@click.argument("remittance")
@json_option
@with_desk
def show_(desk: Desk, remittance: str, as_json: bool) -> None:
    """Show a payer's answer: by line, with what its reasons mean and what to do about them.

    \b
    Examples:
      casemgr remittance show 3f9c2a
    """
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.answers import reasons_in_words
    from casemgr.services.denials import told
    from casemgr.services.remittances import shown

    found = shown(desk, remittance)
    row = found.listed
    one = row.remittance
    if as_json:
        show_json(
            {
                **remittance_value(row),
                "advice": [advice._asdict() for advice in found.help.reasons],
                "appeal_by": found.help.appeal_by,
            }
        )
        return
    show_facts(
        (
            ("Answer", f"{short(one.id)}{'  voided' if one.voided else ''}"),
            ("Claim", f"{row.claim.number}  {found.status}"),
            ("Patient", f"{row.claim.patient} {format_us(row.claim.birth_date)} #{row.claim.chart_number}"),
            ("Payer", row.claim.payer_name),
            ("Payer's number", one.payer_claim_number),
            ("Received", format_us(one.received_on)),
            ("Dated", format_us(one.paid_on)),
            ("Check", one.check_number),
            ("Kind", "takes back an earlier answer" if one.reversal else ""),
            ("Remarks", " ".join(one.remarks)),
            ("Note", one.note),
            ("File", one.file),
        )
    )
    show()
    show_table(
        ("Date", "Code", "Billed", "Allowed", "Paid", "Taken off", "Remarks"),
        (
            (
                format_us(line.service_date),
                line.code or "whole claim",
                format_cents(line.billed_cents),
                "" if line.allowed_cents is None else format_cents(line.allowed_cents),
                format_cents(line.paid_cents),
                reasons_in_words((line,)),
                " ".join(line.remarks),
            )
            for line in one.lines
        ),
        right=("Billed", "Allowed", "Paid"),
    )
    help_ = told(found.help)
    if help_:
        show()
    for text in help_:
        show(text)


@remittance_command.command()
@click.argument("remittance")
@reason_option
@with_desk
def void(desk: Desk, remittance: str, reason: str) -> None:
    """Take a payer's answer back; its claim goes where the other answers leave it.

    \b
    Examples:
      casemgr remittance void 3f9c2a --reason "it was another patient's"
    """
    from casemgr.core.claim_life import status_label
    from casemgr.services.remittances import void_remittance

    done = void_remittance(desk, remittance, reason)
    show(f"{done.claim.number}  {status_label(done.before)} → {status_label(done.claim.status)}")
