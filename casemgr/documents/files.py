"""Writing a document so that a reader finds the whole of it or what was there before, never a part.

The content goes to a temporary file in the same folder, is forced to the disk and renamed. Every file is
readable by its owner alone (0600).
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from casemgr.errors import NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES}
ABANDONED_SECONDS = 24 * 60 * 60
"""The age from which an unfinished file is nobody's any more."""
_UNTOUCHED = "Nothing was written; what was there before is unchanged."


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[IO[bytes]]:
    """An open binary file that takes its place at `path` when the block ends; no trace of it if that fails.

    Args:
        path: where the document goes; its folder must exist.
        overwrite: whether a file of that name may be replaced.

    Raises:
        NotWritten: the place is taken, read-only, full, missing, or open in another program.
    """
    check_place(path, overwrite=overwrite)
    partial: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".casemgr-", suffix=".part", dir=path.parent)
        partial = Path(name)
        _remove_leftovers(partial)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(partial, path, overwrite=overwrite)
        _keep(path, overwrite=overwrite)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise _in_plain_words(error, path) from error
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def put_in_place(written: Path, path: Path, *, overwrite: bool = False) -> None:
    """Give a whole file in the same folder its name; where that cannot be, it is taken away.

    Raises:
        NotWritten: see `new_file`.
    """
    try:
        check_place(path, overwrite=overwrite)
        _put_in_place(written, path, overwrite=overwrite)
        _keep(path, overwrite=overwrite)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise _in_plain_words(error, path) from error
    finally:
        with suppress(OSError):
            written.unlink(missing_ok=True)


def write_file(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a whole document at once; otherwise as `new_file`.

    Raises:
        NotWritten: see `new_file`.
    """
    with new_file(path, overwrite=overwrite) as file:
        file.write(content)


def check_place(path: Path, *, overwrite: bool) -> None:
    """Refuse early what cannot end well, before any work is put into the document."""
    try:
        present = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        present = None
    except OSError as error:
        raise _in_plain_words(error, path) from error
    if not path.parent.is_dir():
        raise NotWritten(
            f"The folder {path.parent} does not exist",
            _UNTOUCHED,
            "Make the folder, or choose another one.",
        )
    if present is None:
        return
    kind = _kind(path, present.st_mode)
    if stat.S_ISDIR(kind):
        raise NotWritten(f"{path} is a folder", _UNTOUCHED, "Name a file in it.")
    if not (stat.S_ISREG(kind) or stat.S_ISLNK(kind)):
        # Whoever may rename there would put a file in the place of /dev/null, and stop other programs.
        raise NotWritten(f"{path} is a pipe or a device", _UNTOUCHED, "Name a file.")
    if not overwrite:
        raise _taken(path)
    if not present.st_mode & stat.S_IWUSR:
        raise NotWritten(
            f"{path} is read-only",
            _UNTOUCHED,
            "Choose another name, or allow writing to it, and try again.",
        )
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise NotWritten(
                f"{path.name} is open in another program",
                f"{lock.name} beside it says so. {_UNTOUCHED}",
                f"Close it there and try again. If nobody has it open, delete {lock.name}.",
            )


def _kind(path: Path, present: int) -> int:
    """The mode of what a link leads to; of what is there itself where it is none, or leads nowhere."""
    try:
        return path.stat().st_mode
    except OSError:
        return present


def _remove_leftovers(partial: Path) -> None:
    """Remove what processes that were killed have left beside a file that has just been made."""
    oldest = partial.stat().st_mtime - ABANDONED_SECONDS
    for path in partial.parent.glob(".casemgr-*.part"):
        with suppress(OSError):
            if path.lstat().st_mtime < oldest:
                path.unlink()


def _put_in_place(partial: Path, path: Path, *, overwrite: bool) -> None:
    if overwrite or os.name == "nt":
        # Windows refuses to rename onto a file that exists, as is wanted unless it may be replaced.
        (partial.replace if overwrite else partial.rename)(path)
        return
    try:
        # A hard link fails where a file has appeared meanwhile; a rename would replace it.
        path.hardlink_to(partial)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if path.exists():
            raise FileExistsError(path) from None
        partial.rename(path)


def _keep(path: Path, *, overwrite: bool) -> None:
    """Force a new name to the disk; where that fails, a file that was not there is taken away again."""
    try:
        _sync_folder(path.parent)
    except OSError as error:
        if not overwrite:
            with suppress(OSError):
                path.unlink()
        if path.exists():
            raise NotWritten(
                f"The disk failed after {path.name} was written",
                "Whether it is kept is not certain.",
                "Check the disk, and look at the file before you hand it on.",
            ) from error
        raise


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk; Windows cannot and need not."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _taken(path: Path) -> NotWritten:
    return NotWritten(
        f"{path} is already there",
        _UNTOUCHED,
        "Choose another name, move the old file away, or ask for it to be overwritten.",
    )


def _in_plain_words(error: OSError, path: Path) -> NotWritten:
    """What an error of the operating system means for whoever wanted the document."""
    if error.errno in _NO_SPACE:
        return NotWritten(
            f"No space left to write {path.name}",
            f"The disk or the quota of {path.parent} is full. {_UNTOUCHED}",
            "Free some space, or choose another folder, and try again.",
        )
    if os.name == "nt" and isinstance(error, PermissionError) and path.exists():
        return NotWritten(
            f"{path.name} is open in another program",
            _UNTOUCHED,
            "Close it there and try again, or choose another name.",
        )
    if error.errno in _REFUSED:
        return NotWritten(
            f"{path.parent} does not let you write",
            f"The folder or its disk is read-only, or belongs to somebody else. {_UNTOUCHED}",
            "Choose another folder, or ask whoever looks after this machine.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return NotWritten(f"The name {path.name[:40]}… is too long", _UNTOUCHED, "Choose a shorter name.")
    return NotWritten(
        f"{path.name} could not be written",
        f"{error.strerror or type(error).__name__}. {_UNTOUCHED}",
        "Choose another folder, and try again.",
    )
