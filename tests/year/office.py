"""The office through its year: everything is done with the command line, a process for each command."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from casemgr.services.access import begin_session
from casemgr.services.unlocking import unlock
from casemgr.settings import read_settings
from tests.support import PASSPHRASE, ROOT, WITH_PASSPHRASE
from tests.year.papers import Book, cents
from tests.year.payer import Payer, stranger
from tests.year.practice import (
    LAKESHORE,
    NAME,
    OWNER,
    OWNER_NAME,
    PATIENTS,
    PAYER_FILES,
    PAYERS,
    STAFF,
    TIDEWATER,
    UNION,
    YEAR,
    ZONE,
    Year,
    log_csv,
    log_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support import Cli
    from tests.year.payer import Answer

_CASES = (
    ("--complaint", "Missed two of three visits", "--findings", "Caries at 17", "--plan", "Rides: no car"),
    ("--complaint", "Pain at 17", "--barrier", "Z59.82", "--consent", "Verbal, at the visit"),
    ("--barrier", "Z55.6", "--dentist", "Dr. Imani Example", "--dentist-npi", "1234567893"),
)
"""What cases say; none says everything that the checklist asks for."""
CLOCK = Path(__file__).parent / "clock"
"""What sets the clock of each process, so that the year's months are the present, one after another."""
TAKEN_AS_IS = "The year goes on: taken as it is"


class Office:
    """Who does the year's work, and what they keep in mind from month to month."""

    def __init__(self, cli: Cli, seed: int) -> None:
        """Nothing is there yet."""
        self.cli = cli
        self.year = Year(seed)
        self.payers = {name: Payer(name, seed) for name in PAYERS}
        self.done: Counter[str] = Counter()
        """What was done how often."""
        self.key = ""
        """The data's, once it is unlocked."""
        self.statuses: dict[str, str] = {}
        """Of claims, by number, as commands last told them."""
        self.drafts: list[str] = []
        """Ids of what is logged and unsigned."""
        self.now = datetime(YEAR, 1, 2, 8, tzinfo=ZoneInfo(ZONE))

    def it_is(self, day: date, hour: int) -> None:
        """Go on to an hour of a day."""
        later = datetime.combine(day, time(hour), ZoneInfo(ZONE))
        assert later > self.now
        self.now = later

    def run(self, *args: str | Path, stdin: str = "", code: int = 0) -> Any:
        """One command; what it prints with --json."""
        return json.loads(self.say(*args, "--json", stdin=stdin, code=code))

    def say(self, *args: str | Path, stdin: str = "", code: int = 0) -> str:
        """One command, a minute after the last one; what it prints."""
        self.done["processes"] += 1
        self.now += timedelta(minutes=1)
        env = {
            "TEST_NOW": str(int(self.now.timestamp()) * 10**9),
            "PYTHONPATH": os.pathsep.join((str(CLOCK), str(ROOT))),
        }
        return self.cli(*args, stdin=stdin, code=code, env=env).stdout

    def file(self, name: str, text: str) -> Path:
        """A file of the office."""
        path = self.cli.cwd / name
        path.write_text(text, encoding="utf-8")
        return path

    def open(self) -> None:
        """The practice with its staff, patients, payers, and what is known of some patients."""
        who = "--owner", OWNER, "--owner-name", OWNER_NAME
        self.say("init", "--practice", NAME, "--timezone", ZONE, *who, *WITH_PASSPHRASE)
        self.unlock()
        folder = self.cli.home / "config" / "payers"
        folder.mkdir(parents=True, exist_ok=True)
        for path in PAYER_FILES:
            copy(path, folder)
        self.say("practice", "edit", "--npi", "1234567893", "--tax-id", "04-1234567")
        rows = "".join(f"{login},{name},{credential}\n" for login, name, credential in STAFF)
        self.run("import", "staff", self.file("staff.csv", f"Login,Name,Role\n{rows}"))
        took = self.run("import", "patients", self.file("patients.csv", self.year.patients_csv))
        assert (took["accepted"], took["rejected"]) == (PATIENTS, [])
        # Said once: the books of the year leave in the clear.
        self.run("export", "workbook", "ar-aging", "-o", self.cli.cwd / "before.xlsx", "--clear")
        busy = self.year.movers
        for person, case in zip(busy, _CASES, strict=False):
            self.run("case", "open", f"#{person.chart}", "--on", f"1/2/{YEAR}", *case)
        # What is remembered of the year before comes too late for its own months.
        for closed in ("2024-02", "2024-12"):
            self.run("month", "close", closed)
        chart = f"#{busy[0].chart}"
        span = "--from", f"1/1/{YEAR}", "--to", f"12/31/{YEAR}"
        self.run("authorization", "add", chart, "--number", "PA-77", "--code", "D9994", *span, "--units", "2")
        self.run("benefits", "verify", chart, "--on", f"1/2/{YEAR}", "--by", "phone", "--covered", "yes")

    def unlock(self) -> None:
        """Unlock the practice for the whole year: by the clock of the machine, its days are long past."""
        places = read_settings({"CASEMGR_HOME": str(self.cli.home)}).places
        unlocked = unlock(places, OWNER, PASSPHRASE)
        self.key = unlocked.key
        begin_session(places, unlocked)

    def change_coverage(self) -> None:
        """In July some patients change their payer, and one loses cover."""
        for number, person in enumerate(self.year.movers[:3]):
            (held,) = self.run("coverage", "list", "--patient", f"#{person.chart}")
            self.run("coverage", "edit", held["id"], "--to", f"6/30/{YEAR}")
            if number < 2:
                payer = TIDEWATER if person.carrier != TIDEWATER else UNION
                new = "--payer", payer, "--member", f"SYN900000{number}", "--from", f"7/1/{YEAR}"
                self.run("coverage", "add", f"#{person.chart}", *new)

    def log(self, month: int) -> list[dict[str, Any]]:
        """A month's work: most from the list that the staff keep, some on the day, some too late."""
        work = self.year.month(month)
        path = self.file(f"log-{YEAR}-{month:02}.csv", log_csv(work))
        took = self.run("import", "log", path)
        assert (took["accepted"], took["minutes"]) == (len(work), sum(one.minutes for one in work))
        if month == 4:
            again = self.run("import", "log", path)
            assert (again["accepted"], len(again["duplicates"])) == (0, len(work))
        extra = self.year.extra(month, 12)
        extra[-1] = extra[-1]._replace(draft=True)
        late = self.year.extra(month - 1, 4) if month > 1 else self.year.before()
        self.done["late"] += len(late)
        logged: list[dict[str, Any]] = self.run("log", "--batch", stdin=log_lines([*extra, *late]))
        self.drafts += [one["id"] for one in logged if one["status"] == "draft"]
        if month % 4 == 0:
            self.say("activity", "sign", *self.drafts)
            self.done["signed late"] += len(self.drafts)
            self.drafts.clear()
        return logged[: len(extra) - 1]

    def bill(self, month: int, logged: list[dict[str, Any]]) -> None:
        """Draft, check, make ready and send a month's claims; some of its work is withdrawn on the way."""
        run = f"{YEAR}-{month:02}"
        drafted = self.run("claim", "draft", "--month", run)
        if month == 10:
            number = drafted["claims"][0]["number"]
            self.say("claim", "void", number, "--reason", "drafted too early")
            again = self.run("claim", "draft", "--month", run)
            assert [one["minutes"] for one in again["claims"]] == [drafted["claims"][0]["minutes"]]
            drafted["claims"] = [*again["claims"], *drafted["claims"][1:]]
        left = [one["id"] for one in logged if one["id"] in {row["id"] for row in drafted["left_out"]}]
        claimed = {
            each: claim
            for claim in drafted["claims"]
            for line in claim["lines"]
            for each in line["activity_ids"]
        }
        mine = [one for one in logged if one["id"] in claimed]
        gone = [*left[:1], *(one["id"] for one in mine[:1])]
        self.say("activity", "void", *gone, "--reason", "logged twice")
        self.done["voided"] += len(gone)
        checked = self.run("claim", "check", "--month", run, code=5)
        self.done["findings"] += sum(len(one["findings"]) for one in checked)
        self.run("claim", "ready", "--month", run, "--reason", TAKEN_AS_IS)
        sent = self._told(self.run("claim", "submit", "--month", run))
        self.done["sent"] += len(sent)
        assert sorted(one["number"] for one in checked) == sorted(one["number"] for one in sent)
        if month in (3, 11):
            self.amend(mine[1], claimed[mine[1]["id"]]["number"])
        self.hand_over(run)

    def amend(self, activity: dict[str, Any], number: str) -> None:
        """Amend what was sent, and send the corrected claim that is owed then."""
        longer = str(activity["minutes"] + 31)
        self.run("activity", "amend", activity["id"], "--minutes", longer, "--reason", "call log says so")
        assert self.run("claim", "show", number)["amendment_owed"]
        self.correct([number], "the log was amended")
        self.done["amended"] += 1

    def correct(self, numbers: list[str], why: str) -> None:
        """Take claims back and send them corrected."""
        self.run("claim", "correct", *numbers, "--reason", why)
        self.run("claim", "ready", *numbers, "--reason", TAKEN_AS_IS)
        self._told(self.run("claim", "submit", *numbers))
        self.done["corrected"] += len(numbers)

    def _told(self, moved: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.statuses |= {one["number"]: one["status"] for one in moved}
        return moved

    def close(self, month: int, again: str = "") -> Any:
        """Close a month for everybody, whatever stands against it; what the program says of it."""
        path = self.cli.cwd / f"month-{month:02}{again}.xlsx"
        return self.run("month", "close", f"{YEAR}-{month:02}", "--reason", TAKEN_AS_IS, "-o", path)

    def hand_over(self, run: str) -> None:
        """The payers get the claims of a run, as the claim form's workbook has them."""
        path = self.cli.cwd / f"forms-{run}.xlsx"
        self.run("export", "workbook", "claim-form", "--month", run, "-o", path, "--overwrite")
        rows = Book(path).table("Claim form").rows
        sent = [{**row, "31 Fee": cents(row["31 Fee"])} for row in rows if row["Status"] == "submitted"]
        for payer in self.payers.values():
            payer.receive(sent)

    def book_answers(self, month: int) -> None:
        """The payers answer what they have; two with an 835, one with a list."""
        for name, payer in self.payers.items():
            if name == UNION and month % 2:
                continue
            answers = payer.decide()
            if month in (5, 9) and name == LAKESHORE:
                # In September, of one line of several.
                lines = 1 if month == 9 else 99
                answers += payer.take_back(self._paid(payer, answers, month == 9), lines=lines)
            if answers:
                self._import(month, payer, answers, self.now.date())

    @staticmethod
    def _paid(payer: Payer, answers: list[Answer], of_several: bool) -> str:
        """A claim that was paid whole in an earlier month, of several lines if asked."""
        recent = {answer.number for answer in answers}
        found = (
            one.number
            for one in payer.accounts.values()
            if one.number not in recent
            and one.answers == 1
            and one.paid == one.charge
            and len(one.lines) > of_several
        )
        return next(found)

    def _import(self, month: int, payer: Payer, answers: list[Answer], on: date) -> None:
        extra = [stranger(on)] if month in (3, 10) and payer.name == LAKESHORE else []
        withheld = 1234 if month in (6, 11) and payer.name != UNION else 0
        if payer.name == UNION:
            path = payer.write_list(self.cli.cwd, answers, on)
        else:
            path = payer.write_835(self.cli.cwd, [*answers, *extra], on, withheld=withheld)
        told = self.run("import", "remittance", path)
        self.done["answers"] += len(answers)
        self.done["reversed"] += sum(one.status == "22" for one in answers)
        self.done["denied"] += sum(one.status == "4" for one in answers)
        self.done["answered whole"] += sum(
            one.said[0].key == ("", "") and len(payer.accounts[one.number].lines) > 1 for one in answers
        )
        self.done["rejected"] += len(extra)
        assert (len(told["booked"]), len(told["rejected"])) == (len(answers), len(extra)), told
        paid = sum(one.paid for one in answers)
        assert sum(one["paid_cents"] for one in told["booked"]) == paid
        (payment,) = told["payments"]
        assert (payment["booked_cents"], payment["difference_cents"]) == (paid, 0)
        assert payment["total_cents"] == paid + sum(one.paid for one in extra) - withheld
        self.statuses |= {one["number"]: one["after"] for one in told["booked"]}
        if month in (2, 8):
            again = self.run("import", "remittance", path)
            assert (len(again["booked"]), len(again["known"])) == (0, len(answers))

    def react(self, month: int) -> None:
        """What is done about the answers: appeal, correct, write off, close, take patients' shares."""
        why = {
            number: account.reasons
            for payer in self.payers.values()
            for number, account in payer.accounts.items()
            if self.statuses[number] in ("denied", "paid_in_part")
        }
        # A limit that is said to be used up is appealed in odd months, and given up in even ones.
        appealed, corrected = _those(why, "197", "97", "96", "119"), _those(why, "16")
        given_up = _those(why, "119", "50")
        if appealed and month % 2:
            reason = "--reason", "the entries show the need"
            self._told(self.run("claim", "appeal", *appealed, *reason))
            self._again(appealed)
            self.done["appealed"] += len(appealed)
        if corrected and not month % 2:
            self.correct(corrected, "the notes that were missing are enclosed")
            self._again(corrected)
        if given_up and not month % 2:
            self._told(self.run("claim", "write-off", *given_up, "--reason", "the plan's limit stands"))
            self.done["written off"] += len(given_up)
            if month == 8:
                # A payer thinks again by itself: its answer takes the claim up once more.
                self._again(given_up[:1])
        paid = [number for number, status in self.statuses.items() if status == "paid"]
        if paid:
            self._take_share(paid, 1 + month % 2)
            self._told(self.run("claim", "close", *paid))
            self.done["closed"] += len(paid)

    def _again(self, numbers: list[str]) -> None:
        for payer in self.payers.values():
            payer.again(numbers)

    def _take_share(self, paid: list[str], part: int) -> None:
        """A patient pays the whole share, or half of it."""
        accounts = [account for payer in self.payers.values() for account in payer.accounts.values()]
        owing = [one for one in accounts if one.number in paid and one.taken("PR") > 100]
        for account in owing[:1]:
            amount = _typed(account.taken("PR") // part)
            self.run("payment", "add", account.number, "--amount", amount, "--method", "card")
            self.done["shares"] += 1

    def type_in(self) -> None:
        """An answer comes by telephone and is typed in, after one that was meant for another claim."""
        payer = self.payers[TIDEWATER]
        answer = payer.called(payer.lost[0])
        wrong = next(
            one for one in payer.accounts if self.statuses[one] == "submitted" and one != answer.number
        )
        meant = self.run("claim", "pay", wrong, "--paid", "1.00")
        self.say("remittance", "void", meant["remittance_id"], "--reason", "it was another claim's")
        lines = [
            (
                "--line",
                f"{day}:{code}={_typed(one.paid)}"
                + "".join(f",{who}-{why}={_typed(cents)}" for who, why, cents in one.adjusted),
            )
            for one in answer.said
            for day, code in [one.key]
        ]
        told = self.run("claim", "pay", answer.number, *(text for line in lines for text in line))
        self._told([told])
        paid = self.run("payment", "add", wrong, "--amount", "2.50")
        self.say("payment", "void", paid["id"], "--reason", "the check came back")
        self._told(self.run("claim", "write-off", wrong, "--amount", "1.00", "--reason", "small balance"))

    def reopen(self, claim: dict[str, Any]) -> None:
        """Reopen a closed month, since a denied claim of it must be corrected, and close it again."""
        run, number = claim["month"], claim["number"]
        self.payers[claim["payer_name"]].called(number, refused=True)
        self._told([self.run("claim", "deny", number, "--group", "PR", "--carc", "96")])
        line = next(line for line in claim["lines"] if line["code"] == "D9993")
        activity = line["activity_ids"][0]
        change = "activity", "amend", activity, "--minutes", "77", "--reason", "call log says so"
        self.say(*change, code=5)
        self.run("month", "reopen", run, "--why", "a claim has to be corrected")
        self.run(*change)
        self.correct([number], "the log was amended")
        self.hand_over(run)
        self.close(int(run[-2:]), "-again")
        self.done["amended"] += 1


def _those(why: dict[str, frozenset[str]], *reasons: str) -> list[str]:
    return sorted(number for number, stand in why.items() if stand.intersection(reasons))


def _typed(cents: int) -> str:
    """An amount as people type it."""
    return f"{cents // 100}.{cents % 100:02}"


def sums(values: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Added up by name, without what comes to nothing."""
    found: Counter[str] = Counter()
    for name, value in values:
        found[name] += value
    return {name: value for name, value in found.items() if value}
