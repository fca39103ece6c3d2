"""Network shares, refused: write-ahead logging needs the memory of one machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from casemgr.errors import StoreUnavailable

NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "webdav",
        "davfs",
        "ncpfs",
        "ceph",
        "glusterfs",
        "fuse.sshfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "9p",
    }
)


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

        drive = os.path.splitdrive(os.path.abspath(path))[0]  # noqa: PTH100, PTH122 - pathlib splits no drives off UNC
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == 4
    real = Path(os.path.realpath(path))
    if sys.platform == "darwin":
        mounts = mounts_of_mount(subprocess.run(["/sbin/mount"], capture_output=True, text=True).stdout)
    else:
        try:
            mounts = mounts_of_mountinfo(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return False
    return file_system_of(real, mounts) in NETWORK_FILE_SYSTEMS


def mounts_of_mountinfo(text: str) -> dict[str, str]:
    """Mount point to file system type, from Linux's `/proc/self/mountinfo`."""
    mounts = {}
    for line in text.splitlines():
        before, separator, after = line.partition(" - ")
        if separator:
            point = before.split(" ")[4].replace("\\040", " ")
            mounts[point] = after.split(" ", 1)[0]
    return mounts


def mounts_of_mount(text: str) -> dict[str, str]:
    """Mount point to file system type, from what macOS's `mount` prints: `//host/x on /Volumes/x (smbfs, nodev)`."""
    mounts = {}
    for line in text.splitlines():
        where, separator, kind = line.rpartition(" (")
        if separator:
            mounts[where.partition(" on ")[2]] = kind.split(",")[0].rstrip(")")
    return mounts


def file_system_of(path: Path, mounts: dict[str, str]) -> str:
    """The file system type of the longest mount point that holds a path, or an empty string."""
    for folder in (path, *path.parents):
        kind = mounts.get(str(folder))
        if kind:
            return kind
    return ""
