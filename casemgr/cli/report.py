"""Sums over the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.activities_shown import activity_value
from casemgr.cli.aging import aging_command
from casemgr.cli.disclosures import disclosures_command
from casemgr.cli.insights import insights_command
from casemgr.cli.options import json_option, the_month, the_patient, with_desk
from casemgr.cli.output import show, show_facts, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.services.desk import Desk
    from casemgr.services.reports import Sum


@click.group(name="report")
def report_command() -> None:
    """Sum up a month, a patient or a member of staff, compare months, list what is owed and what left.

    \b
    Examples:
      casemgr report aging
      casemgr report month 2026-10
      casemgr report patient "garcia ana 2012"
      casemgr report staff tchen --month 2026-10
      casemgr report insights 2026-10
      casemgr report disclosures --since 10/1/2026
    """


report_command.add_command(insights_command)
report_command.add_command(aging_command)
report_command.add_command(disclosures_command)


def as_values(sums: Iterable[Sum]) -> list[dict[str, Any]]:
    """Sums as JSON."""
    return [one._asdict() for one in sums]


def show_sums(heading: str, sums: Iterable[Sum]) -> None:
    """Sums as a table."""
    show()
    show_table(
        (heading, "Activities", "Min"),
        ((one.title, f"{one.activities:,}", f"{one.minutes:,}") for one in sums),
        right=("Activities", "Min"),
    )


@report_command.command()
@click.argument("month", default="")
@json_option
@with_desk
def month(desk: Desk, month: str, as_json: bool) -> None:
    """Sum up a month: by kind, staff and outcome, and what is billed and left out.

    \b
    Examples:
      casemgr report month 2026-10 --json
    """
    from casemgr.core.minutes import format_minutes
    from casemgr.core.money import format_cents
    from casemgr.core.wording import counted
    from casemgr.services.reports import month_report

    asked = the_month(desk, month)
    report = month_report(desk, asked)
    if as_json:
        show_json(
            {
                **report._asdict(),
                "month": str(asked),
                "by_kind": as_values(report.by_kind),
                "by_staff": as_values(report.by_staff),
                "outcomes": [{"kind": kind, **one._asdict()} for kind, one in report.outcomes],
            }
        )
        return
    show_facts(
        (
            ("Month", asked.title),
            (
                "Logged",
                f"{report.activities:,} activities, {format_minutes(report.minutes)}, "
                f"{report.patients} patients",
            ),
            (
                "Claimed",
                f"{report.billing_lines - report.to_draft_lines:,} lines on {report.claims} claims, "
                f"{format_cents(report.charge_cents - report.to_draft_cents)}",
            ),
            (
                "To draft",
                f"{report.to_draft_lines:,} lines, {format_cents(report.to_draft_cents)}: casemgr claim draft"
                if report.to_draft_lines
                else "",
            ),
            ("Billed later", counted(report.billed_later, "activity") if report.billed_later else ""),
            (
                "From before",
                f"{counted(report.from_before, 'activity')}, too late for their own month"
                if report.from_before
                else "",
            ),
            ("Left out", f"{report.left_out:,} activities, {format_minutes(report.left_out_minutes)}"),
            ("Voided", report.voided or ""),
            ("To mend", f"{report.rejected_rows} rejected rows of imports" if report.rejected_rows else ""),
        )
    )
    show_sums("Kind", report.by_kind)
    show_sums("Staff", report.by_staff)
    show()
    show_table(
        ("Kind", "Outcome", "Activities", "Min"),
        (
            (desk.kinds.title(kind), one.title, f"{one.activities:,}", f"{one.minutes:,}")
            for kind, one in report.outcomes
        ),
        right=("Activities", "Min"),
    )


@report_command.command()
@click.argument("patient", nargs=-1, required=True)
@click.option("--month", help="Only this month.")
@json_option
@with_desk
def patient(desk: Desk, patient: tuple[str, ...], month: str | None, as_json: bool) -> None:
    """Sum up what was done for a patient.

    \b
    Examples:
      casemgr report patient garcia ana 2012 --month 2026-10
    """
    from casemgr.core.dates import format_us
    from casemgr.core.minutes import format_minutes
    from casemgr.core.money import format_cents
    from casemgr.services.reports import patient_report

    asked = the_month(desk, month) if month else None
    report = patient_report(desk, the_patient(desk, " ".join(patient)), asked)
    who = report.patient
    if as_json:
        show_json(
            {
                "patient": who.model_dump(mode="json"),
                "minutes": report.minutes,
                "by_kind": as_values(report.by_kind),
                "activities": [activity_value(row) for row in report.activities],
                "claims": [row._asdict() for row in report.claims],
                "follow_ups": [row._asdict() for row in report.follow_ups],
            }
        )
        return
    show_facts(
        (
            ("Patient", f"{who.display_name} {format_us(who.birth_date)} #{who.chart_number}"),
            ("Logged", f"{len(report.activities)} activities, {format_minutes(report.minutes)}"),
        )
    )
    show_sums("Kind", report.by_kind)
    show()
    show_table(
        ("Date", "Kind", "Min", "Outcome", "Staff", "Status"),
        (
            (
                format_us(row.service_date),
                desk.kinds.title(row.kind),
                row.minutes,
                row.outcome_words,
                row.staff_name,
                row.status,
            )
            for row in report.activities
        ),
        right=("Min",),
    )
    if report.claims:
        show()
        show_table(
            ("Claim", "Month", "Payer", "Min", "Charge"),
            (
                (row.number, row.month, row.payer_name, row.minutes, format_cents(row.charge_cents))
                for row in report.claims
            ),
            right=("Min", "Charge"),
        )
    if report.follow_ups:
        show()
        show_table(
            ("Due", "What", "Who"),
            ((format_us(row.due_date), row.what, row.assigned_to) for row in report.follow_ups),
        )


@report_command.command()
@click.argument("login", default="")
@click.option("--month", help="Such as 2026-10; the present month unless said.")
@json_option
@with_desk
def staff(desk: Desk, login: str, month: str | None, as_json: bool) -> None:
    """Sum up a member of staff's month, with overlaps, long days and late entries.

    \b
    Examples:
      casemgr report staff tchen --month 2026-10
    """
    from casemgr.core.dates import format_us
    from casemgr.core.minutes import format_minutes
    from casemgr.services.reports import staff_report

    asked = the_month(desk, month or "")
    report = staff_report(desk, login or desk.staff.id, asked)
    if as_json:
        show_json(
            {
                **report._asdict(),
                "month": str(asked),
                "by_day": [
                    {"date": day, "activities": count, "minutes": spent}
                    for day, count, spent in report.by_day
                ],
                "by_kind": as_values(report.by_kind),
                "overlaps": [one._asdict() for one in report.overlaps],
            }
        )
        return
    show_facts(
        (
            ("Staff", f"{report.name} ({report.login}), {asked.title}"),
            ("Logged", f"{report.activities:,} activities, {format_minutes(report.minutes)}"),
            ("Entered late", report.late or ""),
            ("Drafts", report.drafts or ""),
            ("Over 12 hours", ", ".join(format_us(day) for day in report.long_days)),
            ("Overlaps", len(report.overlaps) or ""),
        )
    )
    show_sums("Kind", report.by_kind)
    show()
    show_table(
        ("Date", "Activities", "Min"),
        ((format_us(day), count, spent) for day, count, spent in report.by_day),
        right=("Activities", "Min"),
    )
