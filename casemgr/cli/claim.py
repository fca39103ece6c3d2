"""Claims: draft, list, show, print, void; their checks and their life have files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli import answer, claim_life, claim_paper
from casemgr.cli.claim_checks import check_command
from casemgr.cli.claim_shown import account_value, show_account
from casemgr.cli.options import json_option, the_month, the_patient, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table, warn
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


@click.group(name="claim")
def claim_command() -> None:
    """Draft claims from the log, check and print them, and follow them from the payer to the money.

    \b
    Examples:
      casemgr claim draft --month 2026-10
      casemgr claim list --month 2026-10
      casemgr claim check --month 2026-10
      casemgr claim submit --month 2026-10
      casemgr claim pay K7Q2-2026-0001 --paid 45 --adjust CO-45=15
      casemgr claim print --month 2026-10
      casemgr claim print K7Q2-2026-0001 --text
      casemgr claim packet K7Q2-2026-0001
    """


for command in (check_command, *claim_life.COMMANDS, *answer.COMMANDS, *claim_paper.COMMANDS):
    claim_command.add_command(command)


@claim_command.command()
@click.option("--month", help="Such as 2026-10; the present month unless said.")
@click.option("--patient", help="Only this patient: name, chart number, birth date.")
@json_option
@with_desk
def draft(desk: Desk, month: str | None, patient: str | None, as_json: bool) -> None:
    """Draft claims from signed, unclaimed activities, and list what cannot be claimed.

    \b
    Examples:
      casemgr claim draft --month 2026-10
      casemgr claim draft --month 2026-10 --patient "garcia ana 2012" --json
    """
    from casemgr.core.dates import format_us
    from casemgr.core.minutes import format_minutes
    from casemgr.core.money import format_cents
    from casemgr.services.claims import draft_claims
    from casemgr.services.patients import patient_label
    from casemgr.services.summaries import advice_on

    asked = the_month(desk, month or "")
    drafted = draft_claims(desk, asked, the_patient(desk, patient) if patient else "")
    if as_json:
        show_json(
            {
                "claims": [claim_value(claim) for claim in drafted.claims],
                "left_out": [
                    {
                        "id": row.id,
                        "service_date": row.service_date,
                        "patient": row.patient,
                        "minutes": row.minutes,
                        "why": str(why),
                        "rule": drafted.words.get(row.id, ""),
                    }
                    for row, why in drafted.left_out
                ],
                "advice": advice_on(desk, drafted.claims),
            }
        )
        return
    show_table(
        ("Claim", "Patient", "Payer", "Lines", "Min", "Charge"),
        (
            (
                c.number,
                patient_label(desk, c.patient_id),
                c.payer_name,
                len(c.lines),
                c.minutes,
                format_cents(c.charge_cents),
            )
            for c in drafted.claims
        ),
        right=("Lines", "Min", "Charge"),
    )
    count = "1 claim" if len(drafted.claims) == 1 else f"{len(drafted.claims)} claims"
    minutes = sum(claim.minutes for claim in drafted.claims)
    say(f"{count} drafted for {asked.title}, {format_minutes(minutes)}.")
    if drafted.claims:
        say(f"`casemgr claim check --month {asked}` says what they lack.")
    if drafted.left_out:
        say("Left out, with why:")
        show_table(
            ("Why", "Date", "Patient", "Born", "Kind", "Min", "Id"),
            (
                (
                    ": ".join(filter(None, (str(why), drafted.words.get(row.id)))),
                    format_us(row.service_date),
                    row.patient,
                    format_us(row.birth_date),
                    desk.kinds.title(row.kind),
                    row.minutes,
                    short(row.id),
                )
                for row, why in drafted.left_out
            ),
            right=("Min",),
        )
    for text in advice_on(desk, drafted.claims):
        warn(text)


def claim_value(claim: Claim) -> dict[str, Any]:
    """A claim as JSON; money in cents."""
    return {
        **claim.model_dump(mode="json"),
        "minutes": claim.minutes,
        "charge_cents": claim.charge_cents,
        "status": "voided" if claim.voided else claim.status,
    }


@claim_command.command(name="list")
@click.option("--month", help="Such as 2026-10; every month unless said.")
@click.option("--patient", help="Name, chart number, birth date.")
@click.option("--all", "include_voided", is_flag=True, help="Voided ones too.")
@json_option
@with_desk
def list_(desk: Desk, month: str | None, patient: str | None, include_voided: bool, as_json: bool) -> None:
    """List claims by month and number.

    \b
    Examples:
      casemgr claim list --month 2026-10 --json
    """
    from casemgr.core.claim_life import status_label
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.claims import listed

    rows = listed(
        desk,
        the_month(desk, month) if month else None,
        the_patient(desk, patient) if patient else "",
        include_voided,
    )
    if as_json:
        show_json(
            [
                {
                    **row._asdict(),
                    "voided": bool(row.voided),
                    "patient": row.patient,
                    "status": "voided" if row.voided else row.status,
                }
                for row in rows
            ]
        )
        return
    show_table(
        ("Claim", "Month", "Patient", "Born", "Payer", "Status", "Lines", "Min", "Charge"),
        (
            (
                row.number,
                row.month,
                row.patient,
                format_us(row.birth_date),
                row.payer_name,
                "voided" if row.voided else status_label(row.status),
                row.lines,
                row.minutes,
                format_cents(row.charge_cents),
            )
            for row in rows
        ),
        right=("Lines", "Min", "Charge"),
    )


@claim_command.command(name="show")
@click.argument("number")
@json_option
@with_desk
def show_(desk: Desk, number: str, as_json: bool) -> None:
    """Show a claim: its lines, its narrative, what its documentation lacks, and what was printed of it.

    \b
    Examples:
      casemgr claim show K7Q2-2026-0001
    """
    from casemgr.core.claim_life import status_label
    from casemgr.core.money import format_cents
    from casemgr.services.claim_page import printed_of
    from casemgr.services.claims import the_claim
    from casemgr.services.summaries import summary_of

    claim = the_claim(desk, number)
    with desk.store.snapshot():
        summary = summary_of(desk, claim)
        printed = printed_of(desk, claim)
    who = summary.patient
    if as_json:
        checks = [
            {"id": c.id, "text": c.text, "satisfied": c.satisfied, "evidence": c.evidence}
            for c in summary.checklist
        ]
        show_json(
            {
                **claim_value(claim),
                "narrative": list(summary.narrative),
                "checklist": checks,
                "warnings": list(summary.warnings),
                "advice": list(summary.advice),
                "printed": [one._asdict() for one in printed],
                **account_value(desk, claim),
                "ledger_head": str(summary.witness),
            }
        )
        return
    show_facts(
        (
            ("Claim", f"{claim.number}  {summary.status or status_label(claim.status)}"),
            (
                "Patient",
                f"{who.name} {who.birth_date:%m/%d/%Y} #{who.chart_number}",
            ),
            ("Payer", f"{claim.payer_name}, member {claim.member_id}"),
            ("Total", f"{claim.minutes} min, {format_cents(claim.charge_cents)}"),
        )
    )
    show()
    show_table(
        ("Date", "Code", "What", "Min", "Qty", "Charge"),
        (
            (
                f"{line.service_date:%m/%d/%Y}",
                line.code,
                line.title,
                line.minutes,
                line.quantity,
                format_cents(line.charge_cents),
            )
            for line in summary.lines
        ),
        right=("Min", "Qty", "Charge"),
    )
    show_account(desk, claim)
    show()
    for check in summary.checklist:
        show(f"[{'x' if check.satisfied else ' '}] {check.text}: {check.evidence}")
    show()
    for text in summary.narrative:
        show(text)
    if printed:
        show()
        show_table(("Left the house", "By", "What", "As"), printed)
    for warning in (*summary.warnings, *summary.advice):
        warn(warning)


@claim_command.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; it stays in the record.")
@with_desk
def void(desk: Desk, numbers: tuple[str, ...], reason: str) -> None:
    """Take claims back; their activities can be amended and claimed again.

    \b
    Examples:
      casemgr claim void K7Q2-2026-0001 --reason "wrong coverage"
      casemgr claim void K7Q2-2026-0001 K7Q2-2026-0002 --reason "the payer's rules were wrong"
    """
    from casemgr.core.wording import listed
    from casemgr.services.claims import void_claims

    voided = void_claims(desk, numbers, reason)
    say(f"Voided {listed((one.number for one in voided), 'and')}.")
