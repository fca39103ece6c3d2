"""The practice's figures, worked out anew from the ledger alone, to be held against what casemgr says.

Only the entries' after-images are read, in their order; no table, no figure that a claim states of itself,
and no code of casemgr that plans, counts or adds up. What the words mean here:

- An activity is billed in the run of its service month. If that month was closed when it was first saved, its
  run is the first open month from the present one on; what is unsigned when its month is closed moves so too.
- A line is a patient's work of one date (or of one month, where the payer pays by the month) under one code
  and one coverage: tests.year.contract says what it comes to. Minutes are the raw ones of its activities.
  Work that comes when its date and code stand on a claim already is on no line.
- A claim's charge is that of its lines when it was last sent; before that, of its lines now.
- Paid is all that the payer ever paid, less what it took back. Of what was taken off, only what the payer
  said last of a line stands: group PR is the patient's; what a contract or law explains is contractual; all
  else is denied. A reversal takes back what was said of the lines that it names; an answer to every line
  replaces all that was said before, also of lines that a correction took off the claim.
- An answer leads a claim where its money says, also one that was closed or written off before. What was
  written off to end a claim is owed again when the claim is reopened.
- Charge = paid + patient + contractual + written off + the insurer's balance, which is denied or unanswered.
  A claim that is closed or written off has no insurer's balance. The patient's balance is the patient's part
  less the patient's payments.
- Aging puts each balance by the days since its claim was first sent: 0-30, 31-60, 61-90, 91+.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import sqlcipher3.dbapi2 as driver

from tests.year.accounts import FINISHED, UNSENT, Image, Money, Stands, money_of, standing, state_after
from tests.year.contract import Billed, Contact, by_the_month, code_for, is_billable, line_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BUCKETS = ((30, "0–30"), (60, "31–60"), (90, "61–90"))
OLDEST = "91+"


class Entry(NamedTuple):
    """What counts of a ledger entry."""

    seq: int
    at: int
    action: str
    entity: str
    entity_id: str
    command: str
    image: Image


class Aged(NamedTuple):
    """What is open of a claim, in cents."""

    bucket: str
    insurer: int
    patient: int


class Run(NamedTuple):
    """What is billed in a month's run."""

    activities: list[Image]
    lines: list[tuple[str, Billed]]
    """Claim numbers, empty while not drafted, with their lines."""
    left_out: dict[str, str]
    """Activity ids with why."""

    @property
    def minutes(self) -> int:
        """Of all activities."""
        return sum(one["minutes"] for one in self.activities)

    @property
    def charge_cents(self) -> int:
        """Of all lines."""
        return sum(line.charge_cents for _, line in self.lines)

    def minutes_by(self, field: str) -> dict[str, int]:
        """The activities' minutes, by `staff` or `patient_id`."""
        found: defaultdict[str, int] = defaultdict(int)
        for one in self.activities:
            found[one[field]] += one["minutes"]
        return dict(found)


def read_entries(home: Path, key: str, after: int = 0) -> list[Entry]:
    """The ledger's entries behind a position, from the encrypted file itself."""
    connection = driver.connect(str(home / "data" / "casemgr.db"))
    try:
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        rows = connection.execute(
            "SELECT seq, at, action, entity, entity_id, command, body FROM ledger WHERE seq > ? ORDER BY seq",
            (after,),
        ).fetchall()
    finally:
        connection.close()
    return [Entry._make((*columns, json.loads(body))) for *columns, body in rows]


class Books:
    """The practice as its ledger tells it; entries are taken in as they come."""

    def __init__(self, zone: str) -> None:
        """Before the first entry."""
        self._zone = ZoneInfo(zone)
        self.position = 0
        self.of: defaultdict[str, dict[str, Image]] = defaultdict(dict)
        """After-images by entity and id, in the order in which they were first written."""
        self.sent: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        """By claim id: the day, minutes and cents of each sending."""
        self._about: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        """Ids of answers and payments, by claim id and entity, in the order in which they were recorded."""
        self._given_up: dict[str, int] = {}
        """By claim id: what was written off when it was last not finished."""
        self.wrong: list[str] = []
        """Where an entry is not what the ones before it lead to."""

    def take(self, entries: Iterable[Entry]) -> None:
        """Take entries in, deed by deed."""
        for _, deed in groupby(entries, key=lambda entry: entry.command):
            self._deed(list(deed))

    def _deed(self, deed: list[Entry]) -> None:
        runs = {entry.image["month"] for entry in deed if (entry.entity, entry.action) == ("claim", "draft")}
        expected = {run: self.run(run) for run in runs}
        touched: set[str] = set()
        for entry in deed:
            self.position = entry.seq
            new = entry.entity_id not in self.of[entry.entity]
            if entry.entity == "activity":
                self._check_run(entry, new)
                touched.add("" if new else self.claim_of().get(entry.entity_id, ""))
            if entry.entity == "claim":
                touched.add(entry.entity_id)
                self._check_given_up(entry)
            if new and entry.entity in ("remittance", "patient_payment"):
                self._about[entry.image["claim_id"], entry.entity].append(entry.entity_id)
            self.of[entry.entity][entry.entity_id] = entry.image
        for entry in deed:
            if entry.entity == "remittance" and not entry.image["voided"]:
                claim = self.of["claim"][entry.image["claim_id"]]
                owed = self._charge(claim) - claim["written_off_cents"]
                expected_state = state_after(owed, self.stands(claim))
                same = claim["status"] in (*UNSENT, expected_state)
                self._hold(same, f"{claim['number']} is {claim['status']}, not {expected_state}")
        for run, before in expected.items():
            drafted = sorted((line for number, line in before.lines if not number), key=_by_ids)
            made = [one.image for one in deed if one.entity == "claim"]
            found = sorted((line for image in made for line in self._stated(image)), key=_by_ids)
            self._hold(found == drafted, f"{run}: other claims were drafted than the log makes")
        for claim_id in touched - {""}:
            claim = self.of["claim"][claim_id]
            if not claim["voided"]:
                now = sorted(self.lines_of(claim), key=_by_ids)
                stated = sorted(self._stated(claim), key=_by_ids)
                self._hold(now == stated, f"{claim['number']} does not say what its activities make")
            self._check_sent(claim)

    def _check_given_up(self, entry: Entry) -> None:
        """Whether no more was written off than was open, and nothing but by writing off and reopening."""
        now = entry.image
        before = self.of["claim"].get(entry.entity_id, now)
        given = now["written_off_cents"] - before["written_off_cents"]
        if entry.action == "write off":
            is_open = self.money(before).insurer
            true = given == is_open if now["status"] == "written_off" else 0 < given < is_open
        elif entry.action == "reopen":
            true = now["written_off_cents"] == self._given_up[entry.entity_id]
        else:
            true = not given
        self._hold(true, f"{now['number']} has another amount written off than there was")
        if now["status"] not in FINISHED:
            self._given_up[entry.entity_id] = now["written_off_cents"]

    def _check_run(self, entry: Entry, new: bool) -> None:
        """The run of what is saved first, or moved since the month is closed in the same deed."""
        image = entry.image
        own = image["service_date"][:7]
        present = f"{datetime.fromtimestamp(entry.at / 1_000_000, UTC).astimezone(self._zone):%Y-%m}"
        if new:
            expected = self._first_open(max(own, present)) if self.is_closed(own) else ""
        elif entry.action == "move":
            before = self.of["activity"][image["id"]]["run_month"]
            came_back = before and not self.is_closed(own)
            expected = "" if came_back else self._first_open(max(_next(before or own), present))
        else:
            expected = self.of["activity"][image["id"]]["run_month"]
        self._hold(image["run_month"] == expected, f"activity {entry.entity_id} is in the wrong run")

    def _first_open(self, month: str) -> str:
        while self.is_closed(month):
            month = _next(month)
        return month

    def _check_sent(self, claim: Image) -> None:
        sent = self.sent[claim["id"]]
        for sending in claim["submissions"][len(sent) :]:
            lines = self.lines_of(claim)
            minutes, cents = sum(one.minutes for one in lines), sum(one.charge_cents for one in lines)
            sent.append((sending["sent_on"], minutes, cents))
            same = (sending["minutes"], sending["charge_cents"]) == (minutes, cents)
            self._hold(same, f"{claim['number']} was sent with other figures than its lines have")

    def _hold(self, true: bool, told: str) -> None:
        if not true:
            self.wrong.append(f"entry {self.position}: {told}")

    def is_closed(self, month: str) -> bool:
        """Whether a month is closed."""
        found = self.of["month"].get(month)
        return bool(found and found["closed"])

    def live(self, entity: str) -> list[Image]:
        """Those that are not voided."""
        return [image for image in self.of[entity].values() if not image["voided"]]

    def claim_of(self) -> dict[str, str]:
        """Ids of live claims, by the ids of the activities on them."""
        return {
            activity_id: claim["id"]
            for claim in self.live("claim")
            for line in claim["lines"]
            for activity_id in line["activity_ids"]
        }

    @staticmethod
    def _stated(claim: Image) -> list[Billed]:
        """Lines as a claim states them."""
        return [
            Billed(
                line["service_date"],
                line["code"],
                line["minutes"],
                line["quantity"],
                line["quantity"] * line["fee_cents"],
                frozenset(line["activity_ids"]),
            )
            for line in claim["lines"]
        ]

    def lines_of(self, claim: Image) -> list[Billed]:
        """The lines that a claim's activities make."""
        ids = [each for line in claim["lines"] for each in line["activity_ids"]]
        found, short = self._lines(claim["payer"], [self.of["activity"][each] for each in ids])
        self._hold(not short, f"{claim['number']} holds what is too short for it")
        return found

    @staticmethod
    def _lines(payer: str, activities: Iterable[Image]) -> tuple[list[Billed], list[str]]:
        """The lines of one patient's activities under one coverage, and the ids of what is too short."""
        groups: defaultdict[tuple[str, str], list[Contact]] = defaultdict(list)
        for one in activities:
            code, day = code_for(payer, one["kind"]), one["service_date"]
            contact = Contact(one["id"], day, one["minutes"])
            groups[day[:7] if by_the_month(payer, code) else day, code].append(contact)
        found, short = [], []
        for (_, code), contacts in groups.items():
            line = line_of(payer, code, contacts)
            if line is not None:
                found.append(line)
            short += [one.id for one in contacts if line is None or one.id not in line.ids]
        return found, short

    def run(self, month: str) -> Run:
        """What is billed in a month's run, what would be, and what is not."""
        claimed = self.claim_of()
        activities = [
            one for one in self.live("activity") if (one["run_month"] or one["service_date"][:7]) == month
        ]
        claims = [one for one in self.live("claim") if one["month"] == month]
        lines = [(claim["number"], line) for claim in claims for line in self.lines_of(claim)]
        standing = self._standing()
        waiting: defaultdict[tuple[str, str], list[Image]] = defaultdict(list)
        left_out: dict[str, str] = {}
        for one in activities:
            if one["id"] in claimed:
                continue
            coverage = self.coverage_on(one["patient_id"], one["service_date"])
            why = self._why_not(one, coverage, standing)
            if why:
                left_out[one["id"]] = why
            elif coverage:
                waiting[coverage["payer"], coverage["id"]].append(one)
        for (payer, _), work in waiting.items():
            made, short = self._lines(payer, work)
            lines += (("", line) for line in made)
            left_out |= dict.fromkeys(short, "Too short for a unit")
        return Run(activities, lines, left_out)

    def _standing(self) -> set[tuple[str, str, str]]:
        """Patient, date or month, and code of every line on a live claim."""
        return {
            (claim["patient_id"], line["service_date"][: 7 if monthly else None], line["code"])
            for claim in self.live("claim")
            for line in claim["lines"]
            for monthly in {False, by_the_month(claim["payer"], line["code"])}
        }

    @staticmethod
    def _why_not(one: Image, coverage: Image | None, standing: set[tuple[str, str, str]]) -> str:
        if one["status"] == "draft":
            return "Draft"
        if coverage is None:
            return "No coverage"
        payer, day = coverage["payer"], one["service_date"]
        words = " ".join((one["reason"], one["outcome_words"], one["note"]))
        if not is_billable(payer, one["kind"], one["outcome"], words):
            return "Not billable"
        code = code_for(payer, one["kind"])
        since = day[:7] if by_the_month(payer, code) else day
        return "Date is on a claim" if (one["patient_id"], since, code) in standing else ""

    def coverage_on(self, patient_id: str, day: str) -> Image | None:
        """The coverage of a day; of several, the one that began last."""
        found = [
            one
            for one in self.live("coverage")
            if one["patient_id"] == patient_id
            and one["valid_from"] <= day
            and day <= (one["valid_to"] or "9999")
        ]
        return max(found, key=lambda one: (one["valid_from"], one["id"]), default=None)

    def stands(self, claim: Image) -> Stands:
        """What was answered to a claim."""
        answers = (self.of["remittance"][each] for each in self._about[claim["id"], "remittance"])
        return standing(claim, (one for one in answers if not one["voided"]))

    def money(self, claim: Image) -> Money:
        """A claim's money."""
        payments = (self.of["patient_payment"][each] for each in self._about[claim["id"], "patient_payment"])
        paid = sum(one["cents"] for one in payments if not one["voided"])
        return money_of(claim, self._charge(claim), self.stands(claim), paid)

    def _charge(self, claim: Image) -> int:
        sent = self.sent[claim["id"]]
        return sent[-1][2] if sent else sum(one.charge_cents for one in self.lines_of(claim))

    def aging(self, as_of: date) -> dict[str, Aged]:
        """The claims that were sent and of which a balance is open, by number."""
        found = {}
        for claim in self.live("claim"):
            if not self.sent[claim["id"]]:
                continue
            money = self.money(claim)
            days = (as_of - date.fromisoformat(self.sent[claim["id"]][0][0])).days
            if money.insurer or money.patient_balance:
                bucket = next((name for most, name in BUCKETS if days <= most), OLDEST)
                found[claim["number"]] = Aged(bucket, money.insurer, money.patient_balance)
        return found


def _next(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _by_ids(line: Billed) -> list[str]:
    return sorted(line.ids)
