"""A synthetic practice with two months of work, made through the same services as a real one.

Every name, number and event is made up from lists and a fixed seed; none is anybody's.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.clock import FixedClock, SystemClock, local_date
from casemgr.core.commands import (
    AddPatient,
    AddStaff,
    AmendActivity,
    FinishFollowUp,
    FollowUpWish,
    LogActivity,
    OpenCase,
    VoidActivity,
)
from casemgr.core.dates import Month
from casemgr.core.minutes import format_minutes
from casemgr.core.money import format_cents
from casemgr.core.rows import ActivityFilter
from casemgr.services.activities import amend_activity, log_activity, void_activity
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims
from casemgr.services.demo_words import CASES, PATIENTS, STAFF, WORK
from casemgr.services.exports import export_month
from casemgr.services.follow_ups import finish_follow_up, listed
from casemgr.services.patients import add_patient
from casemgr.services.practices import edit_practice
from casemgr.services.printing import print_claims
from casemgr.services.setup import create_practice
from casemgr.services.staff import add_staff
from casemgr.store.ledger import witness
from casemgr.store.reads.activities import activities

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import Clock
    from casemgr.services.desk import Desk
    from casemgr.settings import Places

NAME, ZONE, OWNER = "Riverside Dental (demo)", "America/New_York", "mrivera"
SEED = 9993
A_DAY = range(2, 5)
"""How many activities a member of staff logs on a day."""
MINUTES = (5, 10, 10, 15, 15, 15, 20, 20, 25, 30, 40)


class Demo(NamedTuple):
    """What was made, and where."""

    facts: tuple[tuple[str, str], ...]
    """Labels and texts, to be shown."""
    month: Month
    """The month that was billed."""


def make_demo(places: Places, say: Callable[[str], None], clock: Clock | None = None) -> Demo:
    """Make the practice, log last month and this one, bill last month, and go back to the present.

    Args:
        places: where; there must be no practice yet.
        say: told what is being done.
        clock: what tells the present; the system's clock unless given.

    Raises:
        NotWritten: there is a practice already.
    """
    clock = clock or SystemClock()
    zone = ZoneInfo(ZONE)
    today = local_date(clock.now(), zone)
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    past = FixedClock(datetime.combine(first, time(8), zone))
    desk = create_practice(places, NAME, ZONE, OWNER, "Marisol Rivera", past)
    try:
        chance = Random(SEED)
        say("Making staff, patients and cases, all of them made up.")
        patients = set_up(desk, first)
        say("Logging two months of work.")
        day = first
        while day <= today:
            if day.weekday() < 5:
                log_day(desk, past, day, patients, chance, until=clock)
            day += timedelta(days=1)
        desk.clock = clock
        desk.seat(OWNER)
        correct_some(desk)
        month = Month(first.year, first.month)
        say(f"Drafting claims and printing their documentation for {month.title}.")
        drafted = draft_claims(desk, month)
        printed = list(print_claims(desk, drafted.claims, places.exports / f"claims-{month}"))
        exported = export_month(desk, month)
        waiting = listed(desk)
        head, _ = witness(desk.store)
        charge = format_cents(sum(claim.charge_cents for claim in drafted.claims))
        return Demo(
            (
                ("Practice", f"{NAME}, synthetic: everybody in it is made up"),
                (
                    "Logged",
                    f"{exported.rows} activities in {month.title}, {format_minutes(exported.minutes)}",
                ),
                ("Follow-ups", f"{len(waiting)} to do"),
                (
                    "Claims",
                    f"{len(drafted.claims)} drafted, {charge}; "
                    f"{len(drafted.left_out)} activities left out, with why",
                ),
                ("Workbook", str(exported.path)),
                ("PDFs", f"{len(printed)} in {places.exports / f'claims-{month}'}"),
                ("Ledger", str(head)),
            ),
            month,
        )
    finally:
        desk.close()


def set_up(desk: Desk, first: date) -> list[str]:
    """Particulars, staff, patients with coverage, and cases; returns the patients' ids."""
    edit_practice(
        desk,
        {
            "address": "12 Example Street, Cambridge, MA 02139",
            "phone": "617-555-0180",
            "npi": "0000000000",
            "tax_id": "00-0000000",
        },
    )
    for login, name, credential in STAFF:
        add_staff(desk, AddStaff(login, name, credential))
    ids = []
    for number, (last, first_name, born, language, payer, member) in enumerate(PATIENTS):
        wish = AddPatient(
            last_name=last,
            first_name=first_name,
            birth_date=date.fromisoformat(born),
            language=language,
            phone=f"617-555-01{number:02d}",
            address=f"{number * 7 + 3} Sample Road, Cambridge, MA 02139",
            payer=payer,
            member_id=member,
        )
        ids.append(add_patient(desk, wish).patient.id)
    for patient_id, words in zip(ids, CASES * (len(ids) // len(CASES) + 1), strict=False):
        if words:
            open_case(desk, OpenCase(patient_id, first, **words))  # type: ignore[arg-type]  # texts by field name
    return ids


def log_day(
    desk: Desk, clock: FixedClock, day: date, patients: list[str], chance: Random, until: Clock
) -> None:
    """A day's work of every member of staff, each entered when it was done, up to the present."""
    for login in (OWNER, *(login for login, _, _ in STAFF)):
        desk.seat(login)
        starts = datetime.combine(day, time(8, 30), desk.zone)
        for _ in range(chance.choice(A_DAY)):
            kind, minutes = chance.choice(tuple(WORK)), chance.choice(MINUTES)
            words = chance.choice(WORK[kind])
            done = starts + timedelta(minutes=minutes)
            clock.at = done + timedelta(minutes=chance.randrange(1, 20))
            patient_id = chance.choice(patients)
            due = day + timedelta(days=chance.randrange(1, 12))
            if clock.now() >= until.now():
                return
            follow_ups = (FollowUpWish(due, words.next_step),) if words.next_step else ()
            log_activity(
                desk,
                LogActivity(
                    patient_id=patient_id,
                    kind=kind,
                    service_date=day,
                    minutes=minutes,
                    start=f"{starts:%H:%M}",
                    method=words.method,
                    contacted=words.contacted,
                    note=words.note,
                    outcome_words=words.outcome,
                    fields=dict(words.fields),
                    follow_ups=follow_ups,
                ),
            )
            starts = clock.at
    # Most of what was due has been done; what is left makes the due list.
    for waiting in listed(desk, due_only=True):
        if chance.random() < 0.9:
            finish_follow_up(desk, FinishFollowUp(waiting.row.id, "done"))


def correct_some(desk: Desk) -> None:
    """An amendment and a withdrawal, so that documents have their labels to show."""
    worked = sorted(activities(desk.store, ActivityFilter()), key=lambda row: row.entered_at)
    amended, voided = [row.id for row in worked if row.minutes < 30][20:22]
    amend_activity(
        desk,
        AmendActivity(amended, "call log shows five minutes more", {"note": "Corrected after the call log."}),
    )
    void_activity(desk, VoidActivity(voided, "logged twice"))
