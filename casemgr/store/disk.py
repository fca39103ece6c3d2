"""Whether the system encrypts the disk under a folder, and the memory that it moves to the disk.

Only Linux says it without a password: a device of the device mapper that encrypts has a `dm/uuid` that begins
with `CRYPT-`. A drive that encrypts itself cannot be told from one that does not.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

ENCRYPTING = frozenset({"ecryptfs", "fuse.cryfs", "fuse.encfs", "fuse.gocryptfs", "fuse.securefs"})
"""File systems that encrypt what is written to them."""

IN_MEMORY = frozenset({"ramfs", "tmpfs"})
"""File systems of which nothing reaches a disk, but for swap."""

_OCTAL = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """A file system as it is mounted."""

    point: Path
    kind: str
    source: str
    """Where its data is, such as `/dev/mapper/home`."""
    device: str
    """Major and minor number, such as `254:0`; of some file systems an invented one, with major 0."""


def mount_of(path: Path, proc: Path = Path("/proc")) -> Mount | None:
    """The mount that holds a path; None where the system does not say."""
    try:
        text = (proc / "self" / "mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    real = Path(os.path.realpath(path))
    holding = [each for each in map(_mount, text.splitlines()) if each and real.is_relative_to(each.point)]
    # Of several at one point, what was mounted last counts.
    return max(reversed(holding), key=lambda each: len(each.point.parts), default=None)


def _mount(line: str) -> Mount | None:
    before, separator, after = line.partition(" - ")
    if not separator:
        return None
    first, last = before.split(" "), after.split(" ")
    return Mount(Path(_plain(first[4])), last[0], _plain(last[1]), first[2])


def _plain(text: str) -> str:
    return _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), text)


def is_encrypted(path: Path, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> bool | None:
    """Whether the system encrypts what is written to a path; None where it cannot be told."""
    mount = mount_of(path, proc)
    if mount is None:
        return None
    if mount.kind in ENCRYPTING or mount.kind in IN_MEMORY:
        return True
    device = mount.device
    if device.startswith("0:"):
        try:
            number = Path(mount.source).stat().st_rdev
        except (OSError, ValueError):
            return None
        device = f"{os.major(number)}:{os.minor(number)}"
    return device_is_encrypted(device, sys)


def device_is_encrypted(device: str, sys: Path = Path("/sys")) -> bool | None:
    """Whether a block device, or everything that it is made of, is encrypted by the device mapper.

    Args:
        device: major and minor number, such as `253:1`.
        sys: where the system shows its devices.
    """
    return _is_encrypted(sys / "dev" / "block" / device)


def _is_encrypted(folder: Path) -> bool | None:
    if not folder.is_dir():
        return None
    try:
        if (folder / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except (OSError, UnicodeDecodeError):
        pass
    try:
        under = [_is_encrypted(each) for each in (folder / "slaves").iterdir()]
    except OSError:
        under = []
    return None if None in under else bool(under) and all(under)


def open_swaps(proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> list[str] | None:
    """Where memory is moved to a disk that nothing encrypts, or may; None where it cannot be told.

    Compressed memory (zram) is no disk.
    """
    try:
        lines = (proc / "swaps").read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return None
    names = [_plain(line.split()[0]) for line in lines if line.strip()]
    return [name for name in names if not _is_safe(Path(name), proc, sys)]


def _is_safe(swap: Path, proc: Path, sys: Path) -> bool:
    if swap.name.startswith("zram"):
        return True
    try:
        found = swap.stat()
    except OSError:
        return False
    if found.st_rdev:
        return bool(device_is_encrypted(f"{os.major(found.st_rdev)}:{os.minor(found.st_rdev)}", sys))
    return bool(is_encrypted(swap, proc, sys))
