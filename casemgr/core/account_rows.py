"""Claims, answers and payments as lists show them. Dates are ISO text, money is in cents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.text import last_first

if TYPE_CHECKING:
    from casemgr.core.billing import PatientPayment, Remittance


class ClaimWhose(NamedTuple):
    """A claim and whose it is."""

    id: str
    number: str
    month: str
    status: str
    voided: int
    payer: str
    payer_name: str
    payer_claim_number: str
    patient_id: str
    chart_number: str
    last_name: str
    first_name: str
    birth_date: str

    @property
    def patient(self) -> str:
        """`Last, First`."""
        return last_first(self.last_name, self.first_name)


class ListedRemittance(NamedTuple):
    """An answer, and the claim that it is to."""

    remittance: Remittance
    claim: ClaimWhose


class ListedPayment(NamedTuple):
    """A patient's payment, and the claim that it is for."""

    payment: PatientPayment
    claim: ClaimWhose
