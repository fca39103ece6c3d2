"""Every entity that the ledger may name, and its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.billing import (
    Attachment,
    Authorization,
    Claim,
    MonthClose,
    PatientPayment,
    Remittance,
    Verification,
)
from casemgr.core.records import (
    AccessEvent,
    Activity,
    Case,
    Coverage,
    Disclosure,
    FollowUp,
    ImportBatch,
    Patient,
    Practice,
    Staff,
    Timer,
)

if TYPE_CHECKING:
    from casemgr.core.entity import Entity

ENTITIES: dict[str, type[Entity]] = {
    "practice": Practice,
    "staff": Staff,
    "patient": Patient,
    "coverage": Coverage,
    "case": Case,
    "activity": Activity,
    "follow_up": FollowUp,
    "timer": Timer,
    "claim": Claim,
    "verification": Verification,
    "authorization": Authorization,
    "attachment": Attachment,
    "remittance": Remittance,
    "patient_payment": PatientPayment,
    "month": MonthClose,
    "import": ImportBatch,
    "disclosure": Disclosure,
    "access": AccessEvent,
}
"""By the name under which the ledger keeps them."""
