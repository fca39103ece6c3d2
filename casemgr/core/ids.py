"""Ids of entities: UUIDs of version 7 (RFC 9562), which sort by the time at which they were made."""

from __future__ import annotations

import os

RANDOM_BYTES = 8


def new_id(at_microseconds: int, randomness: bytes | None = None) -> str:
    """A new UUIDv7 as text.

    The 12 bits after the milliseconds hold the rest of the instant (RFC 9562, section 6.2, method 3).

    Args:
        at_microseconds: the instant, in microseconds since the epoch.
        randomness: eight bytes, of which 62 bits are used; from the operating system unless given.
    """
    milliseconds, rest = divmod(at_microseconds, 1000)
    chance = int.from_bytes(os.urandom(RANDOM_BYTES) if randomness is None else randomness[:RANDOM_BYTES])
    number = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | (rest * 4096 // 1000) << 64
    digits = f"{number | 0b10 << 62 | chance & (1 << 62) - 1:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def short(entity_id: str) -> str:
    """The last six characters of an id, by which people name a record."""
    return entity_id[-6:]
