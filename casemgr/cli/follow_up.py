"""Follow-ups: list, add, finish, snooze, assign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, the_date, the_patient, with_desk
from casemgr.cli.output import say, show, show_json, show_table
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.core.due import Aged
    from casemgr.core.records import FollowUp
    from casemgr.services.desk import Desk


@click.group(name="follow-up")
def follow_up_command() -> None:
    """List, add, finish, snooze and assign follow-ups.

    \b
    Examples:
      casemgr follow-up list --due
      casemgr follow-up add 10/26 confirm ride --patient "garcia ana 2012"
      casemgr follow-up done 3f9c2a --note "driver confirmed"
      casemgr follow-up snooze 3f9c2a mon
      casemgr follow-up assign 3f9c2a tchen

    A follow-up is named by its id, the last characters of it, or `last` for the newest that is yours to do.
    """


@follow_up_command.command(name="list")
@click.option("--due", is_flag=True, help="Only what is overdue or due today.")
@click.option("--all", "everything", is_flag=True, help="What is done as well.")
@click.option("--patient", help="Name, chart number, birth date.")
@click.option("--mine", is_flag=True, help="Only what is yours to do.")
@click.option("--staff", metavar="LOGIN", help="Only what is somebody's to do.")
@json_option
@with_desk
def list_(
    desk: Desk,
    due: bool,
    everything: bool,
    patient: str | None,
    mine: bool,
    staff: str | None,
    as_json: bool,
) -> None:
    """List what is to be done, the longest overdue first.

    \b
    Examples:
      casemgr follow-up list
      casemgr follow-up list --due --mine
      casemgr follow-up list --all --patient 1034 --json

    Where a patient has missed a visit and could not be reached yet, the attempts so far stand beside it.
    """
    from casemgr.cli.ladder_shown import attempts_so_far, ladder_value
    from casemgr.core.dates import format_us
    from casemgr.services.follow_ups import listed
    from casemgr.services.outreach import open_ladders

    if mine and staff:
        raise click.UsageError("Say --mine or --staff, not both.")
    if due and everything:
        raise click.UsageError("Say --due or --all, not both.")
    who = desk.staff.id if mine else desk.member(staff).id if staff else ""
    found = listed(
        desk,
        due_only=due,
        include_done=everything,
        patient_id=the_patient(desk, patient) if patient else "",
        assigned_to=who,
    )
    tried = open_ladders(desk, (one.row.patient_id for one in found if one.state != "done"))
    ladders = [None if one.state == "done" else tried.get(one.row.patient_id) for one in found]
    if as_json:
        show_json(
            [
                {**follow_up_value(one), "ladder": ladder_value(ladder)}
                for one, ladder in zip(found, ladders, strict=True)
            ]
        )
        return
    show_table(
        ("Due", "Age", "Patient", "Born", "Chart", "What", *(("Attempts",) if tried else ()), "For", "Id"),
        (
            (
                format_us(one.row.due_date),
                age_words(one),
                one.row.patient,
                format_us(one.row.birth_date),
                one.row.chart_number,
                one.row.what + (f" ({one.row.done_note})" if one.row.done_note else ""),
                *((attempts_so_far(ladder),) if tried else ()),
                one.row.assigned_to,
                short(one.row.id),
            )
            for one, ladder in zip(found, ladders, strict=True)
        ),
        right=("Age",),
    )
    late = sum(one.state == "overdue" for one in found)
    today = sum(one.state == "due" for one in found)
    ahead = sum(one.state == "ahead" for one in found)
    say(f"{late} overdue, {today} due today, {ahead} ahead.")


@follow_up_command.command(name="add")
@click.argument("due_date", metavar="DATE")
@click.argument("what", nargs=-1, required=True)
@click.option("--patient", help="Name, chart number, birth date.")
@click.option("--activity", default="", metavar="ID", help="The activity that it comes from.")
@click.option("--for", "assigned_to", default="", metavar="LOGIN", help="Who does it; you unless said.")
@json_option
@with_desk
def add(
    desk: Desk,
    due_date: str,
    what: tuple[str, ...],
    patient: str | None,
    activity: str,
    assigned_to: str,
    as_json: bool,
) -> None:
    """Add something to do by a date: 10/26, fri, tomorrow, 2 weeks.

    \b
    Examples:
      casemgr follow-up add 10/26 confirm ride --patient "garcia ana 2012"
      casemgr follow-up add fri "ask endo for the report" --patient 1034 --for tchen
      casemgr follow-up add 2w order toothbrush kits
    """
    from casemgr.core.commands import AddFollowUp
    from casemgr.services.follow_ups import add_follow_up

    wish = AddFollowUp(
        due_date=the_date(desk, due_date, future=True),
        what=" ".join(what),
        patient_id=the_patient(desk, patient) if patient else "",
        activity_id=activity,
        assigned_to=assigned_to,
    )
    show_saved(desk, add_follow_up(desk, wish), "Added", as_json)


@follow_up_command.command(name="done")
@click.argument("follow_up", metavar="ID")
@click.option("--note", default="", help="How it went.")
@json_option
@with_desk
def done(desk: Desk, follow_up: str, note: str, as_json: bool) -> None:
    """Note that a follow-up is done. What took time is logged with it in one go: `casemgr log … --done ID`.

    \b
    Examples:
      casemgr follow-up done 3f9c2a
      casemgr follow-up done 3f9c2a --note "driver confirmed"
    """
    from casemgr.core.commands import FinishFollowUp
    from casemgr.services.follow_ups import finish_follow_up

    show_saved(desk, finish_follow_up(desk, FinishFollowUp(follow_up, note)), "Done", as_json)


@follow_up_command.command(name="snooze")
@click.argument("follow_up", metavar="ID")
@click.argument("due_date", metavar="DATE")
@click.option("--reason", default="", help="Why; it stays in the ledger.")
@json_option
@with_desk
def snooze(desk: Desk, follow_up: str, due_date: str, reason: str, as_json: bool) -> None:
    """Put a follow-up off to another day: 10/28, mon, tomorrow, 1 week.

    \b
    Examples:
      casemgr follow-up snooze 3f9c2a mon
      casemgr follow-up snooze 3f9c2a 11/2 --reason "office is closed"
    """
    from casemgr.core.commands import SnoozeFollowUp
    from casemgr.services.follow_ups import snooze_follow_up

    wish = SnoozeFollowUp(follow_up, the_date(desk, due_date, future=True), reason)
    show_saved(desk, snooze_follow_up(desk, wish), "Snoozed", as_json)


@follow_up_command.command(name="assign")
@click.argument("follow_up", metavar="ID")
@click.argument("login", metavar="LOGIN")
@click.option("--reason", default="", help="Why; it stays in the ledger.")
@json_option
@with_desk
def assign(desk: Desk, follow_up: str, login: str, reason: str, as_json: bool) -> None:
    """Give a follow-up to somebody else to do.

    \b
    Examples:
      casemgr follow-up assign 3f9c2a tchen
      casemgr follow-up assign last tchen --reason "speaks Vietnamese"
    """
    from casemgr.core.commands import AssignFollowUp
    from casemgr.services.follow_ups import assign_follow_up

    wish = AssignFollowUp(follow_up, login, reason)
    show_saved(desk, assign_follow_up(desk, wish), "Assigned", as_json)


def show_saved(desk: Desk, record: FollowUp, did: str, as_json: bool) -> None:
    """What was done to a follow-up."""
    from casemgr.core.dates import format_us
    from casemgr.services.patients import patient_label

    if as_json:
        show_json(record.model_dump(exclude={"voided"}))
        return
    facts = (
        format_us(record.due_date),
        record.what,
        patient_label(desk, record.patient_id),
        f"for {record.assigned_to}" if record.assigned_to != desk.staff.id else "",
    )
    show(f"{did} {short(record.id)}: {' · '.join(fact for fact in facts if fact)}")


def age_words(one: Aged) -> str:
    """How a follow-up stands today: `9 days late`, `today`, `in 5 days`, `done 10/20/2026`."""
    from casemgr.core.dates import format_us

    if one.state == "done":
        return f"done {format_us(one.row.done_on)}"
    if one.state == "due":
        return "today"
    days = "1 day" if abs(one.age_days) == 1 else f"{abs(one.age_days)} days"
    return f"{days} late" if one.state == "overdue" else f"in {days}"


def follow_up_value(one: Aged) -> dict[str, Any]:
    """A follow-up as JSON; `age_days` is negative while its day lies ahead."""
    row = one.row._asdict()
    del row["last_name"], row["first_name"]
    return {**row, "patient": one.row.patient, "state": one.state, "age_days": one.age_days}
