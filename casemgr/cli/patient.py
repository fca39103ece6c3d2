"""Patients: add, list, show, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from casemgr.cli.activities_shown import activity_value
from casemgr.cli.options import json_option, the_patient, with_desk
from casemgr.cli.output import say, show, show_facts, show_json, show_table
from casemgr.core.ids import short
from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from casemgr.core.records import Patient
    from casemgr.services.desk import Desk
    from casemgr.services.patients import Overview


@click.group(name="patient")
def patient_command() -> None:
    """Add, list, show and edit patients.

    \b
    Examples:
      casemgr patient add "Garcia, Ana" 4/9/2012 --language Spanish
      casemgr patient list garcia
      casemgr patient show garcia ana 2012
      casemgr patient edit 1034 --phone 617-555-0134

    A patient is named by the name in either order, with the birth date or its year for namesakes, or by the
    chart number.
    """


@patient_command.command(name="add")
@click.argument("name", required=False, metavar='["LAST, FIRST"')
@click.argument("birth_date", required=False, metavar="BORN]")
@click.option("--last", help="Last name.")
@click.option("--first", help="First name.")
@click.option("--born", metavar="DATE", help="Birth date, such as 4/9/2012.")
@click.option("--chart", default="", help="Chart number; the next free one unless given.")
@click.option("--gender", default="", help="As the chart has it.")
@click.option("--language", default="", help="Preferred language.")
@click.option("--phone", default="", help="Phone number.")
@click.option("--address", default="", help="Postal address.")
@click.option("--payer", default="", help="The insurance that pays.")
@click.option("--member", default="", help="Member id at that insurance.")
@click.option("--namesake", is_flag=True, help="Take a second person of the same name and birth date.")
@json_option
@with_desk
def add(
    desk: Desk,
    name: str | None,
    birth_date: str | None,
    last: str | None,
    first: str | None,
    born: str | None,
    namesake: bool,
    as_json: bool,
    **given: str,
) -> None:
    """Add a patient.

    \b
    Examples:
      casemgr patient add "Garcia, Ana" 4/9/2012
      casemgr patient add --last Garcia --first Ana --born 4/9/2012 --chart 1034 --phone 617-555-0134
      casemgr patient add "Ortiz, Luz" 1/5/1990 --payer "Sunrise Medicaid Dental" --member SYN4410231
    """
    from casemgr.core.commands import AddPatient
    from casemgr.services.coverages import described
    from casemgr.services.patients import add_patient, label, read_birth_date

    if name is not None and (last is not None or first is not None):
        raise click.UsageError("Give the name once: as “Last, First”, or with --last and --first.")
    if birth_date is not None and born is not None:
        raise click.UsageError("Give the birth date once: behind the name, or with --born.")
    last_name, first_name = split_name(name) if name is not None else (last or "", first or "")
    written = birth_date or born
    if not written:
        raise InputRefused(
            "The birth date is missing",
            "Nothing was saved.",
            "It tells namesakes apart: write it behind the name, or with --born.",
        )
    added = add_patient(
        desk,
        AddPatient(
            last_name=last_name,
            first_name=first_name,
            birth_date=read_birth_date(desk, written),
            chart_number=given["chart"],
            gender=given["gender"],
            language=given["language"],
            phone=given["phone"],
            address=given["address"],
            payer=given["payer"],
            member_id=given["member"],
        ),
        allow_namesake=namesake,
    )
    if as_json:
        from casemgr.cli.payer import coverage_value

        cover = coverage_value(added.coverage) if added.coverage else None
        show_json({**patient_value(added.patient), "coverage": cover})
        return
    show(f"Added {label(added.patient)}" + (f" · {described(added.coverage)}" if added.coverage else ""))


def split_name(text: str) -> tuple[str, str]:
    """Last and first name of `Last, First`; one word is a last name.

    Raises:
        InputRefused: several words without a comma, which do not say where the last name ends.
    """
    last, comma, first = text.partition(",")
    if not comma and len(last.split()) > 1:
        raise InputRefused(
            f"“{text}” does not say which is the last name",
            "Nothing was saved.",
            "Write it as “Last, First”, or use --last and --first.",
        )
    return last.strip(), first.strip()


@patient_command.command(name="list")
@click.argument("search", nargs=-1)
@click.option("--limit", type=click.IntRange(1, 1_000_000), help="At most so many.")
@json_option
@with_desk
def list_(desk: Desk, search: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """List patients by name; SEARCH takes beginnings of names or chart numbers, and a birth date or year.

    \b
    Examples:
      casemgr patient list
      casemgr patient list gar an
      casemgr patient list garcia 2012 --json
    """
    from casemgr.core.dates import format_us
    from casemgr.services.patients import listed

    found = listed(desk, " ".join(search), limit or 0)
    if as_json:
        show_json([patient_value(patient) for patient in found])
        return
    show_table(
        ("Chart", "Patient", "Born", "Language", "Phone"),
        (
            (
                patient.chart_number,
                patient.display_name,
                format_us(patient.birth_date),
                patient.language,
                patient.phone,
            )
            for patient in found
        ),
    )
    say("1 patient." if len(found) == 1 else f"{len(found):,} patients.")


@patient_command.command(name="show")
@click.argument("patient", nargs=-1, required=True)
@json_option
@with_desk
def show_(desk: Desk, patient: tuple[str, ...], as_json: bool) -> None:
    """Show a patient: cover, case, what is to be done, this month's minutes, the last activities.

    \b
    Examples:
      casemgr patient show garcia ana 2012
      casemgr patient show 1034 --json
    """
    from casemgr.services.patients import overview

    seen = overview(desk, the_patient(desk, " ".join(patient)))
    if as_json:
        show_json(overview_value(desk, seen))
    else:
        show_overview(desk, seen)


@patient_command.command(name="edit")
@click.argument("patient", nargs=-1, required=True)
@click.option("--last", "last_name", help="Last name.")
@click.option("--first", "first_name", help="First name.")
@click.option("--born", "birth_date", metavar="DATE", help="Birth date.")
@click.option("--chart", "chart_number", help="Chart number.")
@click.option("--gender", help="As the chart has it.")
@click.option("--language", help="Preferred language.")
@click.option("--phone", help="Phone number.")
@click.option("--address", help="Postal address.")
@click.option("--reason", default="", help="Why; it stays in the ledger.")
@click.option("--namesake", is_flag=True, help="Take a second person of the same name and birth date.")
@json_option
@with_desk
def edit(
    desk: Desk, patient: tuple[str, ...], reason: str, namesake: bool, as_json: bool, **given: str | None
) -> None:
    """Change what is kept about a patient; an empty value takes it away.

    The ledger keeps what it said before.

    \b
    Examples:
      casemgr patient edit garcia ana 2012 --phone 617-555-0134
      casemgr patient edit 1034 --last "Garcia Lopez" --reason "new card"
    """
    from casemgr.core.commands import EditPatient
    from casemgr.services.patients import edit_patient, label, read_birth_date

    changes = {name: value for name, value in given.items() if value is not None}
    if "birth_date" in changes:
        changes["birth_date"] = read_birth_date(desk, changes["birth_date"]).isoformat()
    wish = EditPatient(the_patient(desk, " ".join(patient)), changes, reason)
    edited = edit_patient(desk, wish, allow_namesake=namesake)
    if as_json:
        show_json(patient_value(edited))
        return
    show(f"Changed {label(edited)}")


def patient_value(patient: Patient) -> dict[str, Any]:
    """A patient as JSON."""
    return {"name": patient.display_name, **patient.model_dump(exclude={"voided"})}


def overview_value(desk: Desk, seen: Overview) -> dict[str, Any]:
    """What is known about a patient, as JSON."""
    from casemgr.cli.case import case_value
    from casemgr.cli.follow_up import follow_up_value
    from casemgr.cli.ladder_shown import ladder_value
    from casemgr.cli.payer import coverage_value
    from casemgr.core.due import aged
    from casemgr.services.outreach import ladder

    today = desk.today()
    return {
        **patient_value(seen.patient),
        "age": seen.age,
        "coverage": coverage_value(seen.coverage) if seen.coverage else None,
        "case": case_value(seen.case, seen.patient) if seen.case else None,
        "follow_ups": [follow_up_value(aged(row, today)) for row in seen.follow_ups],
        "ladder": ladder_value(ladder(desk, seen.patient.id)),
        "month": str(seen.month),
        "activities": seen.activities,
        "minutes": seen.minutes,
        "last_activities": [activity_value(row) for row in seen.last],
    }


def show_overview(desk: Desk, seen: Overview) -> None:
    """What is known about a patient, for reading."""
    from casemgr.cli.follow_up import age_words
    from casemgr.cli.ladder_shown import attempts_so_far
    from casemgr.core.dates import format_us
    from casemgr.core.due import aged
    from casemgr.core.minutes import format_minutes
    from casemgr.services.cases import checklist
    from casemgr.services.coverages import described
    from casemgr.services.outreach import open_ladders
    from casemgr.services.patients import label

    patient, case = seen.patient, seen.case
    missing = [point.title.lower() for point in checklist(case) if not point.present] if case else []
    months = "1 activity" if seen.activities == 1 else f"{seen.activities} activities"
    waiting = [aged(row, desk.today()) for row in seen.follow_ups]
    tried = open_ladders(desk, [patient.id]).get(patient.id)
    show_facts(
        (
            ("Patient", label(patient)),
            ("Age", seen.age),
            ("Gender", patient.gender),
            ("Language", patient.language),
            ("Phone", patient.phone),
            ("Address", patient.address),
            ("Coverage", described(seen.coverage) if seen.coverage else "none today"),
            ("Case", f"open since {format_us(case.opened_on)}" if case else "none open"),
            ("Missing", ", ".join(missing)),
            (seen.month.title, f"{format_minutes(seen.minutes)} in {months}"),
            (
                "Follow-ups",
                "\n".join(f"{short(one.row.id)}  {age_words(one)}: {one.row.what}" for one in waiting)
                or "none",
            ),
            ("Attempts", attempts_so_far(tried)),
        )
    )
    if seen.last:
        show()
        show_table(
            ("Last activities", "Kind", "Min", "Outcome", "Staff", "Status", "Id"),
            (
                (
                    format_us(row.service_date),
                    desk.kinds.title(row.kind),
                    row.minutes,
                    row.outcome_words,
                    row.staff,
                    row.status + (", amended" if row.amended else ""),
                    short(row.id),
                )
                for row in seen.last
            ),
            right=("Min",),
        )
