"""Claims on paper: one PDF a claim, or the few lines for a remarks box."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from casemgr.documents.files import new_file
from casemgr.documents.pdf import ClaimPrinter
from casemgr.errors import NotWritten, RuleRefused
from casemgr.services.claims import the_claim
from casemgr.services.disclosures import record_disclosure
from casemgr.services.proof import prove_claim
from casemgr.services.releases import AS_USUAL, PAYMENT, let_leave, not_a_file
from casemgr.services.summaries import remarks_of, summary_of
from casemgr.store.keys import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk
    from casemgr.services.releases import Release, ReleaseWish


class ClaimPaper(NamedTuple):
    """A paper of a claim as the record stands: its documentation, its packet, or a letter about it."""

    number: str
    pdf: bytes
    position: int
    """The ledger's, which the page prints too."""
    activities: int
    what: str = "claim summary"
    """What it is, as the record of what left the house says."""

    @property
    def sha256(self) -> str:
        """The PDF's digest, be its file encrypted or not."""
        return sha256(self.pdf).hexdigest()


class PrintedClaim(NamedTuple):
    """A PDF that was written."""

    number: str
    path: Path
    sha256: str


def print_claims(
    desk: Desk,
    claims: Iterable[Claim],
    folder: Path | None = None,
    *,
    path: Path | None = None,
    wish: ReleaseWish = AS_USUAL,
    overwrite: bool = False,
) -> Iterator[PrintedClaim]:
    """Write the documentation of claims as PDF, one after another, and record each.

    The same record gives the same bytes; a file that holds them already is left as it is.

    Args:
        desk: the open practice.
        claims: which; none of them voided by then.
        folder: where to; without one, the practice's exports. Files are named by the claim's number and the
            ledger's position, so that a later print never meets an earlier one.
        path: the whole name, for one claim.
        wish: for whom they are encrypted, or whether they may leave in the clear.
        overwrite: whether other files of these names may be replaced.

    Raises:
        ClearNotAllowed: they would leave in the clear, which who acts has not allowed.
        RuleRefused: a claim is voided, or no longer agrees with the log.
        VerificationFailed: a row behind it is not what the ledger says.
        NotWritten: a file of that name is there already, or it cannot be written.
    """
    release = let_leave(desk, wish, PAYMENT)
    printer = ClaimPrinter(desk.places.config / "documents")
    papers = (paper_of(desk, printer, each) for each in claims)
    return write_papers(desk, papers, "claim", folder, path, release, overwrite=overwrite)


def write_papers(
    desk: Desk,
    papers: Iterable[ClaimPaper],
    kind: str,
    folder: Path | None,
    path: Path | None,
    release: Release,
    *,
    overwrite: bool,
) -> Iterator[PrintedClaim]:
    """Write papers one after another, and record each.

    Args:
        desk: the open practice.
        papers: each is made when its turn comes, so that memory does not grow with them.
        kind: how the names of the files begin; the claim's number and the ledger's position follow.
        folder: where to; without one, the practice's exports.
        path: the whole name, for one paper.
        release: how they may leave.
        overwrite: whether other files of these names may be replaced.
    """
    into = folder or desk.places.exports
    if path is None:
        make_private_folder(into)
    for paper in papers:
        own = into / f"{kind}-{paper.number}-at-{paper.position}.pdf"
        target = release.place(path) if path else release.own_place(own, overwrite=overwrite)
        yield write_paper(desk, paper, target, release, overwrite=overwrite)


def write_paper(
    desk: Desk, paper: ClaimPaper, target: Path, release: Release, *, overwrite: bool = False
) -> PrintedClaim:
    """Write a paper to a file, and record it; a file that holds the same bytes is left as it is.

    Raises:
        NotWritten: another file of that name is there already, or it cannot be written.
    """
    if not overwrite and holds(target, paper.pdf):
        record_paper(desk, paper, target.name, release)
    else:
        content = release.sealed_bytes(paper.pdf)
        try:
            with new_file(target, overwrite=overwrite) as file:
                file.write(content)
                file.flush()
                # Recorded before it appears: nothing leaves unrecorded, whatever happens next.
                record_paper(desk, paper, target.name, release, release.digest(content))
        except NotWritten:
            # Another program may have printed the same meanwhile.
            if not holds(target, paper.pdf):
                raise
    return PrintedClaim(paper.number, target, paper.sha256)


def paper_of(desk: Desk, printer: ClaimPrinter, claim: Claim) -> ClaimPaper:
    """A claim's documentation, proved against the ledger; nothing leaves by that yet.

    Raises:
        RuleRefused: the claim is voided, or no longer agrees with the log.
        VerificationFailed: a row behind it is not what the ledger says.
    """
    with desk.store.snapshot():
        claim = unvoided(desk, claim)
        prove_claim(desk, claim)
        summary = summary_of(desk, claim)
    return ClaimPaper(claim.number, printer.render(summary), summary.witness.seq, len(summary.activities))


def record_paper(desk: Desk, paper: ClaimPaper, file: str, release: Release, sealed_sha256: str = "") -> None:
    """Record that a paper of a claim leaves, as a file or to a printer; done before it does."""
    record_disclosure(
        desk,
        "print",
        paper.what,
        file,
        paper.sha256,
        release,
        rows=paper.activities,
        filters=paper.number,
        sealed_sha256=sealed_sha256,
    )


def holds(path: Path, content: bytes) -> bool:
    """Whether a file has exactly this content."""
    return path.is_file() and path.read_bytes() == content


def remarks(desk: Desk, claim: Claim, wish: ReleaseWish = AS_USUAL) -> str:
    """A claim's remarks text, at most 400 characters; recorded, since it leaves the house.

    Raises:
        InputRefused: it was to be encrypted.
        RuleRefused: the claim is voided.
        VerificationFailed: a row behind it is not what the ledger says.
    """
    release = not_a_file(desk, wish, "screen", PAYMENT)
    with desk.store.snapshot():
        claim = unvoided(desk, claim)
        prove_claim(desk, claim)
        text = remarks_of(desk, claim)
    digest = sha256(text.encode()).hexdigest()
    record_disclosure(desk, "print", "claim remarks", "", digest, release, filters=claim.number)
    return text


def unvoided(desk: Desk, claim: Claim) -> Claim:
    """A claim as it stands now: somebody may have taken it back while others were printed.

    Raises:
        RuleRefused: it is voided, and is not sent to anybody.
    """
    found = the_claim(desk, claim.id)
    if found.voided:
        raise RuleRefused(
            f"Claim {found.number} is voided",
            "Nothing was printed.",
            "Draft the month anew and print that claim.",
        )
    return found
