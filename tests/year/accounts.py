"""What the answers to a claim come to, worked out from after-images of the ledger. Amounts are integer cents.

The words are those of tests.year.recount.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTRACTUAL = frozenset({"45", "253", "24", "131", "237", "23"})
SHARES = frozenset({"1", "2", "3", ""})
"""Reasons of group PR that are the patient's ordinary part, and no denial."""
FINISHED = frozenset({"closed", "written_off"})
UNSENT = frozenset({"draft", "ready"})

Image = dict[str, Any]
Key = tuple[str, str]
"""Service date and code of a line; both are empty for the claim as a whole."""
WHOLE: Key = ("", "")


class Stands(NamedTuple):
    """What was answered to a claim."""

    paid: dict[Key, int]
    """Over all answers."""
    adjusted: dict[Key, list[Image]]
    """The adjustments that were said last, and not taken back."""

    def taken(self, of_patient: bool, contractual: bool = False) -> int:
        """What is the patient's, was taken off by contract, or else was denied."""
        return sum(
            one["cents"]
            for said in self.adjusted.values()
            for one in said
            if (one["group"] == "PR") == of_patient
            and (of_patient or (one["carc"] in CONTRACTUAL) == contractual)
        )

    @property
    def denies(self) -> bool:
        """Whether a reason stands that is a denial, whoever bears it."""
        everything = (one for said in self.adjusted.values() for one in said)
        return any(
            one["carc"] not in CONTRACTUAL and not (one["group"] == "PR" and one["carc"] in SHARES)
            for one in everything
        )


class Money(NamedTuple):
    """A claim's money."""

    charge: int
    paid: int
    patient: int
    contractual: int
    written_off: int
    denied: int
    insurer: int
    patient_paid: int

    @property
    def patient_balance(self) -> int:
        """What the patient still owes."""
        return self.patient - self.patient_paid


def standing(claim: Image, answers: Iterable[Image]) -> Stands:
    """What was paid of each line, and what stands against it."""
    paid: defaultdict[Key, int] = defaultdict(int)
    adjusted: dict[Key, list[Image]] = {}
    everything = {(line["service_date"], line["code"]) for line in claim["lines"]}
    for answer in sorted(answers, key=lambda one: one["paid_on"] or one["received_on"]):
        lines = {(line["service_date"], line["code"]): line for line in answer["lines"]}
        every = everything <= set(lines)
        if set(lines) == {WHOLE} or (every and not answer["reversal"]):
            adjusted.clear()
        elif every:
            adjusted.pop(WHOLE, None)
        for key, line in lines.items():
            paid[key] += line["paid_cents"]
            adjusted.pop(key, None)
            if not answer["reversal"]:
                adjusted[key] = line["adjustments"]
    return Stands(dict(paid), adjusted)


def money_of(claim: Image, charge: int, stands: Stands, patient_paid: int) -> Money:
    """A claim's money, of its charge and what stands."""
    paid, written_off = sum(stands.paid.values()), claim["written_off_cents"]
    patient, contractual = stands.taken(of_patient=True), stands.taken(of_patient=False, contractual=True)
    rest = charge - paid - patient - contractual - written_off
    denied = max(0, min(stands.taken(of_patient=False), rest))
    insurer = 0 if claim["status"] in FINISHED else rest
    return Money(charge, paid, patient, contractual, written_off, denied, insurer, patient_paid)


def state_after(owed: int, stands: Stands) -> str:
    """Where an answer leads a claim of which so much is owed, its charge less what was written off.

    Denied: nothing was paid, and something was refused or all is open. Paid: nothing is left for the insurer
    to pay. Paid in part: all between.
    """
    paid = sum(stands.paid.values())
    rest = owed - paid - stands.taken(of_patient=True) - stands.taken(of_patient=False, contractual=True)
    if paid <= 0 and (stands.denies or rest >= owed > 0):
        return "denied"
    return "paid_in_part" if rest > 0 else "paid"
