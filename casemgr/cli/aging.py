"""What payers and patients owe, by age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.cli.output import say, show, show_json, show_table

if TYPE_CHECKING:
    from casemgr.services.aging import AgedClaim, Owed
    from casemgr.services.desk import Desk


@click.command(name="aging")
@click.option("--as-of", metavar="DATE", help="At the end of this day; today unless said.")
@click.option("--payer", default="", help="Only this payer.")
@json_option
@with_desk
def aging_command(desk: Desk, as_of: str | None, payer: str, as_json: bool) -> None:
    """List what insurers and patients owe by the age of each claim, and what is to be done next.

    \b
    Examples:
      casemgr report aging
      casemgr report aging --as-of 2026-10-31 --payer "Sunrise Medicaid Dental" --json

    The age of a claim is counted in days since it was first sent.
    """
    from casemgr.core.aging import BUCKETS, CLOCK
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.aging import aging

    report = aging(desk, the_date(desk, as_of, "as-of") if as_of else None, payer)
    if as_json:
        show_json(
            {
                "as_of": report.as_of.isoformat(),
                "clock": CLOCK,
                "buckets": [
                    {"days": name, **sums._asdict()}
                    for name, sums in zip(BUCKETS, report.buckets, strict=True)
                ],
                "payers": [
                    {
                        "payer": one.payer,
                        "buckets": [
                            {"days": name, **sums._asdict()}
                            for name, sums in zip(BUCKETS, one.buckets, strict=True)
                        ],
                        **one.total._asdict(),
                    }
                    for one in report.payers
                ],
                "total": report.total._asdict(),
                "claims": [aged_value(one) for one in report.claims],
            }
        )
        return
    show_table(
        (
            *("Claim", "Patient", "Payer", "Sent", "Days", "Status", "Insurer", "Patient owes"),
            *("Answered", "Last day", "Next", "By"),
        ),
        (
            (
                one.row.claim_number,
                one.row.patient,
                one.row.payer,
                format_us(one.row.sent_on or ""),
                one.row.age_days,
                one.row.status,
                format_cents(one.row.insurer_cents),
                format_cents(one.row.patient_cents),
                format_us(one.row.answered_on or ""),
                f"{format_us(one.row.deadline)} {one.row.deadline_of}" if one.row.deadline else "",
                one.row.next_action,
                format_us(one.row.next_action_on or ""),
            )
            for one in report.claims
        ),
        right=("Days", "Insurer", "Patient owes"),
    )
    if report.claims:
        show()
        show_table(
            ("Payer", *BUCKETS, "Insurer", "Patients", "Claims"),
            (
                sums_row(name, buckets, total)
                for name, buckets, total in (*report.payers, ("All", report.buckets, report.total))
            ),
            right=(*BUCKETS, "Insurer", "Patients", "Claims"),
        )
    insurers, patients = report.total.insurer_cents, report.total.patient_cents
    say(
        f"As of {format_us(report.as_of)}, in {CLOCK}: {format_cents(insurers)} with insurers, "
        f"{format_cents(patients)} with patients."
    )


def sums_row(name: str, buckets: tuple[Owed, ...], total: Owed) -> tuple[object, ...]:
    """A payer's sums, or all of them."""
    from casemgr.core.money import format_cents

    return (
        name,
        *(format_cents(one.insurer_cents) for one in buckets),
        format_cents(total.insurer_cents),
        format_cents(total.patient_cents),
        total.claims,
    )


def aged_value(one: AgedClaim) -> dict[str, Any]:
    """A claim of the list as JSON; money in cents."""
    from datetime import date

    dated = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in one.row._asdict().items()
    }
    return {**dated, "overpaid_cents": one.overpaid_cents}
