"""Reading a practice's own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.import_billing import billing_command
from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.cli.output import say, show, show_json, show_table, slow_progress, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk
    from casemgr.services.importing import Imported
    from casemgr.services.importing_remittances import Booked, ImportedRemittances


MOST_TOLD = 10
"""Rows that are in already and are named one by one."""


@click.group(name="import")
def import_command() -> None:
    """Read patients, staff, a log, payers' answers or billing's columns from xlsx, xls, ods, csv or an 835.

    \b
    Examples:
      casemgr import patients patients.csv
      casemgr import log log-2026-10.xlsx --dry-run
      casemgr import log log-2026-10.xlsx
      casemgr import log other.csv --map patient="Client name" --map minutes=Duration
      casemgr import remittance era-1102.835 --dry-run
      casemgr import billing billing-2026-10-at-123.xlsx --dry-run

    Columns are found by what they are called. What is in already is recognised, so that running it again
    adds nothing. Rejected rows are written to a workbook with the reasons beside them, to be mended and
    imported again.

    A file may have 50 MB; a table 200,000 rows, 1,000 columns a sheet and 4,000,000 cells; an 835 500,000
    segments. What unpacks to more than 256 MB is refused, whatever it says of itself.
    """


import_command.add_command(billing_command)


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every import takes."""
    for option in (
        click.argument("file", type=click.Path(path_type=Path)),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="COLUMN=HEADING",
            help="Name a column where guessing fails.",
        ),
        click.option("--dry-run", is_flag=True, help="Show what would happen; save nothing."),
        click.option(
            "--rejects", type=click.Path(path_type=Path), help="Where the workbook of rejected rows goes."
        ),
        json_option,
    ):
        command = option(command)
    return command


@import_command.command()
@import_options
@with_desk
def patients(
    desk: Desk, file: Path, mapping: tuple[str, ...], dry_run: bool, rejects: Path | None, as_json: bool
) -> None:
    """Read patients and their coverage.

    \b
    Examples:
      casemgr import patients patients.csv

    Chart number, name (or last name) and birth date are needed; first name, gender, language, phone, address,
    insurance and member id are taken where they are there.
    """
    from casemgr.services.importing_people import import_patients

    tell(import_patients(desk, file, mapping, dry_run=dry_run, rejects=rejects), as_json)


@import_command.command()
@import_options
@with_desk
def staff(
    desk: Desk, file: Path, mapping: tuple[str, ...], dry_run: bool, rejects: Path | None, as_json: bool
) -> None:
    """Read staff.

    \b
    Examples:
      casemgr import staff staff.csv

    Login and name (or last name) are needed.
    """
    from casemgr.services.importing_people import import_staff

    tell(import_staff(desk, file, mapping, dry_run=dry_run, rejects=rejects), as_json)


@import_command.command()
@import_options
@click.option("--draft", is_flag=True, help="Leave the activities unsigned.")
@with_desk
def log(
    desk: Desk,
    file: Path,
    mapping: tuple[str, ...],
    dry_run: bool,
    rejects: Path | None,
    draft: bool,
    as_json: bool,
) -> None:
    """Read a log of activities: a sheet for each member of staff, or a column that says who.

    \b
    Examples:
      casemgr import log log-2026-09.xlsx --dry-run
      casemgr import log log-2026-09.xlsx --json

    Date, patient (or last name, or chart number), type, minutes and outcome are needed.
    """
    from casemgr.services.importing import import_log

    tell(import_log(desk, file, mapping, dry_run=dry_run, draft=draft, rejects=rejects), as_json)


@import_command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=HEADING", help="Name a column where guessing fails."
)
@click.option("--received", metavar="DATE", help="The day on which it came; today unless said.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; save nothing.")
@json_option
@with_desk
def remittance(
    desk: Desk, file: Path, mapping: tuple[str, ...], received: str | None, dry_run: bool, as_json: bool
) -> None:
    """Book payers' answers from an 835, a workbook or a csv file; each moves its claim.

    \b
    Examples:
      casemgr import remittance era-1102.835 --dry-run
      casemgr import remittance answers.xlsx --map paid="Ins paid" --received 11/10

    Of a workbook or csv, claim number, billed and paid are needed.
    """
    from casemgr.services.importing_remittances import import_remittances

    with slow_progress("Booking") as told:
        day = the_date(desk, received, "received") if received else None
        done = import_remittances(desk, file, mapping, received=day, dry_run=dry_run, progress=told)
    if as_json:
        show_json(remittances_value(done))
    else:
        tell_remittances(done)


def remittances_value(done: ImportedRemittances) -> dict[str, Any]:
    """What became of a file of answers as JSON; money in cents."""
    return {
        "file": done.file,
        "dry_run": done.dry_run,
        "booked": [
            {**one._asdict(), "reasons": [reason._asdict() for reason in one.reasons]} for one in done.booked
        ],
        "known": [one._asdict() for one in done.known],
        "rejected": [{**one._asdict(), "place": str(one.place)} for one in done.refused],
        "provider_adjustments": [
            {**one._asdict(), "place": str(one.place)} for one in done.provider_adjustments
        ],
        "payments": [one._asdict() for one in done.payments],
        "ignored": done.ignored,
        "skipped": list(done.skipped),
    }


def tell_remittances(done: ImportedRemittances) -> None:
    """What became of a file of answers: the moves, what was refused and why, and the sums to the cent."""
    from casemgr.core.dates import format_us
    from casemgr.core.money import format_cents
    from casemgr.services.importing_remittances import provider_words

    if done.booked:
        show_table(
            ("Claim", "Goes", "Answer", "Reason", "What to do"), (booked_row(one) for one in done.booked)
        )
    if done.refused:
        show()
        show_table(
            ("Rejected", "Claim", "Why"),
            ((str(one.place), one.number, one.reason) for one in done.refused),
        )
    if done.payments:
        show()
        show_table(
            ("Check", "Date", "Payer", "Paid", "Booked", "In already", "Rejected", "Other", "Off by"),
            (
                (
                    one.trace,
                    format_us(one.paid_on),
                    one.payer,
                    *(format_cents(cents) for cents in one[3:7]),
                    format_cents(-one.provider_cents),
                    format_cents(one.difference_cents) if one.difference_cents else "",
                )
                for one in done.payments
            ),
            right=("Paid", "Booked", "In already", "Rejected", "Other", "Off by"),
        )
    for one in done.booked:
        for text in one.warnings:
            warn(text)
    for other in done.provider_adjustments:
        say(f"{other.place}: {provider_words(other)}")
    for sheet in done.skipped:
        say(f"Sheet “{sheet}” was left alone: it has no columns that this could be.")
    for known in done.known[:MOST_TOLD]:
        how = "typed in before" if known.typed_in else "in already"
        say(f"{known.place}: claim {known.number}, {how}.")
    if len(done.known) > MOST_TOLD:
        say(f"… and {len(done.known) - MOST_TOLD} more, which --json lists.")
    verb = "would be booked (dry run, nothing was saved)" if done.dry_run else "booked"
    answers = "answer" if len(done.booked) == 1 else "answers"
    paid = format_cents(sum(one.paid_cents for one in done.booked))
    say(
        f"{done.file}: {len(done.booked):,} {answers} {verb}, {paid} paid; {len(done.known)} in already, "
        f"{len(done.refused)} rejected."
    )
    if done.refused and not done.dry_run:
        say("`casemgr remittance list --unmatched` shows what was rejected; mended, import the file again.")


def booked_row(one: Booked) -> tuple[str, ...]:
    """An answer in a line: its claim, where that goes, what was said, why, and what to do about it."""
    from casemgr.core.claim_life import status_label

    return (
        one.number,
        f"{status_label(one.before)} → {status_label(one.after)}",
        one.words,
        "; ".join(reason.label for reason in one.reasons),
        " ".join(dict.fromkeys(reason.what_to_do for reason in one.reasons)),
    )


def tell(imported: Imported, as_json: bool) -> None:
    """What became of the file."""
    from casemgr.core.minutes import format_minutes
    from casemgr.services.runs import title_of

    summary = imported.summary
    if as_json:
        show_json(summary)
    else:
        if "by_kind" in summary:
            show_table(
                ("", "Rows", "Min"),
                [(name, *sums) for part in ("by_kind", "by_staff") for name, sums in summary[part].items()],
                right=("Rows", "Min"),
            )
        if summary["rejected"]:
            show_table(
                ("Rejected", "Row", "Field", "Why"),
                [(row["sheet"], row["row"], row["field"], row["reason"]) for row in summary["rejected"]],
                right=("Row",),
            )
    minutes = f", {format_minutes(summary['minutes'])}" if "minutes" in summary else ""
    rows = "row" if summary["accepted"] == 1 else "rows"
    verb = "would be taken in (dry run, nothing was saved)" if imported.dry_run else "taken in"
    say(
        f"{imported.reading.file}: {summary['accepted']:,} {rows} {verb}{minutes}; "
        f"{len(summary['duplicates'])} in already, "
        f"{summary['ignored']} left alone, {len(summary['rejected'])} rejected."
    )
    for month, run, count in imported.later:
        verb = "would be" if imported.dry_run else "will be"
        warn(f"{title_of(month)} is closed: {count:,} of the rows {verb} billed with {title_of(run)}.")
    if imported.paying_themselves:
        say(f"{imported.paying_themselves} of them have no carrier to be billed: they got no coverage.")
    for sheet in imported.reading.sheets:
        if sheet.headings.unused:
            say(f"Not taken in of “{sheet.name}”: {', '.join(sheet.headings.unused)}.")
    for row in imported.reading.duplicates[:MOST_TOLD]:
        say(f"In already: {row.origin.sheet}, row {row.origin.row}.")
    if len(imported.reading.duplicates) > MOST_TOLD:
        say(f"… and {len(imported.reading.duplicates) - MOST_TOLD} more, which --json lists.")
    for skipped in imported.reading.skipped:
        say(f"Sheet “{skipped.sheet}” was left alone: it has no columns that this could be.")
    if imported.follow_ups or imported.past_follow_ups:
        say(
            f"{imported.follow_ups} follow-ups opened; {imported.past_follow_ups} were due before today and "
            "stand as next step of their activities."
        )
    if imported.rejects:
        say(f"Mend the rejected rows in {imported.rejects} and import that.")
