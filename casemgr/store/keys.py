"""The key file: 256 random bits, apart from the data and readable by its owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from casemgr.errors import NotWritten, StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32


def make_key(path: Path) -> str:
    """Make a new random key file, readable by its owner alone; an existing one is never replaced.

    Returns:
        The key: 64 hex digits.

    Raises:
        NotWritten: there is one already, or its folder cannot be written to; no part of a key is left behind.
    """
    make_private_folder(path.parent)
    key = os.urandom(KEY_BYTES).hex()
    unfinished = path.with_name(f".new-{os.getpid()}.key")
    try:
        handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A hard link never replaces, and the key appears whole or not at all.
        path.hardlink_to(unfinished)
    except FileExistsError as error:
        raise NotWritten(
            "There is a key file already",
            f"{path} was not touched; data made with it can only be read with it.",
            "Choose another CASEMGR_HOME, or move the old key file to a safe place first.",
        ) from error
    except OSError as error:
        raise NotWritten(
            "The key file could not be made",
            f"{path}: {error.strerror}",
            "Check the space on the disk, and who may write to the key's folder.",
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)
    return key


def read_key(path: Path) -> str:
    """The key in a key file.

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
