"""Cases: open, list, show, edit, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.options import json_option, the_date, the_patient, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table
from casemgr.core.ids import short

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.records import Case, Patient
    from casemgr.services.desk import Desk


@click.group(name="case")
def case_command() -> None:
    """Open, list, show, edit and close cases.

    \b
    Examples:
      casemgr case open garcia ana 2012 --complaint "missed 2 of 3 visits before extraction #17"
      casemgr case edit garcia ana 2012 --plan "rides and reminders, since the mother works nights"
      casemgr case show garcia ana 2012
      casemgr case close garcia ana 2012 --reason "treatment complete"

    A case is an episode of case management: why the work was needed and what was planned. It is named by its
    id, the last characters of it, or its patient.
    """


def case_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for what a case says, in the order of the documentation checklist."""
    for option in reversed(
        (
            click.option("--complaint", help="Chief complaint and the history that bears on it."),
            click.option("--findings", help="Clinical findings that support case management."),
            click.option("--supplementary", help="Tests, images or other data on file."),
            click.option("--plan", help="The plan, with its rationale."),
            click.option(
                "--barrier", "barriers", multiple=True, help="ICD-10-CM code or plain words; may be repeated."
            ),
            click.option("--consent", help="Who agreed, when and how."),
            click.option("--dentist", "treating_dentist", help="Treating dentist."),
            click.option("--dentist-npi", "treating_dentist_npi", help="Their NPI, ten digits."),
        )
    ):
        command = option(command)
    return command


@case_command.command(name="open")
@click.argument("patient", nargs=-1, required=True)
@click.option("--on", "opened_on", metavar="DATE", help="When it began: today unless said.")
@case_options
@json_option
@with_desk
def open_(
    desk: Desk,
    patient: tuple[str, ...],
    opened_on: str | None,
    barriers: tuple[str, ...],
    as_json: bool,
    **given: str | None,
) -> None:
    """Begin an episode of case management; a patient has one open at a time.

    \b
    Examples:
      casemgr case open garcia ana 2012 --complaint "missed 2 of 3 visits" --barrier Z59.82
      casemgr case open 1034 --on 9/3 --findings "abscess #17" --plan "rides, since there is no car"
    """
    from casemgr.core.commands import OpenCase
    from casemgr.services.cases import open_case

    said = {name: value for name, value in given.items() if value is not None}
    day = the_date(desk, opened_on, "on") if opened_on else desk.today()
    wish = OpenCase(the_patient(desk, " ".join(patient)), day, barriers=barriers, **said)
    show_saved(desk, open_case(desk, wish), "Opened", as_json)


@case_command.command(name="edit")
@click.argument("case", nargs=-1, required=True, metavar="PATIENT|ID")
@click.option("--on", "opened_on", metavar="DATE", help="When it began.")
@case_options
@json_option
@with_desk
def edit(
    desk: Desk,
    case: tuple[str, ...],
    opened_on: str | None,
    barriers: tuple[str, ...],
    as_json: bool,
    **given: str | None,
) -> None:
    """Complete or correct a case; an empty value takes it away. The ledger keeps what it said before.

    \b
    Examples:
      casemgr case edit garcia ana 2012 --plan "rides and reminders, since the mother works nights"
      casemgr case edit 3f9c2a --barrier Z59.82 --barrier "mother works nights"
    """
    from casemgr.core.commands import EditCase
    from casemgr.services.cases import edit_case, the_case

    changes: dict[str, str | tuple[str, ...]] = {n: value for n, value in given.items() if value is not None}
    if barriers:
        changes["barriers"] = barriers
    if opened_on:
        changes["opened_on"] = the_date(desk, opened_on, "on").isoformat()
    found = the_case(desk, " ".join(case))
    show_saved(desk, edit_case(desk, EditCase(found.id, changes)), "Changed", as_json)


@case_command.command(name="close")
@click.argument("case", nargs=-1, required=True, metavar="PATIENT|ID")
@click.option("--reason", default="", help="Why it ends.")
@click.option("--on", "closed_on", metavar="DATE", help="When it ended: today unless said.")
@json_option
@with_desk
def close(desk: Desk, case: tuple[str, ...], reason: str, closed_on: str | None, as_json: bool) -> None:
    """End an episode of case management, with the reason.

    \b
    Examples:
      casemgr case close garcia ana 2012 --reason "treatment complete"
      casemgr case close 3f9c2a --on 10/20 --reason "moved away"
    """
    from casemgr.core.commands import CloseCase
    from casemgr.services.cases import close_case, the_case

    day = the_date(desk, closed_on, "on") if closed_on else desk.today()
    found = the_case(desk, " ".join(case))
    show_saved(desk, close_case(desk, CloseCase(found.id, day, reason)), "Closed", as_json)


@case_command.command(name="list")
@click.option("--patient", help="Name, chart number, birth date.")
@click.option("--all", "everything", is_flag=True, help="Closed ones as well.")
@json_option
@with_desk
def list_(desk: Desk, patient: str | None, everything: bool, as_json: bool) -> None:
    """List open cases, the newest first, with what their documentation lacks.

    \b
    Examples:
      casemgr case list
      casemgr case list --all --patient 1034 --json
    """
    from casemgr.core.dates import format_us
    from casemgr.services.cases import checklist, listed

    rows = listed(desk, the_patient(desk, patient) if patient else "", include_closed=everything)
    if as_json:
        show_json([case_value(row.case, row.patient) for row in rows])
        return
    show_table(
        ("Opened", "Closed", "Patient", "Born", "Chart", "Complaint", "Missing", "Id"),
        (
            (
                format_us(row.case.opened_on),
                format_us(row.case.closed_on),
                row.patient.display_name,
                format_us(row.patient.birth_date),
                row.patient.chart_number,
                row.case.complaint,
                ", ".join(point.field for point in checklist(row.case) if not point.present),
                short(row.case.id),
            )
            for row in rows
        ),
    )
    say("1 case." if len(rows) == 1 else f"{len(rows):,} cases.")


@case_command.command(name="show")
@click.argument("case", nargs=-1, required=True, metavar="PATIENT|ID")
@json_option
@with_desk
def show_(desk: Desk, case: tuple[str, ...], as_json: bool) -> None:
    """Show a case whole, with the documentation checklist; of a patient the open one, else the newest.

    \b
    Examples:
      casemgr case show garcia ana 2012
      casemgr case show 3f9c2a --json
    """
    from casemgr.core.dates import format_us
    from casemgr.services.cases import checklist, the_case
    from casemgr.services.patients import label, the_patient

    found = the_case(desk, " ".join(case))
    patient = the_patient(desk, found.patient_id)
    if as_json:
        show_json(case_value(found, patient))
        return
    state = f"closed {format_us(found.closed_on)}: {found.close_reason}" if found.closed_on else "open"
    npi = f", NPI {found.treating_dentist_npi}" if found.treating_dentist_npi else ""
    show_facts(
        (
            ("Case", f"{found.id}  {state}"),
            ("Patient", label(patient)),
            ("Opened", format_us(found.opened_on)),
            ("Consent", found.consent),
            ("Complaint", found.complaint),
            ("Findings", found.findings),
            ("Supplementary", found.supplementary),
            ("Plan", found.plan),
            ("Barriers", "\n".join(found.barriers)),
            ("Treating dentist", f"{found.treating_dentist}{npi}"),
        )
    )
    show()
    show_table(
        ("Documentation", ""),
        ((point.title, "present" if point.present else "missing") for point in checklist(found)),
    )


def show_saved(desk: Desk, case: Case, done: str, as_json: bool) -> None:
    """What was done to a case, and what it still lacks."""
    from casemgr.services.cases import checklist
    from casemgr.services.patients import label, the_patient

    patient = the_patient(desk, case.patient_id)
    if as_json:
        show_json(case_value(case, patient))
        return
    show(f"{done} {short(case.id)}: {label(patient)}")
    missing = [point.title.lower() for point in checklist(case) if not point.present]
    if missing:
        say(f"Its documentation lacks: {', '.join(missing)}. Add it with `casemgr case edit`.")


def case_value(case: Case, patient: Patient) -> dict[str, Any]:
    """A case as JSON, with whose it is and the documentation checklist."""
    from casemgr.services.cases import checklist

    return {
        **case.model_dump(mode="json", exclude={"voided"}),
        "patient": patient.display_name,
        "birth_date": patient.birth_date,
        "chart_number": patient.chart_number,
        "checklist": [point._asdict() for point in checklist(case)],
    }
