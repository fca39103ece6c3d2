"""The ledger, its proof, and where everything is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, the_date, with_desk
from casemgr.cli.output import say, show_facts, show_json, show_table
from casemgr.core.ids import short
from casemgr.errors import VerificationFailed

if TYPE_CHECKING:
    from casemgr.core.ledger import Entry
    from casemgr.services.desk import Desk


@click.group(name="ledger")
def ledger_command() -> None:
    """List the ledger's entries: every change ever made, who made it and why.

    \b
    Examples:
      casemgr ledger list
      casemgr ledger list --entity activity --since 10/1 --json
    """


@ledger_command.command(name="list")
@click.option(
    "--limit",
    type=click.IntRange(0, 1_000_000),
    default=50,
    help="At most so many, 50 unless said; 0 for all.",
)
@click.option("--entity", default="", help="A kind of record: activity, patient, claim, follow_up, …")
@click.option("--staff", default="", metavar="LOGIN", help="Who acted.")
@click.option("--since", metavar="DATE", help="First date.")
@click.option("--body", is_flag=True, help="With what each record said from then on: names and notes.")
@json_option
@with_desk
def list_(
    desk: Desk, limit: int, entity: str, staff: str, since: str | None, body: bool, as_json: bool
) -> None:
    """List entries, newest first.

    \b
    Examples:
      casemgr ledger list --limit 10
      casemgr ledger list --staff tchen --since 2026-10-01
      casemgr ledger list --entity claim --body --json
    """
    from casemgr.services.safety import ledger_entries

    first = the_date(desk, since, "since") if since else None
    kind = entity.strip().lower().replace("-", "_")
    found = ledger_entries(desk, kind, staff.strip().lower(), first, limit)
    if as_json:
        show_json([entry_value(desk, entry, body) for entry in found])
        return
    headings = ("Entry", "At", "Staff", "Action", "Record", "Id", "Reason", *(("Body",) if body else ()))
    show_table(
        headings,
        (
            (
                f"{entry.device}:{entry.seq}",
                f"{desk.local(entry.at):%Y-%m-%d %H:%M:%S}",
                entry.staff,
                entry.action,
                entry.entity.replace("_", " "),
                short(entry.entity_id) if len(entry.entity_id) == len(entry.command) else entry.entity_id,
                entry.reason,
                *((entry.body,) if body else ()),
            )
            for entry in found
        ),
    )


def entry_value(desk: Desk, entry: Entry, body: bool) -> dict[str, object]:
    """An entry as JSON has it."""
    value: dict[str, object] = {
        "device": entry.device,
        "seq": entry.seq,
        "at": desk.local(entry.at).isoformat(timespec="microseconds"),
        "staff": entry.staff,
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "reason": entry.reason,
        "command": entry.command,
        "hash": entry.hash,
    }
    return {**value, "body": entry.body} if body else value


def checking(what: str) -> None:
    """Say what is being checked, where somebody watches: with years of work it takes seconds."""
    if sys.stderr.isatty():
        say(f"Checking {what} …")


@click.command(name="verify")
@click.option(
    "--against",
    multiple=True,
    metavar="WITNESS",
    help="What a document prints, such as “K7Q2:120 9f86d081884c7d65”; may be given again.",
)
@json_option
def verify_command(against: tuple[str, ...], as_json: bool) -> None:
    """Prove that file, ledger, tables and printed witnesses agree. Nothing of the record is changed.

    \b
    Examples:
      casemgr verify
      casemgr verify --against "K7Q2:120 9f86d081884c7d65"
      casemgr verify --json

    A witness stands at the foot of each printed page and on the control sheet of each workbook. Kept on
    paper, it shows a ledger that was rewritten or shortened. The exit code is 8 when something is wrong.
    A file that is damaged is only read from then on; one that proves sound is written to again.
    """
    from casemgr.services.damage import Damage, damage_of
    from casemgr.services.safety import verify_practice
    from casemgr.settings import read_settings

    places = read_settings().places
    report = verify_practice(places, against, checking)
    if as_json:
        show_json(
            {
                "ok": report.ok,
                "entries": report.entries,
                "head": str(report.head or ""),
                "problems": list(report.problems),
            }
        )
        sys.exit(0 if report.ok else VerificationFailed.exit_code)
    if not report.ok:
        damage = damage_of(places) or Damage()
        raise VerificationFailed(
            "The record does not hold",
            "\n".join((*report.problems, *damage.means)),
            damage.todo
            or "Keep the file as it is, and restore the newest backup that holds with `casemgr restore`.",
        )
    show_facts((("Entries", f"{report.entries:,}"), ("Head", report.head)))
    printed = {0: "", 1: " The printed witness is in it."}.get(
        len(against), f" All {len(against)} printed witnesses are in it."
    )
    say(f"File, ledger and tables agree.{printed}")


@click.command(name="locate")
@json_option
def locate_command(as_json: bool) -> None:
    """Say where data, key, own content, exports and backups are kept.

    \b
    Examples:
      casemgr locate
      casemgr locate --json
    """
    from casemgr.services.safety import locate
    from casemgr.settings import read_settings

    found = locate(read_settings().places)
    if as_json:
        show_json([{"what": one.what, "path": str(one.path), "exists": one.exists} for one in found])
        return
    show_facts((one.what, f"{one.path}{'' if one.exists else '  (not there)'}") for one in found)
