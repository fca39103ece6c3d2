"""Network shares are found by what the system says of its mounts."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from casemgr.store.place import (
    NETWORK_FILE_SYSTEMS,
    file_system_of,
    is_network_share,
    mounts_of_mount,
    mounts_of_mountinfo,
)

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
24 22 0:22 / /proc rw,nosuid - proc proc rw
36 22 0:45 / /home/amy/office rw,relatime shared:20 - cifs //server/office rw,vers=3.1.1,username=amy
37 22 0:46 / /srv/My\040Share rw,relatime - nfs4 server:/export rw,vers=4.2
38 36 254:0 /scratch /home/amy/office/local rw,relatime shared:1 master:2 - ext4 /dev/vda rw
39 22 0:47 / /mnt/ssh rw,nosuid,nodev - fuse.sshfs amy@server: rw
40 22 0:48 / /mnt/c rw,noatime - 9p C:\134 rw,trans=fd
41 22 0:49 / /mnt/twice rw - nfs server:/a rw
42 41 0:50 / /mnt/twice rw - tmpfs tmpfs rw
"""

MOUNT = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
//amy@server/office on /Volumes/office (smbfs, nodev, nosuid, mounted by amy)
server:/export on /Volumes/My Share (nfs)
/dev/disk4s1 on /Volumes/stick on the desk (msdos, local, nodev)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/amy/casemgr/data/casemgr.db", "ext4"),
        ("/home/amy/office/casemgr/data/casemgr.db", "cifs"),
        ("/home/amy/office", "cifs"),
        ("/home/amy/office2/casemgr.db", "ext4"),
        ("/home/amy/office/local/casemgr.db", "ext4"),
        ("/srv/My Share/casemgr.db", "nfs4"),
        ("/mnt/ssh/casemgr.db", "fuse.sshfs"),
        ("/mnt/c/Users/amy/casemgr.db", "9p"),
        ("/mnt/twice/casemgr.db", "tmpfs"),
    ],
)
def test_linux_says_in_mountinfo(path: str, kind: str) -> None:
    assert file_system_of(PurePosixPath(path), mounts_of_mountinfo(MOUNTINFO)) == kind
    assert (kind in NETWORK_FILE_SYSTEMS) == (kind not in {"ext4", "tmpfs"})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/Users/amy/casemgr.db", "apfs"),
        ("/Volumes/office/casemgr.db", "smbfs"),
        ("/Volumes/My Share/casemgr.db", "nfs"),
        ("/Volumes/stick on the desk/casemgr.db", "msdos"),
    ],
)
def test_macos_says_in_mount(path: str, kind: str) -> None:
    assert file_system_of(PurePosixPath(path), mounts_of_mount(MOUNT)) == kind


def test_a_system_that_says_nothing_is_trusted() -> None:
    assert file_system_of(PurePosixPath("/home/amy"), mounts_of_mountinfo("")) == ""


def test_this_machine_s_own_folder_is_no_share(tmp_path: Path) -> None:
    assert not is_network_share(tmp_path / "not" / "there" / "yet")
