"""The doctor's checks of program, files and machine; none of them needs the key."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import stat
from typing import TYPE_CHECKING, NamedTuple

from casemgr import __version__
from casemgr.core.health import Checked, State
from casemgr.core.wording import counted, listed
from casemgr.services.doctor_scene import changed_at, files_in, short, size_of, sized
from casemgr.store.database import SIDE_FILES
from casemgr.store.disk import IN_MEMORY, is_encrypted, mount_of, open_swaps
from casemgr.store.engine import cipher_settings, engine, is_clear
from casemgr.store.place import NETWORK_FILE_SYSTEMS, file_system_of, mounts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.services.doctor_scene import Scene

SPARE = 64 * 1024**2
"""Bytes that should be free beside what a copy of the data takes."""

LONG_LOG = 64 * 1024**2
"""Bytes from which a write-ahead log is told of: it is folded into the file when the last window closes."""

LONG_IDLE = 30
"""Minutes after which anybody may have come to an open screen."""

MOST_TOLD = 3
"""How many files of a sort are named."""


def program(scene: Scene) -> Checked:
    """The program, Python and the system."""
    system = " ".join(filter(None, (platform.system(), platform.release())))
    return Checked(State.OK, f"casemgr {__version__}, Python {platform.python_version()}, {system}")


def driver(scene: Scene) -> Checked:
    """The library that reads and writes the data."""
    found = engine()
    said = f"sqlcipher3 {found.driver}, SQLCipher {found.cipher.split()[0]}, SQLite {found.sqlite}"
    if found.faults:
        todo = "Install casemgr again, with the pins of constraints.txt."
        return Checked(State.TROUBLE, f"{said}: {listed(found.faults, 'and')}", todo)
    return Checked(State.OK, said)


def encryption(scene: Scene) -> Checked:
    """Whether data and backups are encrypted, and how."""
    kept = [scene.places.database, *scene.places.backups.glob("**/*.db")]
    clear = [path for path in kept if path.is_file() and is_clear(path)]
    if clear:
        return Checked(
            State.TROUBLE,
            f"not encrypted, so that anybody can read it: {named(clear)}",
            "This is no file of casemgr: find out who put it there, and take it away.",
        )
    if scene.store is None:
        there = size_of(scene.places.database)
        return Checked(
            State.OK if there else State.UNKNOWN,
            "nothing can be read without the key" if there else "there is no data yet",
        )
    told = cipher_settings(scene.store)
    algorithm = told.get("cipher_hmac_algorithm", "").replace("_", "-")
    if told.get("cipher_use_hmac") != "1":
        return Checked(State.TROUBLE, "pages are not authenticated", "Restore a backup.")
    pages = int(told.get("cipher_page_size", 0))
    return Checked(State.OK, f"AES-256, {algorithm} on every page of {pages:,} bytes")


def disk(scene: Scene) -> Checked:
    """The disk that holds the data: its file system, what is free on it, and how much the data takes."""
    database = scene.places.database
    kind = file_system_of(database.parent.resolve(), mounts()) or "a local disk"
    if kind in NETWORK_FILE_SYSTEMS:
        return Checked(
            State.TROUBLE,
            f"the data is on a network share ({kind}), where two machines can destroy it",
            "Move it to this machine's own disk, and point CASEMGR_HOME there.",
        )
    free = shutil.disk_usage(nearest(database.parent)).free
    data, log = size_of(database), size_of(database.with_name(database.name + SIDE_FILES[0]))
    said = f"{kind}, {sized(free)} free; the data takes {sized(data + log)}"
    if free < data + log + SPARE:
        return Checked(State.TROUBLE, f"{said}: no room for a backup", "Free space on that disk.")
    if kind in IN_MEMORY:
        todo = "Move it to a disk: what is in memory is gone when the machine stops."
        return Checked(State.ADVICE, f"{said}, in memory alone", todo)
    if log > LONG_LOG:
        todo = "Close all windows of casemgr once, so that it is folded into the data file."
        return Checked(State.ADVICE, f"{said}, {sized(log)} of it write-ahead log", todo)
    return Checked(State.OK, said)


class Wrong(NamedTuple):
    """A file or folder whose rights are not what they should be."""

    path: Path
    grave: bool
    """Whether others can read what is clear, or change or delete what is not."""
    what: str
    todo: str


def permissions(scene: Scene) -> Checked:
    """Owner and mode of everything that the practice keeps: 0700 for folders, 0600 for files."""
    if os.name == "nt":
        return Checked(State.UNKNOWN, "Windows keeps them: the folders are your profile's own")
    wrong = [found for path, clear in kept(scene) if (found := wrong_rights(path, clear))]
    if not wrong:
        return Checked(State.OK, "only you can enter the folders and read the files")
    grave = [one for one in wrong if one.grave]
    first, more = (grave or wrong)[0], len(wrong) - 1
    said = f"{short(first.path)} {first.what}" + (f", and {more} more are wrong" if more else "")
    return Checked(
        State.TROUBLE if grave else State.ADVICE,
        said,
        "\n".join(one.todo for one in wrong),
    )


def kept(scene: Scene) -> Iterator[tuple[Path, bool]]:
    """Everything that is nobody else's business, and whether it can be read without the key."""
    places = scene.places
    for folder in (places.data.parent, places.data, places.backups, places.config, places.keys):
        yield folder, folder == places.keys
    yield places.exports, True
    for folder in (places.data, places.backups):
        yield from ((path, False) for path in files_in(folder))
    for folder in (places.keys, places.exports, places.data.parent / "reports"):
        yield from ((path, True) for path in files_in(folder))


def wrong_rights(path: Path, clear: bool) -> Wrong | None:
    """What is wrong with a file's or a folder's owner or mode."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if stat.S_ISLNK(found.st_mode):
        return None
    if found.st_uid != os.geteuid():
        return Wrong(path, True, "belongs to somebody else", f"sudo chown $USER {shlex.quote(str(path))}")
    others = stat.S_IMODE(found.st_mode) & 0o077
    if not others:
        return None
    wanted = "700" if stat.S_ISDIR(found.st_mode) else "600"
    mode = f"has mode {stat.S_IMODE(found.st_mode):04o}"
    return Wrong(path, clear or bool(others & 0o022), mode, f"chmod {wanted} {shlex.quote(str(path))}")


def exports(scene: Scene) -> Checked:
    """Workbooks and pages that lie about in the clear."""
    clear = [path for path in files_in(scene.places.exports) if path.suffix != ".age"]
    if not clear:
        return Checked(State.OK, "nothing in the clear in the folder for exports")
    oldest = min(changed_at(path) for path in clear)
    return Checked(
        State.ADVICE,
        f"{counted(len(clear), 'file')} in the clear, the oldest of {scene.ago(oldest)}",
        f"Whoever gets {short(scene.places.exports)} can read them: delete what was handed over.",
    )


def disk_encryption(scene: Scene) -> Checked:
    """Whether the system encrypts the disk, which protects exports and whatever else lies there."""
    where = nearest(scene.places.data)
    found = is_encrypted(where, scene.proc, scene.sys)
    mount = mount_of(where, scene.proc)
    if found is None:
        todo = "See that FileVault, BitLocker or LUKS is on." if mount is None else ""
        return Checked(State.UNKNOWN, "cannot be told here", todo)
    if found:
        memory = mount is not None and mount.kind in IN_MEMORY
        return Checked(State.OK, "nothing reaches a disk" if memory else "on")
    return Checked(
        State.ADVICE,
        "the system does not encrypt it; the drive itself may",
        "An encrypted disk (LUKS) protects exports and swap as well.",
    )


def swap(scene: Scene) -> Checked:
    """Whether memory, with names and keys in it, may be written to a disk in the clear."""
    found = open_swaps(scene.proc, scene.sys)
    if found is None:
        return Checked(State.UNKNOWN, "cannot be told here")
    if found:
        return Checked(
            State.ADVICE,
            f"memory may be written to {listed(found, 'and')} in the clear",
            "Encrypt swap, or use compressed memory (zram) in its place; shut down rather than hibernate.",
        )
    return Checked(State.OK, "no memory reaches a disk in the clear")


def reports(scene: Scene) -> Checked:
    """Reports about faults of the program that nobody has passed on yet."""
    found = files_in(scene.places.data.parent / "reports")
    if not found:
        return Checked(State.OK, "none")
    return Checked(
        State.ADVICE,
        f"{counted(len(found), 'fault')} of the program, the last {scene.ago(max(map(changed_at, found)))}",
        f"Pass {short(found[0].parent)} on to whoever gave you the program, then delete it.",
    )


def preferences(scene: Scene) -> Checked:
    """Whether the settings can be used, and let nobody's screen stay open for long."""
    from casemgr.services.preferences import preferences as read

    found = read(scene.places)
    if found.trouble is not None:
        return Checked(State.ADVICE, found.trouble.title.lower(), found.trouble.todo)
    said = f"the terminal UI locks itself after {counted(found.values.lock_after, 'minute')}"
    if found.values.lock_after > LONG_IDLE:
        return Checked(State.ADVICE, said, "Let it do so sooner: `casemgr settings set lock_after 10`.")
    return Checked(State.OK, said)


def nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that there is."""
    return next((each for each in (path, *path.parents) if each.exists()), path)


def named(paths: list[Path]) -> str:
    """The first few of some files."""
    more = len(paths) - MOST_TOLD
    return ", ".join(short(path) for path in paths[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
