"""The three payers: they read the claim form's workbook, decide, answer with 835 files or a list.

Their books are a second account of every cent, kept by who paid it. Amounts are integer cents. What an 835
looks like follows ASC X12N 005010X221A1.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, NamedTuple

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

Key = tuple[str, str]
"""ISO service date and code."""
Adjusted = tuple[tuple[str, str, int], ...]
"""Group, CARC and cents of each adjustment."""
CONTRACTUAL = frozenset({"45"})


class Asked(NamedTuple):
    """A line of a claim, as the payer got it."""

    key: Key
    cents: int


class Said(NamedTuple):
    """What a payer decided about a line; `key` is empty for the claim as a whole."""

    key: Key
    billed: int
    paid: int
    adjusted: Adjusted
    remarks: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What a payer decided about a claim."""

    number: str
    patient: str
    status: str
    """CLP02: 1 processed, 4 denied, 22 reversal."""
    payer_number: str
    said: tuple[Said, ...]

    @property
    def billed(self) -> int:
        """Of all lines."""
        return sum(one.billed for one in self.said)

    @property
    def paid(self) -> int:
        """Of all lines; negative for a reversal."""
        return sum(one.paid for one in self.said)

    @property
    def patient_cents(self) -> int:
        """What it leaves to the patient."""
        return sum(cents for one in self.said for group, _, cents in one.adjusted if group == "PR")


class Account:
    """A claim in the payer's books."""

    def __init__(self, number: str, patient: str) -> None:
        """Nothing was paid yet."""
        self.number, self.patient = number, patient
        self.lines: tuple[Asked, ...] = ()
        self.paid = 0
        self.stands: dict[Key, Said] = {}
        """What was said last of each line, and not taken back."""
        self.answers = 0
        self.silent = False
        """Whether the payer lost it."""
        self.waiting = True
        """Whether the payer has something to decide."""

    def book(self, answer: Answer) -> None:
        """Keep what was decided; of what was answered in part, the rest is still to be decided."""
        self.answers += 1
        self.paid += answer.paid
        every = {one.key for one in self.lines} <= {one.key for one in answer.said}
        if any(one.key == ("", "") for one in answer.said) or (every and answer.status != "22"):
            self.stands.clear()
        if answer.status == "22":
            for one in answer.said:
                self.stands.pop(one.key, None)
        else:
            self.stands.update((one.key, one) for one in answer.said)
        self.waiting = bool(self.unanswered) and answer.status == "1"

    @property
    def charge(self) -> int:
        """Of all lines."""
        return sum(line.cents for line in self.lines)

    @property
    def unanswered(self) -> list[Asked]:
        """The lines of which nothing was said."""
        return [one for one in self.lines if one.key not in self.stands and ("", "") not in self.stands]

    @property
    def reasons(self) -> frozenset[str]:
        """All that stand, as CARCs."""
        return frozenset(why for one in self.stands.values() for _, why, _ in one.adjusted)

    def taken(self, group: str, contractual: bool = False) -> int:
        """What stands against it: of group PR, by contract, or else denied."""
        return sum(
            cents
            for one in self.stands.values()
            for who, why, cents in one.adjusted
            if (who == "PR") == (group == "PR") and (group == "PR" or (why in CONTRACTUAL) == contractual)
        )


class Payer:
    """A payer, with what it was sent and what it said."""

    def __init__(self, name: str, seed: int) -> None:
        """The same seed decides the same of the same claims in the same order."""
        self.name = name
        self.accounts: dict[str, Account] = {}
        self._chance = Random(f"{name}{seed}")
        self._files = 0

    def receive(self, rows: Iterable[dict[str, object]]) -> None:
        """Take claims in, new and corrected ones: rows of the claim form by heading, money in cents."""
        lines: dict[str, list[Asked]] = {}
        patients: dict[str, str] = {}
        for row in rows:
            if row["3 Payer"] == self.name:
                number = str(row["Claim"])
                key = str(row["24 Procedure date"]), str(row["29 Procedure code"])
                lines.setdefault(number, []).append(Asked(key, int(str(row["31 Fee"]))))
                patients[number] = str(row["12/20 Subscriber/ patient name"])
        for number, asked in lines.items():
            account = self.accounts.get(number)
            if account is None:
                account = self.accounts[number] = Account(number, patients[number])
                account.silent = self._chance.random() < 0.07
            elif account.lines == tuple(asked):
                continue
            account.lines, account.waiting = tuple(asked), True

    def again(self, numbers: Iterable[str]) -> None:
        """Look at claims again that were appealed or sent once more."""
        for number in numbers:
            if number in self.accounts:
                self.accounts[number].waiting = True

    def decide(self) -> list[Answer]:
        """Answer what is waiting, and book it."""
        made: list[Answer] = []
        for account in sorted(self.accounts.values(), key=lambda one: one.number):
            if account.waiting and not account.silent:
                made += self._second(account) if account.answers else [self._booked(self._first(account))]
        return made

    @property
    def lost(self) -> list[str]:
        """The claims that it never answers unless it is called, by number."""
        return sorted(number for number, account in self.accounts.items() if account.silent)

    def called(self, number: str, *, refused: bool = False) -> Answer:
        """Answer a claim that was lost, when it is called about it."""
        account = self.accounts[number]
        account.silent = False
        said = [_refused(one, "PR", "96", "") if refused else _allowed(one, 90) for one in account.lines]
        return self._booked(self._answer(account, "4" if refused else "1", said))

    def take_back(self, number: str, percent: int = 80, lines: int = 99) -> list[Answer]:
        """Reverse what was said of a claim, or of its first lines, and decide anew how much is allowed."""
        account = self.accounts[number]
        anew = [_allowed(one, percent) for one in account.lines[:lines]]
        reversed_ = [
            Said(
                one.key,
                -one.billed,
                -one.paid,
                tuple((who, why, -cents) for who, why, cents in one.adjusted),
            )
            for one in list(account.stands.values())[:lines]
        ]
        back = self._booked(self._answer(account, "22", reversed_))
        return [back, self._booked(self._answer(account, "1", anew))]

    def _booked(self, answer: Answer) -> Answer:
        self.accounts[answer.number].book(answer)
        return answer

    def _answer(self, account: Account, status: str, said: Sequence[Said]) -> Answer:
        number = f"{self.name[:2].upper()}{account.number[-9:].replace('-', '')}{account.answers + 1}"
        return Answer(account.number, account.patient, status, number, tuple(said))

    def _first(self, account: Account) -> Answer:
        lines, chance = account.lines, self._chance.random()
        if chance < 0.28:
            return self._answer(account, "1", [Said(one.key, one.cents, one.cents, ()) for one in lines])
        if chance < 0.52:
            return self._answer(account, "1", [_allowed(one, 83) for one in lines])
        if chance < 0.66:
            # Allowed in part, and a fifth of that is the patient's coinsurance.
            return self._answer(account, "1", [_allowed(one, 90, 20) for one in lines])
        if chance < 0.71 and len(lines) > 1:
            first, *rest = lines
            said = [_refused(first, "CO", "119", "N362"), *(_allowed(one, 83) for one in rest)]
            return self._answer(account, "1", said)
        if chance < 0.74 or (chance < 0.8 and len(lines) > 2):
            return self._whole(account)
        if chance < 0.77 and len(lines) > 1:
            # One line now, the rest a month later.
            return self._answer(account, "1", [_allowed(lines[0], 83)])
        why = (
            ("CO", "197", ""),
            ("CO", "16", "N706"),
            ("CO", "119", "M86"),
            ("PI", "97", "N390"),
            ("PR", "96", ""),
        )
        return self._answer(
            account, "4", [_refused(one, *why[int(chance * 1000) % len(why)]) for one in lines]
        )

    def _whole(self, account: Account) -> Answer:
        """The claim as a whole, without lines: a copayment of up to five dollars."""
        cents = account.charge
        share = min(500, cents)
        said = Said(("", ""), cents, cents - share, (("PR", "3", share),) if share else ())
        return self._answer(account, "1", [said])

    def _second(self, account: Account) -> list[Answer]:
        """The rest of a claim; or, after an appeal or a correction, more than half are paid, others not."""
        if account.unanswered:
            rest = [_allowed(one, 83) for one in account.unanswered]
            return [self._booked(self._answer(account, "1", rest))]
        if self._chance.random() < 0.6 and account.paid:
            return self.take_back(account.number, 95)
        denied = {key for key, one in account.stands.items() if not one.paid}
        lines = [one for one in account.lines if one.key in denied] or account.lines
        if self._chance.random() < 0.6:
            return [self._booked(self._answer(account, "1", [_allowed(one, 95) for one in lines]))]
        said = [_refused(one, "CO", "50", "N130") for one in lines]
        return [self._booked(self._answer(account, "4", said))]

    def write_835(self, folder: Path, answers: Sequence[Answer], on: date, *, withheld: int = 0) -> Path:
        """An 835 with one payment.

        Args:
            folder: where it goes.
            answers: in their order.
            on: the day of payment.
            withheld: cents of an older overpayment that are taken off the payment (PLB).
        """
        self._files += 1
        number = f"{self._files:09}"
        total = sum(one.paid for one in answers) - withheld
        body = [
            "ST*835*0001",
            f"BPR*I*{_dollars(total)}*C*ACH*CCP*01*091000019*DA*12345*1999999999**01*011000015*DA*67890*{on:%Y%m%d}",
            f"TRN*1*{self.name[:3].upper()}{number}*1999999999",
            f"DTM*405*{on:%Y%m%d}",
            f"N1*PR*{self.name.upper()}",
            "N1*PE*MILLBROOK DENTAL*XX*1234567893",
            "LX*1",
        ]
        for answer in answers:
            body += _segments(answer)
        if withheld:
            body.append(f"PLB*1234567893*{on.year}1231*WO:OLD0042*{_dollars(withheld)}")
        body.append(f"SE*{len(body) + 1}*0001")
        sender = f"{self.name.split()[0].upper():<15}"
        envelope = (
            f"ISA*00*          *00*          *ZZ*{sender}*ZZ*{'MILLBROOK':<15}*{on:%y%m%d}*0930*^*00501*"
            f"{number}*0*P*:",
            f"GS*HP*{sender.strip()}*MILLBROOK*{on:%Y%m%d}*0930*{self._files}*X*005010X221A1",
            *body,
            f"GE*1*{self._files}",
            f"IEA*1*{number}",
        )
        path = folder / f"{self.name.split()[0].lower()}-{number[-3:]}.835"
        path.write_text("".join(f"{segment}~\n" for segment in envelope), encoding="utf-8")
        return path

    def write_list(self, folder: Path, answers: Sequence[Answer], on: date) -> Path:
        """A workbook, as payers without an 835 send one."""
        self._files += 1
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append([f"{self.name}: payments of {on:%m/%d/%Y}"])
        sheet.append(
            [
                *("Claim number", "Payer claim number", "Service date", "Code", "Billed", "Paid"),
                *("Adjustments", "Remarks", "Status", "Check number", "Check date"),
            ]
        )
        words = {"1": "Processed", "4": "Denied", "22": "Reversal"}
        for answer in answers:
            for one in answer.said:
                adjusted = "; ".join(f"{who}-{why} {_dollars(cents)}" for who, why, cents in one.adjusted)
                sheet.append(
                    [
                        *(answer.number, answer.payer_number, *one.key),
                        *(one.billed / 100, one.paid / 100, adjusted, " ".join(one.remarks)),
                        *(words[answer.status], f"UT{self._files:05}", on),
                    ]
                )
        total = sum(one.paid for one in answers)
        sheet.append(["Total", None, None, None, None, total / 100])
        path = folder / f"{self.name.split()[0].lower()}-{self._files:03}.xlsx"
        book.save(path)
        return path


def _allowed(asked: Asked, percent: int, coinsurance: int = 0) -> Said:
    """So much of the charge is allowed, and so much of that is left to the patient."""
    allowed = asked.cents * percent // 100
    share = allowed * coinsurance // 100
    adjusted = (("CO", "45", asked.cents - allowed), ("PR", "2", share))
    return Said(asked.key, asked.cents, allowed - share, tuple(one for one in adjusted if one[2]))


def _refused(asked: Asked, group: str, carc: str, rarc: str) -> Said:
    return Said(asked.key, asked.cents, 0, ((group, carc, asked.cents),), (rarc,) if rarc else ())


def stranger(on: date) -> Answer:
    """The answer to a claim that this practice never sent."""
    key = (on.replace(day=1).isoformat(), "D9992")
    return Answer("ZZZZ-2025-0404", "Nobody, Known", "1", "XX404", (Said(key, 1500, 1500, ()),))


def _segments(answer: Answer) -> Iterator[str]:
    lines = [one for one in answer.said if one.key != ("", "")]
    last, _, first = answer.patient.partition(", ")
    yield (
        f"CLP*{answer.number}*{answer.status}*{_dollars(answer.billed)}*{_dollars(answer.paid)}*"
        f"{_dollars(answer.patient_cents)}*12*{answer.payer_number}*11*1"
    )
    if not lines:
        yield from (segment for one in answer.said for segment in _cas(one))
    yield f"NM1*QC*1*{last}*{first}"
    for one in lines:
        yield f"SVC*AD:{one.key[1]}*{_dollars(one.billed)}*{_dollars(one.paid)}"
        yield f"DTM*472*{one.key[0].replace('-', '')}"
        yield from _cas(one)
        yield from (f"LQ*HE*{remark}" for remark in one.remarks)


def _cas(said: Said) -> Iterator[str]:
    yield from (f"CAS*{who}*{why}*{_dollars(cents)}" for who, why, cents in said.adjusted)


def _dollars(cents: int) -> str:
    """As the standard writes amounts: without needless zeros."""
    sign, whole = "-" if cents < 0 else "", abs(cents)
    text = f"{whole // 100}.{whole % 100:02}".rstrip("0").rstrip(".")
    return f"{sign}{text}"
