"""Rows of the workbooks that go by claims: the claim form's boxes, what payers owe and what they answered.

As in core/month.py: minutes and cents are integers, dates are local dates of the practice, None and empty
text leave a cell empty.
"""

from datetime import date
from typing import NamedTuple

FORM_LINES = 10
"""Service lines of a paper claim form; what is more goes on a further one (ADA 2024)."""


class ClaimFormLine(NamedTuple):
    """A claim line with the boxes of the ADA claim form (2024) that it and its claim fill."""

    claim_number: str
    form: int
    """Which of the claim's forms it stands on, from 1."""
    line: int
    """Which of that form's lines it is, from 1."""
    preauthorization: str
    """Box 2."""
    payer: str
    """Box 3."""
    patient: str
    """Boxes 12 and 20."""
    initials: str
    member_id: str
    """Box 15."""
    birth_date: date
    """Box 21."""
    birth_year: int
    gender: str
    """Box 22."""
    chart_number: str
    """Box 23."""
    service_date: date
    """Box 24."""
    code: str
    """Box 29."""
    pointer: str
    """Box 29a: letters of the diagnoses, the primary one first."""
    quantity: int
    """Box 29b."""
    description: str
    """Box 30, in our own short words."""
    charge_cents: int
    """Box 31: the full fee for the quantity."""
    form_total_cents: int | None
    """Box 32; on a form's first line only, so that the column adds up."""
    qualifier: str
    """Box 34: AB for ICD-10-CM."""
    diagnosis_a: str
    """Box 34a: the primary one."""
    diagnosis_b: str
    diagnosis_c: str
    diagnosis_d: str
    remarks: str
    """Box 35; on a form's first line only."""
    place_of_service: str
    """Box 38: two digits."""
    enclosures: str
    """Box 39: Y or N."""
    practice: str
    """Box 48."""
    practice_npi: str
    """Box 49."""
    tax_id: str
    """Box 51."""
    dentist: str
    """Box 53: the treating dentist, who signs it."""
    dentist_npi: str
    """Box 54."""
    minutes: int
    status: str
    """The claim's."""


class AgingRow(NamedTuple):
    """A claim with money open, by the age of its first submission in days."""

    claim_number: str
    patient: str
    initials: str
    birth_date: date
    birth_year: int
    chart_number: str
    payer: str
    sent_on: date | None
    age_days: int | None
    days_0_30_cents: int
    """What the payer owes, in the column of its age; 0 in the others."""
    days_31_60_cents: int
    days_61_90_cents: int
    days_91_cents: int
    insurer_cents: int
    """The four together."""
    patient_cents: int
    """What the patient owes."""
    status: str
    answered_on: date | None
    """The day of the payer's last answer."""
    deadline: date | None
    """The last day for filing or for an appeal, whichever comes next."""
    next_action: str
    next_action_on: date | None
    answer: str
    """The payer's last answer in a line; empty before the first."""
    deadline_of: str
    """What the deadline is for: `appeal` or `filing`; empty without one."""


class AgingSum(NamedTuple):
    """A payer's claims with money open."""

    payer: str
    claims: int
    days_0_30_cents: int
    days_31_60_cents: int
    days_61_90_cents: int
    days_91_cents: int
    insurer_cents: int
    patient_cents: int


class RemittanceRow(NamedTuple):
    """A payer's answer to a claim line, or to the claim as a whole."""

    claim_number: str
    patient: str
    initials: str
    birth_date: date
    birth_year: int
    chart_number: str
    payer: str
    payer_claim_number: str
    check_number: str
    paid_on: date | None
    """The date of the check or of the notice."""
    received_on: date
    service_date: date | None
    code: str
    billed_cents: int
    allowed_cents: int | None
    paid_cents: int
    contractual_cents: int
    """Taken off under the payer's contract (CO and OA with an accepted reason)."""
    patient_cents: int
    """Left to the patient (PR)."""
    denied_cents: int
    """Taken off for any other reason."""
    reasons: str
    """Group, reason code (CARC) and cents, such as `CO-45 $12.00; PR-1 $5.00`."""
    remarks: str
    """Remark codes (RARC)."""
    reversal: bool
    short_id: str
