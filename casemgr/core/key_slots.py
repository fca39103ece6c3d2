"""The key slots, as the file beside the data keeps them; nothing in it is secret or names anybody.

As in disk encryption, the data has one random key, and each member of staff a slot that yields it to their
own passphrase. A slot holds a key pair: its private half is wrapped under the stretched passphrase, and the
data's key is sealed to its public half, so that it can be changed without anybody's passphrase.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from casemgr.core.base import Record

SALT_BYTES = 16
KEY_BYTES = 32
RECOVERY = "recovery"
"""The label of the slot that twelve words open rather than a passphrase; no digest looks like it."""


def _hex(least: int, most: int) -> StringConstraints:
    return StringConstraints(pattern=r"^(?:[0-9a-f]{2})*$", min_length=2 * least, max_length=2 * most)


Bytes16 = Annotated[str, _hex(SALT_BYTES, SALT_BYTES)]
Bytes32 = Annotated[str, _hex(KEY_BYTES, KEY_BYTES)]
Sealed = Annotated[str, _hex(28, 100_000)]
"""A nonce of twelve bytes, what was encrypted, and a tag of sixteen; all of them as hex digits."""


class Hardness(Record):
    """How slowly Argon2id stretches a secret (RFC 9106); bounded, since the file may come from anybody."""

    kdf: Literal["argon2id"] = "argon2id"
    time_cost: int = Field(default=3, ge=1, le=16)
    """Passes over the memory."""
    memory_kib: int = Field(default=64 * 1024, ge=8 * 1024, le=1024 * 1024)
    lanes: int = Field(default=4, ge=1, le=16)


FOR_PASSPHRASES = Hardness()
"""RFC 9106, section 4: the second recommended choice, 64 MiB; about a tenth of a second."""

FOR_WORDS = Hardness(time_cost=1, memory_kib=8 * 1024, lanes=1)
"""128 random bits need no slowness."""


class Slot(Record):
    """One way in."""

    label: Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{32}|recovery)$")]
    """A salted digest of the login: whoever has the file alone reads no name in it."""
    hardness: Hardness
    salt: Bytes16
    public: Bytes32
    """X25519, to which the data's key is sealed."""
    secret: Sealed
    """Private key, binding and login, wrapped under the stretched passphrase."""
    sealed: Sealed
    """The data's key, for the private key alone."""


class Directory(Record):
    """What those see who have the data's key: who the slots are for, and the keys of older copies."""

    logins: dict[str, str]
    """Login by label."""
    binding: Bytes32
    """Random, and known to whoever has a slot: without it nobody can seal a key that the slots take."""
    former_keys: tuple[Bytes32, ...] = ()
    """Keys that the data had before, oldest first: backups of then open with them."""


class SlotFile(Record):
    """The file."""

    casemgr_slots: Literal[1] = 1
    """The format's version."""
    practice: Bytes16
    """At random, once; binds the slots to one another."""
    slots: Annotated[tuple[Slot, ...], Field(max_length=1000)]
    directory: Sealed
    """A Directory under a key that comes from the data's; it vouches for all that stands above it."""
    coming: SlotFile | None = None
    """The file as it will be, while the data's key is changed: one of both fits, wherever that stops."""

    def slot(self, label: str) -> Slot | None:
        """The slot of a label."""
        return next((one for one in self.slots if one.label == label), None)


_WORD = re.compile(r"[a-z]+")


def words_in(text: str) -> tuple[str, ...]:
    """The words of a recovery key, however it was typed: numbers, commas and capitals do not matter."""
    return tuple(_WORD.findall(text.lower()))
