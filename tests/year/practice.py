"""A made-up practice and its year: four staff, 300 patients, three payers; the same from the same seed.

Nobody in it is anybody: names are drawn from lists, and the payers with their fees exist nowhere else.
"""

from __future__ import annotations

import csv
import io
import json
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

NAME, ZONE, OWNER, OWNER_NAME = "Millbrook Dental", "America/New_York", "adiallo", "Aminata Diallo"
YEAR = 2025
PATIENTS = 300
FIRST_CHART = 5001

STAFF = (
    ("jpark", "Ji-woo Park", "RDH"),
    ("rcostanunes", "Rui Costa Nunes", "CHW"),
    ("sotoole", "Siobhán O'Toole", "CDHC"),
)
"""Login, name and credential of the three beside the owner."""
LOGINS = (OWNER, *(login for login, _, _ in STAFF))

LAKESHORE, TIDEWATER, UNION = "Lakeshore Medicaid Dental", "Tidewater Dental PPO", "Union Trust Dental"
PAYERS = (LAKESHORE, TIDEWATER, UNION)

PAYER_FILES = tuple(sorted((Path(__file__).parent / "payers").glob("*.toml")))
"""The payers' rules as the practice writes them; tests.year.contract says the same once more, in Python."""


class Person(NamedTuple):
    """A patient as the practice-management program exports one."""

    chart: str
    last: str
    first: str
    born: date
    carrier: str
    """One of PAYERS, or words for nobody."""
    member: str

    @property
    def written(self) -> str:
        """As a log writes them."""
        return f"{self.last}, {self.first}" if self.first else self.last


class Work(NamedTuple):
    """A piece of work, as it will be logged."""

    day: date
    person: Person
    kind: str
    minutes: int
    staff: str
    note: str
    outcome: str
    method: str
    start: str = ""
    draft: bool = False


_PLAIN = (
    ("O'Brien-Núñez", "María José"),
    ("Nguyễn", "An"),
    ("van der Berg", "Lotte"),
    ("Sukarnoputri", "-"),
    ("李", "小龍"),
    ("Garcia", "Ana"),
    ("Garcia", "Ana"),
    ("DuBuque", "Jetta"),
    ("Smith", "[Bud] Robert"),
    ("Al-Farouq", "Zaynab bint Omar"),
    ("Ó Súilleabháin", "Pádraig"),
    ("Müller-Lüdenscheidt", "Jürgen"),
    ("Null", "Noah"),
    ("Łukaszewicz", "Żaneta"),
    ("=Sum", "Cell"),
    ("de la Cruz y Vega", "Luz"),
)
_LAST = (
    *("Abdi", "Baptiste", "Chen", "Duarte", "Edwards", "Ferreira", "Gutiérrez", "Haddad"),
    *("Ivanova", "Jensen", "Kowalski", "Lindqvist", "Mensah", "Nakamura", "Okafor", "Petrov"),
    *("Quispe", "Rossi", "Silva", "Tran", "Ueda", "Vasquez", "Whitfield", "Xiong"),
    *("Yilmaz", "Zielinski"),
)
_FIRST = (
    *("Amara", "Bruno", "Camila", "Dmitri", "Elif", "Faduma", "Gabriel", "Hana"),
    *("Ines", "Jonah", "Kofi", "Leila", "Mateo", "Noor", "Olga", "Priya"),
    *("Quynh", "Rosa", "Samuel", "Thuy", "Uma", "Viktor", "Wei"),
)

KINDS = ("referral", "transport", "interpreter", "missed_visit", "education")
_WORDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "referral": (
        ("Oral surgery office called, records and image sent", "Consult booked", "phone"),
        ("Packet faxed to endodontics", "Referral packet faxed, awaiting appt", "fax"),
        ("Perio front desk asks for the latest charting", "Specialist office will call back", "phone"),
    ),
    "transport": (
        ("No car; ride arranged both ways", "Ride confirmed", "phone"),
        ("Two visits by bus", "Bus pass mailed", "mail"),
        ("Asked the broker for a van", "Left voicemail", "phone"),
    ),
    "interpreter": (
        ("Certified interpreter asked for the extraction", "Interpreter booked", "phone"),
        ("Agency asked for the language", "Agency has no one for that day", "phone"),
    ),
    "missed_visit": (
        ("First call after the missed visit", "Left voicemail", "phone"),
        ("Reached by phone; work schedule in the way", "Reached pt, rebooked", "phone"),
        ("Called and confirmed the visit of next week", "Reached pt, rebooked", "phone"),
        ("Phone and text, no answer", "Number disconnected, letter sent", "mail"),
    ),
    "education": (
        ("Brushing and diet, shown and said back", "Teach-back done", "in person"),
        ("Fluoride varnish plan explained", "Caregiver understood fluoride varnish plan", "phone"),
    ),
}
"""By kind: note, outcome and method."""
_KIND_WORDS = {
    "referral": "Referral coordination",
    "transport": "Transport",
    "interpreter": "Interpreter",
    "missed_visit": "Missed visit",
    "education": "Oral-care education",
}
_MINUTES = (4, 6, 7, 8, 10, 12, 15, 20, 22, 23, 25, 30, 35, 45, 67)
_SPECIAL_DAYS = {
    2: (date(YEAR, 2, 28),),
    3: (date(YEAR, 3, 1), date(YEAR, 3, 9)),
    5: (date(YEAR, 5, 31),),
    11: (date(YEAR, 11, 2), date(YEAR, 11, 2)),
    12: (date(YEAR, 12, 31), date(YEAR, 12, 31)),
}
"""Days on which something must have been done: month ends, and those on which the clock is changed."""
_SPECIAL_STARTS = {date(YEAR, 3, 9): "03:10", date(YEAR, 11, 2): "01:20", date(YEAR, 12, 31): "22:50"}


def last_day(month: int) -> date:
    """The last day of a month of the year."""
    return date(YEAR, month, monthrange(YEAR, month)[1])


class Year:
    """Everybody, and all that will be done."""

    def __init__(self, seed: int) -> None:
        """The same seed gives the same year."""
        self._chance = Random(seed)
        self.people = self._make_people()
        self._serial = 0

    def _make_people(self) -> tuple[Person, ...]:
        chance = self._chance
        made: list[Person] = []
        taken: set[tuple[str, str, date]] = set()
        names = list(_PLAIN)
        while len(made) < PATIENTS:
            last, first = names.pop(0) if names else (chance.choice(_LAST), chance.choice(_FIRST))
            born = date(1938, 1, 1) + timedelta(days=chance.randrange(80 * 365))
            if not len(made) % 50:
                born = date(2012, 2, 29)
            if (last, first, born) in taken:
                continue
            taken.add((last, first, born))
            number = len(made)
            carrier = "Sliding fee" if number % 15 == 14 else PAYERS[number % 3]
            member = f"SYN{chance.randrange(10**7, 10**8)}" if carrier in PAYERS else ""
            made.append(Person(str(FIRST_CHART + number), last, first, born, carrier, member))
        return tuple(made)

    @property
    def patients_csv(self) -> str:
        """As `casemgr import patients` takes it."""
        columns = ("Chart #", "Last Name", "First Name", "Birthdate", "Phone", "Carrier", "Subscriber ID")
        rows = (
            (
                person.chart,
                person.last,
                person.first,
                f"{person.born:%m/%d/%Y}",
                f"617-555-0{int(person.chart) % 1000:03}",
                person.carrier,
                person.member,
            )
            for person in self.people
        )
        return _table(columns, rows)

    @property
    def movers(self) -> tuple[Person, ...]:
        """Those of whom more is known than of others; some of them change their payer in July."""
        return tuple(person for person in self.people if person.member)[20:28]

    def month(self, month: int) -> list[Work]:
        """A month's work, by day; to be asked for month after month, since one chance makes them all."""
        chance = self._chance
        last = last_day(month)
        days = [date(YEAR, month, day) for day in range(1, last.day + 1)]
        days = [day for day in days if day.weekday() < 5]
        made = [
            self._work(day, chance.choice(self.people), _SPECIAL_STARTS.get(day, "17:40"))
            for day in _SPECIAL_DAYS.get(month, ())
        ]
        turns = {6: date(YEAR, 6, 30), 7: date(YEAR, 7, 1)}
        made += [self._work(turns[month], person, "12:15") for person in self.movers if month in turns]
        for person in chance.sample(self.people, 74):
            day = chance.choice(days)
            for _ in range(chance.choices((1, 2, 3, 4), (48, 27, 16, 9))[0]):
                made.append(self._work(day, person))
                # Often on the same day again, which some payers count together.
                day = day if chance.random() < 0.3 else chance.choice(days)
        return sorted(made)

    def extra(self, month: int, count: int) -> list[Work]:
        """Further work of a month, told with its start: what was done last, or what was remembered late."""
        chance = self._chance
        covered = [person for person in self.people if person.member]
        made = []
        for number in range(count):
            day = date(YEAR, month, chance.randrange(1, last_day(month).day + 1))
            start = f"{8 + number % 9:02}:{chance.randrange(0, 60, 5):02}"
            made.append(self._work(day, chance.choice(covered), start))
        return made

    def before(self) -> list[Work]:
        """What was left over from the year before: a leap day's, and its last day's."""
        covered = [person for person in self.people if person.carrier == LAKESHORE]
        return [
            self._work(day, self._chance.choice(covered), start, kind="referral")
            for day, start in ((date(2024, 2, 29), "09:00"), (date(2024, 12, 31), "23:40"))
        ]

    def _work(self, day: date, person: Person, start: str = "", kind: str = "") -> Work:
        chance = self._chance
        kind = kind or chance.choice(KINDS)
        note, outcome, method = chance.choice(_WORDS[kind])
        self._serial += 1
        minutes = chance.choice(_MINUTES)
        staff = chance.choice(LOGINS)
        return Work(
            day, person, kind, minutes, staff, f"{note} (slip {self._serial})", outcome, method, start
        )


def log_csv(work: list[Work]) -> str:
    """Work as `casemgr import log` takes it: one sheet with a column that says who."""
    columns = ("Date", "Patient", "Chart #", "DOB", "Type", "Minutes", "How", "Note", "Outcome", "Staff")
    rows = (
        (
            f"{one.day:%m/%d/%Y}",
            one.person.written,
            one.person.chart,
            f"{one.person.born:%m/%d/%Y}",
            _KIND_WORDS[one.kind],
            one.minutes,
            one.method,
            one.note,
            one.outcome,
            one.staff,
        )
        for one in work
    )
    return _table(columns, rows)


def log_lines(work: list[Work]) -> str:
    """Work as `casemgr log --batch` takes it."""
    return "".join(
        json.dumps(
            {
                "patient": f"#{one.person.chart}",
                "kind": one.kind,
                "minutes": one.minutes,
                "date": one.day.isoformat(),
                "start": one.start,
                "staff": one.staff,
                "method": one.method,
                "note": one.note,
                "outcome": one.outcome,
                "draft": one.draft,
            },
            ensure_ascii=False,
        )
        + "\n"
        for one in work
    )


def _table(columns: tuple[str, ...], rows: object) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)  # type: ignore[arg-type]  # any rows of texts and numbers
    return text.getvalue()
