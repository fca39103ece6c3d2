"""The key slots beside the data: reading and writing their file, opening one, and making the next file."""

from __future__ import annotations

import os
from hmac import digest as hmac_digest
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from casemgr.core.key_slots import (
    FOR_PASSPHRASES,
    FOR_WORDS,
    KEY_BYTES,
    RECOVERY,
    SALT_BYTES,
    Directory,
    Slot,
    SlotFile,
)
from casemgr.core.text import canonical_json
from casemgr.errors import NotWritten, StoreUnavailable
from casemgr.store.keys import put_private
from casemgr.store.locks import locked
from casemgr.store.sealing import NotOpened, derived, new_pair, seal, stretched, unseal, unwrap, wrap

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from casemgr.core.key_slots import Hardness

LARGEST = 4 * 1024 * 1024
"""Bytes that the file may have: a thousand slots take far less."""


def label_of(practice: str, login: str) -> str:
    """The label of a login's slot: a digest that differs from practice to practice."""
    return hmac_digest(bytes.fromhex(practice), login.encode(), "sha256").hex()[:32]


def read_slots(path: Path) -> SlotFile:
    """The file of the key slots.

    Raises:
        StoreUnavailable: it is not there, cannot be read, or is no such file.
    """
    return parse_slots(slots_bytes(path), path.name)


def changing(path: Path, patience: float = 0) -> AbstractContextManager[bool]:
    """Hold the lock under which alone the file is changed; yields whether it is held.

    Args:
        path: the file of the slots.
        patience: seconds to wait for whoever holds it.
    """
    return locked(path.with_name(f".{path.name}.lock"), patience=patience)


def slots_bytes(path: Path) -> bytes:
    """The file's bytes.

    Raises:
        StoreUnavailable: it is not there or cannot be read.
    """
    try:
        # Reading a pipe or a device might never end.
        if not path.is_file() and path.exists():
            raise IsADirectoryError(0, "not a file")
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise StoreUnavailable(
            "The key slots are not there",
            f"Without {path} no passphrase opens the data. The data itself was not changed.",
            f"Put it back: beside each backup stands a copy of it, which belongs there as {path.name}.",
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            "The key slots cannot be read",
            f"{path}: {error.strerror}. The data itself was not changed.",
            "Check who may read it; it must be your own, mode 0600.",
        ) from error


def parse_slots(content: bytes, name: str) -> SlotFile:
    """Read the file's bytes.

    Raises:
        StoreUnavailable: they are no such file, or one of a newer casemgr.
    """
    try:
        if len(content) > LARGEST:
            raise ValueError
        return SlotFile.model_validate_json(content)
    except (ValidationError, ValueError, RecursionError) as error:
        raise StoreUnavailable(
            "The file of the key slots is damaged",
            f"{name} is not what casemgr wrote, or a newer one wrote it. The data itself was not changed.",
            "Put a copy of it back: one stands beside each backup.",
        ) from error


def write_slots(path: Path, file: SlotFile) -> None:
    """Put the file in place, whole or not at all, readable by its owner alone.

    Raises:
        NotWritten: there is no space, or the folder cannot be written to; the file before is still there.
    """
    try:
        put_private(path, canonical_json(file.model_dump(exclude_none=True)).encode() + b"\n")
    except OSError as error:
        raise NotWritten(
            "The key slots could not be written",
            f"{path}: {error.strerror}. Everybody's passphrase is as before.",
            "Check the space on the disk, and who may write to its folder.",
        ) from error


class Opened(NamedTuple):
    """What a slot yields."""

    login: str
    """Empty for the recovery key."""
    key: str
    """64 hex digits."""


def open_slot(file: SlotFile, slot: Slot, secret: bytes) -> Opened:
    """Open a slot with a passphrase, or with the recovery key's words.

    Raises:
        NotOpened: it is another secret, or the slot was altered.
    """
    wrapping = stretched(secret, bytes.fromhex(slot.salt), slot.hardness)
    clear = unwrap(wrapping, bytes.fromhex(slot.secret), _of_slot(file, slot))
    private, binding, login = clear[:KEY_BYTES], clear[KEY_BYTES : 2 * KEY_BYTES], clear[2 * KEY_BYTES :]
    key = unseal(private, bytes.fromhex(slot.sealed), binding, _bound(file, slot.label))
    return Opened(login.decode(), key.hex())


def open_coming(file: SlotFile, slot: Slot, secret: bytes) -> Opened | None:
    """What the same secret opens in the file that was to come, where a change of the key was cut short."""
    if file.coming is None:
        return None
    after = file.coming.slot(slot.label)
    return open_slot(file.coming, after, secret) if after else None


class Ring(NamedTuple):
    """The file with the data's key at hand: what it says, and how it goes on."""

    file: SlotFile
    key: str
    directory: Directory

    @classmethod
    def new(cls, key: str) -> Ring:
        """A file without slots, for new data."""
        empty = Directory(logins={}, binding=os.urandom(KEY_BYTES).hex())
        return _vouched(os.urandom(SALT_BYTES).hex(), (), key, empty)

    @classmethod
    def of(cls, file: SlotFile, key: str) -> Ring:
        """The file, vouched for by the data's key.

        Raises:
            StoreUnavailable: somebody without the key has altered it.
        """
        try:
            clear = unwrap(_directory_key(key), bytes.fromhex(file.directory), _of_file(file))
        except NotOpened as error:
            raise StoreUnavailable(
                "The file of the key slots was altered",
                "Somebody without the data's key has changed it. The data itself was not changed.",
                "Put a copy of it back: one stands beside each backup. Then find out who did it.",
            ) from error
        return cls(file, key, Directory.model_validate_json(clear))

    def whose(self) -> dict[str, str]:
        """Label by login, for everybody who has a slot."""
        return {login: label for label, login in self.directory.logins.items()}

    def with_passphrase(self, login: str, passphrase: bytes) -> Ring:
        """With a slot for a login, in the place of the one they had."""
        label = label_of(self.file.practice, login)
        slot = self._slot(label, login, passphrase, FOR_PASSPHRASES)
        return self._with(slot, {**self.directory.logins, label: login})

    def with_words(self, words: bytes) -> Ring:
        """With a slot for a recovery key, in the place of the one before."""
        slot = self._slot(RECOVERY, "", words, FOR_WORDS)
        return self._with(slot, self.directory.logins)

    def without(self, login: str) -> Ring:
        """Without somebody's slot."""
        gone = label_of(self.file.practice, login)
        logins = {label: one for label, one in self.directory.logins.items() if label != gone}
        slots = tuple(one for one in self.file.slots if one.label != gone)
        changed = self.directory.model_copy(update={"logins": logins})
        return _vouched(self.file.practice, slots, self.key, changed)

    def with_key(self, key: str) -> Ring:
        """For data with another key; the present one is kept for the backups that were made with it."""
        slots = tuple(
            one.model_copy(update={"sealed": self._sealed(one.label, one.public, key)})
            for one in self.file.slots
        )
        changed = self.directory.model_copy(update={"former_keys": (*self.directory.former_keys, self.key)})
        return _vouched(self.file.practice, slots, key, changed)

    def _sealed(self, label: str, public: str, key: str) -> str:
        binding = bytes.fromhex(self.directory.binding)
        return seal(bytes.fromhex(public), bytes.fromhex(key), binding, _bound(self.file, label)).hex()

    def _slot(self, label: str, login: str, secret: bytes, hardness: Hardness) -> Slot:
        """A new slot."""
        private, public = new_pair()
        slot = Slot.model_construct(
            label=label,
            hardness=hardness,
            salt=os.urandom(SALT_BYTES).hex(),
            public=public.hex(),
            secret="",
            sealed=self._sealed(label, public.hex(), self.key),
        )
        wrapping = stretched(secret, bytes.fromhex(slot.salt), hardness)
        clear = private + bytes.fromhex(self.directory.binding) + login.encode()
        return slot.model_copy(update={"secret": wrap(wrapping, clear, _of_slot(self.file, slot)).hex()})

    def _with(self, slot: Slot, logins: dict[str, str]) -> Ring:
        others = tuple(one for one in self.file.slots if one.label != slot.label)
        changed = self.directory.model_copy(update={"logins": logins})
        return _vouched(self.file.practice, (*others, slot), self.key, changed)


def is_weak(slot: Slot) -> bool:
    """Whether somebody's slot costs whoever guesses less than one that is made today."""
    ours, today = slot.hardness, FOR_PASSPHRASES
    work = ours.time_cost * ours.memory_kib
    return ours.memory_kib < today.memory_kib or work < today.time_cost * today.memory_kib


def _vouched(practice: str, slots: tuple[Slot, ...], key: str, directory: Directory) -> Ring:
    """The file with a directory that vouches for it."""
    bare = SlotFile.model_construct(practice=practice, slots=slots, directory="", coming=None)
    clear = canonical_json(directory.model_dump(mode="json")).encode()
    sealed = wrap(_directory_key(key), clear, _of_file(bare)).hex()
    return Ring(bare.model_copy(update={"directory": sealed}), key, directory)


def _directory_key(key: str) -> bytes:
    return derived(bytes.fromhex(key), "directory")


def _bound(file: SlotFile, label: str) -> bytes:
    return f"{file.practice} {label}".encode()


def _of_slot(file: SlotFile, slot: Slot) -> bytes:
    """What a wrapped secret is bound to: all of its slot but what is sealed anew with each key."""
    return (
        _bound(file, slot.label)
        + canonical_json([slot.hardness.model_dump(mode="json"), slot.salt, slot.public]).encode()
    )


def _of_file(file: SlotFile) -> bytes:
    """What a directory is bound to: all that stands beside it."""
    slots = [one.model_dump(mode="json") for one in file.slots]
    return canonical_json([file.casemgr_slots, file.practice, slots]).encode()
