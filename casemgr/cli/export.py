"""What leaves the house as a workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from casemgr.cli.options import (
    json_option,
    release_options,
    the_date,
    the_month,
    the_patient,
    with_content,
    with_desk,
)
from casemgr.cli.output import say, show, show_json, show_table, warn
from casemgr.errors import ContentBroken, InputRefused, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.dates import Period
    from casemgr.core.sources import Needs
    from casemgr.services.content import ContentDesk
    from casemgr.services.desk import Desk
    from casemgr.services.releases import ReleaseWish

output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file; else a new one in exports."
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace another file of that name.")


@click.group(name="export")
def export_command() -> None:
    """Write workbooks: the month for billing, or any other profile.

    \b
    Examples:
      casemgr export month 2026-10
      casemgr export profiles
      casemgr export workbook minimum-necessary --month 2026-10 --patient 1034
    """


@export_command.command()
@click.argument("month", default="")
@output_option
@overwrite_option
@json_option
@with_desk
@release_options
def month(
    desk: Desk, month: str, output: Path | None, overwrite: bool, as_json: bool, wish: ReleaseWish
) -> None:
    """Write a month's workbook: billing lines, activities, sums, what is left out and why, a control sheet.

    \b
    Examples:
      casemgr export month                 the present month
      casemgr export month 2026-10 -o october.xlsx
      casemgr export month 2026-10 --recipient billing-office

    Its figures are checked against the log before it is kept; the same record gives the same bytes.
    """
    from casemgr.core.minutes import format_minutes
    from casemgr.core.money import format_cents
    from casemgr.services.exports import export_month

    asked = the_month(desk, month)
    exported = export_month(desk, asked, output, wish=wish, overwrite=overwrite, progress=progress())
    clear_count()
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
        f"{exported.left_out:,} activities left out, with why. Agrees with the log."
    )


@export_command.command()
@click.argument("profile")
@click.option("--month", "in_month", metavar="MONTH", help="Of this month; the present one unless given.")
@click.option("--from", "first", metavar="DATE", help="First service date, instead of a month.")
@click.option("--to", "last", metavar="DATE", help="Last service date; today unless given.")
@click.option("--patient", help="Only this patient's: name, chart number, birth date.")
@output_option
@overwrite_option
@json_option
@with_desk
@release_options
def workbook(
    desk: Desk,
    profile: str,
    in_month: str | None,
    first: str | None,
    last: str | None,
    patient: str | None,
    output: Path | None,
    overwrite: bool,
    as_json: bool,
    wish: ReleaseWish,
) -> None:
    """Write the workbook of a profile; `casemgr export profiles` says which there are.

    \b
    Examples:
      casemgr export workbook activity-log --month 2026-10
      casemgr export workbook activity-log --from 1/1/2026 --to 6/30/2026 --patient "garcia ana 2012"
      casemgr export workbook claim-form --month 2026-10 -o forms.xlsx
      casemgr export workbook activity-log --recipient harbor-audit --sent-to "Harbor Dental" --purpose audit

    Its figures are checked against the log before it is kept; the same record gives the same bytes.
    """
    from casemgr.core.sources import needs
    from casemgr.core.wording import counted
    from casemgr.services.exports import export_workbook
    from casemgr.services.profiles import profile_named
    from casemgr.services.sources import Scope

    found = profile_named(desk, profile)
    period = chosen_period(desk, in_month, first, last, needs(found))
    scope = Scope(period, the_patient(desk, patient) if patient else "")
    exported = export_workbook(
        desk, found, scope, output, wish=wish, overwrite=overwrite, progress=progress()
    )
    clear_count()
    if as_json:
        show_json(
            {
                "path": str(exported.path),
                "profile": found.id,
                "of": exported.title,
                "rows": dict(exported.rows),
                "sha256": exported.sha256,
                "ledger_head": str(exported.witness),
            }
        )
        return
    show(str(exported.path))
    told = "; ".join(f"{sheet}: {counted(rows, 'row')}" for sheet, rows in exported.rows.items())
    say(f"{found.title}, {exported.title}. {told}. Agrees with the log.")
    if not any(exported.rows.values()):
        say("There is nothing to show: the workbook has its headings alone.")


@export_command.command()
@json_option
@with_content
def profiles(desk: ContentDesk, as_json: bool) -> None:
    """List the workbooks that can be exported: what each is for, and what it must be told.

    \b
    Examples:
      casemgr export profiles
      casemgr export profiles --json

    A practice adds its own as TOML files in the folder `workbooks` of its configuration (`casemgr locate`);
    `casemgr export sources` says what their columns can be.
    """
    from casemgr.core.sources import needs
    from casemgr.services.profiles import listed_profiles

    found = listed_profiles(desk)
    if as_json:
        show_json(
            [
                {
                    "id": each.id,
                    "title": each.profile.title if each.profile else "",
                    "about": each.profile.about if each.profile else "",
                    "leaves_out": each.profile.leaves_out if each.profile else "",
                    "needs": needs(each.profile) if each.profile else "",
                    "sheets": [sheet.title for sheet in each.profile.sheets] if each.profile else [],
                    "own": each.own,
                    "usable": each.profile is not None,
                    "path": str(each.path),
                }
                for each in found
            ]
        )
        return
    show_table(
        ("Profile", "Title", "For", "Needs", ""),
        (
            (
                each.id,
                each.profile.title if each.profile else "",
                each.profile.about if each.profile else "cannot be used as it is",
                needs(each.profile) if each.profile else "",
                "your own" if each.own else "",
            )
            for each in found
        ),
    )
    for each in found:
        if each.profile is None:
            warn(f"casemgr export check {each.path} says what is wrong with “{each.id}”.")


@export_command.command()
@click.argument("source", default="")
@json_option
def sources(source: str, as_json: bool) -> None:
    """List the sources that a profile's sheets may name, or the fields of one.

    \b
    Examples:
      casemgr export sources
      casemgr export sources billing_lines --json
    """
    from casemgr.core.content import did_you_mean
    from casemgr.core.profiles import fields_of
    from casemgr.core.sources import SOURCES

    if not source:
        if as_json:
            show_json(
                [
                    {"source": name, "holds": one.holds, "needs": one.needs, "fields": list(one.row._fields)}
                    for name, one in SOURCES.items()
                ]
            )
            return
        show_table(
            ("Source", "Rows", "Needs"), ((name, one.holds, one.needs) for name, one in SOURCES.items())
        )
        return
    if source not in SOURCES:
        raise NotFound(f"There is no source “{source}”{did_you_mean(source, SOURCES)}")
    fields = fields_of(SOURCES[source].row)
    if as_json:
        show_json([{"key": key, "formats": list(formats)} for key, formats in fields.items()])
        return
    show_table(("Key", "Format"), ((key, " or ".join(formats)) for key, formats in fields.items()))


@export_command.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> None:
    """Say what is wrong with a workbook profile, with the nearest thing that there is. Nothing is written.

    \b
    Examples:
      casemgr export check our-billing.toml
    """
    from casemgr.core.sources import needs
    from casemgr.services.profiles import profile_in

    try:
        profile = profile_in(file)
    except ContentBroken as error:
        if not as_json:
            raise
        show_json({"file": str(file), "faults": error.detail.split("\n")})
        sys.exit(error.exit_code)
    sheets = [(sheet.title, sheet.source, len(sheet.columns)) for sheet in profile.sheets]
    if as_json:
        named = [dict(zip(("title", "source", "columns"), sheet, strict=True)) for sheet in sheets]
        show_json({"file": str(file), "faults": [], "id": profile.id, "sheets": named})
        return
    show(f"{file}: nothing is wrong.")
    show_table(("Sheet", "Rows from", "Columns"), sheets, right=("Columns",))
    say(f"It needs {needs(profile)}.")


def chosen_period(
    desk: Desk, in_month: str | None, first: str | None, last: str | None, needed: Needs
) -> Period:
    """What a workbook is to be of, from what was typed.

    Raises:
        InputRefused: a month and days, or days that make no span.
    """
    from casemgr.core.dates import Span, period_of
    from casemgr.core.sources import Needs

    today = desk.today()
    as_of = needed is Needs.DAY
    if in_month and (first or last):
        refuse("Say a month, or a first and last day, not both")
    if as_of and first:
        refuse("This workbook is as of a day: leave --from out, and say --to or a month")
    if last and not first and not as_of:
        refuse("Say from when, with --from")
    if not (first or last):
        return Span(today, today) if as_of and not in_month else the_month(desk, in_month or "")
    ends = the_date(desk, last, "to") if last else today
    begins = the_date(desk, first, "from") if first else ends
    if ends < begins:
        refuse("The last day is before the first")
    return period_of(begins, ends)


def refuse(title: str) -> NoReturn:
    """Say what does not go together."""
    raise InputRefused(
        title, "Nothing was written.", "For example: --month 2026-10, or --from 10/1/2026 --to 12/31/2026."
    )


def progress() -> Callable[[int], None] | None:
    """What shows how many rows are written, where somebody watches."""
    return count_up if sys.stderr.isatty() else None


def count_up(rows: int) -> None:
    """Show on the terminal how many rows are written, on a line that stays one."""
    click.echo(f"\rWriting {rows:,} rows", err=True, nl=False)


def clear_count() -> None:
    """Take the line of `count_up` off the terminal again."""
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
