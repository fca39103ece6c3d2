"""What the claims' screens ask of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casemgr.core.dates import Month
    from casemgr.services.claim_page import ClaimPage, ClaimsView, Readiness
    from casemgr.services.desk import Desk
    from casemgr.tui.exporting import Course


@dataclass
class ClaimsRead(Message):
    """A month's claims as they stand."""

    view: ClaimsView


@dataclass
class ReadinessRead(Message):
    """How far some claims are, by number."""

    found: dict[str, Readiness]


@dataclass
class ClaimRead(Message):
    """A claim as it stands."""

    page: ClaimPage


@dataclass
class ClaimGone(Message):
    """There is no such claim."""


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
    """See how far some claims are."""
    from casemgr.services.claim_page import readiness

    return ReadinessRead(readiness(desk, numbers))


def read_claim(desk: Desk, number: str) -> ClaimRead:
    """Read a claim."""
    from casemgr.services.claim_page import claim_page

    return ClaimRead(claim_page(desk, number))


def print_pages(desk: Desk, numbers: Sequence[str], course: Course | None = None) -> Printed:
    """Print the documentation of claims, one file each, as long as nobody stops it."""
    from casemgr.services.claims import the_claim
    from casemgr.services.printing import print_claims

    claims = [the_claim(desk, number) for number in numbers]
    printed = []
    for one in print_claims(desk, claims):
        printed.append(one)
        if course is not None and len(printed) < len(claims):
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
