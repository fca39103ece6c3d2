"""The 835 of a payer, its remittance advice, read into payments, claims and lines (ASC X12N 005010X221A1).

Every amount that counts is read exactly and added up: what does not balance after section 1.10.2 is told, and
a file that is cut off, damaged or of another kind is refused whole.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from casemgr.core.money import format_cents
from casemgr.core.remittance_advice import (
    GROUPS,
    REVERSAL,
    STATUSES,
    AdviceFault,
    AdviceFile,
    AdvisedAdjustment,
    AdvisedClaim,
    AdvisedLine,
    PaymentAdvice,
    ProviderAdjustment,
    unbalanced,
)
from casemgr.core.text import last_first, tidy
from casemgr.core.wording import quoted
from casemgr.errors import InputRefused, ParseError
from casemgr.intake.files import read_bytes
from casemgr.intake.x12 import cents_in, date_in, decode_x12, misread, place_of, read_segments, x12_refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from casemgr.core.remittance_advice import Place
    from casemgr.intake.x12 import Segment

MAX_835_BYTES = 50 * 1024 * 1024
"""A bigger file is refused; the largest that payers send have a tenth of that."""
TOO_BIG = "Ask the payer or clearing house for one file a payment."

_VERSION = "005010X221"
_UNITS = re.compile(r"(\d{1,4})(?:\.0*)?", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{1,10}")
_CAS_TRIPLETS = range(2, 20, 3)
_PLB_PAIRS = range(3, 15, 2)
_MIA_REMARKS = (5, 20, 21, 22, 23)
_MOA_REMARKS = (3, 4, 5, 6, 7)
_ABOUT_A_CLAIM = frozenset({"CAS", "NM1", "MIA", "MOA", "AMT", "QTY", "SVC", "LQ"})


def read_835(path: Path) -> AdviceFile:
    """Read an 835 file.

    Raises:
        NotFound: there is no such file.
        InputRefused: see parse_835.
    """
    return parse_835(path.name, read_bytes(path, MAX_835_BYTES, TOO_BIG))


def parse_835(name: str, data: bytes) -> AdviceFile:
    """The payments in the bytes of an 835; `name` is the file's.

    Raises:
        InputRefused: it is no 835 of this version, too big, cut off, counts other than it holds, or has an
            amount that cannot be read or is beyond 99,999,999.99 dollars.
    """
    if len(data) > MAX_835_BYTES:
        raise InputRefused(f"{name} is too big", f"At most {MAX_835_BYTES >> 20} MB are read.", TOO_BIG)
    advices: list[PaymentAdvice] = []
    reader = _Transaction()
    try:
        for segment in read_segments(name, decode_x12(data), "835", _VERSION):
            if segment.id == "ST":
                reader = _Transaction()
            elif segment.id == "SE":
                advices.append(reader.advice())
            else:
                reader.take(segment)
    except ParseError as fault:
        raise x12_refused(name, str(fault)) from None
    if not advices:
        raise x12_refused(name, "It holds no transaction.")
    return AdviceFile(name, sha256(data).hexdigest(), tuple(advices))


class _Transaction:
    """Gathers what stands between ST and SE."""

    def __init__(self) -> None:
        self._header: dict[str, Segment] = {}
        self._claim: _Claim | None = None
        self._claims: list[_Claim] = []
        self._plb: list[ProviderAdjustment] = []

    def take(self, segment: Segment) -> None:
        """A segment in its order.

        Raises:
            ParseError: an amount or date of the payment cannot be read, or it stands where it must not.
        """
        name = segment.id
        if name == "PLB":
            self._claim = None
            self._plb += _provider_adjustments(segment)
        elif self._plb:
            raise misread(segment, "stands behind the provider adjustments")
        elif name == "CLP":
            self._claim = _Claim(segment)
            self._claims.append(self._claim)
        elif name == "LX":
            self._claim = None
        elif self._claim is not None:
            self._claim.take(segment)
        elif name in _ABOUT_A_CLAIM:
            raise misread(segment, "belongs to a claim and stands outside of any")
        else:
            self._take_header(segment)

    def _take_header(self, segment: Segment) -> None:
        name = segment.id
        if name == "CUR" and segment.at(2) != "USD":
            raise misread(segment, f"says that the amounts are in {quoted(segment.at(2))}, not in US dollars")
        if name in ("BPR", "TRN") and name in self._header:
            raise misread(segment, "stands there for the second time")
        key = f"{name} {segment.at(1)}" if name == "N1" else name
        self._header.setdefault(key, segment)

    def advice(self) -> PaymentAdvice:
        """The payment with its claims.

        Raises:
            ParseError: what must be known of the payment is missing or cannot be read.
        """
        payment, trace = self._header.get("BPR"), self._header.get("TRN")
        if payment is None or trace is None or not trace.at(2):
            raise ParseError(
                "A transaction does not say what was paid, or under which check or trace number."
            )
        total = cents_in(payment, 2)
        paid_on = date_in(payment.at(16))
        if paid_on is None:
            raise misread(payment, f"has {quoted(payment.at(16))} where the day of payment should be")
        claims: list[AdvisedClaim] = []
        faults: list[AdviceFault] = []
        for claim in self._claims:
            wrong = claim.faults()
            faults += wrong
            if not wrong:
                claims.append(claim.advised())
        paid = sum(claim.paid for claim in self._claims)
        adjusted = sum(adjustment.cents for adjustment in self._plb)
        difference = total - (paid - adjusted)
        if difference:
            reason = (
                f"The payment of {format_cents(total)} is not what its claims, {format_cents(paid)}, less "
                f"its provider adjustments, {format_cents(adjusted)}, come to."
            )
            faults.append(AdviceFault(place_of(payment), "", reason))
        payer, payee = self._header.get("N1 PR"), self._header.get("N1 PE")
        return PaymentAdvice(
            payer=tidy(payer.at(2)) if payer else "",
            payer_id=trace.at(3) or (payer.at(4) if payer else ""),
            payee=tidy(payee.at(2)) if payee else "",
            payee_id=payee.at(4) if payee else "",
            trace=trace.at(2),
            method=payment.at(4),
            paid_on=paid_on,
            total_cents=total,
            claims=tuple(claims),
            provider_adjustments=tuple(self._plb),
            faults=tuple(faults),
            difference_cents=difference,
            place=place_of(payment),
        )


class _Claim:
    """Gathers a claim from its CLP on."""

    def __init__(self, clp: Segment) -> None:
        self._clp = clp
        self._place = place_of(clp)
        self._charge, self.paid = cents_in(clp, 3), cents_in(clp, 4)
        self._patient = cents_in(clp, 5) if clp.at(5) else 0
        self._adjustments: list[AdvisedAdjustment] = []
        self._remarks: list[str] = []
        self._lines: list[_Line] = []
        self._people: dict[str, Segment] = {}
        self._dates: dict[str, date] = {}
        self._faults: list[AdviceFault] = []
        status = clp.at(2)
        if not clp.at(1):
            self._fault(self._place, "It does not say which claim of ours it is about.")
        if status == "25":
            self._fault(self._place, "It prices a predetermination: nothing was billed yet.")
        elif status not in STATUSES:
            self._fault(self._place, f"Its status {quoted(status)} is none of the standard's.")
        if (self._charge > 0) if status == REVERSAL else (self._charge < 0):
            self._fault(
                self._place, "A reversal takes charges back, and nothing else does: its sign is wrong."
            )

    def take(self, segment: Segment) -> None:
        """A segment of the claim, or of the line that was begun last.

        Raises:
            ParseError: an amount cannot be read.
        """
        name, line = segment.id, self._lines[-1] if self._lines else None
        if name == "SVC":
            self._lines.append(_Line(segment))
            if not self._lines[-1].code:
                self._fault(place_of(segment), "It does not say which procedure it is about.")
            if self._lines[-1].units is None:
                self._fault(place_of(segment), f"Its units {quoted(segment.at(5))} are no whole number.")
        elif name == "CAS":
            (self._adjustments if line is None else line.adjustments).extend(self._cas(segment))
        elif name == "DTM":
            self._dtm(segment, self._dates if line is None else line.dates)
        elif name == "NM1":
            self._people.setdefault(segment.at(1), segment)
        elif name in ("MIA", "MOA"):
            positions = _MIA_REMARKS if name == "MIA" else _MOA_REMARKS
            self._remark(segment, self._remarks, [segment.at(at) for at in positions])
        elif line is not None and name == "LQ" and segment.at(1) == "HE":
            self._remark(segment, line.remarks, [segment.at(2)])
        elif line is not None and name == "REF" and segment.at(1) == "6R":
            line.control_number = segment.at(2)
        elif line is not None and name == "AMT" and segment.at(1) == "B6":
            line.allowed = cents_in(segment, 2)

    def _cas(self, segment: Segment) -> list[AdvisedAdjustment]:
        """The adjustments of a CAS: a group, then up to six times reason, amount and quantity."""
        group, found = segment.at(1), []
        if group not in GROUPS:
            self._fault(place_of(segment), f"{quoted(group)} is no group of adjustments.")
        if any(segment.elements[_CAS_TRIPLETS.stop :]):
            raise misread(segment, "has more adjustments than the standard allows")
        for at in _CAS_TRIPLETS:
            carc = segment.at(at)
            if not carc and not segment.at(at + 1):
                continue
            if not _CODE.fullmatch(carc):
                self._fault(place_of(segment), f"{quoted(carc)} is no reason of an adjustment.")
            found.append(AdvisedAdjustment(group, carc, cents_in(segment, at + 1)))
        return found

    def _dtm(self, segment: Segment, dates: dict[str, date]) -> None:
        qualifier = segment.at(1)
        if qualifier not in ("050", "150", "232", "472"):
            return
        day = date_in(segment.at(2))
        if day is None:
            self._fault(place_of(segment), f"{quoted(segment.at(2))} is no date.")
        else:
            dates.setdefault(qualifier, day)

    def _remark(self, segment: Segment, remarks: list[str], codes: Sequence[str]) -> None:
        for code in filter(None, codes):
            if not _CODE.fullmatch(code):
                self._fault(place_of(segment), f"{quoted(code)} is no remark code.")
            elif code not in remarks:
                remarks.append(code)

    def _fault(self, place: Place, reason: str) -> None:
        self._faults.append(AdviceFault(place, self._clp.at(1), reason))

    def faults(self) -> list[AdviceFault]:
        """Everything for which it cannot be taken in; to be asked once its last segment was taken."""
        found = list(self._faults)
        number = self._clp.at(1)
        for line in self._lines:
            if why := unbalanced(line.charge, line.paid, line.adjustments):
                found.append(AdviceFault(line.place, number, why))
        everything = [*self._adjustments, *(one for line in self._lines for one in line.adjustments)]
        if why := unbalanced(self._charge, self.paid, everything):
            found.append(AdviceFault(self._place, number, why))
        charged = sum(line.charge for line in self._lines)
        if self._lines and charged != self._charge:
            why = f"Its lines charge {format_cents(charged)} together, it {format_cents(self._charge)}."
            found.append(AdviceFault(self._place, number, why))
        return found

    def advised(self) -> AdvisedClaim:
        """The claim, which must have no faults."""
        clp, patient, member = self._clp, self._people.get("QC"), self._people.get("IL")
        identified = patient if patient and patient.at(9) else member
        return AdvisedClaim(
            number=clp.at(1),
            status=clp.at(2),
            payer_claim_number=clp.at(7),
            charge_cents=self._charge,
            paid_cents=self.paid,
            patient_cents=self._patient,
            received_on=self._dates.get("050"),
            patient_name=last_first(tidy(patient.at(3)), tidy(patient.at(4))) if patient else "",
            member_id=identified.at(9) if identified else "",
            adjustments=tuple(self._adjustments),
            remarks=tuple(self._remarks),
            lines=tuple(line.advised(self._dates.get("232")) for line in self._lines),
            place=self._place,
        )


class _Line:
    """Gathers a line from its SVC on."""

    def __init__(self, svc: Segment) -> None:
        self.place = place_of(svc)
        self.charge, self.paid = cents_in(svc, 2), cents_in(svc, 3)
        self.code, self._submitted = _procedure(svc, 1), _procedure(svc, 6)
        units = _UNITS.fullmatch(svc.at(5) or "1")
        self.units = int(units[1]) if units else None
        self.allowed: int | None = None
        self.adjustments: list[AdvisedAdjustment] = []
        self.remarks: list[str] = []
        self.dates: dict[str, date] = {}
        self.control_number = ""

    def advised(self, claim_from: date | None) -> AdvisedLine:
        """The line; without a date of its own it has the claim's first day."""
        return AdvisedLine(
            code=self.code,
            submitted_code=self._submitted if self._submitted != self.code else "",
            service_date=self.dates.get("472") or self.dates.get("150") or claim_from,
            charge_cents=self.charge,
            paid_cents=self.paid,
            allowed_cents=self.allowed,
            units=self.units or 0,
            adjustments=tuple(self.adjustments),
            remarks=tuple(self.remarks),
            control_number=self.control_number,
            place=self.place,
        )


def _provider_adjustments(segment: Segment) -> list[ProviderAdjustment]:
    """The adjustments of a PLB: a provider, a fiscal year's end, then up to six times reason and amount."""
    found = []
    if any(segment.elements[_PLB_PAIRS.stop :]):
        raise misread(segment, "has more adjustments than the standard allows")
    for at in _PLB_PAIRS:
        if segment.at(at) or segment.at(at + 1):
            code, *reference = segment.parts(at)
            told = "".join(reference[:1])
            found.append(
                ProviderAdjustment(code, told, cents_in(segment, at + 1), segment.at(1), place_of(segment))
            )
    return found


def _procedure(svc: Segment, position: int) -> str:
    """The code in a composite such as `AD:D9993:22`; "" where there is none."""
    parts = svc.parts(position)
    return parts[1] if len(parts) > 1 else ""
