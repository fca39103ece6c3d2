"""What a claim's packet holds besides its summary, gathered and named, before it has any look.

A packet is one document for a payer or an auditor: cover with index, summary, the activities as the ledger
kept them, verified benefits, authorizations, and the attached files. As in core/summary.py, a service fills
these from signed records and a document adds nothing; empty means that nothing was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casemgr.core.claim_life import UNSENT

if TYPE_CHECKING:
    from datetime import date, datetime

    from casemgr.core.billing import Claim
    from casemgr.core.summary import ClaimSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """What an amendment changed in one field."""

    field: str
    """The field's label."""
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One entry of the ledger about an activity."""

    at: datetime
    """When, in the practice's own time."""
    by: str
    """Name and credential."""
    did: str
    """What was done, in the past tense: entered, signed, amended."""
    why: str = ""
    changes: tuple[ShownChange, ...] = ()
    entry: str = ""
    """The entry's position and the beginning of its hash: `K7Q2:123 9f86d081`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A signed activity in full, with all that ever happened to it."""

    service_date: date
    kind: str
    """The kind's title."""
    code: str
    """The code of the line that it stands under; empty where it is not billed."""
    fields: tuple[tuple[str, str], ...]
    """Every field as (label, value), verbatim, in the order of the form; the empty ones left out."""
    empty: tuple[str, ...] = ()
    """The labels of the fields in which nothing was recorded."""
    labels: tuple[str, ...] = ()
    """Late entry, amendments and origin, such as `LATE ENTRY, 12 days`."""
    steps: tuple[ShownStep, ...] = ()
    """From the first entry to the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVerification:
    """Benefits as they were verified."""

    verified_on: date
    verified_by: str
    """Name and credential."""
    payer: str
    member_id: str
    contacted: str = ""
    """With whom."""
    method: str = ""
    reference: str = ""
    """The payer's reference for the call or the inquiry."""
    answer: str = ""
    """What was said, verbatim."""
    details: tuple[tuple[str, str], ...] = ()
    """Whatever else was recorded, as (label, value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAuthorization:
    """A prior authorization."""

    number: str
    payer: str
    codes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    units: str = ""
    """As words, such as `6, of which 2 used`."""
    status: str = ""
    details: tuple[tuple[str, str], ...] = ()
    """Whatever else was recorded, as (label, value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An attached file."""

    name: str
    """The name under which it was attached."""
    media_type: str
    """`application/pdf`, `image/png` or `image/jpeg`."""
    sha256: str
    content: bytes
    what: str
    """What it is, in words: referral letter, explanation of benefits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """Everything that the packet of one claim shows."""

    summary: ClaimSummary
    control_number: str
    """The attachment control number, by which the payer joins the packet to the claim."""
    zone: str
    """The practice's time zone, in which every time on the packet is."""
    status: str = ""
    """Where the claim stands, such as `submitted 11/02/2026`."""
    notices: tuple[str, ...] = ()
    """What must not be overlooked on the cover, such as that an amended claim is owed."""
    remarks: str = ""
    """The claim note as it was or will be sent."""
    records: tuple[ShownRecord, ...] = ()
    """The claim's activities by service date and start."""
    verifications: tuple[ShownVerification, ...] = ()
    authorizations: tuple[ShownAuthorization, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


def control_number_of(claim: Claim) -> str:
    """The attachment control number of a claim's sending: the last one's, or of the one that is to come."""
    if claim.status in UNSENT:
        return f"{claim.number}-{len(claim.submissions) + 1}"
    return claim.submissions[-1].control_number if claim.submissions else f"{claim.number}-1"
