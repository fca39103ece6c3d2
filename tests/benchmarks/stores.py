"""Practices of any size to measure on: truthful ledgers and tables, made once and copied."""

from __future__ import annotations

import shutil
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.clock import FixedClock, SystemClock, local_date
from casemgr.core.dates import Month
from casemgr.core.records import Activity, Coverage, FollowUp, Patient, Staff
from casemgr.services.access import begin_session
from casemgr.services.desk import Desk, migrations_folder, open_desk
from casemgr.services.releases import allow_clear
from casemgr.services.setup import create_practice
from casemgr.services.unlocking import unlock
from casemgr.settings import Settings, read_settings
from tests.support import PASSPHRASE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.store.ledger import Transaction

CACHE = ROOT / ".benchmarks"
"""Large stores take minutes to make, so they are kept here; git ignores the folder."""

ZONE = ZoneInfo("America/New_York")
OWNER = "mrivera"
MONTH = Month(2026, 10)
"""The month that lists, workbooks and claims are asked for."""
IN_MONTH = 500
"""Activities of that month, however many there are before it."""
YEARS = 10
BATCH = 5_000

_FIRST = """
Ana Luis Maria Jose Rosa Juan Carmen Pedro Lucia Diego Elena Omar Amina Minh Linh Wei Olga Ivan
Grace Kwame
"""
_LAST = """
Garcia Martinez Lopez Hernandez Nguyen Tran Chen Wang Okafor Mensah Petrov Ivanova Smith Jones Brown
Silva Santos Costa Haddad Khalil Rivera Torres Flores Ramos Reyes Morales Ortiz Castro Vargas
Mendoza
"""
_NOTES = """
called mother father front desk scheduler about appointment surgery consult referral packet
panoramic image records faxed again asked whether insurance approved prior authorization letter
needed ride pick-up clinic bus interpreter Spanish Vietnamese Arabic evening morning moved confirmed
cancelled rebooked voicemail text reminder brushing diet fluoride sealant extraction molar pain
swelling antibiotic allergy consent guardian school nurse shelter address phone changed works nights
prefers weekend waiting list specialist endodontist periodontist hospital anesthesia clearance
cardiologist glucose medication reviewed agreed declined
"""
FIRST, LAST, WORDS = _FIRST.split(), _LAST.split(), _NOTES.split()

STAFF = (
    (OWNER, "Marisol Rivera", "CDHC"),
    ("tchen", "Tam Chen", "RDH"),
    ("jokoye", "Joy Okoye", "CHW"),
    ("bsilva", "Bea Silva", "CDHC"),
)
KINDS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("referral", "packet_sent", "packet faxed", {"specialty": "oral_surgery", "provider": "Bayou OMS"}),
    ("transport", "ride_confirmed", "ride confirmed", {"vendor": "City Cab"}),
    ("interpreter", "confirmed", "confirmed for the visit", {"language": "Spanish"}),
    ("missed_visit", "voicemail", "left voicemail", {}),
    ("education", "teach_back", "teach-back done", {"topics": "oral hygiene"}),
)


class Person(NamedTuple):
    """A patient of the store, as far as a benchmark names one."""

    id: str
    last_name: str
    first_name: str
    birth_date: str
    chart_number: str


class Stores:
    """Hands out copies of filled practices, and a folder for what is measured on them."""

    def __init__(self, scratch: Path, *, quick: bool = False, full: bool = False) -> None:
        """Work in an empty folder.

        Args:
            scratch: holds the copies.
            quick: small stores and few rounds, to see that everything runs.
            full: a million activities too.
        """
        self.scratch = scratch
        self.quick = quick
        self.full = full
        self._copies = 0

    @property
    def usual(self) -> int:
        """Activities in the store that bars speak of."""
        return 2_000 if self.quick else 50_000

    @property
    def sizes(self) -> tuple[int, ...]:
        """Stores over which growth is shown."""
        return (1_000, self.usual, *((1_000_000,) if self.full else ()))

    def rounds(self, usual: int) -> int:
        """How many times something is measured."""
        return 3 if self.quick else usual

    def filled(self, activities: int, in_month: int = IN_MONTH) -> Settings:
        """A practice of its own with so many activities, `in_month` of them in MONTH."""
        self._copies += 1
        home = self.scratch / f"practice-{self._copies}"
        shutil.copytree(made_once(activities, in_month), home)
        settings = settings_of(home)
        begin_session(settings.places, unlock(settings.places, OWNER, PASSPHRASE))
        # The day's backup is there, since what makes it would share the machine with what is measured.
        settings.places.daily_backup(local_date(SystemClock().now(), ZONE)).touch()
        return settings

    def desk(self, settings: Settings) -> Desk:
        """Sit down in a practice as its owner, on the last day of MONTH."""
        return open_desk(settings, OWNER, last_day())


def last_day() -> FixedClock:
    """A clock that stands at the evening of MONTH's last day."""
    return FixedClock(datetime.combine(MONTH.last, time(18), ZONE))


def settings_of(home: Path) -> Settings:
    """The settings of a home folder."""
    return read_settings({"CASEMGR_HOME": str(home)})


def made_once(activities: int, in_month: int) -> Path:
    """The home folder of a store that was made before with these schema and generator, or is made now."""
    made_of = sha256()
    for file in (Path(__file__), *sorted(migrations_folder().iterdir())):
        made_of.update(file.read_bytes())
    home = CACHE / f"{activities}-{in_month}-{made_of.hexdigest()[:12]}"
    if not home.exists():
        for outdated in CACHE.glob(f"{activities}-{in_month}-*"):
            shutil.rmtree(outdated)
        unfinished = CACHE / f"unfinished-{home.name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        make(settings_of(unfinished), activities, in_month)
        unfinished.rename(home)
    return home


def make(settings: Settings, activities: int, in_month: int) -> None:
    """Fill a new practice with patients, coverage, activities and follow-ups, all through the ledger."""
    chance = Random(activities)
    clock = last_day()
    days = list(service_days(activities, in_month))
    clock.at = datetime.combine(days[0], time(8), ZONE) - timedelta(days=1)
    desk = create_practice(
        settings.places,
        "Riverside Community Dental",
        str(ZONE),
        OWNER,
        STAFF[0][1],
        clock,
        passphrase=PASSPHRASE,
    )
    try:
        allow_clear(desk)
        with desk.write() as tx:
            for login, name, credential in STAFF[1:]:
                tx.append("add", "staff", Staff(id=login, name=name, credential=credential))
            patients = [add_person(tx, number) for number in range(max(40, activities // 50))]
        for start in range(0, len(days), BATCH):
            some = days[start : start + BATCH]
            clock.at = datetime.combine(some[0], time(18), ZONE)
            with desk.write() as tx:
                for day in some:
                    add_activity(tx, chance, day, chance.choice(patients))
    finally:
        desk.close()


def service_days(activities: int, in_month: int) -> Iterator[date]:
    """The service date of each activity, in order: evenly over the years before MONTH, then over MONTH."""
    before = activities - in_month
    span = YEARS * 365
    for number in range(before):
        yield MONTH.first - timedelta(days=span - number * span // before)
    length = (MONTH.last - MONTH.first).days + 1
    for number in range(in_month):
        yield MONTH.first + timedelta(days=number * length // in_month)


def person(number: int) -> tuple[str, str, str, str]:
    """Last name, first name, birth date and chart number of the nth patient; no two are alike."""
    turn, place = divmod(number, len(FIRST) * len(LAST))
    last, first = LAST[place % len(LAST)], FIRST[place // len(LAST)]
    born = date(1950, 1, 1) + timedelta(days=(number * 7919) % 25_000 + turn)
    return last, first, born.isoformat(), f"{number + 1:06}"


def add_person(tx: Transaction, number: int) -> Person:
    """A patient; nine of ten have coverage."""
    last, first, born, chart = person(number)
    record = Patient(
        id=tx.new_id(),
        chart_number=chart,
        last_name=last,
        first_name=first,
        birth_date=born,
        language="Spanish",
    )
    tx.append("add", "patient", record)
    if number % 10 != 9:
        payer, name = (("sunrise-medicaid-dental", "Sunrise Medicaid Dental"), ("generic", "Any payer"))[
            number % 2
        ]
        coverage = Coverage(
            id=tx.new_id(), patient_id=record.id, payer=payer, payer_name=name, member_id=f"SYN{number:07}"
        )
        tx.append("add", "coverage", coverage)
    return Person(record.id, last, first, born, chart)


def add_activity(tx: Transaction, chance: Random, day: date, patient: Person) -> None:
    """A signed activity; every eighth leaves something to do."""
    kind, outcome, outcome_words, fields = chance.choice(KINDS)
    login = chance.choice(STAFF)[0]
    record = Activity(
        id=tx.new_id(),
        patient_id=patient.id,
        kind=kind,
        staff=login,
        service_date=day.isoformat(),
        minutes=chance.randrange(1, 12) * 5,
        outcome=outcome,
        outcome_words=outcome_words,
        start=f"{chance.randrange(8, 17):02}:{chance.randrange(0, 60, 5):02}",
        method="phone",
        contacted=chance.choice(("Mother", "Front desk", "Patient")),
        note=" ".join(chance.choices(WORDS, k=12)).capitalize() + f" #{chance.randrange(10_000)}.",
        fields=fields,
        signed_by=login,
        signed_at=tx.now,
        entered_at=tx.now,
        entered_by=login,
    )
    tx.append("log", "activity", record)
    if chance.random() < 0.125:
        done = day < MONTH.first
        due = (day + timedelta(days=7)).isoformat()
        tx.append(
            "add",
            "follow_up",
            FollowUp(
                id=tx.new_id(),
                due_date=due,
                what="Call back",
                patient_id=patient.id,
                activity_id=record.id,
                assigned_to=login,
                done_on=due if done else "",
                done_by=login if done else "",
            ),
        )
