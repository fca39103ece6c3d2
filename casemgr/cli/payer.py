"""Payers and their rules, and who pays for which patient."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, the_date, the_patient, with_content, with_desk
from casemgr.cli.output import say, show, show_json, show_sheet, show_table, warn
from casemgr.core.ids import short
from casemgr.errors import ContentBroken

if TYPE_CHECKING:
    from casemgr.core.payers import Payer
    from casemgr.core.records import Coverage
    from casemgr.services.content import ContentDesk
    from casemgr.services.desk import Desk


@click.group(name="payer")
def payer_command() -> None:
    """List, show, check and copy payers and their rules.

    \b
    Examples:
      casemgr payer list
      casemgr payer show "Sunrise Medicaid Dental"
      casemgr payer copy generic my-payer --name "My Payer"
      casemgr payer check my-payer

    A practice adds its own as TOML files in the folder that `casemgr locate` names.
    """


@payer_command.command(name="list")
@json_option
@with_content
def list_payers(desk: ContentDesk, as_json: bool) -> None:
    """List payers, when their rules hold, and when somebody last compared them with their source.

    Those marked as examples are there to be copied: no claim goes by them.

    \b
    Examples:
      casemgr payer list --json
    """
    from casemgr.core.dates import format_us
    from casemgr.services.lookups import all_payers, is_example, marks

    payers = all_payers(desk)
    if as_json:
        show_json([{**payer_value(payer), "example": is_example(desk, payer)} for payer in payers])
        return
    show_table(
        ("Payer", "Name", "From", "To", "Verified", "Source"),
        (
            (
                payer.id,
                " · ".join((payer.name, *marks(desk, payer))),
                format_us(payer.valid_from or ""),
                format_us(payer.valid_to or ""),
                format_us(payer.verified_on or "") or "never",
                shorten(payer.source, 48, placeholder=" …"),
            )
            for payer in payers
        ),
    )


@payer_command.command(name="show")
@click.argument("payer", nargs=-1, required=True)
@json_option
@with_content
def show_payer(desk: ContentDesk, payer: tuple[str, ...], as_json: bool) -> None:
    """Show a payer: source, when it was verified, code and fee for each kind of activity, and its rules.

    \b
    Examples:
      casemgr payer show sunrise medicaid dental
      casemgr payer show generic --json
    """
    from casemgr.services.coverages import billed, payer_known
    from casemgr.services.lookups import is_example, payer_sheet

    found = payer_known(desk, " ".join(payer))
    if as_json:
        rules = [rule._asdict() for rule in billed(desk, found)]
        show_json({**payer_value(found), "example": is_example(desk, found), "billed": rules})
        return
    show_sheet(payer_sheet(desk, found))


@payer_command.command(name="check")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@with_content
def check_payer(desk: ContentDesk, file: Path, as_json: bool) -> None:
    """Say what is wrong with a payer's file, with the nearest key that there is, and what to look at in it.

    The file is named by its path, or by the payer's id.

    \b
    Examples:
      casemgr payer check my-payer
      casemgr payer check ./my-payer.toml --json
    """
    from casemgr.core.wording import counted
    from casemgr.services.payer_files import check_payer as check
    from casemgr.services.payer_files import path_of

    path = path_of(desk, str(file), file)
    try:
        payer, warnings = check(desk, path)
    except ContentBroken as error:
        if not as_json:
            raise
        show_json({"file": str(path), "faults": error.detail.split("\n")})
        sys.exit(error.exit_code)
    if as_json:
        show_json({"file": str(path), "faults": [], "id": payer.id, "look_at": list(warnings)})
        return
    show(f"{path}: nothing is wrong.")
    say(f"{payer.name}: {counted(len(payer.rules), 'rule')}.")
    for text in warnings:
        warn(text)


@payer_command.command(name="copy")
@click.argument("payer")
@click.argument("new_id", metavar="NEW-ID")
@click.option("--name", default="", help="The payer's name, as coverages write it.")
@json_option
@with_content
def copy_payer(desk: ContentDesk, payer: str, new_id: str, name: str, as_json: bool) -> None:
    """Copy a payer's file into the practice's own folder, to be edited there. Nothing is ever overwritten.

    \b
    Examples:
      casemgr payer copy generic my-payer --name "My Payer"
      casemgr payer copy washington-hca-2020 apple-health --name "Apple Health"

    A copy under the same id takes the place of ours.
    """
    from casemgr.services.payer_files import copy_payer as copy

    copied = copy(desk, payer, new_id, name)
    if as_json:
        show_json({"id": copied.id, "path": str(copied.path), "copied_from": copied.source})
        return
    show(str(copied.path))
    say(f"Copied from {copied.source}. Edit it, then: casemgr payer check {copied.id}")


def payer_value(payer: Payer) -> dict[str, Any]:
    """A payer as JSON: codes by kind, fees in cents by code."""
    value = payer.model_dump(mode="json")
    value["fees_cents"] = value.pop("fees")
    return value


@click.group(name="coverage")
def coverage_command() -> None:
    """Add, list and edit patients' coverage.

    \b
    Examples:
      casemgr coverage add garcia ana 2012 --payer "Sunrise Medicaid Dental" --member SYN4410231
      casemgr coverage list --patient 1034
      casemgr coverage edit 3f9c2a --to 12/31/2026
    """


@coverage_command.command(name="add")
@click.argument("patient", nargs=-1, required=True)
@click.option("--payer", required=True, help="The insurance that pays, by name or id.")
@click.option("--member", default="", help="Member id at that insurance.")
@click.option("--from", "valid_from", metavar="DATE", help="First day; open unless given.")
@click.option("--to", "valid_to", metavar="DATE", help="Last day; open unless given.")
@json_option
@with_desk
def add_coverage(
    desk: Desk,
    patient: tuple[str, ...],
    payer: str,
    member: str,
    valid_from: str | None,
    valid_to: str | None,
    as_json: bool,
) -> None:
    """Add a patient's cover.

    \b
    Examples:
      casemgr coverage add garcia ana 2012 --payer "Sunrise Medicaid Dental" --member SYN4410231
      casemgr coverage add 1034 --payer sunrise --member SYN4410231 --from 1/1/2026 --to 12/31/2026
    """
    from casemgr.core.commands import AddCoverage
    from casemgr.services.coverages import add_coverage as save
    from casemgr.services.coverages import described, to_look_at
    from casemgr.services.patients import patient_label

    begins, ends = chosen_dates(desk, valid_from, valid_to)
    wish = AddCoverage(the_patient(desk, " ".join(patient)), payer, member, begins or "", ends or "")
    coverage = save(desk, wish)
    if as_json:
        show_json(coverage_value(coverage))
        return
    show(f"Added {short(coverage.id)}: {patient_label(desk, coverage.patient_id)} · {described(coverage)}")
    for text in to_look_at(desk, coverage):
        warn(text)


@coverage_command.command(name="list")
@click.option("--patient", help="Name, chart number, birth date.")
@json_option
@with_desk
def list_coverages(desk: Desk, patient: str | None, as_json: bool) -> None:
    """List coverage by patient and first day.

    \b
    Examples:
      casemgr coverage list
      casemgr coverage list --patient "garcia ana 2012" --json
    """
    from casemgr.core.dates import format_us
    from casemgr.services.coverages import in_force, listed

    rows, today = listed(desk, the_patient(desk, patient) if patient else ""), desk.today()
    if as_json:
        show_json(
            [
                {
                    **coverage_value(row.coverage),
                    "patient": row.patient,
                    "birth_date": row.birth_date,
                    "chart_number": row.chart_number,
                    "in_force": in_force(row.coverage, today),
                }
                for row in rows
            ]
        )
        return
    show_table(
        ("Patient", "Born", "Chart", "Payer", "Member", "From", "To", "Today", "Id"),
        (
            (
                row.patient,
                format_us(row.birth_date),
                row.chart_number,
                row.coverage.payer_name,
                row.coverage.member_id,
                format_us(row.coverage.valid_from),
                format_us(row.coverage.valid_to),
                "in force" if in_force(row.coverage, today) else "",
                short(row.coverage.id),
            )
            for row in rows
        ),
    )
    say("1 coverage." if len(rows) == 1 else f"{len(rows):,} coverages.")


@coverage_command.command(name="edit")
@click.argument("coverage")
@click.option("--member", "member_id", help="Member id at that insurance.")
@click.option("--from", "valid_from", metavar="DATE", help="First day; empty leaves it open.")
@click.option("--to", "valid_to", metavar="DATE", help="Last day; empty leaves it open.")
@click.option("--reason", default="", help="Why; it stays in the ledger.")
@json_option
@with_desk
def edit_coverage(
    desk: Desk,
    coverage: str,
    member_id: str | None,
    valid_from: str | None,
    valid_to: str | None,
    reason: str,
    as_json: bool,
) -> None:
    """End a coverage, or correct it. Claims that were drafted keep what they say.

    \b
    Examples:
      casemgr coverage edit 3f9c2a --to 12/31/2026
      casemgr coverage edit 3f9c2a --member SYN4410231 --reason "read the card again"
    """
    from casemgr.services.coverages import described
    from casemgr.services.coverages import edit_coverage as save
    from casemgr.services.patients import patient_label

    begins, ends = chosen_dates(desk, valid_from, valid_to)
    given = {"member_id": member_id, "valid_from": begins, "valid_to": ends}
    changes = {name: value for name, value in given.items() if value is not None}
    edited = save(desk, coverage, changes, reason)
    if as_json:
        show_json(coverage_value(edited))
        return
    show(f"Changed {short(edited.id)}: {patient_label(desk, edited.patient_id)} · {described(edited)}")


def chosen_dates(desk: Desk, first: str | None, last: str | None) -> tuple[str | None, str | None]:
    """First and last day as ISO text; None where nothing was said, empty where it is to be open."""
    begins = the_date(desk, first, "from").isoformat() if first else first
    ends = the_date(desk, last, "to", future=True).isoformat() if last else last
    return begins, ends


def coverage_value(coverage: Coverage) -> dict[str, Any]:
    """A coverage as JSON."""
    return coverage.model_dump(exclude={"voided"})
