"""What the claims' screens ask of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from casemgr.core.dates import Month
    from casemgr.core.readiness import Readiness
    from casemgr.services.aging import Aging
    from casemgr.services.changes import Pulse
    from casemgr.services.claim_moves import Moved
    from casemgr.services.claim_page import ClaimPage, ClaimsView
    from casemgr.services.desk import Desk
    from casemgr.services.printing import PrintedClaim
    from casemgr.services.releases import ReleaseWish
    from casemgr.tui.progress import Course


@dataclass
class ClaimsRead(Message):
    """A month's claims as they stand."""

    view: ClaimsView


@dataclass
class ReadinessRead(Message):
    """How ready some claims are, by number."""

    found: dict[str, Readiness]


@dataclass
class ClaimRead(Message):
    """A claim as it stands."""

    page: ClaimPage


@dataclass
class BalancesRead(Message):
    """What is owed."""

    payer: str
    """Whose alone; empty for all."""
    aging: Aging
    pulse: Pulse


@dataclass
class Printed(Message):
    """Pages were written."""

    acted: Acted
    folder: str


@dataclass
class Copied(Message):
    """A remarks text is to go to the clipboard; that it leaves is recorded already."""

    text: str
    acted: Acted


def view_claims(desk: Desk, month: Month, include_voided: bool) -> ClaimsRead:
    """Read a month's claims."""
    from casemgr.services.claim_page import claims_view

    return ClaimsRead(claims_view(desk, month, include_voided))


def weigh(desk: Desk, numbers: Sequence[str]) -> ReadinessRead:
    """See how ready some claims are."""
    from casemgr.services.claim_page import readiness

    return ReadinessRead(readiness(desk, numbers))


def read_claim(desk: Desk, number: str) -> ClaimRead:
    """Read a claim."""
    from casemgr.services.claim_page import claim_page

    return ClaimRead(claim_page(desk, number))


def read_balances(desk: Desk, payer: str) -> BalancesRead:
    """Read what is owed today."""
    from casemgr.services.aging import aging
    from casemgr.services.changes import pulse

    with desk.store.snapshot():
        return BalancesRead(payer, aging(desk, payer=payer), pulse(desk))


def make_ready(desk: Desk, numbers: Sequence[str]) -> Acted:
    """Declare claims ready in which the checks find no error."""
    from casemgr.services.claim_life import ready

    moved = ready(desk, numbers)
    return Acted("saved", now(desk), f"{_told(numbers)} ready", moved[0].claim.id, _warnings(moved))


def submit(desk: Desk, numbers: Sequence[str]) -> Acted:
    """Record that ready claims were sent electronically today."""
    from casemgr.core.billing_commands import SubmitClaims
    from casemgr.services.claim_life import submit as send

    moved = send(desk, SubmitClaims(tuple(numbers), "electronic", desk.today()))
    return Acted("saved", now(desk), f"{_told(numbers)} submitted", moved[0].claim.id, _warnings(moved))


def _told(numbers: Sequence[str]) -> str:
    return f"{numbers[0]} is" if len(numbers) == 1 else f"{len(numbers)} claims are"


def _warnings(moved: Iterable[Moved]) -> tuple[str, ...]:
    return tuple(warning for one in moved for warning in one.warnings)


def print_pages(
    desk: Desk, numbers: Sequence[str], wish: ReleaseWish, course: Course | None = None
) -> Printed:
    """Print the documentation of claims, one file each, as long as nobody stops it."""
    from casemgr.services.claims import the_claim
    from casemgr.services.printing import print_claims

    claims = [the_claim(desk, number) for number in numbers]
    return _written(desk, print_claims(desk, claims, wish=wish), len(claims), course)


def print_packets(
    desk: Desk, numbers: Sequence[str], wish: ReleaseWish, course: Course | None = None
) -> Printed:
    """Print claims with all that goes with them, one file each, as long as nobody stops it."""
    from casemgr.services.claims import the_claim
    from casemgr.services.packets import write_packets

    claims = [the_claim(desk, number) for number in numbers]
    return _written(desk, write_packets(desk, claims, wish=wish), len(claims), course)


def write_letter(desk: Desk, number: str, argument: str, wish: ReleaseWish) -> Printed:
    """Write the letter that appeals what was denied."""
    from casemgr.services.appeals import write_letter as write
    from casemgr.services.claims import the_claim

    written = write(desk, the_claim(desk, number), argument=argument, wish=wish)
    return _written(desk, iter([written]), 1, None)


def _written(desk: Desk, printing: Iterator[PrintedClaim], total: int, course: Course | None) -> Printed:
    printed = []
    for one in printing:
        printed.append(one)
        if course is not None and len(printed) < total:
            course.report(len(printed))
    last = printed[-1]
    words = last.path.name if len(printed) == 1 else f"{len(printed)} claims"
    return Printed(Acted("printed", now(desk), f"{words} · in {last.path.parent}"), str(last.path.parent))


def copy_remarks(desk: Desk, number: str) -> Copied:
    """Take the remarks text of a claim out; that is recorded."""
    from casemgr.services.claims import the_claim
    from casemgr.services.printing import remarks

    text = remarks(desk, the_claim(desk, number))
    return Copied(text, Acted("copied", now(desk), f"remarks of {number}, {len(text)} characters"))


def void(desk: Desk, number: str, reason: str) -> Acted:
    """Take a claim back."""
    from casemgr.services.claims import void_claim

    return Acted("voided", now(desk), void_claim(desk, number, reason).number)
