"""Letting files leave: encrypted for those who may read them, or in the clear once somebody has said so.

Whatever writes a file or prints one asks here first, and nothing can be recorded as having left without it.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.records import AccessEvent
from casemgr.core.text import tidy
from casemgr.errors import InputRefused, RuleRefused
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from casemgr.core.recipients import Recipient
    from casemgr.core.records import LeftAs
    from casemgr.services.desk import Desk

PAYMENT, OPERATIONS = "payment", "health care operations"
"""What is disclosed for, unless somebody says otherwise (45 CFR 164.501)."""


class ReleaseWish(NamedTuple):
    """How a file is to leave."""

    recipients: tuple[str, ...] = ()
    """For whom it is encrypted: keys, files with keys, or names in the practice's address book."""
    clear: bool = False
    """Whether who acts says that it, and what they write later, may leave in the clear."""
    sent_to: str = ""
    """To whom it goes, for the record."""
    purpose: str = ""
    """Why, for the record; empty for what such files are usually for."""


AS_USUAL = ReleaseWish()


class Release(NamedTuple):
    """How something leaves, as the record will say it."""

    left_as: LeftAs
    purpose: str = ""
    sent_to: str = ""
    recipients: tuple[Recipient, ...] = ()

    @property
    def sealed(self) -> bool:
        """Whether it is encrypted for somebody."""
        return bool(self.recipients)

    def place(self, path: Path) -> Path:
        """Where a file goes that somebody named."""
        whole = path.expanduser().absolute()
        named = not self.sealed or whole.suffix == ".age"
        return whole if named else whole.with_name(f"{whole.name}.age")

    def own_place(self, path: Path, *, overwrite: bool = False) -> Path:
        """Where a file goes that nobody named: encrypted files never meet, since each is another."""
        place = self.place(path)
        return place if overwrite or not self.sealed else unused(place)

    def sealed_bytes(self, content: bytes) -> bytes:
        """What is written of a content."""
        if not self.sealed:
            return content
        from casemgr.documents.age_files import seal

        return seal(content, [one.key for one in self.recipients])

    def digest(self, written: bytes) -> str:
        """The digest of the encrypted file; empty for one in the clear, which has its content's."""
        return sha256(written).hexdigest() if self.sealed else ""


class ClearNotAllowed(RuleRefused):
    """A file would leave in the clear, and who acts has not said yet that it may."""

    def __init__(self) -> None:
        """Say what can be done."""
        super().__init__(
            "This file would leave in the clear",
            "Anyone who gets it can read it, and you have not said yet that files may leave so. "
            "Nothing was written.",
            "Encrypt it with --recipient; or say --clear once, which is recorded and counts from then on.",
        )


def let_leave(desk: Desk, wish: ReleaseWish, purpose: str) -> Release:
    """How a file may leave; to be asked before it is made.

    Args:
        desk: the open practice.
        wish: how it is to leave.
        purpose: what such files are usually for.

    Raises:
        ClearNotAllowed: in the clear, which who acts has not allowed yet.
        NotFound: there is no such recipient.
        InputRefused: one is no key, or it is to leave both encrypted and in the clear.
    """
    said = (tidy(wish.purpose) or purpose, tidy(wish.sent_to))
    if wish.recipients:
        if wish.clear:
            raise InputRefused(
                "A file leaves encrypted or in the clear, not both",
                "Nothing was written.",
                "Leave out --clear or --recipient.",
            )
        from casemgr.services.recipients import found_recipients

        return Release("encrypted", *said, found_recipients(desk.places, wish.recipients))
    if not allowed_clear(desk):
        if not wish.clear:
            raise ClearNotAllowed
        allow_clear(desk)
    return Release("clear", *said)


def not_a_file(desk: Desk, wish: ReleaseWish, left_as: LeftAs, purpose: str) -> Release:
    """How something leaves on paper or on the screen, which nobody can encrypt.

    Raises:
        InputRefused: it was to be encrypted.
    """
    if wish.recipients:
        raise InputRefused(
            "Only files can be encrypted", "Nothing was printed or shown.", "Leave out --recipient."
        )
    return Release(left_as, tidy(wish.purpose) or purpose, tidy(wish.sent_to))


def allowed_clear(desk: Desk) -> bool:
    """Whether who acts has said before that files may leave in the clear."""
    return load(desk.store, AccessEvent, _event_id(desk)) is not None


def allow_clear(desk: Desk) -> None:
    """Have it in the record, once, that who acts lets files leave in the clear."""
    with desk.write() as tx:
        if not allowed_clear(desk):
            event = AccessEvent(id=_event_id(desk), login=desk.login, detail="files may leave in the clear")
            tx.append("clear", "access", event)


def unused(path: Path) -> Path:
    """A path, or the first that nothing has of those with -2, -3, … after its stem."""
    stem, dot, suffixes = path.name.partition(".")
    numbered: Iterable[Path] = (path.with_name(f"{stem}-{number}{dot}{suffixes}") for number in count(2))
    return next(one for one in chain([path], numbered) if not one.exists())


def _event_id(desk: Desk) -> str:
    """One record for each person, so that it is found at once and said once."""
    return f"clear-{desk.login}"
