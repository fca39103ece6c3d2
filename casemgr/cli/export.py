"""What leaves the house as a workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, the_month, with_desk
from casemgr.cli.output import say, show, show_json

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


@click.group(name="export")
def export_command() -> None:
    """Write the month's workbook for billing.

    \b
    Examples:
      casemgr export month 2026-10
      casemgr export month 2026-10 -o october.xlsx --json
    """


@export_command.command()
@click.argument("month", default="")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file; else a new one in exports.")
@click.option("--overwrite", is_flag=True, help="Replace another file of that name.")
@json_option
@with_desk
def month(desk: Desk, month: str, output: Path | None, overwrite: bool, as_json: bool) -> None:
    """Write a month's workbook: billing lines, activities, sums, what is left out and why, a control sheet.

    \b
    Examples:
      casemgr export month                 the present month
      casemgr export month 2026-10 -o october.xlsx

    Its figures are checked against the log before it is kept; the same record gives the same bytes.
    """
    from casemgr.core.minutes import format_minutes
    from casemgr.core.money import format_cents
    from casemgr.services.exports import export_month

    asked = the_month(desk, month)
    exported = export_month(
        desk, asked, output, overwrite=overwrite, progress=count_up if sys.stderr.isatty() else None
    )
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
    if as_json:
        show_json(
            {
                "path": str(exported.path),
                "rows": exported.rows,
                "minutes": exported.minutes,
                "sha256": exported.sha256,
                "ledger_head": str(exported.witness),
                "billing_lines": exported.billing_lines,
                "charge_cents": exported.charge_cents,
                "to_draft": exported.to_draft,
                "left_out": exported.left_out,
            }
        )
        return
    show(str(exported.path))
    if not exported.rows:
        say(f"Nothing is logged in {asked.title}: the workbook says so.")
    waiting = f", {exported.to_draft:,} of them to draft" if exported.to_draft else ""
    say(
        f"{asked.title}: {exported.rows:,} activities, {format_minutes(exported.minutes)}; "
        f"{exported.billing_lines:,} billing lines{waiting}, {format_cents(exported.charge_cents)}; "
        f"{exported.left_out:,} left out, with why. Agrees with the log."
    )


def count_up(rows: int) -> None:
    """Show on the terminal how many rows are written, on a line that stays one."""
    click.echo(f"\rWriting {rows:,} rows", err=True, nl=False)
