"""Bytes kept by their digest, beside the ledger that names them: attachments, payer files as they stood."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.store.database import Store


def keep(store: Store, content: bytes) -> str:
    """Keep some bytes inside the caller's transaction, once however often they come; their SHA-256."""
    digest = sha256(content).hexdigest()
    store.connection.execute(
        "INSERT INTO contents (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, content)
    )
    return digest


def kept_content(store: Store, digest: str) -> bytes | None:
    """The bytes of a digest, or None where none are kept under it."""
    found = store.one("SELECT bytes FROM contents WHERE sha256 = ?", (digest,))
    return found[0] if found else None


def differing_contents(store: Store) -> Iterator[str]:
    """What is wrong with the kept bytes: changed ones, and those that a record names and that are gone."""
    for digest, content in store.rows("SELECT sha256, bytes FROM contents"):
        if sha256(content).hexdigest() != digest:
            yield f"contents: {digest} is kept under a digest that is not its own"
    gone = (
        ("attachments", "SELECT id, sha256 AS digest FROM attachments"),
        ("claims", "SELECT id, payer_rules AS digest FROM claims WHERE submissions <> '[]'"),
    )
    for table, sql in gone:
        for record_id, digest in store.rows(
            f"SELECT id, digest FROM ({sql}) WHERE digest NOT IN (SELECT sha256 FROM contents)"
        ):
            yield f"{table}: {record_id} names {digest}, which is gone"
