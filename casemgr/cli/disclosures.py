"""What left the house, as an auditor asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, the_date, the_patient, with_desk
from casemgr.cli.output import say, show_json, show_table

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


@click.command(name="disclosures")
@click.option("--patient", help="Only what is of this patient alone: name, chart number, birth date.")
@click.option("--since", metavar="DATE", help="First date.")
@click.option("--backups", is_flag=True, help="Backups, drills and restores as well.")
@json_option
@with_desk
def disclosures_command(
    desk: Desk, patient: str | None, since: str | None, backups: bool, as_json: bool
) -> None:
    """List what left the house: when, by whom, what, to whom, why, and whether anyone could read it.

    \b
    Examples:
      casemgr report disclosures --since 10/1/2026
      casemgr report disclosures --patient "garcia ana 2012" --json

    The record keeps of each workbook how many rows it has, not which patients. What is of several patients
    is therefore counted beside one patient's own, and listed without --patient.
    """
    from casemgr.core.dates import format_us
    from casemgr.core.wording import counted
    from casemgr.services.disclosures import accounting

    first = the_date(desk, since, "since") if since else None
    found = accounting(desk, first, the_patient(desk, patient) if patient else "", backups=backups)
    if as_json:
        show_json({"listed": [one.value() for one in found.listed], "of_several": found.of_several})
        return
    show_table(
        ("Date", "Who", "What", "Of", "Rows", "How", "To", "For", "File", "SHA-256"),
        (
            (
                format_us(one.at.date()),
                one.staff,
                one.what,
                one.of,
                one.rows or "",
                one.how,
                one.sent_to,
                one.purpose,
                one.file,
                one.sha256[:12],
            )
            for one in found.listed
        ),
        right=("Rows",),
    )
    if not found.listed:
        say("Nothing left.")
    if found.of_several:
        several = counted(found.of_several, "document")
        say(f"Beside these, {several} of several patients left, which may have held this one.")
