"""Months: how each stands, closing and reopening them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.export import clear_count, progress
from casemgr.cli.options import json_option, release_options, the_month, with_desk
from casemgr.cli.output import say, show, show_error, show_facts, show_json, show_table, warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.services.desk import Desk
    from casemgr.services.exports import ExportedMonth
    from casemgr.services.month_close import ClosedMonth
    from casemgr.services.month_standing import Hindrance, MonthState
    from casemgr.services.month_view import MonthView
    from casemgr.services.releases import ReleaseWish


@click.group(name="month")
def month_command() -> None:
    """List, show, close and reopen months.

    \b
    Examples:
      casemgr month list
      casemgr month show 2026-10
      casemgr month close 2026-10
      casemgr month reopen 2026-10 --why "a claim has to be corrected"

    Once a month is closed, nobody changes its activities or what its claims bill; what payers answer is taken
    in as before. What is logged later for a closed month is billed with the first open one, and says so.
    """


@month_command.command(name="list")
@json_option
@with_desk
def list_(desk: Desk, as_json: bool) -> None:
    """List the months in which anything is billed, and whether they are closed.

    \b
    Examples:
      casemgr month list --json
    """
    from casemgr.core.minutes import format_minutes
    from casemgr.core.money import format_cents
    from casemgr.services.month_view import listed_months

    found = listed_months(desk)
    if as_json:
        show_json(
            [{**one._asdict(), "month": str(one.month), "state": state_value(one.state)} for one in found]
        )
        return
    show_table(
        ("Month", "", "Closed", "By", "Activities", "Time", "Claims", "Claimed"),
        (
            (
                str(one.month),
                "closed" if one.state.closed else "open",
                one.state.on,
                one.state.by,
                f"{one.activities:,}",
                format_minutes(one.minutes),
                f"{one.claims:,}",
                format_cents(one.charge_cents),
            )
            for one in found
        ),
        right=("Activities", "Time", "Claims", "Claimed"),
    )
    if not found:
        say("Nothing is logged yet.")


@month_command.command(name="show")
@click.argument("month", default="")
@json_option
@with_desk
def show_(desk: Desk, month: str, as_json: bool) -> None:
    """Show how a month stands: its figures, what keeps it open, and what came too late.

    \b
    Examples:
      casemgr month show                   the present month
      casemgr month show 2026-10 --json
    """
    from casemgr.core.month_figures import figure_name, figure_words
    from casemgr.services.month_view import month_view

    view = month_view(desk, the_month(desk, month))
    if as_json:
        show_json(view_value(view))
        return
    show_facts(view_facts(view))
    for each in view.left_out:
        show()
        show_facts([(str(each.why), f"{each.number:,}: {each.todo}")])
    if view.differing:
        show()
        show_table(
            ("Changed since it was closed", "Then", "Now"),
            (
                (figure_name(name), figure_words(name, was), figure_words(name, now))
                for name, (was, now) in view.differing.items()
            ),
            right=("Then", "Now"),
        )
    show_standing(view.standing.errors, "Before it can be closed")
    show_standing(view.standing.warnings, "Look at it before")


@month_command.command()
@click.argument("month")
@click.option("--reason", default="", help="Close it although errors stand, or before it has ended, and why.")
@click.option("--dry-run", is_flag=True, help="Say what stands against it; change nothing.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The workbook; else a new one in exports."
)
@json_option
@with_desk
@release_options
def close(
    desk: Desk,
    month: str,
    reason: str,
    dry_run: bool,
    output: Path | None,
    as_json: bool,
    wish: ReleaseWish,
) -> None:
    """Close a month for everybody, freeze its figures, and write its workbook of record.

    \b
    Examples:
      casemgr month close 2026-10 --dry-run
      casemgr month close 2026-10
      casemgr month close 2026-10 --reason "two drafts wait for Tam, who is on leave"

    It is refused while drafts, rejected rows, lines on no claim, draft claims or faulty ready ones stand.
    """
    from casemgr.services.month_close import close_month

    asked = the_month(desk, month)
    closed = close_month(desk, asked, reason, dry_run=dry_run, path=output, wish=wish, progress=progress())
    clear_count()
    if as_json:
        show_json(closed_value(closed, dry_run))
    else:
        show_facts(figure_facts(closed.close.figures))
        if closed.workbook:
            show_facts([("Workbook", str(closed.workbook.path))])
    if dry_run:
        say(f"{asked.title} can be closed (dry run, nothing was changed).")
    else:
        say(f"{asked.title} is closed: nobody changes its activities or what its claims bill.")
    if closed.close.taken_with:
        say(f"Taken as it is: {', '.join(closed.close.taken_with)}.")
    if closed.moved:
        verb = "would be" if dry_run else "will be"
        say(f"Of them {closed.moved:,} unsigned {verb} billed with {closed.run.title}.")
    for one in closed.warnings:
        warn(f"{one.words}: {one.todo}.")
    if closed.failed:
        show_error(closed.failed)
        say(f"{asked.title} is closed all the same. Write its workbook with: casemgr export month {asked}")
        sys.exit(closed.failed.exit_code)


@month_command.command()
@click.argument("month")
@click.option("--why", "--reason", "why", default="", help="Why it is reopened.")
@json_option
@with_desk
def reopen(desk: Desk, month: str, why: str, as_json: bool) -> None:
    """Open a closed month again, with the reason.

    \b
    Examples:
      casemgr month reopen 2026-10 --why "a claim has to be corrected"

    What came too late for it comes back to it, but for what is on a claim of a later month already.
    """
    from casemgr.core.wording import counted
    from casemgr.services.month_close import reopen_month

    asked = the_month(desk, month)
    done = reopen_month(desk, asked, why)
    if as_json:
        show_json({"month": str(asked), "closed": False, "came_back": done.came_back, "stayed": done.stayed})
    say(f"{asked.title} is open again. Close it anew with: casemgr month close {asked}")
    if done.came_back:
        say(f"{counted(done.came_back, 'activity')} that had come too late: billed with it again.")
    if done.stayed:
        say(f"{counted(done.stayed, 'activity')} of it: billed with a later month, and left there.")


def show_standing(found: Iterable[Hindrance], heading: str) -> None:
    """What is not in order, and what to do about it."""
    rows = [(one.words, one.todo) for one in found]
    if rows:
        show()
        show_table((heading, "To do"), rows)


def view_facts(view: MonthView) -> list[tuple[str, object]]:
    """How a month stands, fact by fact."""
    from casemgr.core.wording import counted
    from casemgr.services.runs import title_of

    state, exported = view.state, view.exported
    late_in = [f"{counted(count, 'activity')} from {title_of(month)}" for month, count in view.late_in]
    late_out = [f"{counted(count, 'activity')} with {title_of(month)}" for month, count in view.late_out]
    changed = "; the record has changed since" if exported and exported.changed_since else ""
    return [
        ("Month", view.month.title),
        ("State", f"closed by {state.by}, {state.on}" if state.closed else "open"),
        ("Because", state.reason),
        ("Taken with", ", ".join(state.taken_with)),
        *figure_facts(
            {
                "activities.rows": view.activities,
                "activities.minutes": view.minutes,
                "billing_lines.rows": view.lines,
                "billing_lines.charge_cents": view.charge_cents,
                "left_out.rows": sum(each.number for each in view.left_out),
            }
        ),
        ("To draft", f"{view.to_draft_lines:,} of the lines" if view.to_draft_lines else ""),
        ("Came late", "; ".join(late_in)),
        ("Billed later", "; ".join(late_out)),
        ("Workbook", f"{exported.file}, {exported.when}, {exported.by}{changed}" if exported else ""),
    ]


def figure_facts(figures: Any) -> list[tuple[str, object]]:
    """The figures of a month that are told of it."""
    from casemgr.core.month_figures import TOLD, figure_words

    return [(label, figure_words(name, figures[name])) for name, label in TOLD.items() if name in figures]


def state_value(state: MonthState) -> dict[str, Any]:
    """How a month stands, as JSON."""
    return {**state._asdict(), "figures": dict(state.figures)}


def hindrance_values(found: Iterable[Hindrance]) -> list[dict[str, Any]]:
    """What is not in order, as JSON."""
    return [one._asdict() for one in found]


def view_value(view: MonthView) -> dict[str, Any]:
    """How a month stands, as JSON."""
    return {
        "month": str(view.month),
        "state": state_value(view.state),
        "errors": hindrance_values(view.standing.errors),
        "warnings": hindrance_values(view.standing.warnings),
        "activities": view.activities,
        "minutes": view.minutes,
        "billed": view.billed,
        "billed_minutes": view.billed_minutes,
        "lines": view.lines,
        "charge_cents": view.charge_cents,
        "to_draft_lines": view.to_draft_lines,
        "to_draft_cents": view.to_draft_cents,
        "left_out": [
            {"why": str(each.why), "number": each.number, "minutes": each.minutes} for each in view.left_out
        ],
        "differing": {name: {"then": was, "now": now} for name, (was, now) in view.differing.items()},
        "late_in": [{"month": month, "activities": count} for month, count in view.late_in],
        "late_out": [{"month": month, "activities": count} for month, count in view.late_out],
        "workbook": view.exported._asdict() if view.exported else None,
    }


def closed_value(closed: ClosedMonth, dry_run: bool) -> dict[str, Any]:
    """A month that was closed, or would be, as JSON."""
    return {
        "month": closed.close.id,
        "closed": not dry_run,
        "dry_run": dry_run,
        "figures": closed.close.figures,
        "taken_with": list(closed.close.taken_with),
        "warnings": hindrance_values(closed.warnings),
        "moved": closed.moved,
        "moved_to": str(closed.run),
        "workbook": workbook_value(closed.workbook) if closed.workbook else None,
    }


def workbook_value(workbook: ExportedMonth) -> dict[str, Any]:
    """The workbook of record, as JSON."""
    return {
        "path": str(workbook.path),
        "sha256": workbook.sha256,
        "ledger_head": str(workbook.witness),
    }
