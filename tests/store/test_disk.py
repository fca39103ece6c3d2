"""Whether a disk is encrypted is told from what Linux shows of it, in folders made like its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.store.disk import device_is_encrypted, is_encrypted, mount_of, open_swaps

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sys(tmp_path: Path) -> Path:
    """A partition 8:2, which holds an encrypted volume 253:0, on which lie 253:1 and 253:2."""
    blocks = tmp_path / "sys" / "dev" / "block"
    for device, uuid, under in (
        ("8:1", "", ()),
        ("8:2", "", ()),
        ("253:0", "CRYPT-LUKS2-0123456789abcdef-home", ("8:2",)),
        ("253:1", "LVM-abc", ("253:0",)),
        ("253:2", "LVM-def", ("253:0", "8:1")),
        ("253:3", "LVM-ghi", ("9:9",)),
    ):
        folder = blocks / device
        folder.mkdir(parents=True)
        if uuid:
            (folder / "dm").mkdir()
            (folder / "dm" / "uuid").write_text(f"{uuid}\n", "ascii")
            (folder / "slaves").mkdir()
        for other in under:
            (folder / "slaves" / other).symlink_to(blocks / other)
    return tmp_path / "sys"


def proc(tmp_path: Path, mounts: str = "", swaps: str = "") -> Path:
    """What Linux says of mounts and swaps."""
    folder = tmp_path / "proc"
    (folder / "self").mkdir(parents=True)
    (folder / "self" / "mountinfo").write_text(mounts, "utf-8")
    (folder / "swaps").write_text(f"Filename\tType\tSize\tUsed\tPriority\n{swaps}", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("device", "encrypted"),
    [
        ("8:1", False),
        ("253:0", True),
        ("253:1", True),
        pytest.param("253:2", False, id="half of it"),
        pytest.param("253:3", None, id="on a device that is not shown"),
        pytest.param("7:7", None, id="not shown"),
    ],
)
def test_a_device_is_encrypted_where_all_under_it_is(sys: Path, device: str, encrypted: bool | None) -> None:
    assert device_is_encrypted(device, sys) is encrypted


@pytest.mark.parametrize(
    ("mount", "encrypted"),
    [
        ("8:1 / {} rw - ext4 /dev/sda1 rw", False),
        ("253:1 / {} rw - ext4 /dev/mapper/home rw", True),
        ("0:31 / {} rw - tmpfs tmpfs rw", True),
        ("0:45 / {} rw - fuse.gocryptfs /home/amy/cipher rw", True),
        pytest.param("0:50 / {} rw - zfs tank/home rw", None, id="a source that is no device"),
    ],
)
def test_a_folder_is_as_safe_as_its_mount(
    tmp_path: Path, sys: Path, mount: str, encrypted: bool | None
) -> None:
    home = tmp_path / "My Practice"
    home.mkdir()
    line = mount.format(str(home).replace(" ", "\\040"))
    folder = proc(tmp_path, f"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 {line}\n")
    assert is_encrypted(home / "data", folder, sys) is encrypted
    found = mount_of(home, folder)
    assert found is not None
    assert found.point == home


def test_of_two_mounts_at_one_place_the_later_counts(tmp_path: Path, sys: Path) -> None:
    folder = proc(tmp_path, "1 0 253:0 / / rw - ext4 /dev/a rw\n2 1 8:1 / / rw - ext4 /dev/b rw\n")
    assert is_encrypted(tmp_path, folder, sys) is False


def test_a_system_that_shows_nothing_leaves_it_open(tmp_path: Path) -> None:
    assert is_encrypted(tmp_path, tmp_path / "proc", tmp_path / "sys") is None
    assert open_swaps(tmp_path / "proc", tmp_path / "sys") is None


def test_swap_is_open_but_in_compressed_memory(tmp_path: Path, sys: Path) -> None:
    swapfile = tmp_path / "swap file"
    swapfile.touch()
    named = str(swapfile).replace(" ", "\\040")
    swaps = f"/dev/zram0 partition 1 0 100\n{named} file 1 0 -2\n/dev/gone partition 1 0 -3\n"
    folder = proc(tmp_path, "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n", swaps)
    assert open_swaps(folder, sys) == [str(swapfile), "/dev/gone"]


def test_a_swap_file_on_an_encrypted_disk_is_safe(tmp_path: Path, sys: Path) -> None:
    swapfile = tmp_path / "swapfile"
    swapfile.touch()
    folder = proc(tmp_path, "1 0 253:1 / / rw - ext4 /dev/a rw\n", f"{swapfile} file 1 0 -2\n")
    assert open_swaps(folder, sys) == []
