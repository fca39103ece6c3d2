"""Payers' rules as they stood when a claim was drafted: kept, so that it says the same ever after."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from casemgr.core.payers import Payer
from casemgr.errors import VerificationFailed
from casemgr.store.contents import keep, kept_content

if TYPE_CHECKING:
    from casemgr.core.billing import Claim
    from casemgr.services.desk import Desk


def keep_rules(desk: Desk, payer: Payer) -> str:
    """Keep a payer's file as it stands, inside the caller's transaction; its digest."""
    return keep(desk.store, payer.kept.encode())


def rules_of(desk: Desk, claim: Claim) -> Payer:
    """The payer's rules under which a claim was drafted; today's where none were kept with it.

    Raises:
        ContentBroken: this program does not know all that the kept file says.
        VerificationFailed: its bytes are not those that were kept.
    """
    return rules_kept(desk, claim.payer, claim.payer_rules)


def rules_kept(desk: Desk, payer_id: str, digest: str) -> Payer:
    """The payer's rules that are kept under a digest; today's where none are.

    Raises:
        ContentBroken: this program does not know all that the kept file says.
        VerificationFailed: its bytes are not those that were kept.
    """
    kept = kept_content(desk.store, digest) if digest else None
    return desk.payers.rules_for(payer_id) if kept is None else _read(kept, digest)


@lru_cache(maxsize=64)
def _read(kept: bytes, digest: str) -> Payer:
    """A month's claims share few files; reading one takes longer than checking a claim by it."""
    if sha256(kept).hexdigest() != digest:
        raise VerificationFailed(
            "A payer's rules are not what was kept",
            "Their bytes were changed since claims were drafted under them: no claim is judged by them.",
            "Run `casemgr verify`, and restore a backup with `casemgr restore`.",
        )
    return Payer.of_kept(kept.decode())
