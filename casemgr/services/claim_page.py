"""Claims as a screen shows them: what a month has, and one claim with what it lacks and where to mend it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.claim_life import possible
from casemgr.core.dates import format_us
from casemgr.services.changes import pulse
from casemgr.services.claim_checks import check_claim, check_claims
from casemgr.services.claim_money import account_of
from casemgr.services.claims import listed, plan_month, the_claim
from casemgr.services.denials import advice_for_claim
from casemgr.services.summaries import records_of, remarks_of, summary_of
from casemgr.store.reads.benefits import attachments_of
from casemgr.store.reads.disclosures import disclosed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.billing import Attachment, Claim, ClaimLine
    from casemgr.core.claim_life import Move
    from casemgr.core.dates import Month
    from casemgr.core.readiness import Readiness
    from casemgr.core.records import Activity
    from casemgr.core.rows import ClaimRow
    from casemgr.core.summary import ClaimSummary
    from casemgr.services.changes import Pulse
    from casemgr.services.claim_money import Account
    from casemgr.services.denials import DenialHelp
    from casemgr.services.desk import Desk


class ClaimsView(NamedTuple):
    """A month's claims, and what could be drafted yet. Minutes and cents."""

    month: Month
    pulse: Pulse
    claims: tuple[ClaimRow, ...]
    """By number; the voided ones only where they are wanted."""
    to_draft: int
    """Claims that drafting would make now."""
    to_draft_cents: int

    @property
    def charge_cents(self) -> int:
        """Charges of the live claims."""
        return sum(row.charge_cents for row in self.claims if not row.voided)


class Printed(NamedTuple):
    """A page or text of the claim that left the house."""

    when: str
    """`10/31/2026 18:00`, in the practice's time zone."""
    by: str
    what: str
    file: str
    """A file's name, or `printer NAME`; empty for what was copied."""


class ClaimPage(NamedTuple):
    """All that there is to say about a claim."""

    claim: Claim
    summary: ClaimSummary
    remarks: str
    """The text for a remarks box, as it would be copied; looking at it discloses nothing."""
    readiness: Readiness | None
    """What all checks find, and the score; None for a voided claim."""
    account: Account
    help: DenialHelp
    """What was denied, what it means, and what to do."""
    work: tuple[str, ...]
    """What was done for each line: the titles of its activities' kinds."""
    attachments: tuple[Attachment, ...]
    printed: tuple[Printed, ...]
    """The newest first."""
    pulse: Pulse

    @property
    def moves(self) -> tuple[Move, ...]:
        """The steps that it may take now, in the order of a claim's life."""
        return () if self.claim.voided else possible(self.claim.status)


def claims_view(desk: Desk, month: Month, include_voided: bool = False) -> ClaimsView:
    """A month's claims as they stand now."""
    with desk.store.snapshot():
        planned, _ = plan_month(desk, month)
        return ClaimsView(
            month,
            pulse(desk),
            tuple(listed(desk, month, include_voided=include_voided)),
            len(planned.claims),
            sum(line.charge_cents for claim in planned.claims for line in claim.lines),
        )


def readiness(desk: Desk, numbers: Iterable[str]) -> dict[str, Readiness]:
    """How ready some claims are, by number."""
    with desk.store.snapshot():
        return {one.number: one.readiness for one in check_claims(desk, tuple(numbers))}


def claim_page(desk: Desk, number: str) -> ClaimPage:
    """A claim as its screen shows it.

    Raises:
        NotFound: there is none of that number.
    """
    with desk.store.snapshot():
        claim = the_claim(desk, number)
        records = records_of(desk, claim)
        account = account_of(desk, claim)
        return ClaimPage(
            claim,
            summary_of(desk, claim),
            remarks_of(desk, claim),
            None if claim.voided else check_claim(desk, claim.number),
            account,
            advice_for_claim(desk, claim, account.remittances),
            tuple(_work(desk, line, records) for line in claim.lines),
            tuple(attachments_of(desk.store, claim_id=claim.id)),
            printed_of(desk, claim),
            pulse(desk),
        )


def _work(desk: Desk, line: ClaimLine, records: list[Activity]) -> str:
    kinds = Counter(record.kind for record in records if record.id in line.activity_ids)
    titles = (
        f"{desk.labels.of(kind).title}{f' ×{count}' if count > 1 else ''}" for kind, count in kinds.items()
    )
    return ", ".join(titles)


def printed_of(desk: Desk, claim: Claim) -> tuple[Printed, ...]:
    """What of a claim left the house, the newest first."""
    found = []
    for one in disclosed(desk.store, "print", claim.number):
        at = desk.local(one.at)
        found.append(Printed(f"{format_us(at.date())} {at:%H:%M}", one.staff, one.what, one.file))
    return tuple(found)
