"""Backups that are encrypted once more, for a recipient: one file with the copy and its key slots.

What it is made of is encrypted already, so that it may lie in a scratch folder meanwhile.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from casemgr.documents.age_files import SUFFIX, seal_file, unseal_file
from casemgr.documents.files import check_place, new_file
from casemgr.errors import InputRefused, NotFound, NotWritten
from casemgr.services.desk import migrations_folder
from casemgr.services.disclosures import record_disclosure
from casemgr.services.leftovers import DRILL, remove_leftovers
from casemgr.services.releases import OPERATIONS, ReleaseWish, let_leave, unused
from casemgr.services.safety import STAMP, BackedUp, digest_of
from casemgr.store import backup
from casemgr.store.keys import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from casemgr.services.desk import Desk
    from casemgr.settings import Places

DATABASE, SLOTS = "casemgr.db", "casemgr.slots"
"""What is in such a file: a tar archive of these two."""
MOST_OF_AN_IDENTITY = 65_536


def seal_backup(
    desk: Desk,
    recipients: tuple[str, ...],
    target: Path | None = None,
    told: Callable[[str], None] | None = None,
) -> BackedUp:
    """Make and prove a backup, and encrypt it with its key slots; nobody here can try the encrypted file.

    Args:
        desk: the open practice.
        recipients: for whom; see services.recipients.found_recipients.
        target: the file, or the folder to make it in; else the practice's folder for backups.
        told: hears what of the copy is being checked, before it is encrypted.

    Raises:
        NotFound: there is no such recipient.
        NotWritten: there is such a file already, or no space.
        VerificationFailed: the copy does not hold; nothing is kept.
    """
    release = let_leave(desk, ReleaseWish(recipients), OPERATIONS)
    path = target or desk.places.backups
    if target is None or path.is_dir():
        make_private_folder(path)
        path = unused(release.place(path / f"casemgr-{desk.local(desk.clock.now()):{STAMP}}.db"))
    else:
        path = release.place(path)
    check_place(path, overwrite=False)
    with scratch(desk.places) as folder:
        copy = folder / DATABASE
        report = backup.back_up(desk.store, desk.store.key, copy, migrations_folder(), told)
        digest, archive = digest_of(copy), folder / "all.tar"
        with tarfile.open(archive, "w") as tar:
            for each in (copy, folder / SLOTS):
                if each.exists():
                    tar.add(each, each.name, filter=anonymous)
        with new_file(path) as file:
            with archive.open("rb") as source:
                seal_file(source, file, [one.key for one in release.recipients])
            file.seek(0)
            sealed = file_digest(file, "sha256")  # type: ignore[arg-type]  # it is a file of the disk
            record_disclosure(
                desk,
                "backup",
                "backup",
                path.name,
                digest,
                release,
                rows=report.entries,
                filters=str(report.head),
                sealed_sha256=sealed.hexdigest(),
            )
    return BackedUp(path, report, digest)


def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A member that does not say whose machine it is from."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


@contextmanager
def unsealed(places: Places, path: Path, identity: Path | None) -> Iterator[Path]:
    """A backup as it can be opened: itself, or what is in an encrypted one, in a scratch folder meanwhile.

    Args:
        places: the practice; its data folder holds the scratch folder.
        path: the backup.
        identity: the file with the secret key for it.

    Raises:
        NotFound: there is no such backup, or no such identity.
        InputRefused: it is encrypted and there is no identity, or that does not fit, or it holds no backup.
        NotWritten: there is no space for it.
    """
    if path.suffix != SUFFIX:
        if identity is not None:
            raise InputRefused(
                f"{path.name} is not encrypted for a recipient",
                "Nothing was changed.",
                "Leave out --identity.",
            )
        yield path
        return
    if identity is None:
        raise InputRefused(
            f"{path.name} is encrypted for a recipient",
            "Nothing was changed.",
            "Name the file with the secret key: --identity FILE.",
        )
    secret = identity_in(identity)
    if not path.is_file():
        raise NotFound("There is no such backup", f"{path}. Nothing was changed.")
    with scratch(places) as folder:
        archive = folder / "all.tar"
        try:
            with path.open("rb") as source, archive.open("wb") as target:
                unseal_file(source, target, secret)
            # Under its own name, which is what the record will say.
            copy = folder / f"{Path(path.stem).stem}.db"
            unpack(archive, copy)
        except OSError as error:
            raise NotWritten(
                "The backup could not be unpacked",
                f"{places.data}: {error.strerror}. The data itself was not changed.",
                "Check the space on the disk.",
            ) from error
        yield copy


def unpack(archive: Path, copy: Path) -> None:
    """Take the copy and its key slots out of an archive, and nothing else that somebody may have put in.

    Raises:
        InputRefused: there is no copy in it.
    """
    places = {DATABASE: copy, SLOTS: backup.slots_beside(copy)}
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                place = places.pop(member.name, None)
                if content is not None and place is not None:
                    with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                        shutil.copyfileobj(content, file)
    except tarfile.TarError:
        pass
    if not copy.exists():
        raise InputRefused("There is no backup in this file", "Nothing was changed.")


def identity_in(path: Path) -> str:
    """The text of a file with a secret key.

    Raises:
        NotFound: there is no such file.
        InputRefused: it is no such file.
    """
    path = path.expanduser()
    if not path.is_file():
        raise NotFound(f"There is no file {path}", "Nothing was changed.")
    if path.stat().st_size <= MOST_OF_AN_IDENTITY:
        try:
            return path.read_text("utf-8-sig")
        except (UnicodeDecodeError, OSError):
            pass
    raise InputRefused(f"{path} holds no secret key", "Nothing was changed.")


@contextmanager
def scratch(places: Places) -> Iterator[Path]:
    """A folder that only its owner can enter, on the disk of the data; it is removed again.

    Raises:
        NotWritten: there is no place for it.
    """
    make_private_folder(places.data)
    remove_leftovers(places.data)
    try:
        folder = Path(mkdtemp(prefix=DRILL.format(process=os.getpid()), dir=places.data))
    except OSError as error:
        raise NotWritten(
            "There is no place to make it in",
            f"{places.data}: {error.strerror}. The data itself was not changed.",
            "Check the space on the disk, and who may write to its folder.",
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
