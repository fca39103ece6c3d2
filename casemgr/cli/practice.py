"""The practice's own particulars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, with_desk
from casemgr.cli.output import say, show_facts, show_json

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


@click.group(name="practice")
def practice_command() -> None:
    """Show and edit the practice's name, address and numbers, as documents show them.

    \b
    Examples:
      casemgr practice show
      casemgr practice edit --address "12 River St, Cambridge, MA 02139" --phone 617-555-0180 --npi 1234567893
    """


@practice_command.command(name="show")
@json_option
@with_desk
def show_(desk: Desk, as_json: bool) -> None:
    """Show the practice.

    \b
    Examples:
      casemgr practice show --json
    """
    found = desk.practice
    if as_json:
        show_json(found.model_dump(mode="json", exclude={"id", "voided"}))
        return
    show_facts(
        (
            ("Practice", found.name),
            ("Time zone", found.time_zone),
            ("Owner", found.owner),
            ("Address", found.address),
            ("Phone", found.phone),
            ("NPI", found.npi),
            ("Tax id", found.tax_id),
        )
    )


@practice_command.command()
@click.option("--name", help="Its name.")
@click.option("--timezone", "time_zone", help="Its time zone, such as America/New_York.")
@click.option("--owner", help="Login of who acts unless somebody else is named.")
@click.option("--address", help="Its address, in one line.")
@click.option("--phone", help="Its telephone number.")
@click.option("--npi", help="Its national provider identifier (type 2).")
@click.option("--tax-id", help="Its tax identification number.")
@with_desk
def edit(desk: Desk, **changes: str | None) -> None:
    """Change what documents show of the practice.

    \b
    Examples:
      casemgr practice edit --npi 1234567893 --tax-id 04-1234567
    """
    from casemgr.services.practices import edit_practice

    wanted = {name: value for name, value in changes.items() if value is not None}
    if not wanted:
        raise click.UsageError("Say what is to be changed, such as --phone.")
    edit_practice(desk, wanted)
    say("Changed.")
