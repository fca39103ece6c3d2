"""Checking thousands of claims against gathering the same facts and asking nothing of them."""

from __future__ import annotations

import tracemalloc
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from casemgr.core.billing import Verification
from casemgr.core.dates import Month
from casemgr.core.records import Case
from casemgr.services.claim_checks import check_claims
from casemgr.services.claim_facts import gather
from casemgr.services.claims import draft_claims
from casemgr.services.claims import listed as claims_listed
from tests.benchmarks.stores import MONTH
from tests.benchmarks.table import Line, alternated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.services.desk import Desk
    from tests.benchmarks.stores import Stores

BAR = 2.0
GROWTH_BAR = 12.0
"""Ten times the claims in ten times the time, and what a busy machine adds."""
CLAIMS = (1_000, 10_000)
ROUNDS = 5


def run(stores: Stores) -> Iterator[Line]:
    """Time against reading, then growth, then memory."""
    few, many = (20, 200) if stores.quick else CLAIMS
    desk = stores.desk(stores.filled(stores.usual))
    try:
        numbers = draft(desk, many)
        ids = [row.id for row in claims_listed(desk)][-many:]
        took = alternated(
            lambda: exhaust(check_claims(desk, numbers)),
            lambda: exhaust(gather(desk, ids)),
            stores.rounds(ROUNDS),
        )
        yield Line(f"check {many:,} claims / gather the same facts", *took, BAR)
        # From the middle, where there are claims before and after as for most of them.
        some = numbers[len(numbers) // 2 :][:few]
        took = alternated(
            lambda: exhaust(check_claims(desk, numbers)),
            lambda: exhaust(check_claims(desk, some)),
            stores.rounds(ROUNDS),
        )
        yield Line(f"check {many:,} claims / {few:,}", *took, GROWTH_BAR)
        memory = [most_memory(desk, each) for each in (some, numbers)]
        yield Line(f"check, most memory, {many:,} claims / {few:,}", memory[1], memory[0], unit="KiB")
    finally:
        desk.close()


def draft(desk: Desk, count: int) -> list[str]:
    """Draft claims month by month, back from MONTH, until there are so many; their numbers by month.

    The practice asked about benefits and says who it is; every other patient has a case, half documented, so
    that checks have something to read and something to miss.
    """
    with desk.write() as tx:
        house = desk.practice.model_copy(update={"npi": "1234567893", "tax_id": "00-0000000"})
        tx.append("edit", "practice", house)
        patients = [row[0] for row in desk.store.rows("SELECT id FROM patients ORDER BY row")]
        for patient_id in patients[::2]:
            tx.append("open", "case", case_of(tx.new_id(), patient_id))
        for coverage_id, patient_id in list(desk.store.rows("SELECT id, patient_id FROM coverages")):
            tx.append("verify", "verification", verified(tx.new_id(), patient_id, coverage_id))
    desk.__dict__.pop("practice", None)
    month, drafted = MONTH, 0
    while drafted < count:
        drafted += len(draft_claims(desk, month).claims)
        month = Month.of(month.first - timedelta(days=1))
    return [row.number for row in claims_listed(desk)][-count:]


def case_of(case_id: str, patient_id: str) -> Case:
    """A case that was open all the time, documented as far as half of the checklist."""
    return Case(
        id=case_id,
        patient_id=patient_id,
        opened_on="2010-01-01",
        complaint="Pain on the upper left",
        findings="Deep caries, several teeth",
        treating_dentist="Dana Lee",
    )


def verified(verification_id: str, patient_id: str, coverage_id: str) -> Verification:
    """What the payer said at the beginning of the last year."""
    return Verification(
        id=verification_id,
        patient_id=patient_id,
        coverage_id=coverage_id,
        verified_on=f"{MONTH.year}-01-02",
        verified_by="mrivera",
        covered="yes",
    )


def exhaust(found: Iterator[object]) -> None:
    """Ask for all, and keep none."""
    deque(found, maxlen=0)


def most_memory(desk: Desk, numbers: list[str]) -> float:
    """The most memory that Python holds while claims are checked, in KiB."""
    tracemalloc.start()
    exhaust(check_claims(desk, numbers))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1024
