"""Documents straight to a printer; each is recorded before it is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.documents.pdf import ClaimPrinter
from casemgr.documents.spool import printers, spool, the_printer
from casemgr.errors import NotWritten
from casemgr.services.printing import paper_of, record_paper
from casemgr.services.releases import AS_USUAL, PAYMENT, not_a_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk
    from casemgr.services.printing import ClaimPaper
    from casemgr.services.releases import Release, ReleaseWish


class SpooledClaim(NamedTuple):
    """A claim's documentation that is in a printer's queue."""

    number: str
    printer: str
    job: str
    """The queue's name for it, such as `Office-12`."""
    sha256: str


def spool_claims(
    desk: Desk, claims: Iterable[Claim], printer: str, copies: int = 1, wish: ReleaseWish = AS_USUAL
) -> Iterator[SpooledClaim]:
    """Print the documentation of claims, one job after another, and record each.

    Args:
        desk: the open practice.
        claims: which; none of them voided by then.
        printer: its name, looked up before anything is recorded.
        copies: how many of each.
        wish: to whom they go and why; nobody is asked whether paper may be read.

    Raises:
        NotFound: there is no such printer; the candidates are those that there are.
        RuleRefused: a claim is voided, or no longer agrees with the log.
        VerificationFailed: a row behind it is not what the ledger says.
        NotWritten: there is no print service, it refuses the job, or it does not answer.
    """
    release = not_a_file(desk, wish, "paper", PAYMENT)
    name = the_printer(printer)
    pages = ClaimPrinter(desk.places.config / "documents")
    for each in claims:
        paper = paper_of(desk, pages, each)
        yield SpooledClaim(paper.number, name, _hand_over(desk, paper, name, copies, release), paper.sha256)


def printers_beginning(begun: str) -> tuple[str, ...]:
    """The names of printers that begin so, in any case; none where no print service answers."""
    try:
        known = printers()
    except NotWritten:
        return ()
    return tuple(name for name in known if name.casefold().startswith(begun.casefold()))


def _hand_over(desk: Desk, paper: ClaimPaper, printer: str, copies: int, release: Release) -> str:
    """Record a document, print it, and return the job's name."""
    to = f"printer {printer}" if copies == 1 else f"printer {printer}, {copies} copies"
    record_paper(desk, paper, to, release)
    try:
        return spool(paper.pdf, printer, f"claim {paper.number}", copies)
    except NotWritten as error:
        error.detail += " The record keeps the attempt."
        raise
