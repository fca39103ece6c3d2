"""Taking in what billing filled in on a month's workbook."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, with_desk
from casemgr.cli.output import say, show, show_json, show_table, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.services.billing_moves import Difference
    from casemgr.services.desk import Desk
    from casemgr.services.importing_billing import ImportedBilling

METHODS = ("electronic", "paper", "portal", "fax")


@click.command(name="billing")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=HEADING", help="Name a column where guessing fails."
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="electronic",
    show_default=True,
    help="How the claims were sent that it says were sent.",
)
@click.option("--dry-run", is_flag=True, help="Show the differences; save nothing.")
@click.option("--yes", is_flag=True, help="Take them in without asking.")
@json_option
@with_desk
def billing_command(
    desk: Desk, file: Path, mapping: tuple[str, ...], method: Any, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Take in the status columns of a month's workbook that billing filled in.

    \b
    Examples:
      casemgr import billing billing-2026-10-at-123.xlsx --dry-run
      casemgr import billing billing-2026-10-at-123.xlsx --yes

    The differences are shown first, and taken in when you say so. Claims make legal moves only; a row that
    asks for another one, or of which the log's own columns were changed, is refused with its place and why.
    """
    from casemgr.services.importing_billing import import_billing

    told = import_billing(desk, file, mapping, method=method, dry_run=True) if dry_run or not yes else None
    if told is not None:
        if not as_json:
            tell(told)
        wanted = not dry_run and bool(told.taken) and not as_json and sys.stdin.isatty()
        if not wanted or not click.confirm("Take this in?", err=True):
            if as_json:
                show_json(billing_value(told))
            if told.taken and not dry_run:
                say("Nothing was saved. Take it in with --yes.")
            return
    done = import_billing(desk, file, mapping, method=method)
    if as_json:
        show_json(billing_value(done))
    elif told is None:
        tell(done)
    else:
        tell_sums(done)


def tell(done: ImportedBilling) -> None:
    """What the workbook says anew, what it does to the claims, and what was refused."""
    from casemgr.core.claim_life import status_label

    if done.taken:
        show_table(
            ("Claim", "Row", "In the workbook"),
            (
                (one.number, place, "; ".join(map(_in_words, differences)))
                for one in done.taken
                for place, differences in groupby(one.differences, key=lambda each: each.place)
            ),
        )
        show()
        show_table(
            ("Claim", "Was", "Is"),
            ((one.number, status_label(one.before), status_label(one.after)) for one in done.taken),
        )
    if done.refused:
        show()
        show_table(
            ("Refused", "Rows", "Claim", "Why"),
            (
                (sheet, _spans([one.origin.row for one in rows]), number, reason)
                for (sheet, number, reason), rows in groupby(
                    done.refused, key=lambda one: (one.origin.sheet, one.number, one.reason)
                )
            ),
        )
    for one in done.taken:
        for warning in one.warnings:
            warn(f"{warning}.")
    tell_sums(done)


def tell_sums(done: ImportedBilling) -> None:
    """What became of the workbook, in a sentence."""
    from casemgr.core.wording import counted, listed

    verb = "would be moved (dry run, nothing was saved)" if done.dry_run else "moved"
    say(
        f"{done.file}: {counted(len(done.taken), 'claim')} {verb}; {counted(done.same, 'row')} as known, "
        f"{done.ignored} left alone, {len(done.refused)} refused."
    )
    if done.skipped:
        say(f"Left alone, since they have no lines of claims: {listed(done.skipped, 'and')}.")


def _in_words(one: Difference) -> str:
    """`Status submitted → paid`, or `Paid $45.00` where nothing was known."""
    return f"{one.label} {one.known} → {one.said}" if one.known else f"{one.label} {one.said}"


def _spans(rows: Sequence[int]) -> str:
    """Rows in rising order, those in a row together: `94–104, 107`."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] + 1 == row:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ", ".join(f"{first}–{last}" if first < last else str(first) for first, last in spans)


def billing_value(done: ImportedBilling) -> dict[str, Any]:
    """What became of the workbook, as JSON."""
    return {
        "file": done.file,
        "dry_run": done.dry_run,
        "taken": [
            {**one._asdict(), "differences": [each._asdict() for each in one.differences]}
            for one in done.taken
        ],
        "refused": [
            {"sheet": one.origin.sheet, "row": one.origin.row, "claim": one.number, "reason": one.reason}
            for one in done.refused
        ],
        "same": done.same,
        "ignored": done.ignored,
        "skipped": list(done.skipped),
    }
