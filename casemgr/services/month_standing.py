"""How a month stands: open or closed, with which figures, and what is not in order in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.billing import MonthClose
from casemgr.core.dates import format_us
from casemgr.core.month import LeftOutWhy
from casemgr.services.claim_checks import check_claims
from casemgr.services.month_rows import MonthRows
from casemgr.store.ledger import history
from casemgr.store.reads.months import claims_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk


class Hindrance(NamedTuple):
    """One kind of thing that is not in order in a month, counted and without a name."""

    id: str
    number: int
    words: str
    """`2 unsigned drafts`."""
    todo: str


class Standing(NamedTuple):
    """What is not in order in a month."""

    errors: tuple[Hindrance, ...]
    """It is not closed while these stand, unless with a reason."""
    warnings: tuple[Hindrance, ...]
    """What should be looked at before."""


class MonthState(NamedTuple):
    """How a month stands."""

    closed: bool
    by: str
    """Login of who closed it; empty while it is open."""
    on: str
    """`11/3/2026 17:40`, in the practice's time zone; empty while it is open."""
    reason: str
    """Why it was closed although errors stood, or before it had ended; or why it was reopened."""
    taken_with: tuple[str, ...]
    """The errors with which it was closed all the same."""
    figures: Mapping[str, int]
    """Those that were frozen; none while it is open."""


MOVING = frozenset(
    {"billing_lines.paid_cents", "billing_lines.adjusted_cents", "billing_lines.patient_cents"}
)
"""Figures of a workbook that go on changing after a month is closed, since payers answer later."""


def state_of(desk: Desk, month: Month) -> MonthState:
    """How a month stands."""
    steps = history(desk.store, "month", str(month))
    if not steps:
        return MonthState(False, "", "", "", (), {})
    record = MonthClose.model_validate_json(steps[-1].body)
    if not record.closed:
        return MonthState(False, "", "", steps[-1].reason, (), {})
    at = desk.local(record.closed_at)
    when = f"{format_us(at.date())} {at:%H:%M}"
    return MonthState(True, record.closed_by, when, steps[-1].reason, record.taken_with, record.figures)


def differing(frozen: Mapping[str, int], present: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The figures of a closed month that are not what was frozen, with what they were and what they are."""
    return {
        name: (value, present[name])
        for name, value in frozen.items()
        if name in present and value != present[name]
    }


def frozen_of(figures: Mapping[str, int]) -> dict[str, int]:
    """Of a workbook's figures those that a closed month holds fast."""
    return {name: value for name, value in figures.items() if name not in MOVING}


def standing(desk: Desk, month: Month, rows: MonthRows | None = None) -> Standing:
    """What is not in order in a month.

    Args:
        desk: the open practice; the caller holds a snapshot or the write lock.
        month: which.
        rows: the month's rows, where they were worked out already.
    """
    found = [each for each in _hindrances(desk, month, rows or MonthRows(desk, month)) if each[1].number]
    return Standing(
        tuple(one for grave, one in found if grave), tuple(one for grave, one in found if not grave)
    )


def _hindrances(desk: Desk, month: Month, rows: MonthRows) -> Iterator[tuple[bool, Hindrance]]:
    """Each kind with whether it is an error, those of which there are none among them."""
    sums, claims = rows.sums, claims_of(desk.store, str(month))
    # Drafts stand against it by themselves, and what was sent is the payer's to judge.
    ready = {claim.number: claim.id for claim in claims if claim.status == "ready"}
    faulty = [one.number for one in check_claims(desk, ready) if not one.readiness.ready]
    answered_for = sum(bool(_why_ready(desk, ready[number])) for number in faulty)
    why, left_out = LeftOutWhy, sums.left_out_by

    def error(name: str, number: int, one: str, many: str, todo: str) -> tuple[bool, Hindrance]:
        return True, Hindrance(name, number, f"{number:,} {one if number == 1 else many}", todo)

    def warning(name: str, number: int, one: str, many: str, todo: str) -> tuple[bool, Hindrance]:
        return False, error(name, number, one, many, todo)[1]

    todo = "sign them: casemgr activity sign"
    yield error("drafts", left_out[why.DRAFT], "unsigned draft", "unsigned drafts", todo)
    todo = "mend them in the workbook of rejected rows, and import that: casemgr import log"
    yield error("rejected", len(rows.rejections()), "rejected row", "rejected rows", todo)
    todo = f"draft the claims: casemgr claim draft --month {month}"
    yield error(
        "to_draft", sums.to_draft_lines, "billing line on no claim", "billing lines on no claim", todo
    )
    drafts = sum(claim.status == "draft" for claim in claims)
    todo = f"make them ready: casemgr claim ready --month {month}"
    yield error("draft_claims", drafts, "claim still a draft", "claims still drafts", todo)
    todo = f"see which, and where to mend them: casemgr claim check --month {month}"
    number = len(faulty) - answered_for
    yield error("faulty_claims", number, "ready claim with errors", "ready claims with errors", todo)
    todo = f"their errors were taken with a reason: casemgr claim check --month {month}"
    one, many = "claim that was made ready with errors", "claims that were made ready with errors"
    yield warning("taken_claims", answered_for, one, many, todo)
    todo = "if there is a coverage, add it: casemgr coverage add"
    bare = left_out[why.NO_COVERAGE]
    yield warning("no_coverage", bare, "activity without coverage", "activities without coverage", todo)
    todo = "they stay unbilled, unless that claim is corrected"
    words = "on a date and code that a claim has already"
    twice = left_out[why.ON_A_CLAIM]
    yield warning("on_a_claim", twice, f"activity {words}", f"activities {words}", todo)
    todo = "put the file of their kind back into the activities folder"
    unknown = left_out[why.UNKNOWN_KIND]
    yield warning("unknown_kind", unknown, "activity of an unknown kind", "activities of unknown kinds", todo)
    owed = sum(claim.amendment_owed for claim in claims)
    todo = "send them corrected: casemgr claim correct"
    yield warning("owed", owed, "claim that is owed corrected", "claims that are owed corrected", todo)


def _why_ready(desk: Desk, claim_id: str) -> str:
    """Why a ready claim was made ready; empty where no reason was needed."""
    moves = [entry for entry in history(desk.store, "claim", claim_id) if entry.action == "ready"]
    return moves[-1].reason if moves else ""
