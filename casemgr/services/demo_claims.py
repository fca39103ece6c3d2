"""What becomes of the demo's claims: sent, paid, denied, appealed, and the month closed, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casemgr.core.billing import Adjustment
from casemgr.core.billing_commands import AddPayment, AnswerClaim, AnsweredLine, DenyClaim, SubmitClaims
from casemgr.core.commands import AmendActivity
from casemgr.services.activities import amend_activity
from casemgr.services.claim_edit import next_action
from casemgr.services.claim_life import accept, appeal, errors_by_number, ready, submit
from casemgr.services.claims import draft_claims, listed, the_claim
from casemgr.services.month_close import close_month
from casemgr.services.payments import add_payment
from casemgr.services.remittances import answer, deny

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.billing import Claim
    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk
    from casemgr.services.month_close import ClosedMonth

COPAY_CENTS = 500
FATES = ("paid", "part", "denied", "paid", "appealed", "owed", "paid", "accepted", "paid")
"""What becomes of the claims that are sent, in the order of their numbers; the others wait for an answer."""
FORTNIGHT = timedelta(days=14)
WAITS = "one claim waits until a case is opened for its patient"


class ClaimsLife:
    """The claims of a month, taken on step by step on the days after it."""

    def __init__(self, desk: Desk, month: Month, today: date) -> None:
        """Spread the steps over the days from the month's end until today."""
        self._desk = desk
        self._month = month
        self._fates: dict[str, str] = {}
        """What becomes of each claim that is sent, by its number."""
        self.closed: ClosedMonth | None = None
        """What closing the month came to, once it is closed."""
        steps: tuple[Callable[[], object], ...] = (
            lambda: self.make_ready(self.draft(month)),
            self._send,
            self._accept,
            self._answer,
            self._deny,
            self._settle,
            self._amend,
            self._close,
        )
        start = month.last + timedelta(days=1)
        span = (today - start).days
        self._due = [(start + timedelta(days=span * at // len(steps)), step) for at, step in enumerate(steps)]

    def on(self, day: date) -> None:
        """Take the steps of a day."""
        while self._due and self._due[0][0] <= day:
            self._due.pop(0)[1]()

    def claims(self) -> list[Claim]:
        """The month's claims as they stand now."""
        return [the_claim(self._desk, row.number) for row in listed(self._desk, self._month)]

    def draft(self, month: Month) -> list[str]:
        """Draft a month's claims; returns their numbers."""
        return [claim.number for claim in draft_claims(self._desk, month).claims]

    def make_ready(self, numbers: list[str]) -> None:
        """Make those claims ready in which the checks find no error."""
        errors = errors_by_number(self._desk, numbers)
        ready(self._desk, [number for number in numbers if not errors[number]])

    def _send(self) -> None:
        numbers = [claim.number for claim in self.claims() if claim.status == "ready"]
        submit(self._desk, SubmitClaims(tuple(numbers), "electronic", self._desk.today(), "SYN-277-0419"))
        self._fates = dict(zip(numbers, FATES, strict=False))

    def _those(self, *fates: str) -> list[Claim]:
        return [the_claim(self._desk, number) for number, fate in self._fates.items() if fate in fates]

    def _accept(self) -> None:
        for at, number in enumerate(self._fates):
            accept(self._desk, [number], f"SYN26{at:05}")

    def _answer(self) -> None:
        """Pay what is paid: four fifths of each line, and the rest is taken off by contract."""
        for at, claim in enumerate(self._those("paid", "part", "owed")):
            lines = []
            for place, line in enumerate(claim.lines):
                key, charge = (line.service_date, line.code), line.charge_cents
                if self._fates[claim.number] == "part" and place == 0:
                    used_up = Adjustment(group="CO", carc="119", cents=charge)
                    lines.append(AnsweredLine(key, 0, (used_up,)))
                    continue
                above = Adjustment(group="CO", carc="45", cents=charge // 5)
                share = COPAY_CENTS if self._fates[claim.number] == "part" else 0
                taken = (above, Adjustment(group="PR", carc="3", cents=share)) if share else (above,)
                lines.append(AnsweredLine(key, charge - charge // 5 - share, taken))
            check = f"SYN{47110 + at}"
            told = AnswerClaim(claim.number, self._desk.today(), tuple(lines), check_number=check)
            answer(self._desk, told)

    def _deny(self) -> None:
        today = self._desk.today()
        for claim in self._those("denied"):
            deny(self._desk, DenyClaim(claim.number, today, "197"))
            what = "ask for an authorization after the fact"
            next_action(self._desk, claim.number, what, today + FORTNIGHT)
        for claim in self._those("appealed"):
            deny(self._desk, DenyClaim(claim.number, today, "50"))

    def _settle(self) -> None:
        """Appeal a denial, and take in a part of what a patient owes."""
        today = self._desk.today()
        for claim in self._those("appealed"):
            appeal(self._desk, [claim.number], today, "the signed entries say why each contact was needed")
        for claim in self._those("part"):
            add_payment(self._desk, AddPayment(claim.number, COPAY_CENTS, today, "card"))

    def _amend(self) -> None:
        """Have the owner correct an activity that was billed already, so that a corrected claim is owed."""
        biller = self._desk.login
        self._desk.seat(self._desk.house.owner)
        for claim in self._those("owed"):
            line = claim.lines[0]
            wish = AmendActivity(line.activity_ids[0], "call log shows other minutes", {"minutes": 7})
            amend_activity(self._desk, wish)
        self._desk.seat(biller)

    def _close(self) -> None:
        self.closed = close_month(self._desk, self._month, WAITS)
