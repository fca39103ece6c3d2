"""All that was ever done to a claim: its own entries, and those of its answers and payments, by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.services.claims import the_claim
from casemgr.services.telling import Told, told
from casemgr.store.reads.answers import payments_of, remittances_of

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

MOST_CHANGED = 3
"""So many changed fields are told in a line; all stand in the JSON."""


class StoryStep(NamedTuple):
    """One entry."""

    about: str
    """Empty for the claim itself, else `answer` or `patient's payment`."""
    told: Told

    @property
    def changed(self) -> str:
        """What it changed, in a few words; nothing for an entry that made its record."""
        if (
            any(not one.before for one in self.told.differences[:1])
            and len(self.told.differences) > MOST_CHANGED
        ):
            return ""
        words = [
            f"{one.label}: {one.before} → {one.after}" if one.before else f"{one.label}: {one.after}"
            for one in self.told.differences
        ]
        more = f"; {len(words) - MOST_CHANGED} more" if len(words) > MOST_CHANGED else ""
        return "; ".join(words[:MOST_CHANGED]) + more


def story_of(desk: Desk, number: str) -> list[StoryStep]:
    """What was done to a claim, to the answers to it and to the patient's payments, oldest first.

    Raises:
        NotFound: there is no such claim.
    """
    with desk.store.snapshot():
        claim = the_claim(desk, number)
        found = [StoryStep("", step) for step in told(desk, "claim", claim.id).steps]
        for one in remittances_of(desk.store, claim.id, include_voided=True):
            found += [StoryStep("answer", step) for step in told(desk, "remittance", one.id).steps]
        for payment in payments_of(desk.store, claim.id, include_voided=True):
            found += [
                StoryStep("patient's payment", step)
                for step in told(desk, "patient_payment", payment.id).steps
            ]
    return sorted(found, key=lambda step: step.told.when)
