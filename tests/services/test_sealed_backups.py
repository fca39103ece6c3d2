"""Backups for a recipient: one file, which the recipient's key turns back into a practice that opens."""

from __future__ import annotations

import tarfile
from io import BytesIO
from typing import TYPE_CHECKING

import pyrage
import pytest

from casemgr.core.records import Disclosure
from casemgr.errors import InputRefused, NotFound, NotWritten
from casemgr.services.access import Unlocked
from casemgr.services.restoring import adopted_slots, restore
from casemgr.services.sealed_backups import seal_backup, unsealed
from casemgr.settings import Settings, read_settings
from tests.services.support import length, log

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk

LINE = "20m referral garcia ana 2012: OS consult => booked"


@pytest.fixture
def identity(tmp_path: Path) -> tuple[Path, str]:
    """A file with a secret key, and the public one."""
    made = pyrage.x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: {made.to_public()}\n{made}\n", "utf-8")
    return path, str(made.to_public())


def test_it_comes_back_on_a_machine_that_has_nothing_else(
    desk: Desk, identity: tuple[Path, str], tmp_path: Path
) -> None:
    log(desk, LINE)
    secret, public = identity
    entries = length(desk)

    made = seal_backup(desk, (public,), tmp_path / "october.db")

    assert made.path == tmp_path / "october.db.age"
    assert made.path.stat().st_mode & 0o777 == 0o600
    found = desk.store.one("SELECT body FROM ledger WHERE action = 'backup'")
    assert found is not None
    record = Disclosure.model_validate_json(found[0])
    assert (record.left_as, record.file, record.sha256) == ("encrypted", "october.db.age", made.sha256)
    assert record.recipients and record.sealed_sha256
    assert not list(desk.places.data.glob(".drill*"))

    elsewhere = Settings(read_settings({"CASEMGR_HOME": str(tmp_path / "elsewhere")}).places, "")
    with unsealed(elsewhere.places, made.path, secret) as copy, adopted_slots(elsewhere.places, copy):
        done = restore(elsewhere, copy, by=Unlocked(desk.login, desk.store.key))

    assert done.contents.entries == entries
    assert elsewhere.places.slots.read_bytes() == desk.places.slots.read_bytes()
    assert {path.name for path in elsewhere.places.data.iterdir()} >= {"casemgr.db", "casemgr.slots"}
    assert not list(elsewhere.places.data.glob(".drill*"))


def test_a_folder_takes_it_under_a_name_of_its_own_and_no_name_twice(
    desk: Desk, identity: tuple[Path, str]
) -> None:
    names = [seal_backup(desk, (identity[1],)).path.name for _ in range(2)]

    assert names == ["casemgr-20261021-120000.db.age", "casemgr-20261021-120000-2.db.age"]
    before = length(desk)
    with pytest.raises(NotWritten):
        seal_backup(desk, (identity[1],), desk.places.backups / names[0])
    assert length(desk) == before


def test_without_the_key_or_with_another_it_stays_shut(
    desk: Desk, identity: tuple[Path, str], tmp_path: Path
) -> None:
    path = seal_backup(desk, (identity[1],)).path
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()), "utf-8")
    wrong: list[tuple[Path, Path | None, type[Exception], str]] = [
        (path, None, InputRefused, "encrypted for a recipient"),
        (path, other, InputRefused, "cannot be decrypted"),
        (path, tmp_path / "none.txt", NotFound, "no file"),
        (path.with_name("none.db.age"), other, NotFound, "no such backup"),
        (desk.places.database, other, InputRefused, "not encrypted"),
    ]
    for backup, key, kind, words in wrong:
        with pytest.raises(kind, match=words), unsealed(desk.places, backup, key):
            pass
    assert not list(desk.places.data.glob(".drill*"))


@pytest.mark.parametrize("name", ["../casemgr.db", "/casemgr.db", "notes.txt", ""])
def test_an_archive_of_somebody_else_s_gives_nothing(
    desk: Desk, identity: tuple[Path, str], tmp_path: Path, name: str
) -> None:
    archive = BytesIO()
    if name:
        with tarfile.open(fileobj=archive, mode="w") as tar:
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, BytesIO(b"evil"))
            link = tarfile.TarInfo("casemgr.db")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
            tar.addfile(link)
    path = tmp_path / "theirs.db.age"
    path.write_bytes(pyrage.encrypt(archive.getvalue(), [pyrage.x25519.Recipient.from_str(identity[1])]))

    with (
        pytest.raises(InputRefused, match="no backup in this file"),
        unsealed(desk.places, path, identity[0]),
    ):
        pass
    assert not (desk.places.data / "casemgr.db.age").exists()
