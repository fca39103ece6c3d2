"""The hash chain, pure: what an entry is, how it is hashed, and where a chain breaks.

Tamper-evident, never tamper-proof: whoever holds the key can write a new chain. The witness printed on paper
shows it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterable

GENESIS = "0" * 64
"""What the first entry of a chain has as its previous hash."""

DISCLOSURES = frozenset({"export", "print", "backup", "drill", "restore"})
"""Actions that say that something left or came back: they change no record, and do not move the witness."""

ACCESS = frozenset({"unlock", "fail", "refuse", "invite", "passphrase", "leave", "rekey", "recover", "clear"})
"""Actions that say who was let in, who was not, and who was refused what; they change no record either."""

UNMOVING = DISCLOSURES | ACCESS
"""Actions that do not move the witness."""

OWN_ACTIONS = {"disclosure": DISCLOSURES, "access": ACCESS}
"""The entities of those actions: nothing else is done to them, and they are done to nothing else."""


class Entry(NamedTuple):
    """A ledger entry, in the order of its columns."""

    device: str
    seq: int
    """Position in the device's chain, from 1."""
    at: int
    """Hybrid logical clock in microseconds since the epoch: increasing on each device."""
    staff: str
    action: str
    entity: str
    entity_id: str
    reason: str
    command: str
    """Id shared by the entries of one deed, so that undo and history see it whole."""
    body: str
    """The whole after-image as canonical JSON."""
    prev: str
    hash: str


class Witness(NamedTuple):
    """Position and hash of the last entry that changed the record, as printed on every document."""

    device: str
    seq: int
    hash: str

    def __str__(self) -> str:
        """`K7Q2:123 9f86d0…` with the whole hash."""
        return f"{self.device}:{self.seq} {self.hash}"

    @property
    def short(self) -> str:
        """With the first sixteen digits of the hash, for the foot of each page."""
        return f"{self.device}:{self.seq} {self.hash[:16]}"

    @classmethod
    def parse(cls, text: str) -> Witness:
        """Read what a document prints, whole or short.

        Raises:
            ParseError: it is not `DEVICE:POSITION HASH` with at least sixteen hex digits.
        """
        place, _, digits = text.strip().partition(" ")
        device, _, seq = place.partition(":")
        digits = "".join(digits.split()).rstrip("…").lower()
        if not (
            device
            and seq.isdecimal()
            and int(seq)
            and 16 <= len(digits) <= 64
            and set(digits) <= set("0123456789abcdef")
        ):
            raise ParseError(
                "a witness looks like K7Q2:123 9f86d081884c7d65, with at least 16 digits of the hash"
            )
        return cls(device.upper(), int(seq), digits)


class Break(NamedTuple):
    """The first place where a chain does not hold."""

    device: str
    seq: int
    what: str


def entry_hash(
    prev: str,
    device: str,
    seq: int,
    at: int,
    staff: str,
    action: str,
    entity: str,
    entity_id: str,
    reason: str,
    command: str,
    body: str,
) -> str:
    """SHA-256 over the previous hash and every other column.

    Each column goes in as its length in bytes, a colon and its UTF-8 text, so that no two different entries
    can give the same input; the body is hashed as it stands, never re-encoded.
    """
    columns = (prev, device, str(seq), str(at), staff, action, entity, entity_id, reason, command, body)
    encoded = [column.encode() for column in columns]
    return sha256(b"".join([b"%d:%b" % (len(column), column) for column in encoded])).hexdigest()


def first_break(entries: Iterable[Entry], witnesses: Iterable[Witness] = ()) -> Break | None:
    """The first break in the entries of one or more devices, each in order of position, or None.

    Args:
        entries: by device and position.
        witnesses: printed positions that must be found with the hash that was printed.
    """
    printed: dict[tuple[str, int], list[str]] = {}
    for witness in witnesses:
        printed.setdefault((witness.device, witness.seq), []).append(witness.hash)
    heads: dict[str, tuple[int, int, str]] = {}
    disclosed: set[str] = set()
    for entry in entries:
        seq, at, prev = heads.get(entry.device, (0, -1, GENESIS))
        if entry.seq != seq + 1:
            return Break(entry.device, seq + 1, f"it is missing: after {seq} comes {entry.seq}")
        if entry.prev != prev:
            return Break(entry.device, entry.seq, "it does not follow from the entry before it")
        if entry_hash(entry.prev, *entry[:10]) != entry.hash:
            return Break(entry.device, entry.seq, "its content is not what was hashed")
        if any((entry.action in own) != (entry.entity == entity) for entity, own in OWN_ACTIONS.items()):
            return Break(
                entry.device, entry.seq, f"“{entry.action}” is nothing that is done to a {entry.entity}"
            )
        if entry.entity == "disclosure":
            if entry.entity_id in disclosed:
                return Break(
                    entry.device, entry.seq, "it says of a disclosure something else than was said of it"
                )
            disclosed.add(entry.entity_id)
        if entry.at <= at:
            return Break(entry.device, entry.seq, "its time does not follow that of the entry before it")
        wanted = printed.pop((entry.device, entry.seq), ())
        if not all(entry.hash.startswith(digits) for digits in wanted):
            return Break(
                entry.device, entry.seq, "a document prints another hash for it: the chain was rewritten"
            )
        heads[entry.device] = (entry.seq, entry.at, entry.hash)
    for device, seq in sorted(printed):
        end = heads.get(device, (0, 0, ""))[0]
        return Break(
            device, end + 1, f"it is missing: a document prints entry {seq}, and the chain ends at {end}"
        )
    return None
