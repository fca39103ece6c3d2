"""What an appeal letter says, and which entries it may quote.

Payers who state a rule count only the record made at the time of the work, not what is told afterwards
(Northeast Delta: the contemporaneous record; CMS Program Integrity Manual: late entries are marked). So a
letter argues with signed entries, verbatim, and says of each when it was entered and by whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from casemgr.core.ledger import Witness
    from casemgr.core.summary import ShownPatient, ShownPractice

CONTEMPORANEOUS_DAYS = 2
"""Days between the work and its entry that still count as at the time, where a payer states none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPayer:
    """To whom the letter goes."""

    name: str
    address: tuple[str, ...] = ()
    """The lines of the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReason:
    """Why the payer adjusted a line, as it said so."""

    code: str
    """Group and adjustment reason, such as `CO-16`, or a remark code, such as `N706`."""
    meaning: str
    """Our paraphrase; empty where the code is not in the practice's table."""
    cents: int = 0
    """What it took off; 0 for a remark, which takes off nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeniedLine:
    """A service line of which something was denied."""

    service_date: date
    code: str
    title: str
    charge_cents: int
    denied_cents: int | None
    """None where the payer answered for the claim as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedEntry:
    """A signed entry, quoted."""

    service_date: date
    kind: str
    minutes: int
    author: str
    """Name and credential of whoever did the work and signed."""
    entered_at: datetime
    """When it was entered, in the practice's own time."""
    signed_at: datetime
    said: tuple[tuple[str, str], ...]
    """What it says, as (label, verbatim text), in the order of the form; the empty fields left out."""
    code: str = ""
    late_days: int = 0
    """Days between the work and its entry."""
    labels: tuple[str, ...] = ()
    """Late entry, and amendments made before the denial."""
    entry: str = ""
    """Position and beginning of the hash of the ledger's entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnquotedEntry:
    """An entry of the claim that the letter leaves out, named with why."""

    service_date: date
    kind: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Everything that an appeal letter shows."""

    practice: ShownPractice
    patient: ShownPatient
    payer: ShownPayer
    claim_number: str
    control_number: str
    """The attachment control number of the packet that goes with it; empty without one."""
    payer_claim_number: str
    member_id: str
    first_service: date
    last_service: date
    denied_on: date
    """The date of the payer's answer."""
    lines: tuple[DeniedLine, ...]
    denied_cents: int
    reasons: tuple[ShownReason, ...]
    asked: str
    """What the payer is asked to do, in whole sentences."""
    argument: str = ""
    """Why the reasons do not hold, in the words of the dentist who signs; nothing of it is evidence."""
    entries: tuple[QuotedEntry, ...]
    left_out: tuple[UnquotedEntry, ...] = ()
    points: tuple[tuple[str, str], ...] = ()
    """What the case documented, as (label, verbatim text): complaint, findings, plan."""
    enclosures: tuple[str, ...] = ()
    treating_dentist: str
    treating_dentist_npi: str
    zone: str
    """The practice's time zone."""
    witness: Witness
    witnessed_at: int
    """The instant of the witness entry in microseconds since the epoch."""
    dated_on: date
    """The letter's date: the local date of that instant, never today."""

    @property
    def charge_cents(self) -> int:
        """The charges of the denied lines."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def some_late(self) -> bool:
        """Whether it quotes an entry that was not made at the time, and that the payer takes all the same."""
        return any(entry.late_days > CONTEMPORANEOUS_DAYS for entry in self.entries)

    @property
    def codes(self) -> tuple[str, ...]:
        """The denied codes, each once."""
        return tuple(dict.fromkeys(line.code for line in self.lines))


def not_quotable(*, late_days: int, signed_at: int, entered_at: int, denied_at: int, bound: int) -> str:
    """Why an entry does not count as contemporaneous; empty where it does.

    Args:
        late_days: days between the work and its entry.
        signed_at: the instant of signing, or 0 for a draft.
        entered_at: the instant of entering.
        denied_at: the instant from which on the denial was known.
        bound: the most days that the payer allows, or CONTEMPORANEOUS_DAYS.
    """
    if not signed_at:
        return "not signed"
    if max(entered_at, signed_at) >= denied_at:
        return f"{'signed' if entered_at < denied_at else 'entered'} on or after the day of the denial"
    if late_days > bound:
        return f"entered {late_days} days after the service"
    return ""
