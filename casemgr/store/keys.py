"""The data's key, 256 random bits, the key file of practices older than passphrases, and private folders."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from casemgr.errors import NotWritten, StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32


def new_key() -> str:
    """A new random key: 64 hex digits."""
    return os.urandom(KEY_BYTES).hex()


def read_key(path: Path) -> str:
    """The key in the key file of a practice that is older than passphrases.

    Raises:
        StoreUnavailable: there is none, or it is not a key.
    """
    try:
        # Reading a pipe or a device might never end.
        readable = path.is_file() or not path.exists()
        key = path.read_text(encoding="ascii").strip().lower() if readable else ""
    except FileNotFoundError as error:
        raise StoreUnavailable(
            "The key file is not there",
            f"Without {path} the data cannot be read. The data itself was not changed.",
            "Put the key file back from where you keep its copy.",
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            "The key file cannot be read",
            f"{path}: {error.strerror}. The data itself was not changed.",
            "Check who may read it; it must be your own, mode 0600.",
        ) from error
    except UnicodeDecodeError:
        key = ""
    if len(key) != 2 * KEY_BYTES or set(key) - set("0123456789abcdef"):
        raise StoreUnavailable(
            "The key file does not hold a key",
            f"{path} should hold {2 * KEY_BYTES} hex digits. The data itself was not changed.",
            "Put the key file back from where you keep its copy.",
        )
    return key


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it, that only their owner can enter; those there keep their mode."""
    missing = []
    try:
        for folder in (path, *path.parents):
            if folder.exists():
                break
            missing.append(folder)
        for folder in reversed(missing):
            # Several processes may make it at once.
            folder.mkdir(mode=0o700, exist_ok=True)
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise NotWritten(
            "A folder could not be made",
            f"{path}: {error.strerror}",
            "Check the place that CASEMGR_HOME names.",
        ) from error


def put_private(path: Path, content: bytes) -> None:
    """Put a small file in place, whole or not at all, on the disk and readable by its owner alone.

    Raises:
        OSError: there is no space, or its folder cannot be written to; the file before is still there.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make sure that a new name in a folder survives a power cut, where the platform can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # Windows opens no folders, and needs none of this.
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
