"""Payers' rules as they stood when a claim was drafted: kept, so that it says the same ever after."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from casemgr.core.payers import Payer
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
    """
    return rules_kept(desk, claim.payer, claim.payer_rules)


def rules_kept(desk: Desk, payer_id: str, digest: str) -> Payer:
    """The payer's rules that are kept under a digest; today's where none are.

    Raises:
        ContentBroken: this program does not know all that the kept file says.
    """
    kept = kept_content(desk.store, digest) if digest else None
    return desk.payers.rules_for(payer_id) if kept is None else _read(kept)


@lru_cache(maxsize=64)
def _read(kept: bytes) -> Payer:
    """A month's claims share few files; reading one takes longer than checking a claim by it."""
    return Payer.of_kept(kept.decode())
