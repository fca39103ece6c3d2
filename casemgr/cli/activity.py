"""Activities: list, show, amend, void, sign, history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.activities_shown import activity_value, as_value, saved_lines
from casemgr.cli.options import json_option, pairs, the_date, the_month, the_patient, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table, warn
from casemgr.core.ids import short

if TYPE_CHECKING:
    from casemgr.core.rows import ActivityFilter
    from casemgr.services.activities import Logged
    from casemgr.services.desk import Desk


@click.group(name="activity")
def activity_command() -> None:
    """List, show, amend, void and sign activities.

    \b
    Examples:
      casemgr activity list --month 2026-10 --patient "garcia ana 2012"
      casemgr activity amend 3f9c2a --minutes 25 --reason "call log says 25"
      casemgr activity history 3f9c2a

    An activity is named by its id, the last characters of it, or `last`.
    """


@activity_command.command(name="list")
@click.option("--month", help="Such as 2026-10; the present one unless dates, a patient or words are given.")
@click.option("--from", "first", metavar="DATE", help="First service date.")
@click.option("--to", "last", metavar="DATE", help="Last service date.")
@click.option("--patient", help="Name, chart number, birth date.")
@click.option("--staff", help="Login of the rendering staff.")
@click.option("--kind", help="A kind, by any of its words.")
@click.option("--search", default="", help="Words in notes, outcomes, names or chart numbers.")
@click.option("--status", type=click.Choice(["draft", "signed", "claimed", "voided"]), help="Only these.")
@click.option("--overlaps", is_flag=True, help="Pairs that claim the same minutes of one member of staff.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), help="At most so many, the newest.")
@json_option
@with_desk
def list_(
    desk: Desk,
    month: str | None,
    first: str | None,
    last: str | None,
    patient: str | None,
    staff: str | None,
    kind: str | None,
    search: str,
    status: str | None,
    overlaps: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """List activities by service date.

    \b
    Examples:
      casemgr activity list
      casemgr activity list --month 2026-10 --staff tchen --json
      casemgr activity list --search "oral surgery"
      casemgr activity list --month 2026-10 --overlaps
    """
    from casemgr.core.dates import format_us
    from casemgr.core.minutes import format_minutes
    from casemgr.core.rows import ActivityFilter
    from casemgr.services import activities

    wanted = chosen_filter(desk, ActivityFilter, month, first, last, patient, staff, kind, search, status)
    if overlaps:
        show_overlaps(desk, wanted, as_json)
        return
    if limit and not status:
        from dataclasses import replace

        rows = activities.listed(desk, replace(wanted, limit=limit, newest_first=True))[::-1]
    else:
        rows = [row for row in activities.listed(desk, wanted) if not status or row.status == status]
        rows = rows[-limit:] if limit else rows
    if as_json:
        show_json([activity_value(row) for row in rows])
        return
    show_table(
        ("Date", "Start", "Patient", "Born", "Chart", "Kind", "Min", "Outcome", "Staff", "Status", "Id"),
        (
            (
                format_us(row.service_date),
                row.start,
                row.patient,
                format_us(row.birth_date),
                row.chart_number,
                desk.kinds.title(row.kind),
                row.minutes,
                row.outcome_words,
                row.staff,
                row.status + (", amended" if row.amended else ""),
                short(row.id),
            )
            for row in rows
        ),
        right=("Min",),
    )
    counted = [row for row in rows if not row.voided]
    count = "1 activity" if len(counted) == 1 else f"{len(counted):,} activities"
    say(f"{count}, {format_minutes(sum(row.minutes for row in counted))}.")


def chosen_filter(
    desk: Desk,
    make: type[ActivityFilter],
    month: str | None,
    first: str | None,
    last: str | None,
    patient: str | None,
    staff: str | None,
    kind: str | None,
    search: str,
    status: str | None,
) -> ActivityFilter:
    """The filter that the options ask for; without any, the present month."""
    from casemgr.services.activities import kind_of

    begin = the_date(desk, first, "from").isoformat() if first else ""
    end = the_date(desk, last, "to").isoformat() if last else ""
    # Drafts wait wherever they are; everything else is looked for in the present month.
    if month or not (first or last or patient or search or status == "draft"):
        asked = the_month(desk, month or "")
        begin, end = begin or asked.first.isoformat(), end or asked.last.isoformat()
    return make(
        first=begin,
        last=end,
        patient_id=the_patient(desk, patient) if patient else "",
        staff=desk.member(staff).id if staff else "",
        kind=kind_of(desk, kind).kind if kind else "",
        search=search,
        include_voided=status == "voided",
        only_voided=status == "voided",
    )


def show_overlaps(desk: Desk, wanted: ActivityFilter, as_json: bool) -> None:
    """Pairs of activities of one member of staff that overlap."""
    from casemgr.core.dates import format_us
    from casemgr.services.oddities import overlaps

    found = overlaps(desk, wanted)
    if as_json:
        show_json([one._asdict() for one in found])
        return
    show_table(
        ("Staff", "Date", "Activity", "And", "Min"),
        (
            (one.staff, format_us(one.service_date), short(one.first), short(one.second), one.minutes)
            for one in found
        ),
        right=("Min",),
    )
    say(f"{len(found)} overlaps among activities that have a start." if found else "No overlaps.")


@activity_command.command(name="show")
@click.argument("activity")
@json_option
@with_desk
def show_(desk: Desk, activity: str, as_json: bool) -> None:
    """Show one activity whole.

    \b
    Examples:
      casemgr activity show last
      casemgr activity show 3f9c2a --json
    """
    from casemgr.core.dates import format_us
    from casemgr.core.methods import method_label
    from casemgr.core.minutes import format_minutes
    from casemgr.services.activities import activity as find
    from casemgr.services.runs import title_of

    row = find(desk, activity)
    if as_json:
        show_json(activity_value(row))
        return
    kind = desk.kinds.kept(row.kind)
    outcome = kind.outcome(row.outcome)
    source = json.loads(row.source) if row.source else None
    show_facts(
        (
            ("Activity", f"{row.id}  {row.status}{', amended' if row.amended else ''}"),
            ("Patient", f"{row.patient} {format_us(row.birth_date)} #{row.chart_number}"),
            ("Kind", kind.title),
            ("Service date", format_us(row.service_date) + (f" at {row.start}" if row.start else "")),
            ("Minutes", format_minutes(row.minutes)),
            ("Staff", row.staff_name + (f", {row.credential}" if row.credential else "")),
            ("Contact", method_label(row.method)),
            ("Contacted", row.contacted),
            ("Reason", row.reason),
            *kind.details(json.loads(row.fields)),
            ("Note", row.note),
            ("Outcome", f"{row.outcome_words}  ({outcome.label})" if outcome else row.outcome_words),
            ("Response", row.response),
            ("Next step", row.next_step),
            (
                "Missing",
                "; ".join(problem.message for problem in kind.missing_fields(json.loads(row.fields))),
            ),
            ("Entered", f"{desk.local(row.entered_at):%m/%d/%Y %H:%M} by {row.entered_by}"),
            ("Late entry", f"{row.late_days} days after the service date" if row.late_days else ""),
            (
                "Billed with",
                f"{title_of(row.run_month)}: too late for {row.late_from}" if row.run_month else "",
            ),
            ("From", f"{source['file']}, {source['sheet']}, row {source['row']}" if source else ""),
            ("Claim", f"{row.claim_number}, {row.code}" if row.claim_number else ""),
        )
    )


@activity_command.command()
@click.argument("activity")
@click.option("--reason", default="", help="Why; a signed activity needs it.")
@click.option("--kind", help="Another kind.")
@click.option("--date", "service_date", help="Another service date.")
@click.option("--minutes", help="Other minutes.")
@click.option("--start", help="Another start.")
@click.option("--method", help="Another contact method.")
@click.option("--contacted", help="Who was contacted.")
@click.option("--outcome", "outcome_words", help="What came of it.")
@click.option("--why", "reason_for", help="Why the work was needed.")
@click.option("--response", help="What the patient said.")
@click.option("--next-step", help="What comes next.")
@click.option("--note", help="Another note.")
@click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", help="A field of the kind; empty takes it away."
)
@json_option
@with_desk
def amend(
    desk: Desk,
    activity: str,
    reason: str,
    reason_for: str | None,
    fields: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> None:
    """Amend an activity; what it said before stays in its history, and a claim on which it stands follows.

    \b
    Examples:
      casemgr activity amend last --minutes 25 --reason "call log says 25"
      casemgr activity amend 3f9c2a --set trip_number=88120 --reason "number came later"
    """
    from casemgr.core.commands import AmendActivity
    from casemgr.core.methods import read_method
    from casemgr.services.activities import amend_activity
    from casemgr.services.entries import read_date, read_minutes, read_start

    changes: dict[str, str | int] = {name: value for name, value in given.items() if value is not None}
    if reason_for is not None:
        changes["reason"] = reason_for
    if "minutes" in changes:
        changes["minutes"] = read_minutes(changes["minutes"])
    if "service_date" in changes:
        changes["service_date"] = read_date(desk, str(changes["service_date"]), "date").isoformat()
    if changes.get("start"):
        changes["start"] = read_start(str(changes["start"]))
    if "method" in changes:
        changes["method"] = read_method(str(changes["method"]))
    show_saved(desk, amend_activity(desk, AmendActivity(activity, reason, changes, pairs(fields))), as_json)


def show_saved(desk: Desk, logged: Logged, as_json: bool) -> None:
    """What an activity says now."""
    if as_json:
        show_json(as_value(desk, logged))
        return
    for line in saved_lines(desk, logged):
        show(line)
    for warning in logged.warnings:
        warn(warning)


@activity_command.command()
@click.argument("activities", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; it stays in the record.")
@with_desk
def void(desk: Desk, activities: tuple[str, ...], reason: str) -> None:
    """Withdraw activities; they stay in the record, with the reason.

    \b
    Examples:
      casemgr activity void 3f9c2a --reason "logged for the wrong patient"
      casemgr activity void 3f9c2a 81d04e --reason "visit was cancelled"

    Of several, all are voided or none. A follow-up that one of them had done is to be done again, and a claim
    on which one of them stands follows.
    """
    from casemgr.services.several import void_activities

    for record, reopened, warnings in void_activities(desk, activities, reason):
        say(f"Voided {short(record.id)}; `casemgr activity history {short(record.id)}` still shows it.")
        for each in reopened:
            say(f"To be done again: {each.what} ({short(each.id)}).")
        for warning in warnings:
            warn(warning)


@activity_command.command()
@click.argument("activities", nargs=-1)
@click.option("--all", "all_drafts", is_flag=True, help="Every complete draft of yours.")
@with_desk
def sign(desk: Desk, activities: tuple[str, ...], all_drafts: bool) -> None:
    """Sign drafts as complete; from then on they change only by amendment.

    \b
    Examples:
      casemgr activity sign last
      casemgr activity sign 3f9c2a 81d04e
      casemgr activity sign --all

    Of those that are named, all are signed or none.
    """
    from casemgr.services.activities import sign_drafts
    from casemgr.services.several import sign_activities

    if bool(activities) == all_drafts:
        raise click.UsageError("Name activities, or say --all.")
    signed = sign_drafts(desk) if all_drafts else sign_activities(desk, activities)
    for record in signed:
        say(f"Signed {short(record.id)}.")
    if not signed:
        say("No complete drafts of yours to sign.")


@activity_command.command()
@click.argument("activity")
@json_option
@with_desk
def history(desk: Desk, activity: str, as_json: bool) -> None:
    """Show everything that was ever done to an activity.

    \b
    Examples:
      casemgr activity history last
    """
    from casemgr.services.history import history_of

    steps = history_of(desk, "activity", activity)
    if as_json:
        show_json([step.value() for step in steps])
        return
    for step in steps:
        show(
            f"{step.when:%m/%d/%Y %H:%M:%S}  {step.action} by {step.staff}  [{step.place}]"
            + (f": {step.reason}" if step.reason else "")
        )
        for change in step.changes:
            before = f"{change.before} → " if change.before else ""
            show(f"    {change.field}: {before}{change.after or '(nothing)'}")
