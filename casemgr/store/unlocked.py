"""What stays unlocked for a while: kept in memory, where the platform has a place for it, never on the disk.

On Linux that is the user's runtime folder, which is in memory and gone when the user logs out or the machine
stops; else, or where it is asked for, the operating system's keyring.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.errors import NotWritten
from casemgr.store.disk import IN_MEMORY, mount_of

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "casemgr"
IN_KEYRING = "keyring"
"""What stands in a file whose content the keyring has."""

RECORD = "sessions"
"""The name of the one entry in the keyring, so that it is found again once the runtime folder is gone."""


class Kept(NamedTuple):
    """Who has unlocked the data, and until when."""

    login: str
    key: str
    until: int
    """Instant in microseconds."""
    uptime: int
    """Seconds since the machine was started, at most: a clock that is set back lengthens nothing."""
    in_keyring: bool = False
    """Where it is kept, not what: so that what was put in the keyring stays there."""


def runtime_folder() -> Path | None:
    """The folder in memory that is this user's alone, made if need be; None where there is none."""
    if sys.platform != "linux":
        return None
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    for base, own in ((named, FOLDER), (f"/run/user/{os.getuid()}", FOLDER), ("/dev/shm", _of_user())):
        folder = Path(base, own)
        if base and Path(base).is_dir() and _in_memory(Path(base)) and _private(folder):
            return folder
    return None


def _in_memory(folder: Path) -> bool:
    """Whether the system says that nothing of a folder reaches a disk."""
    mount = mount_of(folder)
    return mount is not None and mount.kind in IN_MEMORY


def _of_user() -> str:
    return f"{FOLDER}-{os.getuid()}" if hasattr(os, "getuid") else FOLDER


def _private(folder: Path) -> bool:
    """Whether a folder is there and this user's alone; made where it is not there."""
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return False


def keep(name: str, kept: Kept, *, keyring: bool = False) -> str:
    """Keep what was unlocked under a name.

    Args:
        name: the fingerprint of the key slots, so that nothing stays unlocked once they change.
        kept: what is kept.
        keyring: in the operating system's keyring, though there is a folder in memory.

    Returns:
        Where, in words.

    Raises:
        NotWritten: there is no place for it.
    """
    said = [kept.login, kept.key, kept.until, kept.uptime]
    text = json.dumps(said)
    folder = runtime_folder()
    if folder is None or keyring:
        _keyring_set({**_keyring_get(), name: said})
        text = IN_KEYRING
    if folder is not None:
        unfinished = folder / f".{name}.{os.getpid()}.part"
        try:
            handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | _NO_LINK, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
            unfinished.replace(folder / name)
        except OSError as error:
            raise NotWritten(
                "The runtime folder cannot be written to",
                f"{folder}: {error.strerror}. The data stays locked.",
                "Say --keyring, or name a file in CASEMGR_PASSPHRASE_FILE.",
            ) from error
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
    return "the operating system's keyring" if text == IN_KEYRING else str(folder)


_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def kept(name: str) -> Kept | None:
    """What is kept under a name, over or not; None where nothing is, or what is there is not ours."""
    text: str | None = IN_KEYRING
    folder = runtime_folder()
    if folder is not None:
        text = _read(folder / name)
    if text == IN_KEYRING:
        found = _as_kept(_keyring_get().get(name))
        return found and found._replace(in_keyring=True)
    try:
        return _as_kept(json.loads(text or ""))
    except (ValueError, RecursionError):
        return None


def _as_kept(found: Any) -> Kept | None:
    try:
        login, key, until, uptime = found
    except (ValueError, TypeError):
        return None
    whole = isinstance(until, int) and isinstance(uptime, int)
    return Kept(str(login), str(key), until, uptime) if whole else None


def _read(path: Path) -> str | None:
    """A small file of ours that nobody else can read."""
    try:
        handle = os.open(path, os.O_RDONLY | _NO_LINK)
    except OSError:
        return None
    with os.fdopen(handle, encoding="ascii", errors="replace") as file:
        found = os.fstat(file.fileno())
        if found.st_uid != os.getuid() or found.st_mode & 0o077 or not stat.S_ISREG(found.st_mode):
            return None
        return file.read(4096)


def forget(name: str) -> bool:
    """Forget what is kept under a name.

    Returns:
        Whether there was anything.
    """
    folder = runtime_folder()
    text: str | None = IN_KEYRING
    if folder is not None:
        text = _read(folder / name)
        with suppress(OSError):
            (folder / name).unlink()
    if text != IN_KEYRING:
        return text is not None
    entries = _keyring_get()
    found = entries.pop(name, None) is not None
    with suppress(NotWritten):
        _keyring_set(entries)
    return found


def sweep(is_over: Callable[[Kept], bool], *, keyring: bool) -> None:
    """Forget all that is over, and what is not ours or broken.

    Args:
        is_over: whether the time of something that is kept is over.
        keyring: also in the keyring, though there is a folder in memory.
    """
    folder = runtime_folder()
    if folder is not None:
        for path in folder.iterdir():
            if not path.name.startswith(".") and _read(path) != IN_KEYRING:
                found = kept(path.name)
                if found is None or is_over(found):
                    _remove(path)
    if folder is None or keyring:
        entries = {
            name: one for name, one in _keyring_get().items() if (k := _as_kept(one)) and not is_over(k)
        }
        with suppress(NotWritten):
            _keyring_set(entries)


def clear() -> bool:
    """Forget everything, of whichever practice, in the runtime folder and in the keyring.

    Returns:
        Whether there was anything.
    """
    folder, found = runtime_folder(), False
    for path in folder.iterdir() if folder else ():
        found = _remove(path) or found
    entries = _keyring_get()
    if entries:
        with suppress(NotWritten):
            _keyring_set({})
    return found or bool(entries)


def _remove(path: Path) -> bool:
    with suppress(OSError):
        path.unlink()
        return True
    return False


def _keyring_set(entries: dict[str, object]) -> None:
    """Put what is kept, by name, into the keyring; without any, nothing stays there."""
    # Imported here: most never need it, and it costs 50 ms.
    import keyring
    from keyring.errors import KeyringError

    try:
        if entries:
            keyring.set_password(FOLDER, RECORD, json.dumps(entries))
        elif keyring.get_password(FOLDER, RECORD) is not None:
            keyring.delete_password(FOLDER, RECORD)
    except (KeyringError, RuntimeError) as error:
        raise NotWritten(
            "There is no place to keep the data unlocked",
            "This machine has neither a runtime folder in memory nor a keyring that casemgr may use. "
            "The data stays locked.",
            "Name a file with the passphrase in CASEMGR_PASSPHRASE_FILE, or use the terminal UI, "
            "which asks for it.",
        ) from error


def _keyring_get() -> dict[str, object]:
    """What the keyring keeps, by name."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = json.loads(keyring.get_password(FOLDER, RECORD) or "{}")
    except (KeyringError, RuntimeError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
