"""Staff: add, list, show, edit, and what each may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli import staff_access
from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table, warn
from casemgr.core.roles import ROLES

if TYPE_CHECKING:
    from casemgr.core.records import Staff
    from casemgr.services.desk import Desk


@click.group(name="staff")
def staff_command() -> None:
    """Add, list, show and edit staff, say what each may do, and who has a passphrase.

    \b
    Examples:
      casemgr staff add tchen "Tam Chen" --credential RDH
      casemgr staff list
      casemgr staff roles
      casemgr staff invite tchen
      casemgr staff leave tchen --on 10/31/2026
    """


for _command in (
    staff_access.invite,
    staff_access.passphrase,
    staff_access.leave,
    staff_access.recovery,
    staff_access.rekey,
):
    staff_command.add_command(_command)


@staff_command.command(name="add")
@click.argument("login")
@click.argument("name")
@click.option("--credential", default="", help="Letters after the name, such as RDH or CDHC.")
@click.option("--role", default="case manager", show_default=True, help="What they do here.")
@click.option("--npi", default="", help="National Provider Identifier, ten digits.")
@click.option(
    "--access",
    type=click.Choice(ROLES),
    default="case manager",
    show_default=True,
    help="What they may do in this program: see `casemgr staff roles`. Only an owner gives another.",
)
@json_option
@with_desk
def add(desk: Desk, login: str, name: str, as_json: bool, **given: str) -> None:
    """Add a member of staff; the login never changes, since the ledger signs with it.

    \b
    Examples:
      casemgr staff add tchen "Tam Chen" --credential RDH
      casemgr staff add bokafor "Bisi Okafor" --role "outreach worker"
      casemgr staff add pdiaz "Paz Diaz" --role billing --access biller
    """
    from casemgr.core.commands import AddStaff
    from casemgr.services.staff import add_staff

    member = add_staff(desk, AddStaff(login, name, **given))
    if as_json:
        show_json(staff_value(desk, member))
        return
    show(f"Added {called(member)}")


@staff_command.command(name="list")
@click.option("--all", "everybody", is_flag=True, help="Those who have left as well.")
@json_option
@with_desk
def list_(desk: Desk, everybody: bool, as_json: bool) -> None:
    """List who works here, by login.

    \b
    Examples:
      casemgr staff list
      casemgr staff list --all --json
    """
    from casemgr.core.dates import format_us
    from casemgr.services.staff import listed

    found = listed(desk, include_left=everybody)
    if as_json:
        show_json([staff_value(desk, member) for member in found])
        return
    show_table(
        ("Login", "Name", "Credential", "Role", "Access", "NPI", "From", "To"),
        (
            (
                member.id,
                member.name,
                member.credential,
                member.role,
                member.access,
                member.npi,
                format_us(member.active_from),
                format_us(member.active_to),
            )
            for member in found
        ),
    )
    say("1 member of staff." if len(found) == 1 else f"{len(found)} members of staff.")


@staff_command.command(name="show")
@click.argument("login", required=False)
@json_option
@with_desk
def show_(desk: Desk, login: str | None, as_json: bool) -> None:
    """Show a member of staff, and what they have on the desk; without a login, who acts.

    \b
    Examples:
      casemgr staff show
      casemgr staff show tchen --json
    """
    from casemgr.core.dates import format_us
    from casemgr.core.minutes import format_minutes
    from casemgr.services.staff import duties, shown

    member = shown(desk, login or desk.login)
    has = duties(desk, member.id)
    if as_json:
        show_json(
            {
                **staff_value(desk, member),
                "month": str(has.month),
                "activities": has.activities,
                "minutes": has.minutes,
                "open_follow_ups": has.follow_ups,
            }
        )
        return
    count = "1 activity" if has.activities == 1 else f"{has.activities} activities"
    show_facts(
        (
            ("Login", member.id),
            ("Name", member.name),
            ("Credential", member.credential),
            ("Role", member.role),
            ("Access", member.access),
            ("NPI", member.npi),
            ("From", format_us(member.active_from)),
            ("To", format_us(member.active_to)),
            (has.month.title, f"{format_minutes(has.minutes)} in {count}"),
            ("Follow-ups", has.follow_ups),
        )
    )


@staff_command.command(name="edit")
@click.argument("login")
@click.option("--name", help="The name as it is printed.")
@click.option("--credential", help="Letters after the name.")
@click.option("--role", help="What they do here.")
@click.option("--npi", help="National Provider Identifier, ten digits.")
@click.option("--access", type=click.Choice(ROLES), help="What they may do; only an owner changes it.")
@click.option("--began", "active_from", metavar="DATE", help="First day here.")
@click.option("--left", "active_to", metavar="DATE", help="Last day here; empty for somebody who is back.")
@json_option
@with_desk
def edit(desk: Desk, login: str, as_json: bool, **given: str | None) -> None:
    """Change what is kept about a member of staff; an empty value takes it away.

    \b
    Examples:
      casemgr staff edit tchen --credential "RDH, CDHC"
      casemgr staff edit tchen --left 10/31/2026
      casemgr staff edit tchen --access supervisor
    """
    from casemgr.core.commands import EditStaff
    from casemgr.services.staff import duties, edit_staff

    changes = {name: value for name, value in given.items() if value is not None}
    for name, future in (("active_from", False), ("active_to", True)):
        if changes.get(name):
            changes[name] = the_date(desk, changes[name], name.replace("_", " "), future).isoformat()
    member = edit_staff(desk, EditStaff(login, changes))
    waiting = duties(desk, member.id).follow_ups if member.active_to else 0
    if as_json:
        show_json(staff_value(desk, member))
    else:
        show(f"Changed {called(member)}")
    if waiting:
        theirs = "1 follow-up is" if waiting == 1 else f"{waiting} follow-ups are"
        warn(f"{theirs} still theirs; see `casemgr follow-up list --staff {member.id}`.")


@staff_command.command(name="roles")
@json_option
def roles(as_json: bool) -> None:
    """Show who may do what: every permission, and the roles that have it.

    \b
    Examples:
      casemgr staff roles
      casemgr staff roles --json
    """
    from casemgr.core.roles import PERMISSIONS

    if as_json:
        show_json([{"name": one.name, "more": one.more, "roles": one.roles} for one in PERMISSIONS])
        return
    show_table(
        ("May", *map(str.capitalize, ROLES), "That is"),
        ((one.name, *("✓" if role in one.roles else "" for role in ROLES), one.more) for one in PERMISSIONS),
    )
    say("Everybody may see everything, and undo and redo what is their own.")


def called(member: Staff) -> str:
    """`Tam Chen, RDH (tchen)`."""
    return f"{member.name}{f', {member.credential}' if member.credential else ''} ({member.id})"


def staff_value(desk: Desk, member: Staff) -> dict[str, Any]:
    """A member of staff as JSON; `active` says whether they work here today."""
    return {
        "login": member.id,
        **member.model_dump(exclude={"id", "voided"}),
        "active": member.works_on(desk.today().isoformat()),
    }
