"""What people ask for about claims, as frozen values: a face makes one, a service carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from casemgr.core.billing import Adjustment, Method
    from casemgr.core.claim_money import Key

MAX_UNITS = 9_999
"""Units that may be written into an authorization; more was mistyped."""


class SubmitClaims(NamedTuple):
    """Record that claims were sent to their payers."""

    numbers: tuple[str, ...]
    method: Method
    sent_on: date
    reference: str = ""
    """The receipt of the clearing house or portal."""


class EditClaim(NamedTuple):
    """Change what stands on a claim before it is sent; `changes` has only what changes, by field."""

    number: str
    changes: Mapping[str, str | tuple[str, ...]]
    """`diagnoses`, `authorization_id` or `place_of_service`."""
    reason: str = ""


class AnsweredLine(NamedTuple):
    """What a payer said of one line. Cents."""

    key: Key
    """Service date and code; both empty for the claim as a whole."""
    paid_cents: int
    adjustments: tuple[Adjustment, ...] = ()
    allowed_cents: int | None = None


class AnswerClaim(NamedTuple):
    """A payer's answer to a claim, typed in from its notice or check."""

    number: str
    on: date
    """Date of the notice or check."""
    lines: tuple[AnsweredLine, ...]
    remarks: tuple[str, ...] = ()
    """RARCs."""
    check_number: str = ""
    payer_claim_number: str = ""
    appeal_by: date | None = None
    """The last day for an appeal, where the notice names it."""
    reversal: bool = False
    note: str = ""


class DenyClaim(NamedTuple):
    """A payer's refusal to pay a claim, or some of its lines."""

    number: str
    on: date
    """Date of the notice."""
    carc: str
    group: str = "CO"
    remarks: tuple[str, ...] = ()
    lines: tuple[Key, ...] = ()
    """The lines refused; none means all."""
    check_number: str = ""
    payer_claim_number: str = ""
    appeal_by: date | None = None
    note: str = ""


class AddPayment(NamedTuple):
    """A patient's payment towards their part of a claim."""

    number: str
    cents: int
    """Negative for money that went back."""
    on: date
    method: str = ""
    note: str = ""
