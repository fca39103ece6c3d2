"""Where the data stands: what is missing, and network shares, which write-ahead logging cannot use."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.errors import NotFound, StoreUnavailable

if TYPE_CHECKING:
    from pathlib import PurePath

NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "glusterfs",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb2",
        "smb3",
        "smbfs",
        "webdav",
    }
)

REMOTE_DRIVE = 4
"""What Windows' GetDriveTypeW answers for a drive of another machine."""


def refuse_network_share(path: Path) -> None:
    """Refuse a data file on a network share.

    Raises:
        StoreUnavailable: the file is, or would be, on a share.
    """
    if is_network_share(path):
        raise StoreUnavailable(
            "The data is on a network share",
            "Two machines writing there can destroy it, so it was not opened. Nothing was changed.",
            "Keep the data on this machine's own disk: point CASEMGR_HOME at a local folder.",
        )


def is_network_share(path: Path) -> bool:
    """Whether a path, or the nearest folder above it that exists, is on a network file system."""
    if sys.platform == "win32":
        import ctypes

        drive = path.absolute().drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == REMOTE_DRIVE
    return file_system_of(Path(os.path.realpath(path)), mounts()) in NETWORK_FILE_SYSTEMS


def mounts() -> dict[str, str]:
    """Mount point to file system type, as this machine has them; nothing where it does not say."""
    try:
        if sys.platform == "darwin":
            # Imported here: it costs 5 ms, and Linux needs none of it.
            from subprocess import run

            return mounts_of_mount(run(["/sbin/mount"], capture_output=True, text=True, check=True).stdout)
        return mounts_of_mountinfo(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return {}


def mounts_of_mountinfo(text: str) -> dict[str, str]:
    """Mount point to file system type, from Linux's `/proc/self/mountinfo`; what was mounted last counts."""
    found = {}
    for line in text.splitlines():
        before, separator, after = line.partition(" - ")
        if separator:
            point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), before.split(" ")[4])
            found[point] = after.split(" ", 1)[0]
    return found


def mounts_of_mount(text: str) -> dict[str, str]:
    """Mount point to file system type, from what macOS's `mount` prints: `//host/x on /Volumes/x (smbfs)`."""
    found = {}
    for line in text.splitlines():
        where, separator, kind = line.rpartition(" (")
        if separator:
            found[where.partition(" on ")[2]] = kind.split(",")[0].rstrip(")")
    return found


def file_system_of(path: PurePath, mounted: dict[str, str]) -> str:
    """The file system type of the longest mount point that holds a path, or an empty string."""
    for folder in (path, *path.parents):
        kind = mounted.get(str(folder))
        if kind:
            return kind
    return ""


def refuse_missing(path: Path) -> None:
    """Refuse what holds no data, before SQLite makes a new file of it."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(
            "There is no practice here yet",
            f"No data was found at {path}.",
            "Make one with `casemgr init`, or try things out with `casemgr demo`.",
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            "The data cannot be reached",
            f"{path}: {error.strerror}. Nothing was changed.",
            "Check who may enter its folder, and that CASEMGR_HOME names yours.",
        ) from error
    if not path.is_file() or not path.stat().st_size:
        raise StoreUnavailable(
            "The data file is empty" if path.is_file() else "The data file is not a file",
            f"{path} holds nothing; it was not touched.",
            "Restore the newest backup with `casemgr restore`.",
        )
