"""The forms for the practice and its staff."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from casemgr.core.dates import format_us, parse_date
from casemgr.core.roles import ROLES
from casemgr.errors import InputRefused, ParseError
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted
from casemgr.tui.screens.form import Form
from casemgr.tui.widgets.fields import Choice, Spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from casemgr.core.dates import Direction
    from casemgr.core.records import Practice, Staff
    from casemgr.services.desk import Desk

DAYS: dict[str, Direction] = {"active_from": "past", "active_to": "future"}
"""Dates of a member of staff, and where one without a year is looked for."""


def practice_form(practice: Practice, staff: Sequence[Staff]) -> Form:
    """The practice's particulars."""
    fields = (
        Spec("name", "Name", practice.name, "As letterhead and workbook show it", required=True),
        Spec("address", "Address", practice.address, "12 River St, Cambridge, MA 02139"),
        Spec("phone", "Phone", practice.phone, "617-555-0180"),
        Spec("npi", "NPI", practice.npi, "Ten digits, of the practice itself (type 2)"),
        Spec("tax_id", "Tax id", practice.tax_id, "04-1234567"),
        Spec("time_zone", "Time zone", practice.time_zone, "America/New_York", required=True),
        Spec(
            "owner", "Owner", practice.owner, "Who acts unless somebody else is named", "choice",
            tuple(Choice(member.id, f"{member.name} ({member.id})") for member in staff), required=True,
        ),
    )  # fmt: skip
    return Form(
        "practice.edit",
        "The practice",
        fields,
        partial(_save_practice, {spec.name: spec.value for spec in fields}),
        "What it said before stays in the ledger. The top line follows with the next start.",
    )


def staff_form(today: date, member: Staff | None = None) -> Form:
    """Somebody new, or what is kept about a member of staff."""
    record = member.model_dump() if member else {"role": "case manager"}
    fields = [
        Spec("name", "Name", record.get("name", ""), "As it is printed", required=True),
        Spec("credential", "Credential", record.get("credential", ""), "Letters after the name: RDH, CDHC"),
        Spec("role", "Role", record.get("role", ""), "What they do here"),
        Spec("npi", "NPI", record.get("npi", ""), "Ten digits, where there is one"),
        Spec(
            "access",
            "Access",
            record.get("access", "case manager"),
            "What they may do here: see Roles",
            "choice",
            tuple(Choice(role, role) for role in ROLES),
            required=True,
        ),
    ]
    if member is None:
        login = Spec(
            "login", "Login", "", "Letters and digits, such as tchen; it never changes", required=True
        )
        return Form("staff.add", "Somebody new", (login, *fields), _add_staff)
    fields += [
        Spec(name, label, format_us(record[name]), hint, reads=partial(_read_day, today, name))
        for name, label, hint in (
            ("active_from", "First day", "such as 3/2/2026"),
            ("active_to", "Last day", "of somebody who leaves; empty for who is back"),
        )
    ]
    kept = {spec.name: spec.value for spec in fields}
    return Form(
        f"staff.edit {member.id}",
        f"{member.name} ({member.id})",
        tuple(fields),
        partial(_edit_staff, member.id, kept),
        "What it said before stays in the ledger, and what was printed stays as it was.",
    )


def _read_day(today: date, name: str, words: str) -> str:
    """How a date is understood."""
    if not words.strip():
        return ""
    day = parse_date(words, today, DAYS[name])
    return f"{day:%a} {format_us(day)}"


def _changes(before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value.strip() != before.get(name, "")}


def _save_practice(before: Mapping[str, str], desk: Desk, values: Mapping[str, str]) -> Acted:
    from casemgr.services.practices import edit_practice

    edited = edit_practice(desk, _changes(before, values))
    return Acted("changed", now(desk), edited.name, edited.id)


def _add_staff(desk: Desk, values: Mapping[str, str]) -> Acted:
    from casemgr.core.commands import AddStaff
    from casemgr.services.staff import add_staff

    added = add_staff(desk, AddStaff(**values))
    return Acted("added", now(desk), f"{added.name} ({added.id})", added.id)


def _edit_staff(login: str, before: Mapping[str, str], desk: Desk, values: Mapping[str, str]) -> Acted:
    from casemgr.core.commands import EditStaff
    from casemgr.services.staff import duties, edit_staff

    changes = _changes(before, values)
    for name in DAYS:
        if changes.get(name, "").strip():
            changes[name] = _day(desk, name, changes[name])
    edited = edit_staff(desk, EditStaff(login, changes))
    waiting = duties(desk, login).follow_ups if edited.active_to else 0
    theirs = "1 follow-up is" if waiting == 1 else f"{waiting:,} follow-ups are"
    warnings = (f"{theirs} still theirs: hand them over under Follow-ups.",) if waiting else ()
    return Acted("changed", now(desk), f"{edited.name} ({edited.id})", edited.id, warnings)


def _day(desk: Desk, name: str, words: str) -> str:
    """A date as it is kept.

    Raises:
        InputRefused: it cannot be read.
    """
    try:
        return parse_date(words, desk.today(), DAYS[name]).isoformat()
    except ParseError as error:
        refused = InputRefused(str(error), "Nothing was saved.", "Write it such as 10/21/2026.")
        refused.field = name
        raise refused from error
