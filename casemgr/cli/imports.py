"""Reading a practice's own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, with_desk
from casemgr.cli.output import say, show_json, show_table, warn

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk
    from casemgr.services.importing import Imported


MOST_TOLD = 10
"""Rows that are in already and are named one by one."""


@click.group(name="import")
def import_command() -> None:
    """Read patients, staff or a log from xlsx, xls, ods or csv.

    \b
    Examples:
      casemgr import patients patients.csv
      casemgr import log log-2026-10.xlsx --dry-run
      casemgr import log log-2026-10.xlsx
      casemgr import log other.csv --map patient="Client name" --map minutes=Duration

    Columns are found by what they are called. What is in already is recognised, so that running it again
    adds nothing. Rejected rows are written to a workbook with the reasons beside them, to be mended and
    imported again.
    """


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
    """
    from casemgr.services.importing import import_log

    tell(import_log(desk, file, mapping, dry_run=dry_run, draft=draft, rejects=rejects), as_json)


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
