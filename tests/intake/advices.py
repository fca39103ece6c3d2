"""A small writer of 835 files, and advices made at random for it."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pytest
from hypothesis import strategies as st

from casemgr.core.remittance_advice import (
    AdvisedAdjustment,
    AdvisedClaim,
    AdvisedLine,
    PaymentAdvice,
    Place,
    ProviderAdjustment,
)
from casemgr.errors import InputRefused
from casemgr.intake.remittance_835 import parse_835, read_835
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from casemgr.core.remittance_advice import AdviceFile

REMITTANCES = ROOT / "tests" / "data" / "remittances"
FILES = sorted(REMITTANCES.glob("*.835"))
NOWHERE = Place("", 0, 0)


class Signs(NamedTuple):
    """What separates the parts of a file."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    newline: str = "\n"


CLAIM = ["LX*1", "CLP*C1*1*45*45*0*MC*P1"]
"""The segments of a claim of 45 dollars that was paid in full."""
USUAL = Signs()
ODD = [
    Signs(),
    Signs("|", ">", "!", "\n", ""),
    Signs("\x1d", "\x1f", "\x1e", "\x1c", ""),
    Signs(newline="\r\n"),
]


def interchange(transactions: Sequence[Sequence[str]], signs: Signs = USUAL, number: int = 1) -> str:
    """Segments, each written with the usual signs and without ST and SE, as a whole file."""
    isa = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'PAYER':15}*ZZ*{'PRACTICE':15}*261110*0930*^*00501*{number:09}*0*P*:"
    )
    segments = [isa, f"GS*HP*PAYER*PRACTICE*20261110*0930*{number}*X*005010X221A1"]
    for at, inside in enumerate(transactions, 1):
        segments += [f"ST*835*{at:04}", *inside, f"SE*{len(inside) + 2}*{at:04}"]
    segments += [f"GE*{len(transactions)}*{number}", f"IEA*1*{number:09}"]
    usual = str.maketrans({"*": signs.element, ":": signs.component, "^": signs.repetition})
    return "".join(segment.translate(usual) + signs.terminator + signs.newline for segment in segments)


def payment(*inside: str, total: str = "0") -> list[str]:
    """The segments of a payment, with its claims' and provider adjustments' after them."""
    return [f"BPR*I*{total}*C*CHK************20261110", "TRN*1*0004417*1999999999", *inside]


def amount(cents: int) -> str:
    """Cents in the shortest form that the standard allows: `100`, `100.5`, `.05`."""
    dollars, rest = divmod(abs(cents), 100)
    decimals = f".{rest:02}".rstrip("0").rstrip(".")
    return f"{'-' if cents < 0 else ''}{dollars or ('' if decimals else 0)}{decimals}"


def segments_of(advice: PaymentAdvice) -> Iterator[str]:
    """A payment as segments without ST and SE."""
    assert advice.paid_on is not None
    yield f"BPR*I*{amount(advice.total_cents)}*C*{advice.method}************{advice.paid_on:%Y%m%d}"
    yield f"TRN*1*{advice.trace}*{advice.payer_id}"
    yield f"N1*PR*{advice.payer}"
    yield f"N1*PE*{advice.payee}*XX*{advice.payee_id}"
    for number, claim in enumerate(advice.claims, 1):
        yield f"LX*{number}"
        yield from _claim(claim)
    for one in advice.provider_adjustments:
        reference = f":{one.reference}" if one.reference else ""
        yield f"PLB*{one.provider}*20261231*{one.code}{reference}*{amount(one.cents)}"


def _claim(claim: AdvisedClaim) -> Iterator[str]:
    told = (claim.charge_cents, claim.paid_cents, claim.patient_cents)
    yield f"CLP*{claim.number}*{claim.status}*{'*'.join(map(amount, told))}*MC*{claim.payer_claim_number}"
    yield from _adjustments(claim.adjustments)
    last, _, first = claim.patient_name.partition(", ")
    yield f"NM1*QC*1*{last}*{first}****MI*{claim.member_id}"
    if claim.remarks:
        yield f"MOA***{'*'.join(claim.remarks)}"
    if claim.received_on:
        yield f"DTM*050*{claim.received_on:%Y%m%d}"
    for line in claim.lines:
        submitted = f"*AD:{line.submitted_code}" if line.submitted_code else ""
        charge, paid = amount(line.charge_cents), amount(line.paid_cents)
        yield f"SVC*AD:{line.code}*{charge}*{paid}**{line.units}{submitted}"
        if line.service_date:
            yield f"DTM*472*{line.service_date:%Y%m%d}"
        yield from _adjustments(line.adjustments)
        yield f"REF*6R*{line.control_number}"
        if line.allowed_cents is not None:
            yield f"AMT*B6*{amount(line.allowed_cents)}"
        for remark in line.remarks:
            yield f"LQ*HE*{remark}"


def _adjustments(adjustments: Iterable[AdvisedAdjustment]) -> Iterator[str]:
    for group, members in groupby(adjustments, key=lambda one: one.group):
        told = [f"{one.carc}*{amount(one.cents)}*" for one in members]
        for at in range(0, len(told), 6):
            yield f"CAS*{group}*{'*'.join(told[at : at + 6])}"


AdvisedT = TypeVar("AdvisedT", AdvisedClaim, AdvisedLine, ProviderAdjustment, PaymentAdvice)


def somewhere(advised: AdvisedT) -> AdvisedT:
    """The same without its place, or those of what it holds."""
    if isinstance(advised, AdvisedClaim):
        return advised._replace(place=NOWHERE, lines=tuple(map(somewhere, advised.lines)))
    if isinstance(advised, PaymentAdvice):
        return advised._replace(
            place=NOWHERE,
            claims=tuple(map(somewhere, advised.claims)),
            provider_adjustments=tuple(map(somewhere, advised.provider_adjustments)),
        )
    return advised._replace(place=NOWHERE)


_cents = st.integers(-5_000_000, 5_000_000)
_codes = st.text("ABCDEFGHXYZ0123456789", min_size=1, max_size=5)
_ids = st.text("ABCDEFGHXYZ0123456789-", min_size=1, max_size=20)
_names = st.text("ABCDE NÑéü'-.", min_size=1, max_size=20).map(lambda text: " ".join(text.split()) or "A")
_days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
_adjusted = st.lists(
    st.builds(AdvisedAdjustment, st.sampled_from(["CO", "PR", "OA", "PI"]), _codes, _cents), max_size=8
).map(tuple)
_remarks = st.lists(_codes, max_size=4, unique=True).map(tuple)


@st.composite
def _lines(draw: st.DrawFn) -> AdvisedLine:
    adjusted, paid, code = draw(_adjusted), draw(_cents), draw(_codes)
    return AdvisedLine(
        code=code,
        submitted_code=draw(st.just("") | _codes.filter(lambda other: other != code)),
        service_date=draw(st.none() | _days),
        charge_cents=paid + sum(one.cents for one in adjusted),
        paid_cents=paid,
        allowed_cents=draw(st.none() | _cents),
        units=draw(st.integers(0, 9999)),
        adjustments=adjusted,
        remarks=draw(_remarks),
        control_number=draw(st.just("") | _ids),
        place=NOWHERE,
    )


@st.composite
def _claims(draw: st.DrawFn) -> AdvisedClaim:
    adjusted, lines = draw(_adjusted), tuple(draw(st.lists(_lines(), max_size=3)))
    taken = sum(one.cents for one in adjusted)
    paid = sum(line.paid_cents for line in lines) - taken if lines else draw(_cents)
    charge = sum(line.charge_cents for line in lines) if lines else paid + taken
    return AdvisedClaim(
        number=draw(_ids),
        status="22" if charge < 0 else draw(st.sampled_from(["1", "2", "3", "4", "19", "20", "21", "23"])),
        payer_claim_number=draw(st.just("") | _ids),
        charge_cents=charge,
        paid_cents=paid,
        patient_cents=draw(_cents),
        received_on=draw(st.none() | _days),
        patient_name=f"{draw(_names)}, {draw(_names)}",
        member_id=draw(_ids),
        adjustments=adjusted,
        remarks=draw(_remarks),
        lines=lines,
        place=NOWHERE,
    )


@st.composite
def advices(draw: st.DrawFn) -> PaymentAdvice:
    """A payment that balances in all its parts."""
    claims = tuple(draw(st.lists(_claims(), max_size=4)))
    taken = st.builds(
        ProviderAdjustment,
        st.sampled_from(["WO", "L6", "FB"]),
        st.just("") | _ids,
        _cents,
        _ids,
        st.just(NOWHERE),
    )
    provider = tuple(draw(st.lists(taken, max_size=3)))
    return PaymentAdvice(
        payer=draw(_names),
        payer_id=draw(_ids),
        payee=draw(_names),
        payee_id=draw(_ids),
        trace=draw(_ids),
        method=draw(st.sampled_from(["CHK", "ACH", "NON"])),
        paid_on=draw(_days),
        total_cents=sum(claim.paid_cents for claim in claims) - sum(one.cents for one in provider),
        claims=claims,
        provider_adjustments=provider,
        faults=(),
        difference_cents=0,
        place=NOWHERE,
    )


def only(name: str) -> PaymentAdvice:
    """The only payment of a file, without faults."""
    (advice,) = read_835(REMITTANCES / name).advices
    assert advice.balanced
    assert not advice.faults
    return advice


def parsed(*inside: str, total: str = "45") -> AdviceFile:
    """A file with one payment."""
    return parse_835("x.835", interchange([payment(*inside, total=total)]).encode())


def claim_of(*inside: str, total: str = "45") -> AdvisedClaim:
    """The only claim of a payment."""
    file = parsed(*inside, total=total)
    assert not file.faults
    return file.advices[0].claims[0]


def refusal(data: bytes | str) -> InputRefused:
    """The error for a file."""
    with pytest.raises(InputRefused) as told:
        parse_835("x.835", data if isinstance(data, bytes) else data.encode())
    assert told.value.title
    assert told.value.detail
    assert told.value.todo
    return told.value
