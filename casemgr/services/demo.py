"""A synthetic practice with two months of work, made through the same services as a real one.

Every name, number and event is made up from lists and a fixed seed; none is anybody's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.clock import FixedClock, SystemClock, local, local_date
from casemgr.core.claim_life import status_label
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
from casemgr.services.benefits import AddAuthorization, VerifyBenefits, add_authorization, verify_benefits
from casemgr.services.cases import open_case
from casemgr.services.demo_claims import ClaimsLife
from casemgr.services.demo_words import (
    BILLER,
    DETAILS,
    HARBOR,
    LITERACY,
    NO_CASE,
    NOT_VERIFIED,
    PATIENTS,
    RIDE,
    SECOND_CALL,
    STAFF,
    SUNRISE,
    WORK,
)
from casemgr.services.follow_ups import finish_follow_up, listed
from casemgr.services.patients import add_patient
from casemgr.services.practices import edit_practice
from casemgr.services.printing import print_claims
from casemgr.services.releases import allow_clear
from casemgr.services.setup import create_practice
from casemgr.services.staff import add_staff
from casemgr.store.ledger import witness
from casemgr.store.reads.activities import activities

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import Clock
    from casemgr.services.demo_words import Words
    from casemgr.services.desk import Desk
    from casemgr.settings import Places

DEMO_PASSPHRASE = "every patient here is made up"
"""The owner's, for everybody to know."""

NAME, ZONE, OWNER = "Riverside Dental (demo)", "America/New_York", "mrivera"
SEED = 9993
A_DAY = range(1, 5)
"""How many activities a member of staff logs on a day."""
MINUTES = (5, 8, 10, 12, 15, 15, 18, 20, 22, 25, 30, 40)
PAID_DAYS = 8
"""So many days a month the made-up program pays for a patient."""
DONE = 0.9
"""The part of what is due that is done on its day."""


class Demo(NamedTuple):
    """What was made, and where."""

    facts: tuple[tuple[str, str], ...]
    """Labels and texts, to be shown."""
    month: Month
    """The month that was billed."""


def make_demo(places: Places, say: Callable[[str], None], clock: Clock | None = None) -> Demo:
    """Make the practice, log last month and this one, take last month's claims through their life, close it.

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
    desk = create_practice(places, NAME, ZONE, OWNER, "Marisol Rivera", past, passphrase=DEMO_PASSPHRASE)
    try:
        say("Making staff, patients and cases, all of them made up.")
        patients = set_up(desk, first)
        # The files of the demo are as made up as the rest, and are there to be looked at.
        for login in (BILLER[0], OWNER):
            desk.seat(login)
            allow_clear(desk)
        month = Month.of(first)
        work, life = Work(patients, Random(SEED)), ClaimsLife(desk, month, today)
        say("Logging two months of work, and billing the first of them.")
        day = first
        while day <= today:
            past.at = min(datetime.combine(day, time(8, 5), zone), local(clock.now(), zone))
            desk.seat(OWNER)
            if day == month.last + timedelta(days=1):
                correct_some(desk)
            desk.seat(BILLER[0])
            life.on(day)
            if day.weekday() < 5:
                log_day(desk, past, day, work, until=clock)
            day += timedelta(days=1)
        desk.clock = clock
        desk.seat(OWNER)
        closed = life.closed
        assert closed is not None and closed.workbook is not None
        say(f"Printing the claims of {month.title}, and drafting those of {Month.of(today).title}.")
        printed = list(print_claims(desk, life.claims(), places.exports / f"claims-{month}"))
        drafted = life.draft(Month.of(today))
        life.make_ready(drafted[::2])
        waiting = listed(desk)
        head, _ = witness(desk.store)
        claims = life.claims()
        states = Counter(status_label(claim.status) for claim in claims)
        told = ", ".join(f"{count} {state}" for state, count in states.most_common())
        return Demo(
            (
                ("Practice", f"{NAME}, synthetic: everybody in it is made up"),
                (
                    "Logged",
                    f"{closed.workbook.rows} activities in {month.title}, which is closed, "
                    f"{format_minutes(closed.workbook.minutes)}",
                ),
                ("Follow-ups", f"{len(waiting)} to do"),
                (
                    "Claims",
                    f"{len(claims)}, {format_cents(sum(claim.charge_cents for claim in claims))}: {told}; "
                    f"{len(drafted)} of {Month.of(today).title}",
                ),
                ("Workbook", str(closed.workbook.path)),
                ("PDFs", f"{len(printed)} in {places.exports / f'claims-{month}'}"),
                ("Passphrase", DEMO_PASSPHRASE),
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
            "npi": "1234567893",
            "tax_id": "00-0000000",
        },
    )
    for login, name, credential in STAFF:
        add_staff(desk, AddStaff(login, name, credential))
    add_staff(desk, AddStaff(*BILLER, role="billing", access="biller"))
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
        patient_id = add_patient(desk, wish).patient.id
        ids.append(patient_id)
        if last not in NO_CASE:
            words = RIDE if number % 2 == 0 else LITERACY
            open_case(desk, OpenCase(patient_id, first, **words))  # type: ignore[arg-type]  # texts by field name
        if payer and last not in NOT_VERIFIED:
            days = "24 days a year" if payer == HARBOR else f"{PAID_DAYS} days a month"
            said = f"Covered, one unit a day, {days}; no authorization needed"
            asked = ("phone", "provider line", f"88{number:03}")
            verify_benefits(desk, VerifyBenefits(patient_id, first, "", *asked, "yes", ("D9993",), said))
    last_day = (first + timedelta(days=200)).isoformat()
    allowed = AddAuthorization(ids[0], "PA-SYN-2231", "", ("D9993",), first.isoformat(), last_day, 24)
    add_authorization(desk, allowed)
    return ids


class Work:
    """Whose work is logged, and what was logged of each, by turns and chance."""

    def __init__(self, patients: list[str], chance: Random) -> None:
        """Nothing is logged yet."""
        self.patients = patients
        self.chance = chance
        rows = dict(zip(patients, PATIENTS, strict=True))
        self.limited = {patient_id for patient_id, row in rows.items() if row[4] == SUNRISE}
        self.languages = {patient_id: row[3] for patient_id, row in rows.items()}
        self._days: dict[tuple[str, Month], set[date]] = defaultdict(set)
        self._notes: Counter[str] = Counter()
        self.missed: dict[str, date] = {}
        """The visit that was missed last, by patient."""

    def takes(self, patient_id: str, day: date) -> bool:
        """Whether another activity may be logged on a day, of which the program pays a few a month only."""
        days = self._days[patient_id, Month.of(day)]
        return patient_id not in self.limited or day in days or len(days) < PAID_DAYS

    def somebody(self, day: date) -> str:
        """A patient by chance."""
        return self.chance.choice([each for each in self.patients if self.takes(each, day)])

    def wish(self, patient_id: str, kind: str, words: Words, day: date) -> LogActivity:
        """An activity of a day, without minutes yet."""
        self._days[patient_id, Month.of(day)].add(day)
        self._notes[patient_id] += 1
        fields = dict(words.fields)
        if kind == "missed_visit":
            missed = self.missed.setdefault(patient_id, day - timedelta(days=1))
            fields["missed_date"] = missed.isoformat()
        elif kind == "interpreter":
            fields["language"] = self.languages[patient_id]
        return LogActivity(
            patient_id=patient_id,
            kind=kind,
            service_date=day,
            minutes=self.chance.choice(MINUTES),
            method=words.method,
            contacted=words.contacted,
            reason=words.reason,
            note=f"{words.note}. {DETAILS[self._notes[patient_id] % len(DETAILS)]}",
            outcome_words=words.outcome,
            fields=fields,
        )


def log_day(desk: Desk, clock: FixedClock, day: date, work: Work, until: Clock) -> None:
    """A day's work of every member of staff, each entered when it was done, up to the present."""
    chance = work.chance
    for login in (OWNER, *(login for login, _, _ in STAFF)):
        desk.seat(login)
        starts = datetime.combine(day, time(8, 30), desk.zone)
        for _ in range(chance.choice(A_DAY)):
            patient_id, kind = work.somebody(day), chance.choice(tuple(WORK))
            if kind == "interpreter" and work.languages[patient_id] == "English":
                kind = "education"
            words = chance.choice(WORK[kind])
            wish = work.wish(patient_id, kind, words, day)
            due = day + timedelta(days=chance.randrange(1, 12))
            clock.at = starts + timedelta(minutes=wish.minutes + chance.randrange(1, 20))
            if clock.now() >= until.now():
                return
            follow_ups = (FollowUpWish(due, words.next_step),) if words.next_step else ()
            log_activity(desk, wish._replace(start=f"{starts:%H:%M}", follow_ups=follow_ups))
            starts = clock.at
    # Most of what was due has been done, or is done by logging it; what is left makes the due list.
    for waiting in listed(desk, due_only=True):
        if chance.random() >= DONE:
            continue
        row = waiting.row
        if row.what == SECOND_CALL and row.patient_id and work.takes(row.patient_id, day):
            clock.at += timedelta(minutes=25)
            if clock.now() >= until.now():
                return
            words = chance.choice(WORK["missed_visit"][1:])
            wish = work.wish(row.patient_id, "missed_visit", words, day)
            log_activity(desk, wish._replace(finishes=row.id))
            work.missed.pop(row.patient_id, None)
        else:
            finish_follow_up(desk, FinishFollowUp(row.id, "done"))


def correct_some(desk: Desk) -> None:
    """An amendment and a withdrawal, so that documents have their labels to show."""
    worked = sorted(activities(desk.store, ActivityFilter()), key=lambda row: row.entered_at)
    amended, voided = [row.id for row in worked if row.minutes < 30][20:22]
    amend_activity(
        desk,
        AmendActivity(amended, "call log shows five minutes more", {"note": "Corrected after the call log."}),
    )
    void_activity(desk, VoidActivity(voided, "logged twice"))
